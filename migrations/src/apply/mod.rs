//! A history on a live database: what of it has been applied, the next step up, the next one down.
//!
//! A unit and the record of it are committed together. It never plans, and never runs anything but
//! a migration's own scripts and its own bookkeeping.

mod leftover;
mod lock;
mod patience;
mod record;
mod route;
mod run;
mod session;
mod stand;
mod watch;

use std::fmt;
use std::time::Duration;

use postgres::Client;

use crate::history::{History, Migration};
use crate::script::Piece;

pub use lock::Holder;
pub use patience::Patience;
pub use record::{Direction, Record};
pub use watch::{Look, Progress, Watch};

/// The schema that holds the records; it is no part of any model.
pub const SCHEMA: &str = "pilaster";

/// A history and a database, with the lock that lets one migrator in at a time.
pub struct Migrator<'a> {
    client: &'a mut Client,
    history: &'a History,
    patience: Patience,
    pooled: bool,
    before: Option<Box<Before<'a>>>,
}

/// What is asked of the database before a migration begins; [`ApplyError::NotReady`] stops it.
pub type Before<'a> = dyn FnMut(&mut Client, &Migration, Direction) -> Result<(), ApplyError> + 'a;

/// How one migration stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// It has been applied.
    Applied(Record),
    /// It stopped on its way; `up` or `down` goes on where it stopped.
    Halfway(Record),
    /// It has not been applied.
    Pending,
}

