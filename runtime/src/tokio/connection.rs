//! What a statement runs on. This module never decides what is run.

use std::future::Future;

use bytes::Bytes;
use tokio_postgres::{CopyInSink, Error, GenericClient, Row, Statement};

use crate::row::BoxedParam;

/// A client, a transaction, or a [`Cached`](super::Cached) client.
pub trait Connection: Sync {
    /// Runs a statement that gives rows.
    ///
    /// # Errors
    ///
    /// What the server refused, or a connection that failed.
    fn query(
        &self,
        text: &str,
        params: &[BoxedParam<'_>],
    ) -> impl Future<Output = Result<Vec<Row>, Error>> + Send;

    /// Runs a statement and says how many rows it touched.
    ///
    /// # Errors
    ///
    /// What the server refused, or a connection that failed.
    fn execute(
        &self,
        text: &str,
        params: &[BoxedParam<'_>],
    ) -> impl Future<Output = Result<u64, Error>> + Send;

    /// Prepares a statement, to learn its types.
    ///
    /// # Errors
    ///
    /// What the server refused, or a connection that failed.
    fn prepare(&self, text: &str) -> impl Future<Output = Result<Statement, Error>> + Send;

    /// Begins a `COPY … FROM STDIN`.
    ///
    /// # Errors
    ///
    /// What the server refused, or a connection that failed.
    fn copy_in(&self, text: &str) -> impl Future<Output = Result<CopyInSink<Bytes>, Error>> + Send;
}

impl<C: GenericClient + Sync> Connection for C {
    async fn query(&self, text: &str, params: &[BoxedParam<'_>]) -> Result<Vec<Row>, Error> {
        GenericClient::query(self, text, params).await
    }

    async fn execute(&self, text: &str, params: &[BoxedParam<'_>]) -> Result<u64, Error> {
        GenericClient::execute(self, text, params).await
    }

    async fn prepare(&self, text: &str) -> Result<Statement, Error> {
        GenericClient::prepare(self, text).await
    }

    async fn copy_in(&self, text: &str) -> Result<CopyInSink<Bytes>, Error> {
        self.client().copy_in(text).await
    }
}
