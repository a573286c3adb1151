//! What must exist before an object does: what its node says, and what its attributes imply.
//!
//! A need may come from a resolver or from `pg_depend`, and the two differ in what they list; here
//! both become the same. Nothing here knows what is done about a need.

use model::schema::{
    ConstraintBody, ForeignKey, Id, KeyTerm, Kind, Name, Node, Object, PUBLIC, Schema, Type,
};

use super::diff::Pairs;

/// Which of the two schemas is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    /// What is.
    From,
    /// What is wanted.
    To,
}

/// What `node` needs on its side: the places of pairs that exist there, without doubles.
pub(super) fn needs(schema: &Schema, pairs: &Pairs<'_>, side: Side, node: &Node) -> Vec<usize> {
    let mut found = Found {
        schema,
        pairs,
        side,
        own: &node.id,
        places: Vec::new(),
    };
    let owner = match &node.object {
        Object::Sequence(sequence) => sequence.owned_by.as_ref(),
        _ => None,
    };
    for need in &node.needs {
        // A sequence exists before the column that owns it does: ownership is given afterwards.
        let of_owner =
            |owner: &Id| need == owner || (need.kind == Kind::Table && need.name == owner.name);
        if !owner.is_some_and(of_owner) {
            found.id(need);
        }
    }
    if node.id.kind.is_part_of_relation() {
        found.relation(&node.id.schema, &node.id.name);
    }
    if !node.id.schema.is_empty() {
        found.id(&Id::global(Kind::Schema, node.id.schema.clone()));
    }
    for role in node.owner.iter().chain(node.privileges.keys()) {
        found.role(role);
    }
    found.of_object(node);
    let mut places = found.places;
    places.sort_unstable();
    places.dedup();
    places
}

struct Found<'a> {
    schema: &'a Schema,
    pairs: &'a Pairs<'a>,
    side: Side,
    own: &'a Id,
    places: Vec<usize>,
}

impl<'a> Found<'a> {
    /// Notes the object of that id, where its side has it.
    fn take(&mut self, id: &Id) -> bool {
        let Some(place) = self.pairs.index_of(id) else {
            return false;
        };
        let pair = &self.pairs.all[place];
        let there = match self.side {
            Side::From => pair.from.is_some(),
            Side::To => pair.to.is_some(),
        };
        if there && id != self.own {
            self.places.push(place);
        }
        there
    }

    fn id(&mut self, id: &Id) {
        let relation = id.kind.is_part_of_relation()
            || matches!(id.kind, Kind::Table | Kind::View | Kind::Composite);
        if !self.take(id) && relation {
            self.relation(&id.schema, &id.name);
        }
    }

    fn relation(&mut self, schema: &Name, name: &Name) {
        for kind in [Kind::Table, Kind::View] {
            if self.take(&Id::in_schema(kind, schema.clone(), name.clone())) {
                return;
            }
        }
    }

    fn role(&mut self, name: &Name) {
        if *name != *PUBLIC {
            self.id(&Id::global(Kind::Role, name.clone()));
        }
    }

    fn ty(&mut self, ty: &Type) {
        let Some(schema) = &ty.schema else { return };
        for kind in [
            Kind::Enum,
            Kind::Domain,
            Kind::Composite,
            Kind::Range,
            Kind::BaseType,
            Kind::Table,
            Kind::View,
        ] {
            let id = Id::in_schema(kind, schema.clone(), ty.name.clone());
            if self.take(&id) {
                return;
            }
        }
    }

    fn collation(&mut self, collation: &Option<(Name, Name)>) {
        if let Some((schema, name)) = collation {
            self.id(&Id::in_schema(
                Kind::Collation,
                schema.clone(),
                name.clone(),
            ));
        }
    }

    fn column(&mut self, name: &Name) {
        self.id(&self.own.within(Kind::Column, name.clone()));
    }

