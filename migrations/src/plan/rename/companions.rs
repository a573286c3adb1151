//! What was named after something that now goes by another name: `deals_pkey`, `deals_id_seq`.
//!
//! PostgreSQL leaves these as they are. They follow only where the model wants exactly them under
//! another name; two candidates are none.

use model::Schema;
use model::schema::{ConstraintBody, Id, Kind, Node, Object};

use super::Renamed;

/// The further renames that `to` wants on what was renamed.
pub(super) fn of(renamed: &Schema, to: &Schema, renames: &[Renamed]) -> Vec<Renamed> {
    let mut found = Vec::new();
    let mut seen = std::collections::BTreeSet::new();
    for rename in renames.iter().filter(|r| r.part.is_none()) {
        let id = &rename.to;
        if is_foreign_key(renamed, id) {
            of_partitions(renamed, to, id, &mut found);
        }
        if !matches!(id.kind, Kind::Table | Kind::View | Kind::Column) {
            continue;
        }
        let relation = Id::table(id.schema.clone(), id.name.clone());
        if seen.insert(relation.clone()) {
            for kind in [Kind::Constraint, Kind::Index] {
                pair_up(
                    renamed.parts(&relation, kind),
                    to.parts(&relation, kind),
                    renamed,
                    to,
                    &mut found,
                );
            }
            let owned = |schema: &'_ Schema| -> Vec<Node> {
                let of_relation = |node: &&Node| match &node.object {
                    Object::Sequence(sequence) => sequence.owned_by.as_ref().is_some_and(|owner| {
                        owner.name == relation.name && owner.schema == relation.schema
                    }),
                    _ => false,
                };
                schema
                    .of_kind(Kind::Sequence)
                    .filter(of_relation)
                    .cloned()
                    .collect()
            };
            let (old, new) = (owned(renamed), owned(to));
            pair_up(old.iter(), new.iter(), renamed, to, &mut found);
        }
    }
    found
}

fn is_foreign_key(schema: &Schema, id: &Id) -> bool {
    let constraint = schema.get(id).and_then(|n| n.object.as_constraint());
    constraint.is_some_and(|c| matches!(c.body, ConstraintBody::ForeignKey(_)))
}

/// The foreign keys that partitions have from a parent's: PostgreSQL calls them like that one when it
/// makes them, and leaves them so.
fn of_partitions(renamed: &Schema, to: &Schema, key: &Id, found: &mut Vec<Renamed>) {
    let table = Id::table(key.schema.clone(), key.name.clone());
    let partitioned = |id: &Id| {
        let table = renamed.get(id).and_then(|node| node.object.as_table());
        table.is_some_and(|table| table.partition_key.is_some())
    };
    let mut open = vec![table];
    while let Some(parent) = open.pop() {
        if !partitioned(&parent) {
            continue;
        }
        for (child, table) in renamed.tables() {
            if table
                .partition_of
                .as_ref()
                .is_none_or(|p| p.parent != parent)
            {
                continue;
            }
            let inherited = |schema: &'_ Schema| -> Vec<Node> {
                let keys = schema.constraints(&child.id).filter(|(node, constraint)| {
                    constraint.inherited && is_foreign_key(schema, &node.id)
                });
                keys.map(|(node, _)| node.clone()).collect()
            };
            let (old, new) = (inherited(renamed), inherited(to));
            pair_up(old.iter(), new.iter(), renamed, to, found);
            open.push(child.id.clone());
        }
    }
}

fn pair_up<'a>(
    old: impl Iterator<Item = &'a Node>,
    new: impl Iterator<Item = &'a Node>,
    renamed: &Schema,
    to: &Schema,
    found: &mut Vec<Renamed>,
) {
    let gone: Vec<_> = old.filter(|node| !to.contains(&node.id)).collect();
    let come: Vec<_> = new.filter(|node| !renamed.contains(&node.id)).collect();
    for node in &come {
        let mut like = gone.iter().filter(|old| old.object == node.object);
        if let (Some(old), None) = (like.next(), like.next()) {
            let rename = Renamed {
                from: old.id.clone(),
                to: node.id.clone(),
                part: None,
            };
            let taken = found.iter().any(|r| r.from == rename.from);
            if !taken {
                found.push(rename);
            }
        }
    }
}
