//! Constraints of tables.

use super::{Expr, Id, IndexKey, Name};

/// A table's constraint. Its name is the id's `part`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Constraint {
    /// What it demands.
    pub body: ConstraintBody,
    /// Whether and when it can be deferred.
    pub deferrable: Deferrable,
    /// Whether all rows are known to satisfy it (`NOT VALID` where false).
    pub validated: bool,
    /// Whether it is enforced at all (PostgreSQL 18).
    pub enforced: bool,
    /// Whether it exists because a parent table has it (and is not declared here too).
    pub inherited: bool,
}

/// What a constraint demands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConstraintBody {
    /// `PRIMARY KEY`.
    PrimaryKey(UniqueKey),
    /// `UNIQUE`.
    Unique(UniqueKey),
    /// `FOREIGN KEY`.
    ForeignKey(ForeignKey),
    /// `CHECK`.
    Check(Check),
    /// `EXCLUDE`.
    Exclusion(Exclusion),
    /// A named `NOT NULL` whose name is not the one PostgreSQL would choose, or that is
    /// `NO INHERIT` (PostgreSQL 18).
    NotNull {
        /// The column.
        column: Name,
        /// Whether child tables are spared.
        no_inherit: bool,
    },
    /// A constraint trigger's entry in the catalog never appears here; see
    /// [`Trigger`](super::Trigger). This variant carries constraints of later servers, as
    /// `pg_get_constraintdef` prints them.
    Other(Expr),
}

/// A primary key or a unique constraint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UniqueKey {
    /// The key columns in order.
    pub columns: Vec<Name>,
    /// `INCLUDE` columns.
    pub include: Vec<Name>,
    /// `NULLS NOT DISTINCT` (PostgreSQL 15).
    pub nulls_not_distinct: bool,
    /// `WITHOUT OVERLAPS` on the last column (PostgreSQL 18).
    pub without_overlaps: bool,
    /// Storage parameters of its index, as `name=value`, sorted.
    pub parameters: Vec<Name>,
    /// A tablespace other than the default for its index.
    pub tablespace: Option<Name>,
}

/// A foreign key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForeignKey {
    /// The referencing columns.
    pub columns: Vec<Name>,
    /// The referenced table.
    pub target: Id,
    /// The referenced columns, in the order of `columns`; never empty once resolved.
    pub target_columns: Vec<Name>,
    /// `ON DELETE`.
    pub on_delete: ForeignKeyAction,
    /// `ON UPDATE`.
    pub on_update: ForeignKeyAction,
    /// The columns that `ON DELETE SET NULL (…)` or `SET DEFAULT (…)` is limited to (PostgreSQL 15).
    pub delete_columns: Vec<Name>,
    /// `MATCH`.
    pub matching: MatchKind,
    /// `PERIOD` on the last column pair (PostgreSQL 18).
    pub period: bool,
}

/// What a foreign key does when the row it refers to goes or changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ForeignKeyAction {
    /// `NO ACTION`.
    NoAction,
    /// `RESTRICT`.
    Restrict,
    /// `CASCADE`.
    Cascade,
    /// `SET NULL`.
    SetNull,
    /// `SET DEFAULT`.
    SetDefault,
}

/// `MATCH SIMPLE` or `MATCH FULL`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MatchKind {
    /// A null in any column satisfies the constraint.
    Simple,
    /// All columns are null or none is.
    Full,
}

/// A check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// The condition.
    pub condition: Expr,
    /// `NO INHERIT`.
    pub no_inherit: bool,
}

/// An exclusion constraint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exclusion {
    /// The access method, `gist` for instance.
    pub method: Name,
    /// Keys, each with the operator that must not hold between two rows, as the server spells it.
    pub elements: Vec<(IndexKey, Name)>,
    /// `INCLUDE` columns.
    pub include: Vec<Name>,
    /// `WHERE`.
    pub predicate: Option<Expr>,
    /// Storage parameters of its index, as `name=value`, sorted.
    pub parameters: Vec<Name>,
    /// A tablespace other than the default for its index.
    pub tablespace: Option<Name>,
}

/// When a constraint is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Deferrable {
    /// `NOT DEFERRABLE`.
    #[default]
    No,
    /// `DEFERRABLE INITIALLY IMMEDIATE`.
    Immediate,
    /// `DEFERRABLE INITIALLY DEFERRED`.
    Deferred,
}

impl Constraint {
    /// A valid, enforced, not deferrable constraint of the table itself.
    pub fn new(body: ConstraintBody) -> Self {
        Constraint {
            body,
            deferrable: Deferrable::No,
            validated: true,
            enforced: true,
            inherited: false,
        }
    }
}

impl UniqueKey {
    /// A key over these columns with nothing else set.
    pub fn new(columns: Vec<Name>) -> Self {
        UniqueKey {
            columns,
            include: Vec::new(),
            nulls_not_distinct: false,
            without_overlaps: false,
            parameters: Vec::new(),
            tablespace: None,
        }
    }
}

impl ForeignKeyAction {
    /// The words of the clause.
    pub fn sql(self) -> &'static str {
        match self {
            ForeignKeyAction::NoAction => "NO ACTION",
            ForeignKeyAction::Restrict => "RESTRICT",
            ForeignKeyAction::Cascade => "CASCADE",
            ForeignKeyAction::SetNull => "SET NULL",
            ForeignKeyAction::SetDefault => "SET DEFAULT",
        }
    }
}
