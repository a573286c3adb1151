//! The workbench of one check: a connection inside a transaction that is always rolled back.
//!
//! A check never commits, so it leaves nothing behind, not even on a database of the user's own.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use migrations::catalog::{self, ReadOptions};
use model::Id;
use model::quote::{ident, literal};
use model::schema::{Name, Schema};
use postgres::Client;

use super::answer::{Refusal, Stop, TextRow, refusal, rows};
use super::aside::Obstacle;
use super::conditions::Condition;
use crate::access::Board;
use crate::server::Database;

/// How often a check is asked again without something that stood in its way.
const MOST_RETRIES: usize = 6;

/// A connection on which checks run, one after the other.
pub struct Bench {
    client: Client,
    pub(super) schema: Arc<Schema>,
    default_schema: Name,
    /// The database that is dropped together with the bench, where it was made for it.
    database: Option<Database>,
    /// Whether a default is null, by its text.
    null_defaults: BTreeMap<String, bool>,
    /// Makes the values of one row differ from those of the next.
    pub(super) nonce: u64,
    /// Whether what stands in a check's way may be set aside: the database is the suite's own.
    alters: bool,
    /// Whether checks run inside a transaction that has been begun already.
    inside: bool,
    /// What the present transaction has set aside.
    pub(super) aside: BTreeSet<Obstacle>,
    /// What refused rows instead of the subject, in this transaction.
    pub(super) obstructions: Vec<Obstacle>,
    /// The last refusal of a row that should have been accepted, by no constraint.
    pub(super) raised: Option<Refusal>,
    /// The conditions on rows, by table: they follow from the schema alone.
    pub(super) conditions: BTreeMap<Id, Vec<Condition>>,
    /// What the server says of a partition's rows, by table.
    pub(super) bounds: BTreeMap<Id, Option<String>>,
    /// Candidates that the server has taken for values of a type, by the type.
    pub(super) values: BTreeMap<String, Vec<String>>,
    /// What personas could do, where it has been asked.
    board: Arc<Board>,
}

/// How a check is asked again.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Manner {
    /// A row that only a trigger refuses is no answer.
    pub(crate) triggers_count: bool,
    /// A key may be set aside together with the foreign keys that refer to it.
    pub(crate) cascade: bool,
}

impl Bench {
    /// A workbench over a database that the schema has been applied to.
    ///
    /// `default_schema` is where the model's unqualified names live; it becomes the `search_path`.
    pub fn new(client: Client, schema: Arc<Schema>, default_schema: Name) -> Self {
        // Values of one process differ from those of another and from a user's own rows.
        let start = std::time::SystemTime::now()
            .duration_since(std::time::UNIX_EPOCH)
            .map_or(1, |since| since.as_micros() as u64);
        Bench {
            client,
            schema,
            default_schema,
            database: None,
            null_defaults: BTreeMap::new(),
            nonce: start % 900_000_000,
            alters: false,
            inside: false,
            aside: BTreeSet::new(),
            obstructions: Vec::new(),
            raised: None,
            conditions: BTreeMap::new(),
            bounds: BTreeMap::new(),
            values: BTreeMap::new(),
            board: Arc::default(),
        }
    }

    /// Runs one check in a transaction of its own, and rolls it back whatever happens.
    ///
    /// Where the answer is not the one expected and something other than the subject gave it, the
    /// check is asked again without that, as long as the database is the suite's own. Triggers of
    /// the tables that `triggered` names go last; where they count, a row that they refuse by an
    /// error of their own stays undecided.
    ///
    /// # Errors
    ///
    /// What the check says, or [`Stop::Fault`] where the transaction could not be begun.
    pub(crate) fn check(
        &mut self,
        triggered: impl Fn(&Schema) -> Vec<Id>,
        manner: Manner,
        check: impl Fn(&mut Bench) -> Result<(), Stop>,
    ) -> Result<(), Stop> {
        let mut aside = BTreeSet::new();
        let mut quiet: Option<Vec<Id>> = None;
        let mut raised = None;
        let mut outcome = self.once(&aside, &[], manner, &check)?;
        for _ in 0..MOST_RETRIES {
            if outcome.is_ok() || !self.alters {
                break;
            }
            let before = aside.len();
            aside.extend(std::mem::take(&mut self.obstructions));
            if aside.len() == before {
                if quiet.is_some() {
                    break;
                }
                let tables = triggered(&self.schema);
                if tables.is_empty() {
                    break;
                }
                quiet = Some(tables);
                raised = self.raised.take();
            }
            match self.once(&aside, quiet.as_deref().unwrap_or_default(), manner, &check)? {
                Err(Stop::Fault(_)) => break,
                next => outcome = next,
            }
        }
        match raised {
            // A trigger that refuses a row by an error of its own has a rule that no schema tells.
            Some(refusal) if manner.triggers_count && outcome.is_ok() => {
                Err(Stop::Undecided(format!(
                    "every constraint accepts the row, and a trigger or a rule refuses it: {refusal}"
                )))
            }
            _ => outcome,
        }
    }

