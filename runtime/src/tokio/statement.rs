//! Statements of one's own SQL, on `tokio-postgres`.

use tokio_postgres::GenericClient;

use super::{rows, touched};
use crate::{Result, Statement};

impl<T> Statement<'_, T> {
    /// As [`Statement::all`], on `tokio-postgres`.
    ///
    /// # Errors
    ///
    /// What the server refused, or a value that does not fit.
    pub async fn all_async(&self, client: &(impl GenericClient + Sync)) -> Result<Vec<T>> {
        self.read(&rows(client, self.sql()).await?)
    }

    /// As [`Statement::first`], on `tokio-postgres`.
    ///
    /// # Errors
    ///
    /// What the server refused, or a value that does not fit.
    pub async fn first_async(&self, client: &(impl GenericClient + Sync)) -> Result<Option<T>> {
        let found = rows(client, self.sql()).await?;
        Ok(self.read(&found[..found.len().min(1)])?.pop())
    }

    /// As [`Statement::one`], on `tokio-postgres`.
    ///
    /// # Errors
    ///
    /// [`Error::NotOne`](crate::Error::NotOne) where it gives none or several; what the server
    /// refused, or a value that does not fit.
    pub async fn one_async(&self, client: &(impl GenericClient + Sync)) -> Result<T> {
        self.only(&rows(client, self.sql()).await?)
    }

    /// As [`Statement::run`], on `tokio-postgres`.
    ///
    /// # Errors
    ///
    /// What the server refused.
    pub async fn run_async(&self, client: &(impl GenericClient + Sync)) -> Result<u64> {
        touched(client, self.sql()).await
    }
}
