//! The checks that follow from a model, one family a file.
//!
//! Each is derived from the schema, asks the server, and compares the answer with what the schema
//! says. None reads a constraint's text to decide whether it held.

mod access;
mod actions;
mod apart;
mod append_only;
mod audited;
mod check;
mod column;
mod default;
mod doors;
mod exact;
mod exclusion;
mod foreign_key;
mod intent;
mod plans;
mod policy;
mod policy_kind;
mod policy_rows;
mod privilege;
mod refusal;
mod row;
mod shape;
mod standing;
mod transitions;
mod trigger;
mod types;
mod unique;

use std::sync::Arc;

use model::schema::{Origin, Schema};
use model::{Id, Kind};

pub(crate) use self::policy::SUBJECT;
pub(crate) use self::policy_rows::policy_rows;
pub(crate) use crate::rows::rows_can_be_made;
use crate::rows::{Bench, Manner, Stop, triggered};

/// What a check is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Family {
    /// Whole rows are accepted.
    Row,
    /// `NOT NULL`.
    NotNull,
    /// Values outside the type, its length or its range.
    Type,
    /// Defaults, identity and generated columns.
    Default,
    /// The labels of an enum.
    Enum,
    /// Checks, of tables and domains.
    Check,
    /// Primary keys, unique constraints and unique indexes.
    Unique,
    /// Foreign keys and their actions.
    ForeignKey,
    /// Exclusion constraints.
    Exclusion,
    /// JSONB shapes.
    Shape,
    /// State machines.
    Transition,
    /// Triggers fire.
    Trigger,
    /// Grants and row-level security.
    Access,
    /// Ways around row-level security.
    Door,
    /// The plans of queries under row-level security.
    Plan,
    /// The way up and down.
    Rollback,
    /// The live catalog against the model.
    Drift,
}

impl Family {
    /// Whether what is checked holds no matter what triggers and rules do, so that a row which one
    /// of them changed or refused shows nothing.
    fn outlives_triggers(self) -> bool {
        match self {
            Family::Row
            | Family::NotNull
            | Family::Type
            | Family::Default
            | Family::Enum
            | Family::Check
            | Family::Unique
            | Family::ForeignKey
            | Family::Exclusion
            | Family::Shape => true,
            Family::Transition
            | Family::Trigger
            | Family::Access
            | Family::Door
            | Family::Plan
            | Family::Rollback
            | Family::Drift => false,
        }
    }

    /// The word that stands before a check's name.
    pub fn word(self) -> &'static str {
        match self {
            Family::Row => "row",
            Family::NotNull => "not null",
            Family::Type => "type",
            Family::Default => "default",
            Family::Enum => "enum",
            Family::Check => "check",
            Family::Unique => "unique",
            Family::ForeignKey => "foreign key",
            Family::Exclusion => "exclusion",
            Family::Shape => "shape",
            Family::Transition => "transition",
            Family::Trigger => "trigger",
            Family::Access => "access",
            Family::Door => "door",
            Family::Plan => "plan",
            Family::Rollback => "rollback",
            Family::Drift => "drift",
        }
    }
}

type Run = dyn Fn(&mut Bench) -> Result<(), Stop> + Send + Sync;

/// One check: a name that a person can read, and what is asked of the server.
#[derive(Clone)]
pub struct Check {
    /// Such as `deals.team_size: refuses null`.
    pub name: String,
    /// The object whose promise is checked.
    pub subject: Id,
    /// What it is about.
    pub family: Family,
    /// Where the model says what was meant.
    pub place: Option<Origin>,
    alters: bool,
    of_lists: bool,
    run: Arc<Run>,
}

impl Check {
    fn new(
        family: Family,
        subject: &Id,
        name: String,
        run: impl Fn(&mut Bench) -> Result<(), Stop> + Send + Sync + 'static,
    ) -> Self {
        Check {
            name,
            subject: subject.clone(),
            family,
            place: None,
            alters: false,
            of_lists: false,
            run: Arc::new(run),
        }
    }

    /// A check that compares lists: the server's own of privileges, roles, policies and options.
    fn of_lists(mut self) -> Self {
        self.of_lists = true;
        self
    }

    /// A check that changes objects inside its transaction.
    fn altering(
        family: Family,
        subject: &Id,
        name: String,
        run: impl Fn(&mut Bench) -> Result<(), Stop> + Send + Sync + 'static,
    ) -> Self {
        Check {
            alters: true,
            ..Check::new(family, subject, name, run)
        }
    }

    /// With the place of the model that says what was meant.
    fn meant_at(mut self, place: Option<Origin>) -> Self {
        self.place = place;
        self
    }

    /// Whether it compares the server's lists of privileges, roles, policies and options with the
    /// model's, and nobody acts.
    pub fn compares_lists(&self) -> bool {
        self.of_lists
    }

    /// Whether it changes objects inside its transaction, or rows that may be somebody's, or draws
    /// from a sequence, and so is not for a database that others use.
    pub fn alters(&self) -> bool {
        self.alters
    }

    /// Asks the server, inside a transaction that is rolled back.
    ///
    /// # Errors
    ///
    /// Why it did not pass.
    pub fn run(&self, bench: &mut Bench) -> Result<(), Stop> {
        let table = Id::table(self.subject.schema.clone(), self.subject.name.clone());
        let near = |schema: &Schema| match self.family.outlives_triggers() {
            true => triggered(schema, &table),
            false => Vec::new(),
        };
        let manner = Manner {
            triggers_count: self.family == Family::Row,
            cascade: self.family != Family::ForeignKey,
        };
        bench.check(near, manner, |bench| (self.run)(bench))
    }
}

/// Every check that follows from the schema and needs no database but one that conforms to it, in
/// the order of tables and families.
pub fn checks(schema: &Schema) -> Vec<Check> {
    let mut found = Vec::new();
    types::checks(schema, &mut found);
    for node in schema.of_kind(Kind::Table) {
        let table = &node.id;
        if !rows_can_be_made(schema, table) {
            continue;
        }
        row::checks(schema, table, &mut found);
        column::checks(schema, table, &mut found);
        check::checks(schema, table, &mut found);
        unique::checks(schema, table, &mut found);
        foreign_key::checks(schema, table, &mut found);
        exclusion::checks(schema, table, &mut found);
        shape::checks(schema, table, &mut found);
        transitions::checks(schema, table, &mut found);
        append_only::checks(schema, table, &mut found);
        audited::checks(schema, table, &mut found);
        trigger::checks(schema, table, &mut found);
        access::checks(schema, table, &mut found);
        policy::checks(schema, table, &mut found);
        intent::checks(schema, table, &mut found);
        policy_kind::checks(schema, table, &mut found);
    }
    privilege::checks(schema, &mut found);
    exact::checks(schema, &mut found);
    standing::checks(schema, &mut found);
    found
}

/// What is no promise of an object, and yet for the suite to find: ways around the policies, and
/// policies that are slow.
pub fn beside(schema: &Schema) -> Vec<Check> {
    let mut found = Vec::new();
    doors::checks(schema, &mut found);
    for node in schema.of_kind(Kind::Table) {
        if rows_can_be_made(schema, &node.id) {
            plans::checks(schema, &node.id, &mut found);
        }
    }
    found
}

/// The name of a table or of something in it as people say it: without `public`.
fn said(id: &Id) -> String {
    let full = id.to_string();
    full.strip_prefix("public.")
        .map(str::to_owned)
        .unwrap_or(full)
}
