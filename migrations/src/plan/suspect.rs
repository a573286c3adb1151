//! Drops and additions that look like a rename nobody said: for the command line to ask about.
//!
//! Nothing is ever renamed on suspicion.

use std::collections::{BTreeMap, BTreeSet};

use model::Schema;
use model::schema::{Id, Kind, Node, Object};

use super::rename::{self, Renamed};

/// One drop and one addition that may be the same object under another name.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Suspected {
    /// What would be dropped.
    #[serde(serialize_with = "super::step::id")]
    pub from: Id,
    /// What would be added.
    #[serde(serialize_with = "super::step::id")]
    pub to: Id,
    /// Why it looks so, as a fragment: "same type and default".
    pub reason: String,
}

/// Pairs of a table, column, type or view that goes and one that comes, alike enough to ask.
///
/// Only what holds data or names other objects is asked about; each object is in one pair at most,
/// and where several fit equally well none is named.
pub fn detect_likely_renames(from: &Schema, to: &Schema) -> Vec<Suspected> {
    let said = rename::said(from, to);
    let mut suspected = Vec::new();
    for kind in [Kind::Table, Kind::Enum, Kind::Composite, Kind::Domain] {
        let gone: Vec<_> = missing(from.of_kind(kind), to, &said, true);
        let come: Vec<_> = missing(to.of_kind(kind), from, &said, false);
        pair(
            &gone,
            &come,
            &|a, b| likeness(from, to, a, b),
            &mut suspected,
        );
    }
    let mut columns: BTreeMap<Id, [Vec<&Node>; 2]> = BTreeMap::new();
    for (schema, other, side) in [(from, to, 0), (to, from, 1)] {
        for node in missing(schema.of_kind(Kind::Column), other, &said, side == 0) {
            let table = Id::table(node.id.schema.clone(), node.id.name.clone());
            if from.contains(&table) && to.contains(&table) {
                columns.entry(table).or_default()[side].push(node);
            }
        }
    }
    for [gone, come] in columns.values() {
        pair(gone, come, &|a, b| likeness(from, to, a, b), &mut suspected);
    }
    suspected
}

/// How alike two objects are and why, where they are at all.
type Likeness<'l> = dyn Fn(&Node, &Node) -> Option<(u32, &'static str)> + 'l;

fn missing<'a>(
    nodes: impl Iterator<Item = &'a Node>,
    other: &Schema,
    said: &[Renamed],
    old: bool,
) -> Vec<&'a Node> {
    let spoken = |node: &Node| {
        said.iter()
            .any(|r| (if old { &r.from } else { &r.to }) == &node.id)
    };
    nodes
        .filter(|n| !n.external && !other.contains(&n.id) && !spoken(n))
        .collect()
}

fn pair(gone: &[&Node], come: &[&Node], likeness: &Likeness<'_>, suspected: &mut Vec<Suspected>) {
    let mut taken = BTreeSet::new();
    for new in come {
        let mut fits: Vec<_> = gone
            .iter()
            .filter(|old| !taken.contains(&old.id))
            .filter_map(|old| Some((likeness(old, new)?, old)))
            .collect();
        fits.sort_by_key(|((score, _), _)| std::cmp::Reverse(*score));
        let clear = match fits.as_slice() {
            [] => None,
            [((_, reason), old)] => Some((old, reason)),
            [((best, reason), old), ((next, _), _), ..] => (best > next).then_some((old, reason)),
        };
        if let Some((old, reason)) = clear {
            taken.insert(old.id.clone());
            suspected.push(Suspected {
                from: old.id.clone(),
                to: new.id.clone(),
                reason: (*reason).to_owned(),
            });
        }
    }
}

fn likeness(from: &Schema, to: &Schema, a: &Node, b: &Node) -> Option<(u32, &'static str)> {
    match (&a.object, &b.object) {
        (Object::Column(old), Object::Column(new)) => {
            let near = a.ordinal.abs_diff(b.ordinal) <= 1;
            let alike = old == new;
            match (alike, old.ty == new.ty, near) {
                (true, _, true) => Some((3, "same attributes at the same place")),
                (true, _, false) => Some((2, "same attributes")),
                (false, true, true) => Some((1, "same type at the same place")),
                (false, ..) => None,
            }
        }
        (Object::Table(_), Object::Table(_)) => {
            let names = |schema: &Schema, id: &Id| -> BTreeSet<_> {
                schema
                    .parts(id, Kind::Column)
                    .map(|n| n.id.part.clone())
                    .collect()
            };
            let (old, new) = (names(from, &a.id), names(to, &b.id));
            let common = old.intersection(&new).count();
            let all = old.union(&new).count();
            let alike = all > 0 && common * 3 >= all * 2;
            let score = (common * 100 / all.max(1)) as u32;
            alike.then_some((score, "most columns have the same names"))
        }
        (old, new) => (old == new).then_some((1, "same definition")),
    }
}
