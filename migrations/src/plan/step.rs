//! The second type that crosses stages: a plan, its steps, their statements and hazards.
//!
//! The SQL, the drift report, the JSON and the summary on the terminal all read these; none of them
//! looks back at the schemas.

use model::schema::{Id, Kind};
use serde::{Serialize, Serializer};

/// What must change, in an order that can be run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Plan {
    /// The steps.
    pub steps: Vec<Step>,
}

/// One thing a person would say: "add column deals.notes".
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Step {
    /// What changes.
    #[serde(serialize_with = "id")]
    pub id: Id,
    /// How.
    pub action: Action,
    /// The step in words.
    pub title: String,
    /// What differs, attribute by attribute; empty where the object is made or dropped whole.
    pub changes: Vec<Change>,
    /// What is run, in order.
    pub statements: Vec<Statement>,
    /// What can't be had back, where something is lost.
    pub lossy: Option<String>,
}

/// What a step does to its object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// It is made.
    Create,
    /// It is changed in place.
    Alter,
    /// It is given another name.
    Rename {
        /// Its former identity.
        #[serde(serialize_with = "id")]
        from: Id,
    },
    /// It is dropped and made again; one step does the one, a later step the other.
    Replace,
    /// It is dropped.
    Drop,
}

/// One attribute that differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// The attribute: `type`, `default`, `comment`.
    pub attribute: String,
    /// Its value before, where there was one.
    pub before: Option<String>,
    /// Its value afterwards, where there is one.
    pub after: Option<String>,
}

/// One statement of SQL.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Statement {
    /// The text, without a closing semicolon.
    pub sql: String,
    /// Why it is there, where that isn't obvious.
    pub comment: Option<String>,
    /// What it puts at risk.
    pub hazards: Vec<Hazard>,
    /// The strongest lock it takes on a table that others may be using.
    pub lock: Lock,
    /// Whether it may run in a transaction.
    pub transaction: InTransaction,
    /// Whether what follows must be in another transaction: a new enum value is usable only once it
    /// is committed, and the lock of `NOT VALID` must be gone before `VALIDATE` reads the rows.
    pub commit_after: bool,
}

/// Whether a statement may run in a transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum InTransaction {
    /// It may.
    Yes,
    /// PostgreSQL refuses it there.
    Never,
}

/// What a statement puts at risk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Hazard {
    /// Which risk.
    pub kind: HazardKind,
    /// What would happen to which rows.
    pub message: String,
}

/// The risks that must be allowed by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum HazardKind {
    /// Values or rows are gone afterwards.
    DataLoss,
    /// Every row of a table is written anew.
    TableRewrite,
    /// Others wait for as long as it takes to read a table.
    LongLock,
    /// Somebody may do more than before.
    WidenedAccess,
    /// Somebody may do less than before.
    NarrowedAccess,
    /// No statement leads back.
    Irreversible,
}

impl HazardKind {
    /// Every kind, in the order they are listed.
    pub const ALL: [HazardKind; 6] = [
        HazardKind::DataLoss,
        HazardKind::TableRewrite,
        HazardKind::LongLock,
        HazardKind::WidenedAccess,
        HazardKind::NarrowedAccess,
        HazardKind::Irreversible,
    ];

    /// The name by which it is allowed.
    ///
    /// ```
    /// assert_eq!(migrations::plan::HazardKind::DataLoss.name(), "data_loss");
    /// ```
    pub fn name(self) -> &'static str {
        match self {
            HazardKind::DataLoss => "data_loss",
            HazardKind::TableRewrite => "table_rewrite",
            HazardKind::LongLock => "long_lock",
            HazardKind::WidenedAccess => "widened_access",
            HazardKind::NarrowedAccess => "narrowed_access",
            HazardKind::Irreversible => "irreversible",
        }
    }

    /// The kind of that name.
    pub fn parse(name: &str) -> Option<Self> {
        HazardKind::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// The table-level lock modes of the manual, weakest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Lock {
    /// No lock on a table.
    None,
    /// `ACCESS SHARE`.
    AccessShare,
    /// `ROW SHARE`.
    RowShare,
    /// `ROW EXCLUSIVE`.
    RowExclusive,
    /// `SHARE UPDATE EXCLUSIVE`.
    ShareUpdateExclusive,
    /// `SHARE`.
    Share,
    /// `SHARE ROW EXCLUSIVE`.
    ShareRowExclusive,
    /// `EXCLUSIVE`.
    Exclusive,
    /// `ACCESS EXCLUSIVE`.
    AccessExclusive,
}

