//! A connection that remembers its statements, and finds out by itself where it may not: behind a
//! pooler that hands each transaction to another server process.

use postgres::error::SqlState;
use postgres::{Client, CopyInWriter, Row, Statement};
use postgres_types::Type;
use rustc_hash::FxHashMap;

use crate::Connection;
use crate::row::BoxedParam;

/// A client that prepares each statement once.
///
/// PostgreSQL parses and plans a statement that is sent as text each time, and the client asks for
/// its types first: two round trips. Prepared, it is one. Behind a pooler in transaction mode
/// (PgBouncer, Supavisor) a prepared statement may be gone with the next transaction; the first
/// time the server says so, this client goes on with unnamed statements, which are one round trip
/// as well and leave nothing behind. A statement whose result a migration has changed is prepared
/// anew.
///
/// Transactions run on [`Cached::client`], without the memory.
#[allow(missing_debug_implementations)] // a client has no form to show
pub struct Cached {
    client: Client,
    known: FxHashMap<String, Known>,
    pooled: bool,
}

/// How often a statement is tried, where each try may reach another server process.
pub(crate) const ATTEMPTS: u32 = 5;

/// Whether another process answered than the one that prepared the statement, or one that prepared
/// another's under its name.
pub(crate) fn is_of_another_process(error: &postgres::Error) -> bool {
    matches!(
        error.code(),
        Some(&SqlState::INVALID_SQL_STATEMENT_NAME | &SqlState::DUPLICATE_PSTATEMENT)
    )
}

/// What is remembered of a statement.
struct Known {
    types: Vec<Type>,
    statement: Option<Statement>,
}

impl Cached {
    /// Remembers what this client prepares.
    pub fn new(client: Client) -> Self {
        Cached {
            client,
            known: FxHashMap::default(),
            pooled: false,
        }
    }

    /// For a client that is known to be behind a pooler in transaction mode.
    pub fn pooled(client: Client) -> Self {
        Cached {
            pooled: true,
            ..Cached::new(client)
        }
    }

    /// Whether it goes without prepared statements, because it was told to or found out.
    pub fn is_pooled(&self) -> bool {
        self.pooled
    }

    /// How many statements are remembered.
    pub fn statements(&self) -> usize {
        self.known.len()
    }

    /// The client itself, for transactions and whatever else it does.
    pub fn client(&mut self) -> &mut Client {
        &mut self.client
    }

    /// The client, with its prepared statements closed.
    pub fn into_inner(self) -> Client {
        self.client
    }

    /// Asks the server for what is to be known of a statement.
    fn learn(&mut self, text: &str) -> Result<(), postgres::Error> {
        let known = if self.pooled {
            // One transaction is one server process from beginning to end.
            let mut transaction = self.client.transaction()?;
            let types = transaction.prepare(text)?.params().to_vec();
            transaction.commit()?;
            Known {
                types,
                statement: None,
            }
        } else {
            let statement = self.client.prepare(text)?;
            Known {
                types: statement.params().to_vec(),
                statement: Some(statement),
            }
        };
        self.known.insert(text.to_owned(), known);
        Ok(())
    }

    /// Runs a statement as it is known; after an answer that says what is known is no longer so,
    /// again.
    fn run<T>(
        &mut self,
        text: &str,
        mut run: impl FnMut(&mut Client, &Known) -> Result<T, postgres::Error>,
    ) -> Result<T, postgres::Error> {
        let mut attempts = 1;
        loop {
            match self.once(text, &mut run) {
                Err(error) if attempts < ATTEMPTS && self.learns_from(text, &error) => {
                    attempts += 1;
                }
                outcome => return outcome,
            }
        }
    }

    /// Whether the statement is worth another try after this.
    fn learns_from(&mut self, text: &str, error: &postgres::Error) -> bool {
        if is_of_another_process(error) {
            let knew = std::mem::replace(&mut self.pooled, true);
            // Without prepared statements it may have run by now, unless it was not even learnt.
            let again = !knew || !self.known.contains_key(text);
            if !knew {
                self.known.clear();
            }
            return again;
        }
        // "cached plan must not change result type"
        error.code() == Some(&SqlState::FEATURE_NOT_SUPPORTED) && self.known.remove(text).is_some()
    }

    fn once<T>(
        &mut self,
        text: &str,
        run: &mut impl FnMut(&mut Client, &Known) -> Result<T, postgres::Error>,
    ) -> Result<T, postgres::Error> {
        if let Some(known) = self.known.get(text) {
            return run(&mut self.client, known);
        }
        self.learn(text)?;
        run(&mut self.client, &self.known[text])
    }
}

impl Connection for Cached {
    fn query(
        &mut self,
        text: &str,
        params: &[BoxedParam<'_>],
    ) -> Result<Vec<Row>, postgres::Error> {
        self.run(text, |client, known| match &known.statement {
            Some(statement) => client.query(statement, params),
            None => client.query_typed(text, &typed(params, known)),
        })
    }

    fn execute(&mut self, text: &str, params: &[BoxedParam<'_>]) -> Result<u64, postgres::Error> {
        self.run(text, |client, known| match &known.statement {
            Some(statement) => client.execute(statement, params),
            None => client.execute_typed(text, &typed(params, known)),
        })
    }

    fn prepare(&mut self, text: &str) -> Result<Statement, postgres::Error> {
        self.client.prepare(text)
    }

    fn copy_in(&mut self, text: &str) -> Result<CopyInWriter<'_>, postgres::Error> {
        self.client.copy_in(text)
    }
}

fn typed<'a>(params: &[BoxedParam<'a>], known: &Known) -> Vec<(BoxedParam<'a>, Type)> {
    params
        .iter()
        .copied()
        .zip(known.types.iter().cloned())
        .collect()
}
