//! Errors: what the database refused, or what it holds and a type could not.
//!
//! This module never interprets a message's text; it reads SQLSTATE and the names beside it.

use postgres::error::{DbError, SqlState};

use crate::RawRow;

/// The result of everything here that talks to the database.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What can go wrong between a row and its type.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The server refused the statement, or the connection failed.
    #[error(transparent)]
    Database(#[from] postgres::Error),
    /// The server refused the statement, or the connection failed, on `sqlx`.
    #[cfg(feature = "sqlx")]
    #[error(transparent)]
    Sqlx(#[from] crate::sqlx::Failure),
    /// A column's value does not fit its field, or the column is not in the result.
    #[error("cannot read column `{column}` of {row}")]
    Column {
        /// The Rust name of the row type.
        row: &'static str,
        /// The column.
        column: &'static str,
        /// Why, in the words of the driver or the conversion.
        #[source]
        source: Box<dyn std::error::Error + Sync + Send>,
    },
    /// The row is no longer as it was read: somebody else changed or deleted it, or a policy hides
    /// it.
    #[error("the row of {row} is no longer as it was read")]
    Stale {
        /// The Rust name of the row type.
        row: &'static str,
    },
    /// A statement for one row gave none or several: a rule or a trigger swallowed the row, or a
    /// policy hides it from the one who made it.
    #[error("expected one row, the statement gave {rows}")]
    NotOne {
        /// How many it gave.
        rows: usize,
    },
    /// A transaction can't act as that persona, or did not until its end.
    #[error("cannot act as a persona: {0}")]
    Persona(String),
}

impl Error {
    /// What the server said, where it was the server that refused. What came by `sqlx` has
    /// [`Error::Sqlx`] instead.
    pub fn database(&self) -> Option<&DbError> {
        match self {
            Error::Database(error) => error.as_db_error(),
            #[cfg(feature = "sqlx")]
            Error::Sqlx(_) => None,
            Error::Column { .. }
            | Error::Stale { .. }
            | Error::NotOne { .. }
            | Error::Persona(_) => None,
        }
    }

    /// The SQLSTATE of the refusal.
    pub fn sqlstate(&self) -> Option<&SqlState> {
        match self {
            #[cfg(feature = "sqlx")]
            Error::Sqlx(failure) => failure.sqlstate(),
            _ => self.database().map(DbError::code),
        }
    }

    /// The first two characters of the SQLSTATE: `23` is an integrity constraint violation.
    pub fn class(&self) -> Option<&str> {
        self.sqlstate().and_then(|state| state.code().get(..2))
    }

    /// The name of the constraint that was violated.
    pub fn constraint(&self) -> Option<&str> {
        match self {
            #[cfg(feature = "sqlx")]
            Error::Sqlx(failure) => failure.database()?.constraint(),
            _ => self.database()?.constraint(),
        }
    }

    /// The schema of the table the refusal is about.
    pub fn schema(&self) -> Option<&str> {
        match self {
            #[cfg(feature = "sqlx")]
            Error::Sqlx(failure) => failure.database()?.schema(),
            _ => self.database()?.schema(),
        }
    }

    /// The table the refusal is about.
    pub fn table(&self) -> Option<&str> {
        match self {
            #[cfg(feature = "sqlx")]
            Error::Sqlx(failure) => failure.database()?.table(),
            _ => self.database()?.table(),
        }
    }

    /// Whether running the whole transaction again may succeed: a serialization failure or a
    /// deadlock, which PostgreSQL documents as the two to retry.
    pub fn is_retryable(&self) -> bool {
        is_retryable(self.sqlstate())
    }
}

pub(crate) fn is_retryable(state: Option<&SqlState>) -> bool {
    state.is_some_and(|state| {
        *state == SqlState::T_R_SERIALIZATION_FAILURE || *state == SqlState::T_R_DEADLOCK_DETECTED
    })
}

/// Reads one column of a result by its name; most often it stands at `place`.
#[doc(hidden)]
pub fn column<'a, T: postgres_types::FromSql<'a>>(
    row: RawRow<'a>,
    type_name: &'static str,
    column: &'static str,
    place: usize,
) -> Result<T> {
    let value = row.named(column, place);
    value.map_err(|source| Error::Column {
        row: type_name,
        column,
        source,
    })
}

/// Reads a column of another row's type into a field that it fits.
#[doc(hidden)]
pub fn column_of<'a, R, T, N, F: postgres_types::FromSql<'a>>(
    row: RawRow<'a>,
    type_name: &'static str,
    place: usize,
    of: crate::ColumnOf<R, T, N>,
) -> Result<F>
where
    crate::ColumnOf<R, T, N>: crate::FitsInto<F>,
{
    column(row, type_name, of.column().name, place)
}

/// Reads a value inside a document; `None` where it has none there.
#[doc(hidden)]
pub fn place_of<R, T: crate::JsonType>(
    row: RawRow<'_>,
    type_name: &'static str,
    name: &'static str,
    place: usize,
    _: &crate::Path<R, T>,
) -> Result<Option<T>> {
    let value: Option<crate::Json<Option<T>>> = column(row, type_name, name, place)?;
    Ok(value.and_then(|json| json.0))
}
