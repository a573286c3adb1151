//! Owns why there is no server, or no database on it.
//!
//! Never carries a password: addresses in it are [`migrations::Url`]s, which mask theirs.

use std::fmt;

use super::Kind;

/// A source that was passed over: why, and what would mend it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passed {
    /// The source.
    pub kind: Kind,
    /// A fact in a few words, as in "no Docker engine answers".
    pub reason: String,
    /// What the source itself says, which may take several lines, or nothing.
    pub detail: String,
    /// What to do, as in "start Docker".
    pub mend: String,
}

impl Passed {
    pub(super) fn new(kind: Kind, reason: impl Into<String>, mend: impl Into<String>) -> Passed {
        Passed {
            kind,
            reason: reason.into(),
            detail: String::new(),
            mend: mend.into(),
        }
    }

    pub(super) fn with_detail(self, detail: impl Into<String>) -> Passed {
        Passed {
            detail: detail.into(),
            ..self
        }
    }
}

impl fmt::Display for Passed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}; {}", self.kind, self.reason, self.mend)?;
        match self.detail.is_empty() {
            true => Ok(()),
            false => write!(f, " ({})", self.detail),
        }
    }
}

/// Why there is no server, or no database on it. Each text fits "failed to …".
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ServerError {
    /// The source that was asked for cannot give a server.
    #[error("start a PostgreSQL server, {0}")]
    Unavailable(Passed),
    /// No source can give a server.
    #[error(
        "find a PostgreSQL server; name one with --url, or mend one of these:{}",
        .passed.iter().map(|passed| format!("\n  {passed}")).collect::<String>()
    )]
    NoneFound {
        /// Every source, in the order of trying.
        passed: Vec<Passed>,
    },
    /// The server at the address that was given is not one that will do.
    #[error("use the server at {url}: {reason}; {mend}")]
    Unsuitable {
        /// Its address; the password is masked.
        url: Box<migrations::Url>,
        /// What it lacks.
        reason: String,
        /// What to do.
        mend: String,
    },
    /// The role may not create databases, so that no test can have one of its own.
    #[error(
        "create a database on the server: role {role} may not; have an administrator run ALTER \
         ROLE \"{role}\" CREATEDB, or name another role in the address"
    )]
    MayNotCreate {
        /// The role that is connected.
        role: String,
    },
    /// No such kind of server.
    #[error("choose a server: there is no kind `{given}`; there are docker, local and download")]
    UnknownKind {
        /// What was asked for.
        given: String,
    },
    /// The contents of a template cannot be made.
    #[error("set up the template database `{name}`: {reason}")]
    Template {
        /// The template, as the caller names it.
        name: String,
        /// What its setup says.
        reason: String,
    },
    /// No connection.
    #[error(transparent)]
    Connect(#[from] migrations::ConnectError),
    /// The server refuses a statement.
    #[error("ask the server: {}", database_text(.0))]
    Database(#[from] postgres::Error),
}

impl From<Passed> for ServerError {
    fn from(passed: Passed) -> ServerError {
        ServerError::Unavailable(passed)
    }
}

/// The driver's error shows only "db error"; the server's own words are below it.
pub(super) fn database_text(error: &postgres::Error) -> String {
    match error.as_db_error() {
        Some(server) => format!("{} ({})", server.message(), server.code().code()),
        None => error.to_string(),
    }
}
