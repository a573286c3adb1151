//! The order in which kinds are read, and what the readers share while they lower their rows.
//!
//! Never holds an oid in what it hands out.

use std::collections::{BTreeSet, HashMap};

use model::schema::{Builder, IdentityMode, Name, Node, Object};
use model::{Id, Kind};

use super::address::{Address, Addresses, Place};
use super::batch::Scope;
use super::constraint::ConstraintIndex;
use super::operator_class::OperatorClasses;
use super::privileges::{self, Class};
use super::rows::Rows;
use super::{Catalog, CatalogError, Unmodelled, Unreadable, parse_type};
use super::{
    column, comment, constraint, database, defined, depend, index, operator_class, policy, role,
    routine, schemas, sequence, table, trigger, types, unmodelled, view,
};

/// One result set: what it is, its query, and how its rows become objects.
pub(super) struct Reader {
    pub(super) what: &'static str,
    pub(super) sql: fn(&Scope<'_>) -> String,
    pub(super) lower: fn(&Rows, &mut Lowering<'_>) -> Result<(), CatalogError>,
}

macro_rules! readers {
    ($($what:literal: $module:ident $(:: $rest:ident)*),* $(,)?) => {
        &[$(Reader {
            what: $what,
            sql: $module$(::$rest)*::sql,
            lower: $module$(::$rest)*::lower,
        }),*]
    };
}

/// Every result set, each after those whose names it needs.
pub(super) const READERS: &[Reader] = readers![
    "roles": role,
    "memberships": role::membership,
    "schemas": schemas,
    "extensions": schemas::extension,
    "members of extensions": schemas::member,
    "enum types": types::enumeration,
    "domains": types::domain,
    "domain constraints": types::check,
    "composite types": types::composite,
    "attributes": types::attribute,
    "range types": types::range,
    "relations of other schemas": table::elsewhere,
    "sequences of other relations": sequence::elsewhere,
    "tables": table,
    "views": view,
    "columns": column,
    "derived types": types::derived,
    "sequences": sequence,
    "operator classes": operator_class,
    "collations": index::collation,
    "index columns": index::column,
    "indexes": index,
    "constraints": constraint,
    "routines": routine,
    "triggers": trigger,
    "policies": policy,
    "aggregates": defined::routine::aggregate,
    "languages": defined::routine::language,
    "casts": defined::routine::cast,
    "transforms": defined::routine::transform,
    "base types": defined::types::base,
    "collation definitions": defined::types::collation,
    "conversions": defined::types::conversion,
    "operators": defined::operator,
    "operator families": defined::operator::family,
    "operator class definitions": defined::operator::class,
    "access methods": defined::operator::method,
    "text search parsers": defined::search::parser,
    "text search templates": defined::search::template,
    "text search dictionaries": defined::search::dictionary,
    "text search configurations": defined::search::configuration,
    "rules": defined::relation::rule,
    "statistics": defined::relation::statistics,
    "event triggers": defined::relation::event_trigger,
    "publications": defined::replication::publication,
    "subscriptions": defined::replication::subscription,
    "foreign-data wrappers": defined::foreign::wrapper,
    "foreign servers": defined::foreign::server,
    "user mappings": defined::foreign::mapping,
    "default privileges": privileges::default,
    "settings of the database": database,
    "comments": comment,
    "rewrite rules and defaults": depend::intermediate,
    "dependencies": depend,
    "what is not modelled": unmodelled,
];

/// A relation, while its parts are read.
pub(super) struct Relation {
    pub(super) id: Id,
    pub(super) columns: HashMap<i32, ColumnFacts>,
}

/// What the parts of a relation need to know of a column.
pub(super) struct ColumnFacts {
    pub(super) name: Name,
    pub(super) base_type: u32,
    pub(super) collation: u32,
    pub(super) identity: Option<IdentityMode>,
}

/// What the readers share.
pub(super) struct Lowering<'o> {
    pub(super) scope: Scope<'o>,
    pub(super) builder: Builder,
    pub(super) addresses: Addresses,
    pub(super) roles: HashMap<u32, Name>,
    pub(super) schemas: HashMap<u32, Name>,
    pub(super) relations: HashMap<u32, Relation>,
    pub(super) operator_classes: OperatorClasses,
    pub(super) collations: HashMap<u32, (Name, Name)>,
    pub(super) index_columns: HashMap<u32, Vec<index::IndexColumn>>,
    pub(super) constraint_indexes: HashMap<u32, ConstraintIndex>,
    pub(super) types: HashMap<String, model::schema::Type>,
    pub(super) unmodelled: Vec<Unmodelled>,
    pub(super) unreadable: Vec<Unreadable>,
    pub(super) unread: BTreeSet<Id>,
    pub(super) remarkable: BTreeSet<u32>,
}

/// Lowers every answer in the readers' order.
pub(super) fn lower(scope: Scope<'_>, answers: Vec<Rows>) -> Result<Catalog, CatalogError> {
    let mut lowering = Lowering::new(scope);
    // What became objects is no longer needed as rows.
    for (reader, rows) in READERS.iter().zip(answers) {
        (reader.lower)(&rows, &mut lowering)?;
    }
    Ok(lowering.finish())
}

impl<'o> Lowering<'o> {
    /// One that has read nothing yet.
    pub(super) fn new(scope: Scope<'o>) -> Self {
        Lowering {
            scope,
            builder: Builder::default(),
            addresses: Addresses::default(),
            roles: HashMap::new(),
            schemas: HashMap::new(),
            relations: HashMap::new(),
            operator_classes: OperatorClasses::default(),
            collations: HashMap::new(),
            index_columns: HashMap::new(),
            constraint_indexes: HashMap::new(),
            types: HashMap::new(),
            unmodelled: Vec::new(),
            unreadable: Vec::new(),
            unread: BTreeSet::new(),
            remarkable: BTreeSet::new(),
        }
    }

