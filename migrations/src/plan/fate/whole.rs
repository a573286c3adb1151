//! Columns that get what they shall be only when their table is made anew.

use model::schema::{Id, Kind, PartitionKey};

use super::Fate;
use crate::plan::changes::Context;
use crate::plan::diff::Pairs;

/// PostgreSQL gives no column of a partition key another type: the table is made anew.
pub(super) fn replace_by_partition_key(
    context: &Context<'_>,
    pairs: &Pairs<'_>,
    fates: &mut [Fate],
) {
    for i in 0..pairs.len() {
        let (Some(from), Some(_)) = (pairs.all[i].from, pairs.all[i].to) else {
            continue;
        };
        let retypes = fates[i].altered.as_ref().is_some_and(|a| a.retypes);
        if (retypes || fates[i].released)
            && let Some(table) = keyed_by(context, pairs, &from.id)
        {
            fates[table].replace();
        }
    }
}

/// The table that stays, where the column is in its partition key.
pub(super) fn keyed_by(context: &Context<'_>, pairs: &Pairs<'_>, column: &Id) -> Option<usize> {
    if column.kind != Kind::Column {
        return None;
    }
    let table = Id::table(column.schema.clone(), column.name.clone());
    let node = context.from.get(&table)?;
    let key = node.object.as_table()?.partition_key.as_ref()?;
    let name = model::quote::ident(&column.part);
    let named = |key: &PartitionKey| {
        crate::script::tokens(key.definition.as_str()).any(|token| token.text == name)
    };
    let stays = |&table: &usize| pairs.all[table].to.is_some();
    pairs.index_of(&table).filter(stays).filter(|_| named(key))
}

/// PostgreSQL takes `COMPRESSION` for a new foreign table, and `SET COMPRESSION` for none. Such a table
/// holds no rows.
pub(super) fn replace_by_foreign_compression(
    context: &Context<'_>,
    pairs: &Pairs<'_>,
    fates: &mut [Fate],
) {
    for i in 0..pairs.len() {
        let (Some(from), Some(to)) = (pairs.all[i].from, pairs.all[i].to) else {
            continue;
        };
        let (Some(old), Some(new)) = (from.object.as_column(), to.object.as_column()) else {
            continue;
        };
        // A new type takes the compression away.
        let retypes = fates[i].altered.as_ref().is_some_and(|a| a.retypes);
        let left = old.compression.as_ref().filter(|_| !retypes);
        if left == new.compression.as_ref() || fates[i].established {
            continue;
        }
        let table = Id::table(to.id.schema.clone(), to.id.name.clone());
        let node = context.to.get(&table);
        let foreign = node.is_some_and(|node| {
            let table = node.object.as_table();
            table.is_some_and(|table| table.foreign.is_some())
        });
        if let Some(t) = pairs.index_of(&table).filter(|_| foreign) {
            fates[t].replace();
        }
    }
}
