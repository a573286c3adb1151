//! The waist: what a database *is*, as a flat map from object id to object.
//!
//! The model's text and a live catalog both become a [`Schema`]; emitters, the plan and the proofs
//! read a `Schema` and nothing else. A `Schema` is never altered once it is built, and hands its
//! objects out in one fixed order, so two runs give the same bytes. It never holds SQL that our own
//! code has judged equal: expressions are text, and the server decides what they mean.

mod access;
mod audit;
mod builder;
mod column;
mod constraint;
mod expr;
mod exprs;
mod id;
mod index;
mod intent;
mod map;
mod name;
mod node;
mod relation;
mod routine;
mod shape;
mod types;

pub use access::{Command, PUBLIC, Policy, Privilege, Privileges, Role};
pub use audit::{Audited, Place, Trail, TrailPart};
pub use builder::{Builder, Duplicate};
pub use column::{Column, Documents, Generated, GeneratedKind, Identity, IdentityMode, SoftDelete};
pub use constraint::{
    Check, Constraint, ConstraintBody, Deferrable, Exclusion, ForeignKey, ForeignKeyAction,
    MatchKind, UniqueKey,
};
pub use expr::{Expr, Ref};
pub use id::{Id, Kind};
pub use index::{Index, IndexKey, KeyTerm};
pub use intent::{
    COMMANDS, Cell, Columns, Fact, FactSource, Intent, Meant, PersonRow, PersonValue, Persona,
    RowState, StateIs, Tie,
};
pub use map::Schema;
pub use name::Name;
pub use node::{Hints, Node, Object, Origin};
pub use relation::{
    Defined, Extension, Foreign, Partition, PartitionKey, Raw, ReplicaIdentity, Sequence,
    SequenceOptions, Settings, Table, View, Writes, is_secret,
};
pub use routine::{
    Body, Parallel, Routine, RoutineKind, Trigger, TriggerEnabled, TriggerEvent, TriggerTiming,
    Volatility,
};
pub use shape::{Field, Presence, Seed, SeedKind, Shape, ShapeType, Transitions, UnknownKeys};
pub use types::{Attribute, Composite, Domain, DomainCheck, Enum, Range, Type};
