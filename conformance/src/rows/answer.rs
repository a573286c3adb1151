//! What a server answers, as the suite reads it: rows of text, or why there are none.

use std::collections::BTreeMap;
use std::fmt;

use postgres::SimpleQueryMessage;

/// Why a statement was refused, as the server says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The SQLSTATE.
    pub state: String,
    /// The name of the constraint, where the server gives one.
    pub constraint: Option<String>,
    /// The name of the column, where the server gives one.
    pub column: Option<String>,
    /// The schema of the table or the data type.
    pub schema: Option<String>,
    /// The table, where the server names one.
    pub table: Option<String>,
    /// The data type, for a domain's constraint.
    pub data_type: Option<String>,
    /// The primary message.
    pub message: String,
}

/// Why a check did not pass.
#[derive(Debug)]
pub enum Stop {
    /// The database does not do what the model says.
    Failed(String),
    /// No row could be found that would show it either way.
    Undecided(String),
    /// The connection failed, or the server refused a statement of the suite's own.
    Fault(String),
}

/// A row as text, by column; `None` is null.
pub(crate) type TextRow = BTreeMap<String, Option<String>>;

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.state, self.message)?;
        match &self.constraint {
            Some(constraint) => write!(f, " (constraint {constraint})"),
            None => Ok(()),
        }
    }
}

impl From<postgres::Error> for Stop {
    fn from(error: postgres::Error) -> Self {
        Stop::Fault(match error.as_db_error() {
            Some(db) => format!("{} {}", db.code().code(), db.message()),
            None => error.to_string(),
        })
    }
}

pub(super) fn refusal(db: &postgres::error::DbError) -> Refusal {
    Refusal {
        state: db.code().code().to_owned(),
        constraint: db.constraint().map(str::to_owned),
        column: db.column().map(str::to_owned),
        schema: db.schema().map(str::to_owned),
        table: db.table().map(str::to_owned),
        data_type: db.datatype().map(str::to_owned),
        message: db.message().to_owned(),
    }
}

pub(super) fn rows(messages: Vec<SimpleQueryMessage>) -> Vec<TextRow> {
    let row = |message| match message {
        SimpleQueryMessage::Row(row) => Some(
            (0..row.len())
                .map(|i| {
                    (
                        row.columns()[i].name().to_owned(),
                        row.get(i).map(str::to_owned),
                    )
                })
                .collect(),
        ),
        _ => None,
    };
    messages.into_iter().filter_map(row).collect()
}
