//! How the map from id to object is built.

use std::hash::BuildHasher;
use std::sync::Arc;

use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet};

use super::{Id, Intent, Node, Schema};

/// A [`Schema`] in the making.
#[derive(Clone, Debug, Default)]
pub struct Builder {
    /// What was added, the first of it in order.
    schema: Schema,
    /// How many of the nodes are in order already.
    sorted: usize,
    /// Where those behind them are, by the hashes of their ids.
    places: FxHashMap<u64, u32>,
    /// The places of those whose hash another one has as well: as good as never any.
    alike: Vec<u32>,
}

/// Two objects have the same id. The first is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Duplicate(pub Id);

impl std::fmt::Display for Duplicate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {} exists twice", self.0.kind.word(), self.0)
    }
}

impl std::error::Error for Duplicate {}

impl Builder {
    /// Makes room for that many objects.
    pub(crate) fn reserve(&mut self, more: usize) {
        self.schema.nodes.reserve(more);
        self.places.reserve(more);
    }

    /// Adds an object.
    ///
    /// # Errors
    ///
    /// [`Duplicate`] where an object of that id exists; it stays as it is.
    pub fn insert(&mut self, node: impl Into<Arc<Node>>) -> Result<(), Duplicate> {
        let node = node.into();
        if self.in_order(&node.id).is_some() {
            return Err(Duplicate(node.id.clone()));
        }
        let place = self.schema.nodes.len() as u32;
        let first = *self.places.entry(hash(&node.id)).or_insert(place);
        if first != place {
            if self.behind(&node.id).is_some() {
                return Err(Duplicate(node.id.clone()));
            }
            self.alike.push(place);
        }
        self.schema.nodes.push(node);
        Ok(())
    }

    /// The object of that id, to look at.
    pub fn get(&self, id: &Id) -> Option<&Node> {
        self.place(id).map(|at| &*self.schema.nodes[at])
    }

    /// The object of that id, to complete.
    pub fn get_mut(&mut self, id: &Id) -> Option<&mut Node> {
        let at = self.place(id)?;
        Some(Arc::make_mut(&mut self.schema.nodes[at]))
    }

    fn place(&self, id: &Id) -> Option<usize> {
        self.in_order(id).or_else(|| self.behind(id))
    }

    /// Its place among those that are not in order yet.
    fn behind(&self, id: &Id) -> Option<usize> {
        let first = self.places.get(&hash(id))?;
        let mut all = std::iter::once(first).chain(&self.alike);
        let place = all.find(|&&place| self.schema.nodes[place as usize].id == *id)?;
        Some(*place as usize)
    }

    /// Its place among those that are in order already.
    fn in_order(&self, id: &Id) -> Option<usize> {
        let ordered = &self.schema.nodes[..self.sorted];
        ordered.binary_search_by(|node| node.id.cmp(id)).ok()
    }

    /// All objects so far, to look at; what they need is not in order yet.
    pub(crate) fn so_far(&mut self) -> &Schema {
        let nodes = &mut self.schema.nodes;
        if self.sorted < nodes.len() {
            nodes.sort_by(|a, b| a.id.cmp(&b.id));
            self.places.clear();
            self.alike.clear();
            self.sorted = nodes.len();
        }
        &self.schema
    }

    /// All objects so far, in the order they were added.
    pub(crate) fn nodes(&self) -> impl Iterator<Item = &Node> {
        self.schema.nodes.iter().map(Arc::as_ref)
    }

    /// All objects so far.
    pub fn nodes_mut(&mut self) -> impl Iterator<Item = &mut Node> {
        self.so_far();
        self.schema.nodes.iter_mut().map(Arc::make_mut)
    }

    /// Says what is meant of access to the objects.
    pub fn mean(&mut self, intent: Intent) {
        self.schema.intent = Arc::new(intent);
    }

    /// Leaves out of every object's needs what was not added.
    pub(crate) fn need_only_what_exists(&mut self) {
        let there: FxHashSet<&Id> = self.schema.nodes.iter().map(|node| &node.id).collect();
        let lacking = |node: &Node| node.needs.iter().any(|need| !there.contains(need));
        let missing: Vec<(usize, Vec<Id>)> = self
            .nodes()
            .enumerate()
            .filter(|(_, node)| lacking(node))
            .map(|(at, node)| {
                let needs = node.needs.iter().filter(|need| there.contains(need));
                (at, needs.cloned().collect())
            })
            .collect();
        for (at, needs) in missing {
            Arc::make_mut(&mut self.schema.nodes[at]).needs = needs;
        }
    }

    /// The finished schema. What each object needs is sorted, without doubles and without itself.
    pub fn finish(mut self) -> Schema {
        self.so_far();
        for node in &mut self.schema.nodes {
            let ascends = node.needs.is_sorted_by(|a, b| a < b);
            if !ascends || node.needs.binary_search(&node.id).is_ok() {
                let node = Arc::make_mut(node);
                node.needs.sort_unstable();
                node.needs.dedup();
                node.needs.retain(|need| *need != node.id);
            }
            if node.needs.capacity() > node.needs.len()
                && let Some(node) = Arc::get_mut(node)
            {
                node.needs.shrink_to_fit();
            }
        }
        self.schema
    }
}

fn hash(id: &Id) -> u64 {
    FxBuildHasher.hash_one(id)
}

impl Schema {
    /// A builder that starts with these objects.
    pub fn into_builder(self) -> Builder {
        Builder {
            sorted: self.nodes.len(),
            schema: self,
            ..Builder::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::{Object, Table};

    #[test]
    fn two_ids_with_one_hash_are_two_objects() {
        let node =
            |name: &str| Node::new(Id::table("public", name), Object::Table(Table::default()));
        let mut builder = Builder::default();
        builder.insert(node("deals")).unwrap();
        // As if the hash of the one were that of the other.
        builder
            .places
            .insert(hash(&Id::table("public", "notes")), 0);
        builder.insert(node("notes")).unwrap();
        assert_eq!(
            builder.get(&Id::table("public", "notes")).unwrap().id.name,
            *"notes"
        );
        assert_eq!(
            builder.insert(node("notes")),
            Err(Duplicate(Id::table("public", "notes")))
        );
        assert_eq!(builder.finish().len(), 2);
    }
}