    /// The inner answer is the check's; the outer error is the connection's.
    fn once(
        &mut self,
        aside: &BTreeSet<Obstacle>,
        quiet: &[Id],
        manner: Manner,
        check: &impl Fn(&mut Bench) -> Result<(), Stop>,
    ) -> Result<Result<(), Stop>, Stop> {
        let path = self.path();
        // Nobody waits for a database of the suite's own, however busy the machine is.
        let patience = if self.alters { 300 } else { 60 };
        self.client.batch_execute(&format!(
            "{}; {path}; SET LOCAL statement_timeout = '{patience}s'; \
             SET LOCAL lock_timeout = '10s'; SET CONSTRAINTS ALL IMMEDIATE",
            if self.inside {
                "SAVEPOINT checked"
            } else {
                "BEGIN"
            }
        ))?;
        self.obstructions.clear();
        self.raised = None;
        self.aside.clone_from(aside);
        let outcome = self
            .set_aside(aside, quiet, manner.cascade)
            .and_then(|()| check(self));
        self.client.batch_execute(match self.inside {
            true => "ROLLBACK TO SAVEPOINT checked; RELEASE SAVEPOINT checked",
            false => "ROLLBACK",
        })?;
        Ok(outcome)
    }

    /// Runs checks inside a transaction that has changed the database first, and rolls it back.
    /// The inner error says that the server refused the change.
    pub(crate) fn weakened<T>(
        &mut self,
        sql: &str,
        work: impl FnOnce(&mut Bench) -> Result<T, Stop>,
    ) -> Result<Result<T, Refusal>, Stop> {
        self.client.batch_execute("BEGIN")?;
        let outcome = match self.attempt(sql)? {
            Err(refusal) => Ok(Err(refusal)),
            Ok(_) => {
                self.inside = true;
                let board = std::mem::take(&mut self.board);
                let outcome = work(self);
                self.board = board;
                self.inside = false;
                outcome.map(Ok)
            }
        };
        self.client.batch_execute("ROLLBACK")?;
        outcome
    }

    /// Runs something inside the present transaction and undoes it.
    pub(crate) fn undone<T>(
        &mut self,
        work: impl FnOnce(&mut Bench) -> Result<T, Stop>,
    ) -> Result<Result<T, Stop>, Stop> {
        self.client.batch_execute("SAVEPOINT undone")?;
        let outcome = work(self);
        self.client
            .batch_execute("ROLLBACK TO SAVEPOINT undone; RELEASE SAVEPOINT undone")?;
        self.obstructions.clear();
        Ok(outcome)
    }

    /// What personas could do, as far as it has been asked of this state of the database.
    pub(crate) fn board(&self) -> Arc<Board> {
        Arc::clone(&self.board)
    }

    /// Shares what was asked with the benches of databases in the same state.
    pub(crate) fn sharing(mut self, board: &Arc<Board>) -> Self {
        self.board = Arc::clone(board);
        self
    }

    /// What the database holds, as the present transaction sees it.
    pub(crate) fn read_catalog(&mut self) -> Result<Schema, Stop> {
        let options = ReadOptions::without_platforms();
        let options = match self.inside {
            true => options.in_transaction(),
            false => options,
        };
        let read = catalog::read(&mut self.client, &options);
        Ok(read.map_err(|error| Stop::Fault(error.to_string()))?.schema)
    }

