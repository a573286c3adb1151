//! Columns that get what they shall be only when their table is made anew.

use model::schema::{Id, Kind};

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
        if from.id.kind != Kind::Column || !(retypes || fates[i].released) {
            continue;
        }
        let table = Id::table(from.id.schema.clone(), from.id.name.clone());
        let node = context.from.get(&table);
        let key = node.and_then(|node| node.object.as_table()?.partition_key.as_ref());
        let name = model::quote::ident(&from.id.part);
        let named = |key: &model::schema::PartitionKey| {
            crate::script::tokens(key.definition.as_str()).any(|token| token.text == name)
        };
        if key.is_some_and(|key| named(key))
            && let Some(t) = pairs
                .index_of(&table)
                .filter(|&t| pairs.all[t].to.is_some())
        {
            fates[t].replace();
        }
    }
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
