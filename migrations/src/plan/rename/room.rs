//! Names that are taken: what stands where a rename leads gives way first.
//!
//! Nothing is dropped here: what gives way is dropped under another name, in its turn.

use std::collections::HashMap;

use model::Schema;
use model::schema::{Id, Kind, Name, Node};

use super::{Renamed, family};
use crate::plan::rules::sequence::chosen;
use crate::plan::rules::{Place, places};

/// The renames that make room, which come first of all, and the others in an order in which every name
/// is free when it is taken.
pub(super) fn with_room(
    from: &Schema,
    to: &Schema,
    renames: &[Renamed],
) -> (Vec<Renamed>, Vec<Renamed>) {
    let wanted = renames.iter().map(|r| places_of(from, renames, r));
    let wanted: Vec<Vec<Wanted>> = wanted.collect();
    let mut holders: HashMap<Place, &Node> = HashMap::new();
    if wanted.iter().any(|places| !places.is_empty()) {
        for node in from.nodes() {
            holders.extend(places(node).into_iter().map(|place| (place, node)));
        }
    }
    // Of columns and other parts, all ids have their table's later name.
    let leaves = renames.iter().enumerate().filter(|(_, r)| r.part.is_none());
    let leaves: HashMap<&Id, usize> = leaves.map(|(n, r)| (&r.from, n)).collect();
    let mut first = Vec::new();
    // For each rename, the ones that must come before it.
    let mut waits: Vec<Vec<usize>> = vec![Vec::new(); renames.len()];
    for (n, rename) in renames.iter().enumerate() {
        waits[n].extend(leaves.get(&rename.to));
        for (place, brought) in &wanted[n] {
            let Some(holder) = holders.get(place) else {
                continue;
            };
            let later = family::later(renames, &holder.id);
            if later == rename.from {
                continue;
            }
            let along = holder.id.relation().filter(|table| {
                let moves = |n: &usize| renames[*n].to.schema != table.schema;
                leaves.get(table).is_some_and(moves)
            });
            let (gives_way, leaving) = match brought {
                // Of two, the one that stays keeps its name.
                Some(brought) if to.contains(&later) => (brought, leaves.get(brought)),
                _ => (&later, leaves.get(&later).or_else(|| leaves.get(&along?))),
            };
            match leaving {
                Some(other) => waits[n].push(*other),
                None => {
                    // Its table may give way itself.
                    let away = aside(&family::later(&first, gives_way));
                    if !first.contains(&away) {
                        first.push(away);
                    }
                }
            }
        }
        if let Some(away) = within_relation(from, renames, rename)
            && !first.contains(&away)
        {
            first.push(away);
        }
    }
    let mut sorted = Vec::with_capacity(renames.len());
    let mut open: Vec<usize> = (0..renames.len()).collect();
    while !open.is_empty() {
        let free = |n: &usize| waits[*n].iter().all(|w| !open.contains(w));
        // A circle has no first one; the server then says which name is taken.
        let at = open.iter().position(free).unwrap_or(0);
        sorted.push(renames[open.remove(at)].clone());
    }
    (first, sorted)
}

/// A place, and what a table brings there that moves to another schema.
type Wanted = (Place, Option<Id>);

/// The places that the object takes under its new name, and then those of what a table brings to another
/// schema.
fn places_of(from: &Schema, renames: &[Renamed], rename: &Renamed) -> Vec<Wanted> {
    let former = family::former(renames, &rename.from);
    let Some(node) = from.get(&former).filter(|_| rename.part.is_none()) else {
        return Vec::new();
    };
    let mut own = node.clone();
    own.id = rename.to.clone();
    let own = places(&own).into_iter().map(|place| (place, None));
    let mut taken: Vec<Wanted> = own.collect();
    if node.id.kind == Kind::Table && rename.from.schema != rename.to.schema {
        for kind in [Kind::Constraint, Kind::Index] {
            for part in from.parts(&node.id, kind) {
                let mut part = part.clone();
                part.id.schema = rename.to.schema.clone();
                part.id.name = rename.to.name.clone();
                let relations = places(&part).into_iter().filter(|place| place.0 == 0);
                taken.extend(relations.map(|place| (place, Some(part.id.clone()))));
            }
        }
    }
    taken
}

/// The rename of what has the name already in that table and keeps it otherwise: a column that is
/// dropped, or a child's own; a constraint, a policy.
fn within_relation(from: &Schema, renames: &[Renamed], rename: &Renamed) -> Option<Renamed> {
    let id = &rename.to;
    if rename.part.is_some() || !id.kind.is_part_of_relation() || id.kind == Kind::Index {
        return None;
    }
    let table = family::former_table(renames, id);
    let held = |kind: Kind, name: &Name| from.get(&table.within(kind, name.clone()));
    let moves = |r: &Renamed| r.part.is_none() && r.from == *id;
    if held(id.kind, &id.part).is_some() {
        return (!renames.iter().any(moves)).then(|| aside(id));
    }
    // A constraint trigger is a constraint as well.
    let fires = |node: &Node| {
        node.object
            .as_trigger()
            .is_some_and(|t| t.constraint.is_some())
    };
    let other = match id.kind {
        Kind::Constraint => held(Kind::Trigger, &id.part).filter(|node| fires(node)),
        Kind::Trigger if held(Kind::Trigger, &rename.from.part).is_some_and(fires) => {
            held(Kind::Constraint, &id.part)
        }
        _ => None,
    };
    let other = id.within(other?.id.kind, id.part.clone());
    let moves = |r: &Renamed| r.part.is_none() && r.from == other;
    (!renames.iter().any(moves)).then(|| aside(&other))
}

fn aside(id: &Id) -> Renamed {
    let mut to = id.clone();
    let away = |name: &Name| chosen(name, "", "old");
    if id.kind.is_part_of_relation() {
        to.part = away(&id.part);
    } else {
        to.name = away(&id.name);
    }
    Renamed {
        from: id.clone(),
        to,
        part: None,
    }
}