/// What happens while migrations run.
#[derive(Debug)]
pub enum Event<'a> {
    /// Another migrator is at work, and is waited for.
    Waiting(&'a Holder),
    /// A migration begins.
    Begins(&'a Migration, Direction),
    /// A statement begins: which one, and out of how many of its script.
    Statement {
        /// Whose it is.
        migration: &'a Migration,
        /// Its text and line.
        statement: &'a Piece,
        /// Its place, from 1.
        number: usize,
        /// How many there are.
        of: usize,
    },
    /// A unit met a lock that others hold, and is tried again after this pause; so many tries are
    /// behind it.
    Retries(&'a ApplyError, u32, Duration),
    /// It is through, after so many milliseconds.
    Done(&'a Migration, Direction, u128),
}

/// Why a history could not be brought onto a database.
#[derive(Debug, thiserror::Error)]
pub enum ApplyError {
    /// The server or the connection failed at the bookkeeping.
    #[error("failed to {doing}: {}", text(.source))]
    Database {
        /// What was being done.
        doing: &'static str,
        /// What the driver says.
        source: postgres::Error,
    },
    /// A statement was refused. Its unit is undone, and what went before it is recorded.
    #[error("{file}:{line}: the server refused the statement: {}", text(.source))]
    Refused {
        /// Folder and file.
        file: String,
        /// The line the statement begins on.
        line: usize,
        /// What the server says.
        source: postgres::Error,
    },
    /// The connection broke in a statement. Its unit is undone, unless it was being committed or ran
    /// outside a transaction: the next run finds out.
    #[error("{file}:{line}: the connection broke while the statement ran: {}", text(.source))]
    Broken {
        /// Folder and file.
        file: String,
        /// The line the statement begins on.
        line: usize,
        /// What the driver says.
        source: postgres::Error,
    },
    /// The database and the folder tell different stories.
    #[error("{fact}")]
    Diverged {
        /// What differs.
        fact: String,
        /// The way out.
        help: String,
    },
    /// Something of what is due can't be run, or not here; nothing was.
    #[error("{fact}")]
    NotReady {
        /// What stands in the way.
        fact: String,
        /// The way out.
        help: String,
    },
    /// Between two units another migrator was at work on this one. What was run stays; the next run
    /// goes on from there.
    #[error("another migrator has been at work on {0}")]
    Moved(String),
}

impl<'a> Migrator<'a> {
    /// For that history on that database. Nothing is written or locked yet.
    pub fn new(client: &'a mut Client, history: &'a History) -> Self {
        Migrator {
            client,
            history,
            patience: Patience::default(),
            pooled: false,
            before: None,
        }
    }

    /// The same, where something is asked before a migration that nothing was run of yet begins: what
    /// is answered stops it.
    pub fn asking_before(self, before: Box<Before<'a>>) -> Self {
        Migrator {
            before: Some(before),
            ..self
        }
    }

    /// The same through a pooler that may give each transaction another session: the lock is then
    /// taken for each unit, and what can't run in a transaction is refused.
    pub fn through_a_pooler(self, pooled: bool) -> Self {
        Migrator { pooled, ..self }
    }

    /// The same with other limits.
    pub fn with_patience(self, patience: Patience) -> Self {
        Migrator { patience, ..self }
    }

    /// How each migration stands, in order. Writes nothing.
    ///
    /// # Errors
    ///
    /// [`ApplyError::Diverged`] where the database has something applied that the folder does not
    /// hold, or holds with another text.
    pub fn status(&mut self) -> Result<Vec<State>, ApplyError> {
        stand::stand(self.history, &record::read(self.client)?)
    }

    /// Applies what has not been applied, up to number `to` where one is given. Goes on where an
    /// earlier run stopped.
    ///
    /// # Errors
    ///
    /// [`ApplyError`]; everything before the unit that failed is applied and recorded.
    pub fn up(
        &mut self,
        to: Option<u32>,
        on: &mut dyn FnMut(Event<'_>),
    ) -> Result<usize, ApplyError> {
        self.locked(on, |migrator, on| {
            route::go(migrator, Direction::Up, to, on)
        })
    }

    /// Reverts the last migration that is applied, or all after number `to` where one is given.
    ///
    /// # Errors
    ///
    /// [`ApplyError`]; everything before the unit that failed is reverted and recorded.
    pub fn down(
        &mut self,
        to: Option<u32>,
        on: &mut dyn FnMut(Event<'_>),
    ) -> Result<usize, ApplyError> {
        self.locked(on, |migrator, on| {
            route::go(migrator, Direction::Down, to, on)
        })
    }

    /// Records all migrations, or those up to number `to`, as applied without running them. That the
    /// database holds what they reach is the caller's to know.
    ///
    /// # Errors
    ///
    /// [`ApplyError::Diverged`] where something is recorded already; nothing is then written.
    pub fn baseline(
        &mut self,
        to: Option<u32>,
        on: &mut dyn FnMut(Event<'_>),
    ) -> Result<usize, ApplyError> {
        self.locked(on, |migrator, on| migrator.adopt(to, on))
    }

    /// Under the migrators' lock, where the session can hold it; the units take it themselves where
    /// it can't.
    fn locked<T>(
        &mut self,
        on: &mut dyn FnMut(Event<'_>),
        work: impl FnOnce(&mut Self, &mut dyn FnMut(Event<'_>)) -> Result<T, ApplyError>,
    ) -> Result<T, ApplyError> {
        if self.pooled {
            if !record::exists(self.client)? {
                lock::within(self.client, on, |transaction| record::prepare(transaction))?;
            }
            return work(self, on);
        }
        session::begin(self.client, &self.patience)?;
        lock::take(self.client, on)?;
        let result = record::prepare(self.client).and_then(|()| work(self, on));
        lock::release(self.client);
        session::end(self.client);
        result
    }

    fn adopt(
        &mut self,
        to: Option<u32>,
        on: &mut dyn FnMut(Event<'_>),
    ) -> Result<usize, ApplyError> {
        let all = self.history.migrations().iter();
        let due: Vec<&Migration> = all.filter(|m| to.is_none_or(|to| m.number <= to)).collect();
        lock::within(self.client, on, |transaction| {
            if let Some(first) = record::read(transaction)?.first() {
                return Err(ApplyError::Diverged {
                    fact: format!(
                        "the database has a history already: {} is recorded",
                        first.name()
                    ),
                    help: "`migrate status` shows it; `migrate up` goes on from it".into(),
                });
            }
            for migration in &due {
                let total = run::count(&migration.up);
                let progress = record::Progress {
                    direction: Direction::Up,
                    done: total,
                    statements: total,
                    milliseconds: 0,
                    done_hash: String::new(),
                };
                record::write(transaction, migration, &progress)
                    .map_err(failed("record the migrations"))?;
            }
            Ok(due.len())
        })
    }
}

/// Runs a script unit by unit, as `up` would, and records nothing.
///
/// # Errors
///
/// [`ApplyError::Refused`] with the line of the statement; its unit is undone.
pub fn script(client: &mut Client, sql: &str) -> Result<(), ApplyError> {
    run::script(client, sql)
}

/// The server's own words, with its detail and hint; the driver's with what is below them.
fn text(error: &postgres::Error) -> String {
    let Some(db) = error.as_db_error() else {
        return crate::connect::causes(error);
    };
    let mut text = format!("{} ({})", db.message(), db.code().code());
    for extra in [db.detail(), db.hint()].into_iter().flatten() {
        text += &format!("\n  {extra}");
    }
    text
}

fn failed(doing: &'static str) -> impl Fn(postgres::Error) -> ApplyError {
    move |source| ApplyError::Database { doing, source }
}

impl fmt::Debug for Migrator<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Migrator")
            .field("history", self.history)
            .finish_non_exhaustive()
    }
}