    /// The default schema comes first, then whatever the database is set to search.
    pub(crate) fn path(&self) -> String {
        format!(
            "SELECT set_config('search_path', concat_ws(', ', {}, \
             nullif(current_setting('search_path'), '')), true)",
            literal(&ident(&self.default_schema))
        )
    }

    /// Allows that what stands in a check's way is set aside, inside its transaction. Right for a
    /// database that nobody else uses: the locks are those of `ALTER TABLE`.
    pub fn may_alter(mut self) -> Self {
        self.alters = true;
        self
    }

    /// Whether it may.
    pub(crate) fn alters(&self) -> bool {
        self.alters
    }

    /// Keeps the database that was made for this bench until the bench goes.
    pub fn keep(mut self, database: Database) -> Self {
        self.database = Some(database);
        self.may_alter()
    }

    /// Runs something whose effects stay, on a database that was made for it.
    pub(crate) fn commit(
        &mut self,
        work: impl FnOnce(&mut Bench) -> Result<(), Stop>,
    ) -> Result<(), Stop> {
        let path = self.path();
        self.client.batch_execute(&format!("BEGIN; {path}"))?;
        let outcome = work(self);
        self.client.batch_execute(if outcome.is_ok() {
            "COMMIT"
        } else {
            "ROLLBACK"
        })?;
        outcome
    }

    /// Takes another intent for the one that its schema has.
    pub(crate) fn think(&mut self, schema: Arc<Schema>) {
        self.schema = schema;
    }

    /// The schema that is being checked.
    pub fn schema(&self) -> Arc<Schema> {
        Arc::clone(&self.schema)
    }

    /// Runs statements that the server may well refuse: its effects stay, or it has none.
    ///
    /// # Errors
    ///
    /// [`Stop::Fault`] where no answer came at all; a refusal is the inner `Err`.
    pub(crate) fn attempt(&mut self, sql: &str) -> Result<Result<Vec<TextRow>, Refusal>, Stop> {
        let script = format!("SAVEPOINT attempt; {sql}; RELEASE SAVEPOINT attempt");
        match self.client.simple_query(&script) {
            Ok(messages) => Ok(Ok(rows(messages))),
            Err(error) => {
                let refusal = error
                    .as_db_error()
                    .map(refusal)
                    .ok_or_else(|| Stop::from(error))?;
                let back = "ROLLBACK TO SAVEPOINT attempt; RELEASE SAVEPOINT attempt";
                self.client.batch_execute(back)?;
                Ok(Err(refusal))
            }
        }
    }

    /// Runs a statement as that role, after statements of the suite's own, and undoes them all.
    pub(crate) fn acting(
        &mut self,
        role: &str,
        before: &str,
        sql: &str,
    ) -> Result<Result<Vec<TextRow>, Refusal>, Stop> {
        let role = ident(role);
        let script = format!("SAVEPOINT acting; {before}; SET LOCAL ROLE {role}; {sql}");
        let outcome = match self.client.simple_query(&script) {
            Ok(messages) => Ok(rows(messages)),
            Err(error) => Err(error
                .as_db_error()
                .map(refusal)
                .ok_or_else(|| Stop::from(error))?),
        };
        let back = "ROLLBACK TO SAVEPOINT acting; RELEASE SAVEPOINT acting";
        self.client.batch_execute(back)?;
        Ok(outcome)
    }

    /// Runs a statement of the suite's own, which must succeed.
    pub(crate) fn query(&mut self, sql: &str) -> Result<Vec<TextRow>, Stop> {
        Ok(rows(self.client.simple_query(sql)?))
    }

    /// Whether a default evaluates to null here.
    pub(super) fn default_is_null(&mut self, default: &str) -> Result<bool, Stop> {
        if let Some(&known) = self.null_defaults.get(default) {
            return Ok(known);
        }
        let rows = self.attempt(&format!("SELECT ({default}) IS NULL AS yes"))?;
        let yes = rows
            .ok()
            .and_then(|rows| rows.first()?.get("yes").cloned().flatten());
        let null = yes.as_deref() == Some("t");
        self.null_defaults.insert(default.to_owned(), null);
        Ok(null)
    }

    /// A number that no other row of this run has.
    pub(crate) fn next_nonce(&mut self) -> u64 {
        // An odd stride visits the small ranges (days, letters) evenly.
        self.nonce += 7_919;
        self.nonce
    }
}
