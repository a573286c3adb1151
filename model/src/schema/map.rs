//! The map from id to object, and how it is built.

use std::cmp::Ordering;
use std::collections::hash_map::Entry;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::{
    Column, Constraint, Id, Index, Intent, Kind, Name, Node, Object, Policy, Table, Trigger,
};

/// All objects of a database or a model, by id.
///
/// Iteration is in the order of ids. A `Schema` is built once, by a [`Builder`], and never altered.
///
/// ```
/// use model::schema::{Builder, Column, Node, Object, Table, Type};
/// use model::Id;
///
/// let mut builder = Builder::default();
/// let deals = Id::table("public", "deals");
/// builder.insert(Node::new(deals.clone(), Object::Table(Table::default())))?;
/// let stage = Column::new(Type::builtin("text"));
/// builder.insert(Node::new(Id::column("public", "deals", "stage"), Object::Column(stage)))?;
/// let schema = builder.finish();
/// assert_eq!(schema.columns(&deals).len(), 1);
/// # Ok::<(), model::schema::Duplicate>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Schema {
    /// Sorted by id, each id once. Shared, so that a copy costs little and sorting moves pointers.
    nodes: Vec<Arc<Node>>,
    /// What is meant of access to them.
    intent: Arc<Intent>,
}

/// A [`Schema`] in the making.
#[derive(Clone, Debug, Default)]
pub struct Builder {
    /// What was added, the first of it in order.
    schema: Schema,
    /// How many of the nodes are in order already.
    sorted: usize,
    /// Where those behind them are.
    places: FxHashMap<Id, usize>,
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
        match self.places.entry(node.id.clone()) {
            Entry::Occupied(entry) => Err(Duplicate(entry.key().clone())),
            Entry::Vacant(entry) => {
                entry.insert(self.schema.nodes.len());
                self.schema.nodes.push(node);
                Ok(())
            }
        }
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
        self.in_order(id).or_else(|| self.places.get(id).copied())
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

impl Schema {
    /// The object of that id.
    pub fn get(&self, id: &Id) -> Option<&Node> {
        let at = self.nodes.binary_search_by(|node| node.id.cmp(id)).ok()?;
        Some(&self.nodes[at])
    }

    /// Whether there is an object of that id.
    pub fn contains(&self, id: &Id) -> bool {
        self.get(id).is_some()
    }

    /// As [`get`](Self::get), to be part of another schema as well.
    pub(crate) fn shared(&self, id: &Id) -> Option<&Arc<Node>> {
        let at = self.nodes.binary_search_by(|node| node.id.cmp(id)).ok()?;
        Some(&self.nodes[at])
    }

    /// All objects, in the order of their ids.
    pub fn nodes(&self) -> impl DoubleEndedIterator<Item = &Node> + ExactSizeIterator {
        self.nodes.iter().map(Arc::as_ref)
    }

    /// What is meant of access to the objects; empty where nobody said.
    pub fn intent(&self) -> &Intent {
        &self.intent
    }

    /// How many objects there are.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// The schema with only the objects that `keep` keeps; what they need stays said.
    pub fn retained(mut self, keep: impl Fn(&Node) -> bool) -> Schema {
        self.nodes.retain(|node| keep(node));
        self
    }

    /// The schema with those objects of another one that `take` takes; of two of one id its own.
    ///
    /// ```
    /// # use model::{Id, schema::{Builder, Node, Object, Schema, Table}};
    /// let mut deals = Builder::default();
    /// deals.insert(Node::new(Id::table("public", "deals"), Object::Table(Table::default())))?;
    /// let schema = Schema::default().with_those_of(&deals.finish(), |_| true);
    /// assert_eq!(schema.len(), 1);
    /// # Ok::<(), model::schema::Duplicate>(())
    /// ```
    pub fn with_those_of(mut self, other: &Schema, take: impl Fn(&Node) -> bool) -> Schema {
        let taken = other.nodes.iter().filter(|node| take(node));
        self.nodes.extend(taken.cloned());
        // Stable, so that of two with one id its own comes first.
        self.nodes.sort_by(|a, b| a.id.cmp(&b.id));
        self.nodes.dedup_by(|a, b| a.id == b.id);
        self
    }

    /// The schema with another intent: what is meant of objects that it lacks is for its reader to
    /// leave out.
    pub fn meaning(mut self, intent: Intent) -> Schema {
        self.intent = Arc::new(intent);
        self
    }

    /// The run of nodes whose ids `place` calls equal; it calls those before less.
    fn run(&self, place: impl Fn(&Id) -> Ordering) -> &[Arc<Node>] {
        let first = self.nodes.partition_point(|node| place(&node.id).is_lt());
        let rest = &self.nodes[first..];
        &rest[..rest.partition_point(|node| place(&node.id).is_eq())]
    }

    /// All objects of one kind, by schema and name.
    pub fn of_kind(&self, kind: Kind) -> impl DoubleEndedIterator<Item = &Node> {
        self.run(|id| id.kind.cmp(&kind)).iter().map(Arc::as_ref)
    }

