//! A history on a live database: what of it has been applied, the next step up, the next one down.
//!
//! A unit and the record of it are committed together. It never plans, and never runs anything but
//! a migration's own scripts and its own bookkeeping.

mod leftover;
mod lock;
mod patience;
mod record;
mod run;

use std::fmt;
use std::time::Duration;

use postgres::Client;

use crate::history::{History, Migration};

pub use lock::Holder;
pub use patience::Patience;
pub use record::{Direction, Record};

/// The schema that holds the records; it is no part of any model.
pub const SCHEMA: &str = "pilaster";

/// A history and a database, with the lock that lets one migrator in at a time.
pub struct Migrator<'a> {
    client: &'a mut Client,
    history: &'a History,
    patience: Patience,
}

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
    /// The database and the folder tell different stories.
    #[error("{fact}")]
    Diverged {
        /// What differs.
        fact: String,
        /// The way out.
        help: String,
    },
}

impl<'a> Migrator<'a> {
    /// For that history on that database. Nothing is written or locked yet.
    pub fn new(client: &'a mut Client, history: &'a History) -> Self {
        Migrator {
            client,
            history,
            patience: Patience::default(),
        }
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
        let records = record::read(self.client)?;
        let migrations = self.history.migrations();
        if let Some(ahead) = records
            .iter()
            .find(|r| !migrations.iter().any(|m| m.number == r.number))
        {
            return Err(ApplyError::Diverged {
                fact: format!(
                    "the database is ahead: {} is applied and not in the folder",
                    ahead.name()
                ),
                help: "bring in the branch that it came from".into(),
            });
        }
        let mut states = Vec::new();
        let mut gap: Option<&Migration> = None;
        for migration in migrations {
            let Some(record) = records.iter().find(|r| r.number == migration.number) else {
                gap = gap.or(Some(migration));
                states.push(State::Pending);
                continue;
            };
            if record.hash != migration.hash.to_string() {
                return Err(ApplyError::Diverged {
                    fact: format!("{} was applied with another text", record.name()),
                    help: format!(
                        "restore {} as it was applied; what is to change goes into the next migration",
                        migration.folder_name()
                    ),
                });
            }
            if let Some(missing) = gap {
                return Err(ApplyError::Diverged {
                    fact: format!(
                        "{} is applied and {} before it is not",
                        record.name(),
                        missing.folder_name()
                    ),
                    help: "the record was edited by hand; put it right by hand".into(),
                });
            }
            states.push(match record.is_complete() {
                true => State::Applied(record.clone()),
                false => State::Halfway(record.clone()),
            });
        }
        Ok(states)
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
        record::prepare(self.client)?;
        lock::take(self.client, on)?;
        let result = self.through(Direction::Up, to, on);
        lock::release(self.client);
        result
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
        record::prepare(self.client)?;
        lock::take(self.client, on)?;
        let result = self.through(Direction::Down, to, on);
        lock::release(self.client);
        result
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
        record::prepare(self.client)?;
        lock::take(self.client, on)?;
        let result = self.adopt(to);
        lock::release(self.client);
        result
    }

    fn adopt(&mut self, to: Option<u32>) -> Result<usize, ApplyError> {
        if let Some(first) = record::read(self.client)?.first() {
            return Err(ApplyError::Diverged {
                fact: format!(
                    "the database has a history already: {} is recorded",
                    first.name()
                ),
                help: "`migrate status` shows it; `migrate up` goes on from it".into(),
            });
        }
        let all = self.history.migrations().iter();
        let due: Vec<&Migration> = all.filter(|m| to.is_none_or(|to| m.number <= to)).collect();
        let doing = failed("record the migrations");
        let mut transaction = self.client.transaction().map_err(&doing)?;
        for migration in &due {
            let total = run::count(&migration.up);
            record::write(&mut transaction, migration, Direction::Up, total, total, 0)
                .map_err(&doing)?;
        }
        transaction.commit().map_err(&doing)?;
        Ok(due.len())
    }

    fn through(
        &mut self,
        direction: Direction,
        to: Option<u32>,
        on: &mut dyn FnMut(Event<'_>),
    ) -> Result<usize, ApplyError> {
        let states = self.status()?;
        let all = self.history.migrations().iter().zip(&states);
        let due: Vec<(&Migration, &State)> = match direction {
            Direction::Up => all
                .filter(|(m, state)| {
                    to.is_none_or(|to| m.number <= to) && !matches!(state, State::Applied(_))
                })
                .collect(),
            Direction::Down => {
                let mut begun: Vec<_> = all
                    .filter(|(_, state)| !matches!(state, State::Pending))
                    .collect();
                begun.reverse();
                match to {
                    Some(to) => begun.retain(|(m, _)| m.number > to),
                    None => begun.truncate(1),
                }
                begun
            }
        };
        for (migration, state) in &due {
            run::migration(self.client, migration, state, direction, self.patience, on)?;
        }
        Ok(due.len())
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

/// The server's own words, with its detail and hint.
fn text(error: &postgres::Error) -> String {
    let Some(db) = error.as_db_error() else {
        return error.to_string();
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