    fn keys<'k>(&mut self, keys: impl IntoIterator<Item = &'k model::schema::IndexKey>) {
        for key in keys {
            if let KeyTerm::Column(name) = &key.term {
                self.column(name);
            }
            self.collation(&key.collation);
        }
    }

    fn of_object(&mut self, node: &Node) {
        match &node.object {
            Object::Role(role) => role.member_of.keys().for_each(|name| self.role(name)),
            Object::Extension(extension) => {
                if let Some(schema) = &extension.schema {
                    self.id(&Id::global(Kind::Schema, schema.clone()));
                }
            }
            Object::Domain(domain) => {
                self.ty(&domain.base);
                self.collation(&domain.collation);
            }
            Object::Composite(composite) => {
                for attribute in &composite.attributes {
                    self.ty(&attribute.ty);
                    self.collation(&attribute.collation);
                }
            }
            Object::Range(range) => {
                self.ty(&range.subtype);
                self.collation(&range.collation);
            }
            Object::Sequence(_) => {}
            Object::Table(table) => {
                let partition = table.partition_of.iter().map(|p| &p.parent);
                for parent in table.inherits.iter().chain(partition) {
                    self.id(parent);
                    // A key of the child may name a column that its parent brings.
                    let schema = self.schema;
                    for column in schema.parts(parent, Kind::Column) {
                        self.take(&column.id);
                    }
                }
                table.of_type.iter().for_each(|ty| self.ty(ty));
                if let Some(foreign) = &table.foreign {
                    self.id(&Id::global(Kind::ForeignServer, foreign.server.clone()));
                }
            }
            Object::Column(column) => {
                self.ty(&column.ty);
                self.collation(&column.collation);
            }
            Object::Constraint(constraint) => match &constraint.body {
                ConstraintBody::PrimaryKey(key) | ConstraintBody::Unique(key) => {
                    let columns = key.columns.iter().chain(&key.include);
                    columns.for_each(|column| self.column(column));
                    if constraint.inherited
                        && let Some(above) = parents_key(self.schema, node)
                    {
                        self.take(&above.id);
                    }
                }
                ConstraintBody::ForeignKey(key) => {
                    key.columns.iter().for_each(|column| self.column(column));
                    self.id(&key.target);
                    for column in &key.target_columns {
                        self.id(&key.target.within(Kind::Column, column.clone()));
                    }
                    if let Some(target) = foreign_key_target(self.schema, key) {
                        self.take(&target.id);
                    }
                }
                ConstraintBody::Exclusion(exclusion) => {
                    self.keys(exclusion.elements.iter().map(|(key, _)| key));
                    exclusion.include.iter().for_each(|name| self.column(name));
                }
                ConstraintBody::NotNull { column, .. } => self.column(column),
                ConstraintBody::Check(_) | ConstraintBody::Other(_) => {}
            },
            Object::Index(index) => {
                self.keys(&index.keys);
                index.include.iter().for_each(|name| self.column(name));
                index.parent.iter().for_each(|parent| self.id(parent));
            }
            Object::Trigger(trigger) => {
                self.id(&trigger.function);
                trigger.from_table.iter().for_each(|table| self.id(table));
                for event in &trigger.events {
                    if let model::schema::TriggerEvent::Update(columns) = event {
                        columns.iter().for_each(|column| self.column(column));
                    }
                }
            }
            Object::Policy(policy) => policy.roles.iter().for_each(|role| self.role(role)),
            Object::DatabaseSettings(_) => self.role(&node.id.name),
            Object::DefaultPrivileges(grants) => {
                self.role(&node.id.name);
                grants.keys().for_each(|role| self.role(role));
            }
            Object::Defined(_) if node.id.kind == Kind::UserMapping => {
                self.role(&node.id.name);
                self.id(&Id::global(Kind::ForeignServer, node.id.part.clone()));
            }
            Object::View(_)
            | Object::Routine(_)
            | Object::Enum(_)
            | Object::Defined(_)
            | Object::Schema
            | Object::Raw(_)
            | Object::Shape(_)
            | Object::Transitions(_)
            | Object::Seed(_)
            | Object::Opaque => {}
        }
    }
}

/// The key of the parent that brings this one to a partition.
fn parents_key<'a>(schema: &'a Schema, node: &Node) -> Option<&'a Node> {
    let own = &node.object.as_constraint()?.body;
    let table = schema.get(&Id::table(node.id.schema.clone(), node.id.name.clone()))?;
    let parent = &table.object.as_table()?.partition_of.as_ref()?.parent;
    let mut above = schema.constraints(parent);
    above
        .find(|(_, key)| key.body == *own)
        .map(|(node, _)| node)
}

/// The unique key or unique index that the foreign key refers to.
///
/// `pg_depend` says so; a model doesn't have to.
pub(super) fn foreign_key_target<'a>(schema: &'a Schema, key: &ForeignKey) -> Option<&'a Node> {
    let same = |columns: &[Name]| {
        columns.len() == key.target_columns.len()
            && columns.iter().all(|c| key.target_columns.contains(c))
    };
    let constraint =
        schema
            .constraints(&key.target)
            .find(|(_, constraint)| match &constraint.body {
                ConstraintBody::PrimaryKey(unique) | ConstraintBody::Unique(unique) => {
                    same(&unique.columns)
                }
                _ => false,
            });
    if let Some((node, _)) = constraint {
        return Some(node);
    }
    schema
        .indexes(&key.target)
        .find(|(_, index)| {
            let names: Option<Vec<Name>> = index
                .keys
                .iter()
                .map(|k| match &k.term {
                    KeyTerm::Column(name) => Some(name.clone()),
                    KeyTerm::Expr(_) => None,
                })
                .collect();
            index.unique && index.predicate.is_none() && names.is_some_and(|n| same(&n))
        })
        .map(|(node, _)| node)
}