    /// What was read, once every row is lowered.
    pub(super) fn finish(self) -> Catalog {
        let Lowering {
            scope,
            mut builder,
            mut unmodelled,
            mut unreadable,
            unread,
            remarkable,
            ..
        } = self;
        super::shared_form::bring(&mut builder);
        unmodelled.sort();
        unmodelled.dedup();
        unreadable.sort();
        Catalog {
            schema: builder.finish(),
            version: scope.version,
            unmodelled,
            unreadable,
            unread,
            remarkable: remarkable.into_iter().collect(),
        }
    }
}

impl Lowering<'_> {
    /// Adds an object that stands at that address.
    pub(super) fn place(&mut self, address: Address, node: Node) {
        self.addresses.set(address, Place::Node(node.id.clone()));
        if let Err(duplicate) = self.builder.insert(node) {
            self.report(
                duplicate.0.kind.word(),
                duplicate.0.to_string(),
                "another object has the same identity",
            );
            self.remark(duplicate.0.relation());
        }
    }

    /// Adds something to the list of what a `Schema` cannot hold.
    pub(super) fn report(
        &mut self,
        kind: &'static str,
        name: impl Into<String>,
        why: impl Into<String>,
    ) {
        self.unmodelled.push(Unmodelled {
            kind,
            name: name.into(),
            why: why.into(),
        });
    }

    /// Notes that something is reported of a relation that another reading of it has to report too.
    pub(super) fn remark(&mut self, relation: Option<Id>) {
        let of = relation.and_then(|id| {
            let is = |known: &Id| known.schema == id.schema && known.name == id.name;
            self.relations.iter().find(|(_, known)| is(&known.id))
        });
        self.remarkable.extend(of.map(|(oid, _)| *oid));
    }

    /// The name of a schema that is read.
    pub(super) fn schema_name(&self, oid: u32) -> Name {
        self.schemas.get(&oid).cloned().unwrap_or_default()
    }

    /// The name of a role; the number of one that is gone, as the server prints it.
    pub(super) fn role_name(&self, oid: u32) -> Name {
        match self.roles.get(&oid) {
            Some(name) => name.clone(),
            None => Name::from(oid.to_string()),
        }
    }

    /// A node for an object of a schema, with its owner and grants, that needs its schema.
    pub(super) fn top(
        &self,
        id: Id,
        object: Object,
        owner: u32,
        acl: Option<(Class, Option<&str>)>,
    ) -> Node {
        let owner = self.role_name(owner);
        let mut node = Node::new(id, object);
        if let Some((class, acl)) = acl {
            node.privileges = privileges::lower(acl, class, &owner, self.scope.version);
        }
        node.owner = Some(owner);
        if !node.id.schema.is_empty() {
            node.needs
                .push(Id::global(Kind::Schema, node.id.schema.clone()));
        }
        node
    }

    /// The type that `format_type` printed; each text is parsed once.
    pub(super) fn type_of(&mut self, text: &str) -> model::schema::Type {
        if let Some(ty) = self.types.get(text) {
            return ty.clone();
        }
        let ty = parse_type(text);
        self.types.insert(text.to_owned(), ty.clone());
        ty
    }

    /// The id of a relation that was read, or is known by name only.
    pub(super) fn relation(&self, oid: u32) -> Option<&Id> {
        self.relations.get(&oid).map(|r| &r.id)
    }

    /// The name of a relation's column.
    pub(super) fn column(&self, relation: u32, number: i32) -> Option<&ColumnFacts> {
        self.relations.get(&relation)?.columns.get(&number)
    }

    /// The names of several columns; system columns and unknown ones are left out.
    pub(super) fn column_names(&self, relation: u32, numbers: &[i32]) -> Vec<Name> {
        numbers
            .iter()
            .filter_map(|n| self.column(relation, *n).map(|c| c.name.clone()))
            .collect()
    }
}
