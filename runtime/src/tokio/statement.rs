//! Statements of one's own SQL, on `tokio-postgres`.

use super::{Connection, rows, touched};
use crate::{Result, Statement};

impl<T> Statement<'_, T> {
    /// As [`Statement::all`], on `tokio-postgres`.
    ///
    /// # Errors
    ///
    /// What the server refused, or a value that does not fit.
    pub async fn all_async(&self, client: &impl Connection) -> Result<Vec<T>> {
        self.read(&rows(client, self.sql()).await?)
    }

    /// As [`Statement::first`], on `tokio-postgres`.
    ///
    /// # Errors
    ///
    /// What the server refused, or a value that does not fit.
    pub async fn first_async(&self, client: &impl Connection) -> Result<Option<T>> {
        self.read_first(&rows(client, self.sql()).await?)
    }

    /// As [`Statement::one`], on `tokio-postgres`.
    ///
    /// # Errors
    ///
    /// [`Error::NotOne`](crate::Error::NotOne) where it gives none or several; what the server
    /// refused, or a value that does not fit.
    pub async fn one_async(&self, client: &impl Connection) -> Result<T> {
        self.only(&rows(client, self.sql()).await?)
    }

    /// As [`Statement::run`], on `tokio-postgres`.
    ///
    /// # Errors
    ///
    /// What the server refused.
    pub async fn run_async(&self, client: &impl Connection) -> Result<u64> {
        touched(client, self.sql()).await
    }
}
