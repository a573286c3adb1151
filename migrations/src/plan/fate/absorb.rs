//! What goes or comes along with another object, without a statement of its own.

use model::schema::{ConstraintBody, Id, Kind, Node, Object};
use rustc_hash::FxHashMap;

use super::Fate;
use crate::plan::changes::Context;
use crate::plan::diff::Pairs;
use crate::plan::needs::{Side, foreign_key_target};
use crate::plan::rules;

/// Dropping a relation drops its parts, dropping a column its indexes and constraints, dropping
/// either the sequences it owns.
pub(super) fn absorb_releases(context: &Context<'_>, pairs: &Pairs<'_>, fates: &mut [Fate]) {
    for i in 0..pairs.len() {
        if !fates[i].released {
            continue;
        }
        let Some(node) = pairs.all[i].from else {
            continue;
        };
        let parents = match &node.object {
            Object::Index(index) => index.parent.as_ref().and_then(|id| pairs.index_of(id)),
            _ => None,
        };
        let within = if let Some(parent) = parents.filter(|&parent| fates[parent].released) {
            // An attached index goes with its parent's and can't go alone.
            Some(parent)
        } else if node.id.kind.is_part_of_relation() {
            let relation = pairs.relation_of(&node.id).filter(|&r| fates[r].released);
            relation.or_else(|| {
                let own = matches!(node.object, Object::Constraint(_) | Object::Index(_));
                own.then(|| {
                    context.needs(Side::From, node).into_iter().find(|&j| {
                        let need = &pairs.all[j].node().id;
                        need.kind == Kind::Column
                            && need.name == node.id.name
                            && need.schema == node.id.schema
                            && !only_referred_to(node, need)
                            && fates[j].released
                    })
                })
                .flatten()
            })
        } else if let Object::Sequence(sequence) = &node.object {
            sequence.owned_by.as_ref().and_then(|column| {
                let relation = pairs.relation_of(column).filter(|&r| fates[r].released);
                relation.or_else(|| pairs.index_of(column).filter(|&c| fates[c].released))
            })
        } else {
            None
        };
        fates[i].released_with = within;
    }
}

/// Whether the column is one that a foreign key of the same table points to: dropping such a column
/// takes no foreign key along.
fn only_referred_to(node: &Node, column: &Id) -> bool {
    match &node.object {
        Object::Constraint(constraint) => match &constraint.body {
            ConstraintBody::ForeignKey(key) => !key.columns.contains(&column.part),
            _ => false,
        },
        _ => false,
    }
}

/// `CREATE TABLE` takes its columns and constraints along, a `serial` column its sequence.
pub(super) fn absorb_creations(context: &Context<'_>, pairs: &Pairs<'_>, fates: &mut [Fate]) {
    let mut sequences: FxHashMap<Id, usize> = FxHashMap::default();
    for i in 0..pairs.len() {
        if !fates[i].established {
            continue;
        }
        let Some(node) = pairs.all[i].to else {
            continue;
        };
        match &node.object {
            Object::Sequence(sequence) => {
                if let Some(column) = &sequence.owned_by {
                    sequences.insert(column.clone(), i);
                }
            }
            Object::Column(_) | Object::Constraint(_) => {
                let table = Id::table(node.id.schema.clone(), node.id.name.clone());
                let table = pairs.index_of(&table).filter(|&t| fates[t].established);
                fates[i].established_with = table.filter(|_| match &node.object {
                    Object::Constraint(constraint) => {
                        rides_along(context, pairs, fates, node, constraint)
                    }
                    _ => true,
                });
                if let Object::Column(column) = &node.object
                    && let Some(&s) = sequences.get(&node.id)
                    && let Some(sequence) = pairs.all[s].to
                    && rules::sequence::is_serial(context, node, column, sequence)
                {
                    fates[s].established_with = Some(fates[i].established_with.unwrap_or(i));
                }
            }
            _ => {}
        }
    }
}

fn rides_along(
    context: &Context<'_>,
    pairs: &Pairs<'_>,
    fates: &[Fate],
    node: &Node,
    constraint: &model::schema::Constraint,
) -> bool {
    if !constraint.validated || constraint.inherited {
        return false;
    }
    if let ConstraintBody::Unique(key) = &constraint.body {
        // CREATE TABLE makes one of two keys over the same columns.
        let table = Id::table(node.id.schema.clone(), node.id.name.clone());
        let twin = |(other, body): (&Node, &model::schema::Constraint)| match &body.body {
            ConstraintBody::PrimaryKey(other) => other.columns == key.columns,
            ConstraintBody::Unique(same) => other.id < node.id && same.columns == key.columns,
            _ => false,
        };
        if context.to.constraints(&table).any(twin) {
            return false;
        }
    }
    match &constraint.body {
        // A unique index that the key relies on comes only after its table.
        ConstraintBody::ForeignKey(key) => {
            foreign_key_target(context.to, key).is_none_or(|target| {
                target.id.kind != Kind::Index
                    || pairs
                        .index_of(&target.id)
                        .is_none_or(|j| !fates[j].established)
            })
        }
        ConstraintBody::Other(_) => false,
        ConstraintBody::PrimaryKey(_)
        | ConstraintBody::Unique(_)
        | ConstraintBody::Check(_)
        | ConstraintBody::Exclusion(_)
        | ConstraintBody::NotNull { .. } => true,
    }
}
