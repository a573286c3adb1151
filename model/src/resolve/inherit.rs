//! What a child table has because its parent has it: PostgreSQL's own copies, under the names it
//! gives them.
//!
//! What the model says of a child itself always stands.

use std::collections::BTreeMap;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::names;
use crate::schema::{
    Builder, Constraint, ConstraintBody, Id, Index, IndexKey, Kind, Name, Node, Object, Schema,
    UniqueKey,
};

/// Completes every child table, parents before their children.
pub(super) fn from_parents(builder: &mut Builder) {
    let schema = builder.so_far();
    let mut children: Vec<(Id, Vec<Id>, bool)> = Vec::new();
    for (node, table) in schema.tables().filter(|(n, _)| !n.external) {
        match &table.partition_of {
            Some(partition) => {
                children.push((node.id.clone(), vec![partition.parent.clone()], true));
            }
            None if !table.inherits.is_empty() => {
                children.push((node.id.clone(), table.inherits.clone(), false));
            }
            None => {}
        }
    }
    if children.is_empty() {
        return;
    }
    let relations = relations(schema);
    let mut parts: FxHashMap<_, Vec<Id>> = FxHashMap::default();
    for node in schema.nodes().filter(|n| n.id.kind.is_part_of_relation()) {
        parts
            .entry(relation(&node.id))
            .or_default()
            .push(node.id.clone());
    }
    let mut work = Work {
        nodes: builder,
        relations,
        parts,
    };
    let parents: BTreeMap<Id, Vec<Id>> = children
        .iter()
        .map(|(id, parents, _)| (id.clone(), parents.clone()))
        .collect();
    children.sort_by_key(|(id, ..)| (depth(id, &parents, 0), id.clone()));
    for (child, parents, partition) in children {
        for parent in parents {
            work.child(&child, &parent, partition);
        }
    }
}

/// The relation that a part is of.
fn relation(part: &Id) -> (Name, Name) {
    (part.schema.clone(), part.name.clone())
}

/// How many generations lie above a table; a circle has been reported.
fn depth(id: &Id, parents: &BTreeMap<Id, Vec<Id>>, so_far: usize) -> usize {
    if so_far > parents.len() {
        return so_far;
    }
    let above = parents.get(id).into_iter().flatten();
    above
        .map(|parent| depth(parent, parents, so_far + 1) + 1)
        .max()
        .unwrap_or(0)
}

fn relations(schema: &Schema) -> FxHashSet<(Name, Name)> {
    let name = |node: &Node| match node.id.kind {
        Kind::Table | Kind::View | Kind::Sequence => Some(node.id.name.clone()),
        Kind::Index => Some(node.id.part.clone()),
        Kind::Constraint => {
            let constraint = node.object.as_constraint()?;
            super::has_index(constraint).then(|| node.id.part.clone())
        }
        _ => None,
    };
    schema
        .nodes()
        .filter_map(|n| Some((n.id.schema.clone(), name(n)?)))
        .collect()
}

struct Work<'b> {
    nodes: &'b mut Builder,
    /// Names that no new index can have.
    relations: FxHashSet<(Name, Name)>,
    /// What each relation has, by schema and name.
    parts: FxHashMap<(Name, Name), Vec<Id>>,
}

