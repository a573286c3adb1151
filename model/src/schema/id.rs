//! What identifies an object: its kind and up to three names.

use std::fmt;

use super::Name;

/// Every kind of object a [`Schema`](super::Schema) can hold, in the order they are listed.
///
/// A `match` on `Kind` is exhaustive everywhere: a new kind does not compile until it is ordered,
/// rendered, read back from the catalog and rated for hazards.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A role (`CREATE ROLE`), with its memberships. Belongs to the server, not the database.
    Role,
    /// A schema.
    Schema,
    /// An extension.
    Extension,
    /// A procedural language.
    Language,
    /// A collation.
    Collation,
    /// An enum type.
    Enum,
    /// A domain, with its constraints.
    Domain,
    /// A composite type that is not a table's.
    Composite,
    /// A range type, with its multirange.
    Range,
    /// A shell or base type; carried as its definition.
    BaseType,
    /// A sequence: free, or owned by a column (`serial`). An identity's sequence is the column's.
    Sequence,
    /// A table: ordinary, partitioned, a partition, or foreign.
    Table,
    /// A column of a table, or of a view where it carries a comment or grants of its own.
    Column,
    /// A constraint of a table. A domain's are part of the [`Domain`](super::Domain).
    Constraint,
    /// An index that no constraint owns.
    Index,
    /// A view or a materialized view.
    View,
    /// A function or a procedure. `part` holds the types of its input arguments.
    Function,
    /// An aggregate; carried as its definition. `part` holds its argument types.
    Aggregate,
    /// A trigger of a table or view.
    Trigger,
    /// A rewrite rule other than a view's `_RETURN`; carried as its definition.
    Rule,
    /// A row-level security policy.
    Policy,
    /// Extended statistics; carried as its definition.
    Statistics,
    /// An event trigger; carried as its definition.
    EventTrigger,
    /// A publication; carried as its definition.
    Publication,
    /// A subscription; carried as its definition, never with a password.
    Subscription,
    /// A foreign-data wrapper; carried as its definition.
    ForeignDataWrapper,
    /// A foreign server; carried as its definition.
    ForeignServer,
    /// A user mapping; carried as its definition, never with a password.
    UserMapping,
    /// An operator; carried as its definition. `part` holds its operand types.
    Operator,
    /// An operator family; carried as its definition. `part` holds the access method.
    OperatorFamily,
    /// An operator class; carried as its definition. `part` holds the access method.
    OperatorClass,
    /// A cast; carried as its definition. `name` and `part` hold source and target type.
    Cast,
    /// A conversion; carried as its definition.
    Conversion,
    /// A text search parser; carried as its definition.
    TextSearchParser,
    /// A text search template; carried as its definition.
    TextSearchTemplate,
    /// A text search dictionary; carried as its definition.
    TextSearchDictionary,
    /// A text search configuration; carried as its definition.
    TextSearchConfiguration,
    /// A transform; carried as its definition.
    Transform,
    /// A table or index access method; carried as its definition.
    AccessMethod,
    /// Default privileges of one role (`name`), in one schema or all, for one class (`part`).
    DefaultPrivileges,
    /// What the database sets for its sessions: for all, or for those of one role (`name`).
    DatabaseSettings,
    /// A raw block of the model, with an explicit way up and down.
    Raw,
    /// A `json` shape of the model. What enforces it is derived from it.
    Shape,
    /// A `transitions` block of the model. `part` is the column. What enforces it is derived.
    Transitions,
    /// Rows of a `seed` block. `name` is the table, `part` tells several apart.
    Seed,
}