    /// The parts of one kind of the relation that `relation` names, in the order of their names.
    pub fn parts<'a>(
        &'a self,
        relation: &Id,
        kind: Kind,
    ) -> impl Iterator<Item = &'a Node> + use<'a> {
        let wanted = (kind, &relation.schema, &relation.name);
        let run = self.run(|id| (id.kind, &id.schema, &id.name).cmp(&wanted));
        run.iter().map(Arc::as_ref)
    }

    /// Every table with its attributes.
    pub fn tables(&self) -> impl Iterator<Item = (&Node, &Table)> {
        self.of_kind(Kind::Table)
            .filter_map(|n| n.object.as_table().map(|t| (n, t)))
    }

    /// The columns of a relation, in the order of their positions.
    pub fn columns(&self, relation: &Id) -> Vec<(&Node, &Column)> {
        let mut columns: Vec<_> = self
            .parts(relation, Kind::Column)
            .filter_map(|n| n.object.as_column().map(|c| (n, c)))
            .collect();
        columns.sort_by_key(|(node, _)| node.ordinal);
        columns
    }

    /// One column of a relation.
    pub fn column(&self, relation: &Id, name: &str) -> Option<&Column> {
        self.get(&relation.within(Kind::Column, name))?
            .object
            .as_column()
    }

    /// The constraints of a table, by name.
    pub fn constraints<'a>(
        &'a self,
        table: &Id,
    ) -> impl Iterator<Item = (&'a Node, &'a Constraint)> + use<'a> {
        self.parts(table, Kind::Constraint)
            .filter_map(|n| n.object.as_constraint().map(|c| (n, c)))
    }

    /// The indexes of a table or materialized view, by name.
    pub fn indexes<'a>(
        &'a self,
        table: &Id,
    ) -> impl Iterator<Item = (&'a Node, &'a Index)> + use<'a> {
        self.parts(table, Kind::Index)
            .filter_map(|n| n.object.as_index().map(|i| (n, i)))
    }

    /// The policies of a table, by name.
    pub fn policies<'a>(
        &'a self,
        table: &Id,
    ) -> impl Iterator<Item = (&'a Node, &'a Policy)> + use<'a> {
        self.parts(table, Kind::Policy)
            .filter_map(|n| n.object.as_policy().map(|p| (n, p)))
    }

    /// The triggers of a table or view, by name.
    pub fn triggers<'a>(
        &'a self,
        table: &Id,
    ) -> impl Iterator<Item = (&'a Node, &'a Trigger)> + use<'a> {
        self.parts(table, Kind::Trigger)
            .filter_map(|n| n.object.as_trigger().map(|t| (n, t)))
    }

    /// The primary key's columns, empty where there is none.
    pub fn primary_key(&self, table: &Id) -> Vec<Name> {
        self.constraints(table)
            .find_map(|(_, c)| match &c.body {
                super::ConstraintBody::PrimaryKey(key) => Some(key.columns.clone()),
                _ => None,
            })
            .unwrap_or_default()
    }

    /// The table or view of that schema and name, whichever exists.
    pub fn relation(&self, schema: &str, name: &str) -> Option<&Node> {
        [Kind::Table, Kind::View]
            .into_iter()
            .find_map(|kind| self.get(&Id::in_schema(kind, schema, name)))
    }

    /// A builder that starts with these objects.
    pub fn into_builder(self) -> Builder {
        Builder {
            places: FxHashMap::default(),
            sorted: self.nodes.len(),
            schema: self,
        }
    }
}

impl Node {
    /// Whether nothing tells the two apart but where they come from and what they need.
    pub(crate) fn says_the_same_as(&self, other: &Node) -> bool {
        let documents = match (&self.object, &other.object) {
            (Object::Column(a), Object::Column(b)) => {
                a.documents.0 == b.documents.0
                    && a.soft_delete.0 == b.soft_delete.0
                    && a.trail.0 == b.trail.0
            }
            (Object::Table(a), Object::Table(b)) => {
                a.writes.append_only == b.writes.append_only && a.writes.audited == b.writes.audited
            }
            _ => true,
        };
        documents
            && self.ordinal == other.ordinal
            && self.external == other.external
            && self.derived_from == other.derived_from
            && self.conforms_to(other)
            && other.conforms_to(self)
    }

    /// Whether the node is the same object with the same attributes as `wanted`.
    ///
    /// Position, origin and hints never count; an owner counts only where `wanted` names one; an
    /// extension's version and schema count only where `wanted` says them.
    pub fn conforms_to(&self, wanted: &Node) -> bool {
        if std::ptr::eq(self, wanted) {
            return true;
        }
        let object = match (&self.object, &wanted.object) {
            (Object::Extension(have), Object::Extension(want)) => {
                (want.schema.is_none() || want.schema == have.schema)
                    && (want.version.is_none() || want.version == have.version)
            }
            (have, want) => have == want,
        };
        object
            && self.comment == wanted.comment
            && self.privileges == wanted.privileges
            && (wanted.owner.is_none() || self.owner == wanted.owner)
    }
}
