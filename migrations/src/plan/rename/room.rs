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
pub(super) fn with_room(from: &Schema, renames: &[Renamed]) -> (Vec<Renamed>, Vec<Renamed>) {
    let wanted: Vec<Vec<Place>> = renames.iter().map(|r| places_of(from, r)).collect();
    let mut holders: HashMap<Place, &Node> = HashMap::new();
    if wanted.iter().any(|places| !places.is_empty()) {
        for node in from.nodes() {
            holders.extend(places(node).into_iter().map(|place| (place, node)));
        }
    }
    let mut first = Vec::new();
    // For each rename, the ones that must come before it.
    let mut waits: Vec<Vec<usize>> = vec![Vec::new(); renames.len()];
    for (n, rename) in renames.iter().enumerate() {
        // Of columns and other parts, all ids have their table's later name.
        let same = |r: &Renamed| r.part.is_none() && r.from == rename.to;
        waits[n].extend(renames.iter().position(same));
        for holder in wanted[n].iter().filter_map(|place| holders.get(place)) {
            if holder.id == rename.from {
                continue;
            }
            let goes_along = |r: &Renamed| {
                r.from.kind == Kind::Table
                    && r.from.schema != r.to.schema
                    && holder.id.relation().as_ref() == Some(&r.from)
            };
            let moves = |r: &Renamed| r.part.is_none() && (r.from == holder.id || goes_along(r));
            match renames.iter().position(moves) {
                Some(other) => waits[n].push(other),
                None => {
                    // Its table may give way itself.
                    let away = aside(&family::later(&first, &family::later(renames, &holder.id)));
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

/// The places that the object takes under its new name, and then those of what a table brings to another
/// schema.
fn places_of(from: &Schema, rename: &Renamed) -> Vec<Place> {
    let Some(node) = from.get(&rename.from).filter(|_| rename.part.is_none()) else {
        return Vec::new();
    };
    let mut own = node.clone();
    own.id = rename.to.clone();
    let mut taken = places(&own);
    if node.id.kind == Kind::Table && rename.from.schema != rename.to.schema {
        for kind in [Kind::Constraint, Kind::Index] {
            for part in from.parts(&node.id, kind) {
                let mut part = part.clone();
                part.id.schema = rename.to.schema.clone();
                part.id.name = rename.to.name.clone();
                taken.extend(places(&part).into_iter().filter(|place| place.0 == 0));
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
    let moves = |r: &Renamed| r.part.is_none() && r.from == *id;
    let taken = from.contains(&table.within(id.kind, id.part.clone()));
    (taken && !renames.iter().any(moves)).then(|| aside(id))
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