impl Kind {
    /// The manual's word for the kind, as it stands in errors, plans and reports.
    ///
    /// ```
    /// assert_eq!(model::Kind::TextSearchParser.word(), "text search parser");
    /// ```
    pub fn word(self) -> &'static str {
        match self {
            Kind::Role => "role",
            Kind::Schema => "schema",
            Kind::Extension => "extension",
            Kind::Language => "language",
            Kind::Collation => "collation",
            Kind::Enum => "enum",
            Kind::Domain => "domain",
            Kind::Composite => "composite type",
            Kind::Range => "range type",
            Kind::BaseType => "base type",
            Kind::Sequence => "sequence",
            Kind::Table => "table",
            Kind::Column => "column",
            Kind::Constraint => "constraint",
            Kind::Index => "index",
            Kind::View => "view",
            Kind::Function => "function",
            Kind::Aggregate => "aggregate",
            Kind::Trigger => "trigger",
            Kind::Rule => "rule",
            Kind::Policy => "policy",
            Kind::Statistics => "statistics",
            Kind::EventTrigger => "event trigger",
            Kind::Publication => "publication",
            Kind::Subscription => "subscription",
            Kind::ForeignDataWrapper => "foreign-data wrapper",
            Kind::ForeignServer => "server",
            Kind::UserMapping => "user mapping",
            Kind::Operator => "operator",
            Kind::OperatorFamily => "operator family",
            Kind::OperatorClass => "operator class",
            Kind::Cast => "cast",
            Kind::Conversion => "conversion",
            Kind::TextSearchParser => "text search parser",
            Kind::TextSearchTemplate => "text search template",
            Kind::TextSearchDictionary => "text search dictionary",
            Kind::TextSearchConfiguration => "text search configuration",
            Kind::Transform => "transform",
            Kind::AccessMethod => "access method",
            Kind::DefaultPrivileges => "default privileges",
            Kind::DatabaseSettings => "database settings",
            Kind::Raw => "raw block",
            Kind::Shape => "json shape",
            Kind::Transitions => "transitions",
            Kind::Seed => "seed",
        }
    }

    /// Whether objects of this kind live inside a relation, whose name is the id's `name`, and go
    /// when it goes.
    pub fn is_part_of_relation(self) -> bool {
        matches!(
            self,
            Kind::Column
                | Kind::Constraint
                | Kind::Index
                | Kind::Trigger
                | Kind::Rule
                | Kind::Policy
                | Kind::Transitions
                | Kind::Seed
        )
    }

    /// Whether the kind exists in the model only, and so is never found in a catalog.
    pub fn is_model_only(self) -> bool {
        matches!(
            self,
            Kind::Raw | Kind::Shape | Kind::Transitions | Kind::Seed
        )
    }
}

/// The identity of one object: kind, schema, name, and the part within it.
///
/// Unused places hold the empty name. Parts of a relation (columns, constraints, indexes, triggers,
/// rules, policies) carry the relation's name in `name` and their own in `part`, so that everything
/// that belongs to one table lies together in the schema's order.
///
/// ```
/// use model::Id;
/// let column = Id::column("public", "deals", "stage");
/// assert_eq!(column.to_string(), "public.deals.stage");
/// assert_eq!(column.relation(), Some(Id::table("public", "deals")));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id {
    /// What kind of object it is.
    pub kind: Kind,
    /// The schema it lives in; empty for objects that live in none (roles, extensions, schemas).
    pub schema: Name,
    /// Its name, or the name of the relation it is a part of.
    pub name: Name,
    /// Its name within the relation; for routines the input argument types; otherwise empty.
    pub part: Name,
}

impl Id {
    /// An id from its four places.
    pub fn new(
        kind: Kind,
        schema: impl Into<Name>,
        name: impl Into<Name>,
        part: impl Into<Name>,
    ) -> Self {
        Id {
            kind,
            schema: schema.into(),
            name: name.into(),
            part: part.into(),
        }
    }

    /// The id of an object that lives in no schema, such as a role, an extension or a schema.
    pub fn global(kind: Kind, name: impl Into<Name>) -> Self {
        Id::new(kind, "", name, "")
    }

    /// The id of an object that lives in a schema and has no part.
    pub fn in_schema(kind: Kind, schema: impl Into<Name>, name: impl Into<Name>) -> Self {
        Id::new(kind, schema, name, "")
    }

    /// The id of a table.
    pub fn table(schema: impl Into<Name>, name: impl Into<Name>) -> Self {
        Id::in_schema(Kind::Table, schema, name)
    }

    /// The id of a column.
    pub fn column(
        schema: impl Into<Name>,
        relation: impl Into<Name>,
        name: impl Into<Name>,
    ) -> Self {
        Id::new(Kind::Column, schema, relation, name)
    }

    /// The id of something inside the relation that `self` names.
    pub fn within(&self, kind: Kind, part: impl Into<Name>) -> Self {
        Id {
            kind,
            schema: self.schema.clone(),
            name: self.name.clone(),
            part: part.into(),
        }
    }

    /// The table this is a part of, for kinds that are parts. (A part of a view answers with the
    /// table id too; ask the [`Schema`](super::Schema) for the relation that exists.)
    pub fn relation(&self) -> Option<Id> {
        self.kind
            .is_part_of_relation()
            .then(|| Id::table(self.schema.clone(), self.name.clone()))
    }

    /// The object's own name: the part where it is a part, the name otherwise.
    pub fn own_name(&self) -> &Name {
        if self.kind.is_part_of_relation() && self.kind != Kind::Seed {
            &self.part
        } else {
            &self.name
        }
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.kind == Kind::DatabaseSettings {
            return match self.name.as_str() {
                "" => f.write_str("for everybody"),
                role => write!(f, "for role {role}"),
            };
        }
        if !self.schema.is_empty() {
            write!(f, "{}.", self.schema)?;
        }
        f.write_str(&self.name)?;
        match self.kind {
            Kind::Function | Kind::Aggregate | Kind::Operator => write!(f, "({})", self.part),
            _ if self.part.is_empty() => Ok(()),
            _ => write!(f, ".{}", self.part),
        }
    }
}
