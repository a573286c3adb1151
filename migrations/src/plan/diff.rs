//! The one generic walk: every id of either side, with what it is on each.
//!
//! It never asks what a difference means.

use model::Schema;
use model::schema::{Id, Node};
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
        let mut index = FxHashMap::default();
        if !all.iter().all(same) {
            index.reserve(all.len());
            index.extend(all.iter().enumerate().map(|(i, pair)| (&pair.node().id, i)));
        }
        Pairs { all, index }
    }

    pub(super) fn len(&self) -> usize {
        self.all.len()
    }

    pub(super) fn index_of(&self, id: &Id) -> Option<usize> {
        self.index.get(id).copied()
    }

    /// The pair of the relation that `id` is a part of.
    pub(super) fn relation_of(&self, id: &Id) -> Option<usize> {
        use model::Kind;
        [Kind::Table, Kind::View].into_iter().find_map(|kind| {
            self.index_of(&Id::in_schema(kind, id.schema.clone(), id.name.clone()))
        })
    }
}
