//! The sorts of items, and the words and types that draws choose from.

use super::world::{Form, Item, What};

/// What can be drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Sort {
    Schema,
    Role,
    Extension,
    Collation,
    Enum,
    Domain,
    Composite,
    Range,
    Sequence,
    Table,
    Column,
    Constraint,
    Index,
    View,
    Function,
    Aggregate,
    Trigger,
    Rule,
    Policy,
    Statistics,
    EventTrigger,
    Publication,
    Wrapper,
    Server,
    Mapping,
    TextSearch,
    Operator,
    Grant,
    DefaultPrivileges,
}

use Sort::*;

/// The order in which a world is filled, each with how many there may be and how likely each is.
pub(crate) const RECIPE: &[(Sort, usize, u8)] = &[
    (Schema, 2, 40),
    (Role, 3, 60),
    (Extension, 2, 25),
    (Collation, 1, 30),
    (Enum, 2, 60),
    (Domain, 2, 45),
    (Composite, 1, 45),
    (Range, 1, 35),
    (Sequence, 2, 45),
    (Function, 3, 60),
    (Wrapper, 1, 30),
    (Server, 1, 70),
    (Mapping, 1, 60),
    (Table, 5, 80),
    (Constraint, 9, 80),
    (Index, 5, 65),
    (Column, 2, 50),
    (Constraint, 4, 60),
    (View, 4, 60),
    (Function, 3, 50),
    (View, 1, 50),
    (Index, 1, 50),
    (Aggregate, 1, 20),
    (Operator, 1, 25),
    (TextSearch, 1, 20),
    (Trigger, 3, 50),
    (Rule, 1, 40),
    (Policy, 4, 50),
    (Statistics, 1, 40),
    (EventTrigger, 1, 20),
    (Publication, 1, 40),
    (Grant, 6, 60),
    (DefaultPrivileges, 1, 30),
];

pub(crate) const WORDS: &[&str] = &[
    "deals",
    "spaces",
    "clients",
    "notes",
    "mails",
    "order",
    "Mixed Case",
    "größe",
    "user",
    "tags",
    "stage",
    "price",
    "owner",
    "items",
    "events",
    "logs",
    "teams",
    "plan",
    "state",
    "kind",
    "rank",
    "amount",
    "city",
    "at",
    "ref",
    "a\"b",
    "select",
    "total",
    "code",
    "label",
];

pub(crate) const TYPES: &[&str] = &[
    "integer",
    "integer",
    "bigint",
    "smallint",
    "numeric",
    "numeric(12,2)",
    "numeric(14,3)",
    "double precision",
    "real",
    "text",
    "text",
    "text",
    "character varying(40)",
    "character varying(80)",
    "character varying",
    "character(12)",
    "boolean",
    "date",
    "timestamp with time zone",
    "timestamp without time zone",
    "timestamp(3) with time zone",
    "uuid",
    "uuid",
    "jsonb",
    "json",
    "bytea",
    "int4range",
    "inet",
    "interval",
    "time without time zone",
];

/// Types whose values become one another's.
pub(crate) const FAMILIES: &[&[&str]] = &[
    &[
        "smallint",
        "integer",
        "bigint",
        "numeric",
        "numeric(12,2)",
        "numeric(14,3)",
        "double precision",
        "real",
        "text",
    ],
    &[
        "text",
        "character varying(40)",
        "character varying(80)",
        "character varying",
        "character(12)",
    ],
    &[
        "date",
        "timestamp with time zone",
        "timestamp without time zone",
        "timestamp(3) with time zone",
        "text",
    ],
    &["json", "jsonb", "text"],
    &["uuid", "text"],
    &["boolean", "integer", "text"],
    &["inet", "text"],
    &["interval", "text"],
];

pub(crate) fn is_type(item: &Item) -> bool {
    matches!(
        item.what,
        What::Enum(_) | What::Domain(_) | What::Composite(_) | What::Range(_)
    )
}

pub(crate) fn is_table(item: &Item) -> bool {
    matches!(item.what, What::Table(_))
}

/// Tables that hold rows of their own or in partitions.
pub(crate) fn is_stored(item: &Item) -> bool {
    matches!(&item.what, What::Table(table) if !matches!(table.form, Form::Foreign(..)))
}

pub(crate) fn is_relation(item: &Item) -> bool {
    matches!(item.what, What::Table(_) | What::View(_))
}

/// The sort of an item.
pub(crate) fn sort_of(what: &What) -> Sort {
    match what {
        What::Schema => Schema,
        What::Role(_) => Role,
        What::Extension => Extension,
        What::Collation(_) => Collation,
        What::Enum(_) => Enum,
        What::Domain(_) => Domain,
        What::Composite(_) => Composite,
        What::Range(_) => Range,
        What::Sequence(_) => Sequence,
        What::Table(_) => Table,
        What::Column(_) => Column,
        What::Constraint(_) => Constraint,
        What::Index(_) => Index,
        What::View(_) => View,
        What::Function(_) => Function,
        What::Aggregate(_) => Aggregate,
        What::Trigger(_) => Trigger,
        What::Rule(_) => Rule,
        What::Policy(_) => Policy,
        What::Statistics(..) => Statistics,
        What::EventTrigger(..) => EventTrigger,
        What::Publication(_) => Publication,
        What::Wrapper(_) => Wrapper,
        What::Server(..) => Server,
        What::Mapping(..) => Mapping,
        What::TextSearch(_) => TextSearch,
        What::Operator(_) => Operator,
        What::Grant(_) => Grant,
        What::DefaultPrivileges(_) => DefaultPrivileges,
    }
}