impl Lock {
    /// The manual's name of the mode; `none` where there is no lock.
    pub fn name(self) -> &'static str {
        match self {
            Lock::None => "none",
            Lock::AccessShare => "access share",
            Lock::RowShare => "row share",
            Lock::RowExclusive => "row exclusive",
            Lock::ShareUpdateExclusive => "share update exclusive",
            Lock::Share => "share",
            Lock::ShareRowExclusive => "share row exclusive",
            Lock::Exclusive => "exclusive",
            Lock::AccessExclusive => "access exclusive",
        }
    }
}

/// A difference for which no way is known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
#[error("{} {id} {reason}", .id.kind.word())]
pub struct Unplannable {
    /// The object.
    #[serde(serialize_with = "id")]
    pub id: Id,
    /// Why, as a fragment that follows the object's name.
    pub reason: String,
}

impl Plan {
    /// Whether nothing must change.
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    /// All statements in order.
    pub fn statements(&self) -> impl Iterator<Item = &Statement> {
        self.steps.iter().flat_map(|step| &step.statements)
    }

    /// All hazards in order, each with its step.
    pub fn hazards(&self) -> impl Iterator<Item = (&Step, &Hazard)> {
        self.steps.iter().flat_map(|step| {
            step.statements
                .iter()
                .flat_map(|statement| &statement.hazards)
                .map(move |hazard| (step, hazard))
        })
    }

    /// The SQL of the plan for people: see [`crate::render::script`].
    pub fn sql(&self) -> String {
        crate::render::script(self)
    }
}

impl Step {
    /// Says what a step on the way back can't bring back.
    pub(super) fn label_way_back(&mut self) {
        let subject = super::address::label(&self.id);
        let loss = match (&self.action, self.id.kind) {
            (Action::Create, Kind::Table) => format!("the rows of {subject} do not come back"),
            (Action::Create, Kind::Column) if !self.statements.is_empty() => {
                format!("the values of {subject} do not come back")
            }
            _ => return,
        };
        self.lossy.get_or_insert(loss);
    }
}

impl Statement {
    pub(super) fn new(lock: Lock, sql: impl Into<String>) -> Self {
        Statement {
            sql: sql.into(),
            comment: None,
            hazards: Vec::new(),
            lock,
            transaction: InTransaction::Yes,
            commit_after: false,
        }
    }

    pub(super) fn hazard(mut self, kind: HazardKind, message: impl Into<String>) -> Self {
        self.hazards.push(Hazard {
            kind,
            message: message.into(),
        });
        self
    }

    pub(super) fn comment(mut self, text: impl Into<String>) -> Self {
        self.comment = Some(text.into());
        self
    }

    /// What follows runs in another transaction: a lock taken here must be let go of first, or a
    /// value made here be committed.
    pub(super) fn then_commit(mut self) -> Self {
        self.commit_after = true;
        self
    }

    pub(super) fn never_in_transaction(mut self) -> Self {
        self.transaction = InTransaction::Never;
        self
    }
}

pub(super) fn id<S: Serializer>(id: &Id, serializer: S) -> Result<S::Ok, S::Error> {
    use serde::ser::SerializeStruct;
    let mut object = serializer.serialize_struct("Id", 4)?;
    object.serialize_field("kind", id.kind.word())?;
    object.serialize_field("schema", id.schema.as_str())?;
    object.serialize_field("name", id.name.as_str())?;
    object.serialize_field("part", id.part.as_str())?;
    object.end()
}
