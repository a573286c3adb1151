//! Which renames a model says, and the same the other way round.
//!
//! A name counts where its former one is there and the new one is free or leaves as well.

use std::collections::HashMap;

use model::Schema;
use model::schema::{Id, Kind, Name, Node, Object};

use super::Renamed;
use super::family::of_typed_tables;
use crate::plan::Unplannable;
use crate::plan::address::label;

/// The renames that `to` says with `was` and that `from` still has before it.
pub(in crate::plan) fn said(from: &Schema, to: &Schema) -> Vec<Renamed> {
    let mut renames: Vec<Renamed> = Vec::new();
    let hinted = |parts: bool| {
        let nodes = to
            .nodes()
            .filter(move |n| n.id.kind.is_part_of_relation() == parts);
        nodes.filter(|n| n.hints.was.is_some() || !n.hints.parts_were.is_empty())
    };
    let leaving = Leaving::of(hinted(false).map(|node| (former(node), node.id.clone())));
    for node in hinted(false) {
        let before = former(node);
        if before != node.id && from.contains(&before) && leaving.frees(from, &node.id) {
            renames.push(Renamed {
                from: before.clone(),
                to: node.id.clone(),
                part: None,
            });
        }
        let Some(old) = from.get(&before).or(from.get(&node.id)) else {
            continue;
        };
        for (place, (was, is)) in node.hints.parts_were.iter().enumerate() {
            // What is said twice is done once.
            let said = node.hints.parts_were[..place]
                .iter()
                .any(|(of, _)| of == was);
            if !said && has_part(&old.object, was) && !has_part(&old.object, is) {
                renames.push(Renamed {
                    from: node.id.clone(),
                    to: node.id.clone(),
                    part: Some((was.clone(), is.clone())),
                });
                renames.extend(of_typed_tables(from, to, &node.id, was, is));
            }
        }
    }
    let parts: Vec<_> = hinted(true)
        .filter_map(|node| {
            let was = node.hints.was.as_ref()?;
            let after = within_former(&renames, &node.id);
            let before = after.within(node.id.kind, was.clone());
            Some((node, before, after))
        })
        .collect();
    let leaving = Leaving::of(
        parts
            .iter()
            .map(|(_, before, after)| (before.clone(), after.clone())),
    );
    for (node, before, after) in parts {
        if from.contains(&before) && leaving.frees(from, &after) {
            renames.push(Renamed {
                from: node.id.within(node.id.kind, before.part),
                to: node.id.clone(),
                part: None,
            });
        }
    }
    renames
}

/// What holds values and is said to have been something that only now goes, while something else has
/// its name already: a rename that would lose what is there, or one that was done long ago and whose
/// `was` stayed. Which of them is meant, nobody but the author knows.
pub(in crate::plan) fn contested(
    from: &Schema,
    to: &Schema,
    renames: &[Renamed],
) -> Vec<Unplannable> {
    let holds_values = |kind: Kind| {
        matches!(
            kind,
            Kind::Schema | Kind::Table | Kind::Sequence | Kind::Column
        )
    };
    let there = |id: &Id| from.get(id).is_some_and(|node| !node.external);
    let faults = to.nodes().filter_map(|node| {
        let was = node.hints.was.as_ref()?;
        if !holds_values(node.id.kind) {
            return None;
        }
        let (before, after, stays) = match node.id.kind {
            Kind::Column => {
                let after = within_former(renames, &node.id);
                let stays = node.id.within(Kind::Column, was.clone());
                (after.within(Kind::Column, was.clone()), after, stays)
            }
            _ => (former(node), node.id.clone(), former(node)),
        };
        let settled = before == after
            || to.contains(&stays)
            || renames.iter().any(|r| r.to == node.id || r.from == stays)
            || !there(&before)
            || !there(&after);
        let (word, is) = (node.id.kind.word(), label(&node.id));
        (!settled).then(|| Unplannable {
            id: node.id.clone(),
            reason: format!(
                "was {was}, and both are there: if {was} is to become {is}, do away with the present \
                 {word} {is} in one migration and rename in the next; if it did so long ago, take \
                 `was {was}` out of the model, and {word} {was} goes"
            ),
        })
    });
    faults.collect()
}

/// A part of a table, where the table has its former name.
fn within_former(renames: &[Renamed], id: &Id) -> Id {
    let table = renames.iter().find(|r| {
        matches!(r.to.kind, Kind::Table | Kind::View)
            && r.to.name == id.name
            && r.to.schema == id.schema
    });
    let place = table.map_or(id, |table| &table.from);
    place.within(id.kind, id.part.clone())
}

/// What the object was called, as its author says.
fn former(node: &Node) -> Id {
    let mut before = node.id.clone();
    if let Some(was) = &node.hints.was {
        match was.split_once('.') {
            Some((schema, name)) if !before.schema.is_empty() => {
                before.schema = Name::from(schema);
                before.name = Name::from(name);
            }
            _ => before.name = was.clone(),
        }
    }
    before
}

/// What is said of every name: the one that its holder takes instead.
struct Leaving(HashMap<Id, Id>);

impl Leaving {
    fn of(said: impl Iterator<Item = (Id, Id)>) -> Leaving {
        Leaving(said.collect())
    }

    /// Whether nothing has that name, or what has it goes by another, which is free in turn. Of two
    /// that swap their names neither is renamed: the next run could not tell that it has been.
    fn frees(&self, from: &Schema, id: &Id) -> bool {
        let (mut id, mut steps) = (id, 0);
        while from.contains(id) {
            match self.0.get(id) {
                Some(next) if next != id && steps < self.0.len() => id = next,
                _ => return false,
            }
            steps += 1;
        }
        true
    }
}

fn has_part(object: &Object, name: &Name) -> bool {
    match object {
        Object::Enum(labels) => labels.labels.iter().any(|label| **label == **name),
        Object::Composite(composite) => composite.attributes.iter().any(|a| a.name == *name),
        _ => false,
    }
}

/// The same renames the other way round, last first.
pub(in crate::plan) fn reversed(renames: Vec<Renamed>) -> Vec<Renamed> {
    // A part of a renamed table is renamed while the table still has its later name on the way up,
    // so on the way down tables still come first.
    let (parts, wholes): (Vec<_>, Vec<_>) = renames
        .into_iter()
        .partition(|r| r.from.kind.is_part_of_relation());
    let tables: Vec<(Id, Id)> = wholes
        .iter()
        .map(|r| (r.to.clone(), r.from.clone()))
        .collect();
    let place = |id: &Id| {
        let found = tables.iter().find(|(after, _)| {
            matches!(after.kind, Kind::Table | Kind::View)
                && after.name == id.name
                && after.schema == id.schema
        });
        found.map_or_else(
            || id.clone(),
            |(_, before)| before.within(id.kind, id.part.clone()),
        )
    };
    let back = |r: Renamed, from: Id, to: Id| Renamed {
        from,
        to,
        part: r.part.map(|(was, is)| (is, was)),
    };
    let wholes = wholes.into_iter().map(|r| {
        let (from, to) = if r.part.is_some() {
            (place(&r.to), place(&r.to))
        } else {
            (r.to.clone(), r.from.clone())
        };
        back(r, from, to)
    });
    let wholes: Vec<_> = wholes.collect();
    let parts = parts.into_iter().map(|r| {
        let (from, to) = (place(&r.to), place(&r.from));
        back(r, from, to)
    });
    wholes.into_iter().chain(parts).collect()
}
