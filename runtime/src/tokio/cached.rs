//! A client of `tokio-postgres` that remembers its statements, and finds out by itself where it may
//! not.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use ::tokio::sync::{RwLock, RwLockReadGuard};
use bytes::Bytes;
use postgres_types::Type;
use rustc_hash::FxHashMap;
use tokio_postgres::error::SqlState;
use tokio_postgres::{Client, CopyInSink, Error, Row, Statement};

use super::Connection;
use crate::cached::{ATTEMPTS, is_of_another_process};
use crate::row::BoxedParam;

/// A client that prepares each statement once, as [`Cached`](crate::Cached) does on `postgres`: one
/// round trip instead of two, and no planning anew. A statement whose result a migration has
/// changed is prepared anew. Behind a pooler in transaction mode it goes on with unnamed statements
/// as soon as the server has shown that there is one.
///
/// Transactions run on [`Cached::client`], without the memory.
#[derive(Debug)]
pub struct Cached {
    /// Statements run beside each other; what is learnt in a transaction is learnt alone, or
    /// others would run in that transaction.
    client: RwLock<Client>,
    known: Mutex<FxHashMap<String, Known>>,
    pooled: AtomicBool,
}

/// What is remembered of a statement.
#[derive(Clone, Debug)]
enum Known {
    Prepared(Statement),
    /// The types of its parameters.
    Typed(Arc<[Type]>),
}

/// Why a statement gave no answer.
enum Failed {
    /// It was never run.
    Unlearnt(Error),
    Run(Error),
}

impl Cached {
    /// Remembers what this client prepares.
    pub fn new(client: Client) -> Self {
        Cached {
            client: RwLock::new(client),
            known: Mutex::default(),
            pooled: AtomicBool::new(false),
        }
    }

    /// For a client that is known to be behind a pooler in transaction mode.
    pub fn pooled(client: Client) -> Self {
        Cached {
            pooled: AtomicBool::new(true),
            ..Cached::new(client)
        }
    }

    /// Whether it goes without prepared statements, because it was told to or found out.
    pub fn is_pooled(&self) -> bool {
        self.pooled.load(Ordering::Relaxed)
    }

    /// How many statements are remembered.
    pub fn statements(&self) -> usize {
        self.known().len()
    }

    /// The client itself, for transactions and whatever else it does.
    pub fn client(&mut self) -> &mut Client {
        self.client.get_mut()
    }

    /// The client, with its prepared statements closed.
    pub fn into_inner(self) -> Client {
        self.client.into_inner()
    }

    fn known(&self) -> MutexGuard<'_, FxHashMap<String, Known>> {
        // What is in it is whole whoever panicked: an entry is made in one step.
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is known of a statement, and the client to run it on.
    async fn learnt(&self, text: &str) -> Result<(Known, RwLockReadGuard<'_, Client>), Error> {
        let known = self.known().get(text).cloned();
        if let Some(known) = known {
            return Ok((known, self.client.read().await));
        }
        let known = if self.is_pooled() {
            // One transaction is one server process from beginning to end.
            let mut client = self.client.write().await;
            let transaction = client.transaction().await?;
            let types = transaction.prepare(text).await?.params().into();
            transaction.commit().await?;
            Known::Typed(types)
        } else {
            Known::Prepared(self.client.read().await.prepare(text).await?)
        };
        self.known().insert(text.to_owned(), known.clone());
        Ok((known, self.client.read().await))
    }

    /// Whether the statement is worth another try after this.
    fn learns_from(&self, text: &str, failed: &Failed) -> bool {
        let (error, unlearnt) = match failed {
            Failed::Unlearnt(error) => (error, true),
            Failed::Run(error) => (error, false),
        };
        if is_of_another_process(error) {
            let knew = self.pooled.swap(true, Ordering::Relaxed);
            if !knew {
                self.known().clear();
            }
            // Without prepared statements it may have run by now, unless it was not even learnt.
            return !knew || unlearnt;
        }
        // "cached plan must not change result type"
        error.code() == Some(&SqlState::FEATURE_NOT_SUPPORTED)
            && self.known().remove(text).is_some()
    }

    async fn rows(&self, text: &str, params: &[BoxedParam<'_>]) -> Result<Vec<Row>, Failed> {
        let (known, client) = self.learnt(text).await.map_err(Failed::Unlearnt)?;
        let rows = match &known {
            Known::Prepared(statement) => client.query(statement, params).await,
            Known::Typed(types) => client.query_typed(text, &typed(params, types)).await,
        };
        rows.map_err(Failed::Run)
    }

    async fn touched(&self, text: &str, params: &[BoxedParam<'_>]) -> Result<u64, Failed> {
        let (known, client) = self.learnt(text).await.map_err(Failed::Unlearnt)?;
        let touched = match &known {
            Known::Prepared(statement) => client.execute(statement, params).await,
            Known::Typed(types) => client.execute_typed(text, &typed(params, types)).await,
        };
        touched.map_err(Failed::Run)
    }
}

impl Connection for Cached {
    async fn query(&self, text: &str, params: &[BoxedParam<'_>]) -> Result<Vec<Row>, Error> {
        let mut attempts = 1;
        loop {
            match self.rows(text, params).await {
                Err(failed) if attempts < ATTEMPTS && self.learns_from(text, &failed) => {
                    attempts += 1;
                }
                outcome => return outcome.map_err(Error::from),
            }
        }
    }

    async fn execute(&self, text: &str, params: &[BoxedParam<'_>]) -> Result<u64, Error> {
        let mut attempts = 1;
        loop {
            match self.touched(text, params).await {
                Err(failed) if attempts < ATTEMPTS && self.learns_from(text, &failed) => {
                    attempts += 1;
                }
                outcome => return outcome.map_err(Error::from),
            }
        }
    }

    async fn prepare(&self, text: &str) -> Result<Statement, Error> {
        self.client.read().await.prepare(text).await
    }

    async fn copy_in(&self, text: &str) -> Result<CopyInSink<Bytes>, Error> {
        self.client.read().await.copy_in(text).await
    }
}

impl From<Failed> for Error {
    fn from(failed: Failed) -> Error {
        match failed {
            Failed::Unlearnt(error) | Failed::Run(error) => error,
        }
    }
}

fn typed<'a>(params: &[BoxedParam<'a>], types: &[Type]) -> Vec<(BoxedParam<'a>, Type)> {
    params.iter().copied().zip(types.iter().cloned()).collect()
}
