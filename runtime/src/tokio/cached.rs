//! A client of `tokio-postgres` that remembers its statements.

use std::sync::{Mutex, PoisonError};

use bytes::Bytes;
use rustc_hash::FxHashMap;
use tokio_postgres::error::SqlState;
use tokio_postgres::{Client, CopyInSink, Error, Row, Statement};

use super::Connection;
use crate::row::BoxedParam;

/// A client that prepares each statement once, as [`Cached`](crate::Cached) does on `postgres`: one
/// round trip instead of two, and no planning anew. A statement whose result a migration has
/// changed is prepared anew.
///
/// Unlike that one it does not find out that it is behind a pooler in transaction mode: there, use
/// the client itself. Transactions run on [`Cached::client`], without the memory.
#[derive(Debug)]
pub struct Cached {
    client: Client,
    known: Mutex<FxHashMap<String, Statement>>,
}

impl Cached {
    /// Remembers what this client prepares.
    pub fn new(client: Client) -> Self {
        Cached {
            client,
            known: Mutex::default(),
        }
    }

    /// How many statements are remembered.
    pub fn statements(&self) -> usize {
        self.known().len()
    }

    /// The client itself, for transactions and whatever else it does.
    pub fn client(&mut self) -> &mut Client {
        &mut self.client
    }

    /// The client, with its prepared statements closed.
    pub fn into_inner(self) -> Client {
        self.client
    }

    fn known(&self) -> std::sync::MutexGuard<'_, FxHashMap<String, Statement>> {
        // What is in it is whole whoever panicked: an entry is made in one step.
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn statement(&self, text: &str) -> Result<Statement, Error> {
        let known = self.known().get(text).cloned();
        if let Some(known) = known {
            return Ok(known);
        }
        let statement = self.client.prepare(text).await?;
        self.known().insert(text.to_owned(), statement.clone());
        Ok(statement)
    }

    /// Whether the statement is worth another try, after "cached plan must not change result type".
    fn forgets(&self, text: &str, error: &Error) -> bool {
        error.code() == Some(&SqlState::FEATURE_NOT_SUPPORTED)
            && self.known().remove(text).is_some()
    }
}

impl Connection for Cached {
    async fn query(&self, text: &str, params: &[BoxedParam<'_>]) -> Result<Vec<Row>, Error> {
        let statement = self.statement(text).await?;
        match self.client.query(&statement, params).await {
            Err(error) if self.forgets(text, &error) => {
                let statement = self.statement(text).await?;
                self.client.query(&statement, params).await
            }
            outcome => outcome,
        }
    }

    async fn execute(&self, text: &str, params: &[BoxedParam<'_>]) -> Result<u64, Error> {
        let statement = self.statement(text).await?;
        match self.client.execute(&statement, params).await {
            Err(error) if self.forgets(text, &error) => {
                let statement = self.statement(text).await?;
                self.client.execute(&statement, params).await
            }
            outcome => outcome,
        }
    }

    async fn prepare(&self, text: &str) -> Result<Statement, Error> {
        self.client.prepare(text).await
    }

    async fn copy_in(&self, text: &str) -> Result<CopyInSink<Bytes>, Error> {
        self.client.copy_in(text).await
    }
}
