//! Partitions that leave their parent for a while: what PostgreSQL refuses on an attached one.
//!
//! An index that is attached to one of the parent's can't be dropped, nor another take its place; and no
//! parent's column can take nulls that is in a partition's own primary key.

use model::Schema;
use model::schema::{ConstraintBody, Id, KeyTerm, Kind, Name, Node};
use rustc_hash::{FxHashMap, FxHashSet};

/// The partitions that are detached first and attached again in the end.
pub(super) fn reattached(from: &Schema, to: &Schema) -> FxHashSet<Id> {
    let mut found = FxHashSet::default();
    for (node, before) in from.tables() {
        let Some(partition) = &before.partition_of else {
            continue;
        };
        let after = to.get(&node.id).and_then(|node| node.object.as_table());
        let stays = after
            .and_then(|table| table.partition_of.as_ref())
            .is_some_and(|after| after.parent == partition.parent);
        if stays
            && (swaps_attached_index(from, to, &node.id, &partition.parent)
                || loses_not_null(from, to, &node.id, &partition.parent))
        {
            found.insert(node.id.clone());
        }
    }
    found
}

/// Whether an index of the parent that stays is to have another of that table's.
fn swaps_attached_index(from: &Schema, to: &Schema, table: &Id, parent: &Id) -> bool {
    let attached = |schema: &Schema| -> FxHashMap<Id, Id> {
        let indexes = schema.indexes(table);
        let pairs =
            indexes.filter_map(|(node, index)| Some((index.parent.clone()?, node.id.clone())));
        pairs.collect()
    };
    let (before, after) = (attached(from), attached(to));
    let stays = |parent: &Id| match (from.get(parent), to.get(parent)) {
        (Some(a), Some(b)) => {
            a.object == b.object && a.object.as_index().is_some_and(|index| index.valid)
        }
        _ => false,
    };
    let leaves = |(parent, index): (&Id, &Id)| stays(parent) && after.get(parent) != Some(index);
    let comes = |parent: &Id| stays(parent) && !before.contains_key(parent);
    before.iter().any(leaves)
        || after.keys().any(comes)
        || parent_indexes(from, parent).any(|index| {
            stays(&index.id)
                && !before.contains_key(&index.id)
                && drops_key_of(from, to, table, index)
        })
}

fn parent_indexes<'a>(schema: &'a Schema, table: &'a Id) -> impl Iterator<Item = &'a Node> {
    schema.indexes(table).map(|(node, _)| node)
}

/// Whether a key of the table goes that may well be what is attached to that index: no index is.
fn drops_key_of(from: &Schema, to: &Schema, table: &Id, index: &Node) -> bool {
    let columns: Option<Vec<&Name>> = index.object.as_index().and_then(|index| {
        let keys = index.keys.iter().map(|key| match &key.term {
            KeyTerm::Column(name) => Some(name),
            KeyTerm::Expr(_) => None,
        });
        keys.collect()
    });
    let Some(columns) = columns else { return false };
    from.constraints(table).any(|(node, constraint)| {
        let goes = to
            .get(&node.id)
            .is_none_or(|other| other.object != node.object);
        match &constraint.body {
            ConstraintBody::PrimaryKey(key) | ConstraintBody::Unique(key) => {
                goes && !constraint.inherited && key.columns.iter().eq(columns.iter().copied())
            }
            _ => false,
        }
    })
}

/// Whether a column of the parent takes nulls from now on that is in the table's own primary key.
fn loses_not_null(from: &Schema, to: &Schema, table: &Id, parent: &Id) -> bool {
    let key = |schema: &Schema| {
        let mut keys = schema.constraints(table);
        keys.any(|(_, c)| matches!(c.body, ConstraintBody::PrimaryKey(_)) && !c.inherited)
    };
    if !key(from) || !key(to) {
        return false;
    }
    let not_null = |schema: &Schema, name: &str| schema.column(parent, name).map(|c| c.not_null);
    let columns = to.primary_key(table);
    columns.iter().any(|name| {
        let was_in_key = from.contains(&table.within(Kind::Column, name.clone()));
        was_in_key && not_null(from, name) == Some(true) && not_null(to, name) == Some(false)
    })
}
