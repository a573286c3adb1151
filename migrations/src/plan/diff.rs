//! The one generic walk: every id of either side, with what it is on each.
//!
//! It never asks what a difference means.

use model::schema::{Id, Node};
use model::{Kind, Schema};
use rustc_hash::FxHashMap;

/// One id, and its object on either side.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pair<'a> {
    pub(super) from: Option<&'a Node>,
    pub(super) to: Option<&'a Node>,
}

/// All pairs in the order of their ids.
pub(super) struct Pairs<'a> {
    pub(super) all: Vec<Pair<'a>>,
    /// Empty where nothing differs: nobody asks then.
    index: FxHashMap<&'a Id, usize>,
    /// Where each one's surroundings are; as long as `all` where `index` is filled.
    around: Vec<Around>,
}

/// The pairs that nearly every object needs: kept, since parts of one relation follow each other.
#[derive(Clone, Copy, Debug, Default)]
struct Around {
    relation: Option<u32>,
    schema: Option<u32>,
}

impl<'a> Pair<'a> {
    /// The node as it will be, or as it was where it goes.
    pub(super) fn node(&self) -> &'a Node {
        match (self.to, self.from) {
            (Some(node), _) | (None, Some(node)) => node,
            (None, None) => unreachable!("a pair comes from one side or the other"),
        }
    }

    /// Whether it is verified and never migrated.
    pub(super) fn external(&self) -> bool {
        self.from.is_some_and(|n| n.external) || self.to.is_some_and(|n| n.external)
    }
}

impl<'a> Pairs<'a> {
    /// Merges the two ordered maps.
    pub(super) fn of(from: &'a Schema, to: &'a Schema) -> Self {
        let mut all = Vec::with_capacity(from.len().max(to.len()));
        let (mut old, mut new) = (from.nodes().peekable(), to.nodes().peekable());
        loop {
            let order = match (old.peek(), new.peek()) {
                (None, None) => break,
                (Some(_), None) => std::cmp::Ordering::Less,
                (None, Some(_)) => std::cmp::Ordering::Greater,
                (Some(a), Some(b)) => a.id.cmp(&b.id),
            };
            all.push(Pair {
                from: order.is_le().then(|| old.next()).flatten(),
                to: order.is_ge().then(|| new.next()).flatten(),
            });
        }
        let same = |pair: &Pair<'_>| match (pair.from, pair.to) {
            (Some(from), Some(to)) => from.conforms_to(to),
            _ => false,
        };
        let mut pairs = Pairs {
            all,
            index: FxHashMap::default(),
            around: Vec::new(),
        };
        if !pairs.all.iter().all(same) {
            let ids = pairs.all.iter().map(|pair| &pair.node().id);
            pairs.index.reserve(pairs.all.len());
            pairs.index.extend(ids.enumerate().map(|(i, id)| (id, i)));
            pairs.around = pairs.surroundings();
        }
        pairs
    }

    fn surroundings(&self) -> Vec<Around> {
        let mut last = (None::<&Id>, Around::default());
        let ids = self.all.iter().map(|pair| &pair.node().id);
        let around = |id: &'a Id| {
            let (before, mut around) = last;
            if before.is_none_or(|before| before.schema != id.schema) {
                let schema = Id::global(Kind::Schema, id.schema.clone());
                let place = self.index_of(&schema).filter(|_| !id.schema.is_empty());
                around.schema = place.map(|place| place as u32);
            }
            let beside = |before: &Id| {
                (before.kind, &before.schema, &before.name) == (id.kind, &id.schema, &id.name)
            };
            if !before.is_some_and(beside) {
                let part = id.kind.is_part_of_relation();
                let relation = part.then(|| self.relation_of(id)).flatten();
                around.relation = relation.map(|place| place as u32);
            }
            last = (Some(id), around);
            around
        };
        ids.map(around).collect()
    }

    pub(super) fn len(&self) -> usize {
        self.all.len()
    }

    pub(super) fn index_of(&self, id: &Id) -> Option<usize> {
        self.index.get(id).copied()
    }

    /// The pair of the relation that the pair at `place` is a part of.
    pub(super) fn relation_at(&self, place: usize) -> Option<usize> {
        Some(self.around.get(place)?.relation? as usize)
    }

    /// The pair of the schema that the pair at `place` is in.
    pub(super) fn schema_at(&self, place: usize) -> Option<usize> {
        Some(self.around.get(place)?.schema? as usize)
    }

    /// The pair of the relation that `id` is a part of.
    pub(super) fn relation_of(&self, id: &Id) -> Option<usize> {
        [Kind::Table, Kind::View].into_iter().find_map(|kind| {
            self.index_of(&Id::in_schema(kind, id.schema.clone(), id.name.clone()))
        })
    }
}
