//! The map from id to object.

use std::cmp::Ordering;
use std::sync::Arc;

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
    pub(super) nodes: Vec<Arc<Node>>,
    /// What is meant of access to them.
    pub(super) intent: Arc<Intent>,
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
