//! What goes or comes along with another object, without a statement of its own.

use model::schema::{Constraint, ConstraintBody, Id, IndexKey, KeyTerm, Kind, Node, Object};
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
            Object::Index(index) => {
                let table = Id::table(node.id.schema.clone(), node.id.name.clone());
                let detached = context.gathered.reattached.contains(&table);
                let parent = index.parent.as_ref().filter(|_| !detached);
                parent.and_then(|id| pairs.index_of(id))
            }
            _ => None,
        };
        let part = node.id.kind.is_part_of_relation();
        let relation = part.then(|| pairs.relation_at(i)).flatten();
        let within = if let Some(relation) = relation.filter(|&r| fates[r].released) {
            Some(relation)
        } else if let Some(parent) = parents.filter(|&parent| fates[parent].released) {
            // An attached index goes with its parent's and can't go alone.
            Some(parent)
        } else if node.object.as_column().is_some_and(|c| c.inherited) {
            let brought_by = rules::column::brought_by(context, node);
            let mut places = brought_by.iter().filter_map(|id| pairs.index_of(id));
            places.find(|&column| fates[column].released)
        } else if part {
            let own = matches!(node.object, Object::Constraint(_) | Object::Index(_));
            own.then(|| {
                let columns = context.needs(Side::From, i).into_iter().filter(|&j| {
                    let need = &pairs.all[j].node().id;
                    need.kind == Kind::Column
                        && need.name == node.id.name
                        && need.schema == node.id.schema
                        && takes_along(node, need)
                        && fates[j].released
                });
                // The table's own first: what a parent brought goes once the table leaves that.
                let inherited = |&j: &usize| {
                    let column = pairs.all[j].from.and_then(|from| from.object.as_column());
                    column.is_some_and(|column| column.inherited)
                };
                columns.min_by_key(inherited)
            })
            .flatten()
        } else if let Object::Sequence(sequence) = &node.object {
            sequence.owned_by.as_ref().and_then(|column| {
                let relation = pairs.relation_of(column).filter(|&r| fates[r].released);
                relation.or_else(|| pairs.index_of(column).filter(|&c| fates[c].released))
            })
        } else {
            None
        };
        // A check must be taken from the children as well that keep their column.
        let stays_below = |column: usize| {
            let column = pairs.all[column].node();
            let check = node.object.as_constraint().is_some_and(|constraint| {
                matches!(&constraint.body, ConstraintBody::Check(check) if !check.no_inherit)
            });
            check && column.id.kind == Kind::Column && rules::column::kept_by_child(context, column)
        };
        fates[i].released_with = within.filter(|&host| !stays_below(host));
    }
}

/// Whether dropping a column that the constraint or index of the same table needs drops it too: not one
/// that a foreign key only points to, nor one that only an expression of an exclusion names.
fn takes_along(node: &Node, column: &Id) -> bool {
    let Object::Constraint(constraint) = &node.object else {
        return true;
    };
    match &constraint.body {
        ConstraintBody::ForeignKey(key) => key.columns.contains(&column.part),
        ConstraintBody::Exclusion(exclusion) => {
            let is_key = |(key, _): &(IndexKey, _)| match &key.term {
                KeyTerm::Column(name) => *name == column.part,
                KeyTerm::Expr(_) => false,
            };
            exclusion.elements.iter().any(is_key) || exclusion.include.contains(&column.part)
        }
        _ => true,
    }
}

/// A column that its parent brings goes and comes with the parent's, or with that one's parent's.
pub(super) fn absorb_followers(context: &Context<'_>, pairs: &Pairs<'_>, fates: &mut [Fate]) {
    let mut followers = Vec::new();
    for i in 0..pairs.len() {
        let (Some(_), Some(to)) = (pairs.all[i].from, pairs.all[i].to) else {
            continue;
        };
        if !fates[i].released || fates[i].released_with.is_some() {
            continue;
        }
        let Some(column) = to.object.as_column().filter(|c| c.inherited) else {
            continue;
        };
        let parent = rules::column::followed(context, to).and_then(|id| pairs.index_of(&id));
        if let Some(parent) = parent.filter(|&p| fates[p].released && fates[p].established) {
            fates[i].released_with = Some(parent);
            if rules::column::overrides(context, to, column).is_empty() {
                fates[i].established_with = Some(parent);
                followers.push(i);
            }
        }
    }
    // What is said of a new column is said where the first of them is made.
    for i in followers {
        while let Some(above) = fates[i]
            .established_with
            .and_then(|p| fates[p].established_with)
        {
            fates[i].established_with = Some(above);
        }
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

/// Whether a table that is made by itself and then attached must have that by then: its parent's
/// foreign keys are brought to it.
fn is_made_alone(context: &Context<'_>, node: &Node, constraint: &Constraint) -> bool {
    let table = Id::table(node.id.schema.clone(), node.id.name.clone());
    let table = context.to.get(&table);
    !matches!(constraint.body, ConstraintBody::ForeignKey(_))
        && table.is_some_and(|table| rules::table::stands_alone(context, table))
}

fn rides_along(
    context: &Context<'_>,
    pairs: &Pairs<'_>,
    fates: &[Fate],
    node: &Node,
    constraint: &Constraint,
) -> bool {
    if !constraint.validated || constraint.inherited && !is_made_alone(context, node, constraint) {
        return false;
    }
    if let ConstraintBody::PrimaryKey(key) | ConstraintBody::Unique(key) = &constraint.body
        && !constraint.inherited
    {
        // Its parent's would take this one over instead of the one that is the parent's.
        let table = Id::table(node.id.schema.clone(), node.id.name.clone());
        let same = |(_, other): (&Node, &Constraint)| match &other.body {
            ConstraintBody::PrimaryKey(its) | ConstraintBody::Unique(its) => {
                other.inherited && its.columns == key.columns
            }
            _ => false,
        };
        let alone = context.to.get(&table);
        let alone = alone.is_some_and(|table| rules::table::stands_alone(context, table));
        if alone && context.to.constraints(&table).any(same) {
            return false;
        }
    }
    if let ConstraintBody::Unique(key) = &constraint.body {
        // CREATE TABLE makes one of two keys over the same columns.
        let table = Id::table(node.id.schema.clone(), node.id.name.clone());
        let twin = |(other, body): (&Node, &Constraint)| match &body.body {
            ConstraintBody::PrimaryKey(other) => other.columns == key.columns,
            ConstraintBody::Unique(same) => other.id < node.id && same.columns == key.columns,
            _ => false,
        };
        if context.to.constraints(&table).any(twin) {
            return false;
        }
    }
    if let ConstraintBody::Exclusion(_) = &constraint.body {
        let table = Id::table(node.id.schema.clone(), node.id.name.clone());
        let mut others = context.to.constraints(&table);
        if others.any(|(other, twin)| other.id < node.id && twin.body == constraint.body) {
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
