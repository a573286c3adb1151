//! The map from id to object, and how it is built.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::ops::Bound;

use super::{Column, Constraint, Id, Index, Kind, Name, Node, Object, Policy, Table, Trigger};

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
    nodes: BTreeMap<Id, Node>,
}

/// A [`Schema`] in the making.
#[derive(Clone, Debug, Default)]
pub struct Builder {
    nodes: BTreeMap<Id, Node>,
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
    /// Adds an object.
    ///
    /// # Errors
    ///
    /// [`Duplicate`] where an object of that id exists; it stays as it is.
    pub fn insert(&mut self, node: Node) -> Result<(), Duplicate> {
        match self.nodes.entry(node.id.clone()) {
            Entry::Occupied(entry) => Err(Duplicate(entry.key().clone())),
            Entry::Vacant(entry) => {
                entry.insert(node);
                Ok(())
            }
        }
    }

    /// The object of that id, to look at.
    pub fn get(&self, id: &Id) -> Option<&Node> {
        self.nodes.get(id)
    }

    /// The object of that id, to complete.
    pub fn get_mut(&mut self, id: &Id) -> Option<&mut Node> {
        self.nodes.get_mut(id)
    }

    /// The columns of a relation so far, with their names.
    pub(crate) fn columns(&self, relation: &Id) -> Vec<(&Name, &Column)> {
        let first = relation.within(Kind::Column, "");
        self.nodes
            .range((Bound::Included(first), Bound::Unbounded))
            .take_while(|(id, _)| {
                id.kind == Kind::Column && id.schema == relation.schema && id.name == relation.name
            })
            .filter_map(|(id, node)| Some((&id.part, node.object.as_column()?)))
            .collect()
    }

    /// All objects so far.
    pub fn nodes_mut(&mut self) -> impl Iterator<Item = &mut Node> {
        self.nodes.values_mut()
    }

    /// The finished schema. What each object needs is sorted, without doubles and without itself.
    pub fn finish(mut self) -> Schema {
        for node in self.nodes.values_mut() {
            node.needs.sort_unstable();
            node.needs.dedup();
            let own = &node.id;
            node.needs.retain(|need| need != own);
        }
        Schema { nodes: self.nodes }
    }
}

impl Schema {
    /// The object of that id.
    pub fn get(&self, id: &Id) -> Option<&Node> {
        self.nodes.get(id)
    }

    /// Whether there is an object of that id.
    pub fn contains(&self, id: &Id) -> bool {
        self.nodes.contains_key(id)
    }

    /// All objects, in the order of their ids.
    pub fn nodes(&self) -> impl DoubleEndedIterator<Item = &Node> + ExactSizeIterator {
        self.nodes.values()
    }

    /// How many objects there are.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// All objects of one kind, by schema and name.
    pub fn of_kind(&self, kind: Kind) -> impl DoubleEndedIterator<Item = &Node> {
        let first = Id::global(kind, "");
        self.nodes
            .range((Bound::Included(first), Bound::Unbounded))
            .take_while(move |(id, _)| id.kind == kind)
            .map(|(_, node)| node)
            .collect::<Vec<_>>()
            .into_iter()
    }

    /// The parts of one kind of the relation that `relation` names, in the order of their names.
    pub fn parts<'a>(
        &'a self,
        relation: &Id,
        kind: Kind,
    ) -> impl Iterator<Item = &'a Node> + use<'a> {
        let first = relation.within(kind, "");
        let (schema, name) = (relation.schema.clone(), relation.name.clone());
        self.nodes
            .range((Bound::Included(first), Bound::Unbounded))
            .take_while(move |(id, _)| id.kind == kind && id.schema == schema && id.name == name)
            .map(|(_, node)| node)
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
            .find_map(|kind| self.nodes.get(&Id::in_schema(kind, schema, name)))
    }

    /// A builder that starts with these objects.
    pub fn into_builder(self) -> Builder {
        Builder { nodes: self.nodes }
    }
}

impl Node {
    /// Whether the node is the same object with the same attributes as `wanted`.
    ///
    /// Position, origin and hints never count; an owner counts only where `wanted` names one; an
    /// extension's version and schema count only where `wanted` says them.
    pub fn conforms_to(&self, wanted: &Node) -> bool {
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