impl Work<'_> {
    /// What the table has so far, in the order of ids.
    fn parts(&mut self, table: &Id) -> Vec<Node> {
        let Some(ids) = self.parts.get_mut(&relation(table)) else {
            return Vec::new();
        };
        ids.sort();
        let nodes = ids.iter().filter_map(|id| self.nodes.get(id));
        nodes.cloned().collect()
    }

    fn child(&mut self, child: &Id, parent: &Id, partition: bool) {
        let above = self.parts(parent);
        let own = self.parts(child);
        for node in &above {
            let id = Id {
                schema: child.schema.clone(),
                name: child.name.clone(),
                ..node.id.clone()
            };
            match &node.object {
                Object::Column(column) => self.column(&id, column, partition),
                Object::Constraint(constraint) => {
                    self.constraint(id, node, constraint, partition, &own);
                }
                Object::Index(index) if partition => self.index(id, node, index, &own),
                Object::Trigger(trigger) if partition && trigger.for_each_row => {
                    let mut trigger = trigger.clone();
                    trigger.inherited = true;
                    self.copy(id, node, Object::Trigger(trigger));
                }
                _ => {}
            }
        }
    }

    fn copy(&mut self, id: Id, of: &Node, object: Object) {
        let mut node = Node::new(id, object);
        node.derived_from = of.derived_from.clone();
        node.needs = of
            .needs
            .iter()
            .map(|need| moved(need, &of.id, &node.id))
            .collect();
        let id = node.id.clone();
        // What the child says itself stands.
        if self.nodes.insert(node).is_ok() {
            self.parts.entry(relation(&id)).or_default().push(id);
        }
    }

    fn column(&mut self, id: &Id, parent: &crate::schema::Column, partition: bool) {
        let Some(node) = self.nodes.get_mut(id) else {
            return;
        };
        let Object::Column(column) = &mut node.object else {
            return;
        };
        column.inherited |= partition;
        if !column.inherited {
            return;
        }
        let missing = column.default.is_none() && column.generated.is_none();
        if missing && column.identity.is_none() {
            column.default = parent.default.clone();
            column.generated = parent.generated.clone();
        }
        column.collation = column.collation.take().or(parent.collation.clone());
        column.storage = column.storage.take().or(parent.storage.clone());
        column.compression = column.compression.take().or(parent.compression.clone());
    }

    fn constraint(
        &mut self,
        mut id: Id,
        node: &Node,
        constraint: &Constraint,
        partition: bool,
        own: &[Node],
    ) {
        let mut copy = constraint.clone();
        copy.inherited = true;
        match &mut copy.body {
            ConstraintBody::Check(check) if !check.no_inherit => {}
            ConstraintBody::ForeignKey(_) if partition => {
                let same = own.iter().filter_map(|n| n.object.as_constraint());
                if same.into_iter().any(|c| c.body == constraint.body) {
                    return;
                }
            }
            ConstraintBody::PrimaryKey(key) | ConstraintBody::Unique(key) if partition => {
                let like = |n: &Node| match n.object.as_constraint().map(|c| &c.body) {
                    Some(ConstraintBody::PrimaryKey(k) | ConstraintBody::Unique(k)) => {
                        k.columns == key.columns
                    }
                    _ => false,
                };
                if own.iter().any(like) {
                    return;
                }
                let label = match constraint.body {
                    ConstraintBody::PrimaryKey(_) => "pkey",
                    _ => "key",
                };
                id.part = self.key_name(&id, key, label);
            }
            _ => return,
        }
        self.copy(id, node, Object::Constraint(copy));
    }

    fn key_name(&mut self, id: &Id, key: &UniqueKey, label: &str) -> Name {
        let columns = names::columns_addition(key.columns.iter().map(|c| c.as_str()));
        let middle = (label != "pkey").then_some(columns);
        self.free(id, middle.as_deref(), label)
    }

    fn free(&mut self, id: &Id, middle: Option<&str>, label: &str) -> Name {
        let taken = |n: &str| self.relations.contains(&(id.schema.clone(), Name::from(n)));
        let name = Name::from(names::choose(&id.name, middle, label, taken));
        self.relations.insert((id.schema.clone(), name.clone()));
        name
    }

    fn index(&mut self, mut id: Id, node: &Node, index: &Index, own: &[Node]) {
        let attached = |n: &Node| {
            let parent = n.object.as_index().and_then(|i| i.parent.as_ref());
            parent == Some(&node.id)
        };
        if own.iter().any(attached) {
            return;
        }
        let keys: Vec<&IndexKey> = index.keys.iter().collect();
        id.part = self.free(&id, Some(&crate::print::index_middle(&keys)), "idx");
        let copy = Index {
            parent: Some(node.id.clone()),
            clustered: false,
            statistics: Vec::new(),
            ..index.clone()
        };
        self.copy(id, node, Object::Index(copy));
    }
}

/// The same need of the child: its own column where the parent needs its own.
fn moved(need: &Id, parent: &Id, child: &Id) -> Id {
    let own = need.kind == Kind::Column && need.schema == parent.schema && need.name == parent.name;
    if own {
        child.within(Kind::Column, need.part.clone())
    } else {
        need.clone()
    }
}
