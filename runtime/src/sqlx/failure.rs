//! What `sqlx` reports, with the SQLSTATE that everything here asks for.

use std::fmt::{Display, Formatter};

use ::sqlx::postgres::PgDatabaseError;
use postgres::error::SqlState;

use crate::Error;

/// An error of `sqlx`.
#[derive(Debug)]
pub struct Failure {
    error: ::sqlx::Error,
    state: Option<SqlState>,
}

impl Failure {
    /// The error itself.
    pub fn error(&self) -> &::sqlx::Error {
        &self.error
    }

    /// What the server said, where it was the server that refused.
    pub fn database(&self) -> Option<&PgDatabaseError> {
        refusal(&self.error)
    }

    /// The SQLSTATE of the refusal.
    pub fn sqlstate(&self) -> Option<&SqlState> {
        self.state.as_ref()
    }
}

impl From<::sqlx::Error> for Failure {
    fn from(error: ::sqlx::Error) -> Self {
        let state = state(&error);
        Failure { error, state }
    }
}

impl From<::sqlx::Error> for Error {
    fn from(error: ::sqlx::Error) -> Self {
        Error::Sqlx(Failure::from(error))
    }
}

impl Display for Failure {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        self.error.fmt(f)
    }
}

impl std::error::Error for Failure {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.error.source()
    }
}

/// Whether it is a serialization failure or a deadlock.
pub(crate) fn is_retryable(error: &::sqlx::Error) -> bool {
    crate::error::is_retryable(state(error).as_ref())
}

fn refusal(error: &::sqlx::Error) -> Option<&PgDatabaseError> {
    error.as_database_error()?.try_downcast_ref()
}

fn state(error: &::sqlx::Error) -> Option<SqlState> {
    refusal(error).map(|refusal| SqlState::from_code(refusal.code()))
}
