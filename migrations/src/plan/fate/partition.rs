//! Tables that must be made anew because of a column in their partition key.

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
