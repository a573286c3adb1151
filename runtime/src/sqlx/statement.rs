//! Statements of one's own SQL, on `sqlx`.

#![expect(
    clippy::manual_async_fn,
    reason = "that they may be sent to other threads is promised here, and checked here"
)]

use std::future::Future;

use super::{Rows, rows, touched};
use crate::{Result, Statement};

impl<T> Statement<'_, T> {
    /// As [`Statement::all`], on `sqlx`.
    ///
    /// # Errors
    ///
    /// What the server refused, or a value that does not fit.
    pub fn all_sqlx<'c>(
        &self,
        client: impl Rows<'c>,
    ) -> impl Future<Output = Result<Vec<T>>> + Send {
        async move { self.read(&rows(client, self.sql()).await?) }
    }

    /// As [`Statement::first`], on `sqlx`.
    ///
    /// # Errors
    ///
    /// What the server refused, or a value that does not fit.
    pub fn first_sqlx<'c>(
        &self,
        client: impl Rows<'c>,
    ) -> impl Future<Output = Result<Option<T>>> + Send {
        async move { self.read_first(&rows(client, self.sql()).await?) }
    }

    /// As [`Statement::one`], on `sqlx`.
    ///
    /// # Errors
    ///
    /// [`Error::NotOne`](crate::Error::NotOne) where it gives none or several; what the server
    /// refused, or a value that does not fit.
    pub fn one_sqlx<'c>(&self, client: impl Rows<'c>) -> impl Future<Output = Result<T>> + Send {
        async move { self.only(&rows(client, self.sql()).await?) }
    }

    /// As [`Statement::run`], on `sqlx`.
    ///
    /// # Errors
    ///
    /// What the server refused.
    pub fn run_sqlx<'c>(&self, client: impl Rows<'c>) -> impl Future<Output = Result<u64>> + Send {
        async move { touched(client, self.sql()).await }
    }
}
