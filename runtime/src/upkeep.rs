//! What operators ask: is the database well, how much is in it, and can the old go. This module
//! never decides what is old: its caller says so, table by table.

use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use postgres::Client;

use crate::raw::Answered;
use crate::sql::Sql;
use crate::{Changeable, Connection, Query, Result, Row, Transactions};

/// How the database is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Health {
    /// How long it took to answer.
    pub answered_in: Duration,
    /// The server's version: `17.2`.
    pub server: String,
    /// Connections to this database, this one included.
    pub connections: i64,
    /// Connections that the server takes at all.
    pub most_connections: i64,
    /// How long the oldest transaction of this database is open, this one left out. Rows that it
    /// might still see can't be cleaned up.
    pub oldest_transaction: Option<Duration>,
    /// Whether it is a standby, which takes no changes.
    pub read_only: bool,
}

const HEALTH: &str = "SELECT current_setting('server_version'), count(*), \
     current_setting('max_connections')::bigint, \
     extract(epoch FROM now() - min(xact_start) FILTER (WHERE pid <> pg_backend_pid()))::float8, \
     pg_is_in_recovery() \
     FROM pg_stat_activity WHERE datname = current_database()";

impl Health {
    /// Asks the database how it is: one statement, which any role may run. Of other roles'
    /// transactions only those with `pg_read_all_stats` learn the age.
    ///
    /// ```no_run
    /// # fn run(client: &mut pilaster::postgres::Client) -> pilaster::Result<()> {
    /// let health = pilaster::Health::check(client)?;
    /// println!("{} answered in {:?}", health.server, health.answered_in);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Where it does not answer.
    pub fn check(client: &mut impl Connection) -> Result<Health> {
        let began = Instant::now();
        let rows = client.query(HEALTH, &[])?;
        Health::of(&rows, began.elapsed())
    }

    fn of(answer: &impl Answered, answered_in: Duration) -> Result<Health> {
        let row = answer.only()?;
        let oldest: Option<f64> = row.beside(3, "oldest_transaction")?;
        Ok(Health {
            answered_in,
            server: row.beside(0, "server")?,
            connections: row.beside(1, "connections")?,
            most_connections: row.beside(2, "most_connections")?,
            oldest_transaction: oldest.and_then(|s| Duration::try_from_secs_f64(s).ok()),
            read_only: row.beside(4, "read_only")?,
        })
    }

    /// As [`Health::check`], on `tokio-postgres`.
    ///
    /// # Errors
    ///
    /// Where it does not answer.
    #[cfg(feature = "tokio-postgres")]
    pub async fn check_async(client: &impl crate::tokio::Connection) -> Result<Health> {
        let began = Instant::now();
        let rows = client.query(HEALTH, &[]).await?;
        Health::of(&rows, began.elapsed())
    }

    /// As [`Health::check`], on `sqlx`.
    ///
    /// # Errors
    ///
    /// Where it does not answer.
    #[cfg(feature = "sqlx")]
    #[expect(
        clippy::manual_async_fn,
        reason = "that it may be sent to other threads is promised here, and checked here"
    )]
    pub fn check_sqlx<'c>(
        client: impl crate::sqlx::Rows<'c>,
    ) -> impl Future<Output = Result<Health>> + Send {
        async move {
            let began = Instant::now();
            let rows = crate::sqlx::rows(client, crate::sql::Sql::new(HEALTH)).await?;
            Health::of(&rows, began.elapsed())
        }
    }
}

/// How many rows a table has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Count {
    /// The table.
    pub table: &'static str,
    /// Rows in use.
    pub rows: u64,
    /// Rows that were deleted and can be restored.
    pub deleted: u64,
}

impl Count {
    /// Counts the rows of a table, as far as the one who asks may see them. Every row is looked at:
    /// [`Statistics`] estimates.
    ///
    /// # Errors
    ///
    /// What the server refused.
    pub fn of<R: Row>(client: &mut impl Connection) -> Result<Count> {
        let deleted = match R::DELETED {
            Some(_) => R::query().only_deleted().count(client)?,
            None => 0,
        };
        Ok(Count {
            table: R::RELATION.1,
            rows: R::query().count(client)?,
            deleted,
        })
    }
}

/// What the server keeps account of for a table, in numbers that are estimates.
#[derive(Clone, Debug, PartialEq)]
pub struct Statistics {
    /// The table's schema.
    pub schema: String,
    /// Its name.
    pub table: String,
    /// Rows, about.
    pub rows: i64,
    /// Old versions of rows that a vacuum has still to take away, about.
    pub dead_rows: i64,
    /// What it takes on disk with its indexes, in bytes.
    pub bytes: i64,
    /// How often it was read from one end to the other.
    pub full_reads: i64,
    /// How often one of its indexes was used.
    pub index_reads: i64,
    /// When it was last vacuumed.
    pub vacuumed_at: Option<DateTime<Utc>>,
    /// When what the planner knows of it was last brought up to date.
    pub analyzed_at: Option<DateTime<Utc>>,
}

impl Statistics {
    /// The statistics of every table outside the catalogs, the largest first.
    ///
    /// # Errors
    ///
    /// What the server refused.
    pub fn all(client: &mut impl Connection) -> Result<Vec<Statistics>> {
        let text = "SELECT schemaname::text, relname::text, n_live_tup, n_dead_tup, \
             pg_total_relation_size(relid), coalesce(seq_scan, 0), coalesce(idx_scan, 0), \
             greatest(last_vacuum, last_autovacuum), greatest(last_analyze, last_autoanalyze) \
             FROM pg_stat_user_tables ORDER BY 5 DESC, 1, 2";
        let read = |row: &postgres::Row| {
            Ok(Statistics {
                schema: row.try_get(0)?,
                table: row.try_get(1)?,
                rows: row.try_get(2)?,
                dead_rows: row.try_get(3)?,
                bytes: row.try_get(4)?,
                full_reads: row.try_get(5)?,
                index_reads: row.try_get(6)?,
                vacuumed_at: row.try_get(7)?,
                analyzed_at: row.try_get(8)?,
            })
        };
        client.query(text, &[])?.iter().map(read).collect()
    }
}

/// One part of a clean-up: the table, and what takes rows away; nothing where it keeps none.
type Step = (&'static str, Option<Sql<'static>>);

/// What goes for good: rows that were deleted long ago, and rows that are past their time.
///
/// The parts run in the order in which they are named, so children are named before the parents
/// that they keep; all of them in one transaction, which runs again after a deadlock.
///
/// ```no_run
/// # use pilaster::{CleanUp, Row, chrono::{DateTime, TimeDelta, Utc}};
/// # #[derive(Row)]
/// # #[pilaster(table = "notes")]
/// # struct Note { #[pilaster(soft_delete)] deleted_at: Option<DateTime<Utc>> }
/// # #[derive(Row)]
/// # #[pilaster(table = "sessions")]
/// # struct Session { expires_at: DateTime<Utc> }
/// # fn run(client: &mut pilaster::postgres::Client) -> pilaster::Result<()> {
/// let cleaned = CleanUp::new()
///     .purge(Note::query(), 30)
///     .delete(Session::filter(Session::EXPIRES_AT.lt(Utc::now())))
///     .run(client)?;
/// println!("{} rows are gone", cleaned.rows());
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Default)]
pub struct CleanUp {
    steps: Vec<Step>,
}

impl std::fmt::Debug for CleanUp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let tables = self.steps.iter().map(|(table, _)| table);
        f.debug_list().entries(tables).finish()
    }
}

impl CleanUp {
    /// One that takes nothing away yet.
    pub fn new() -> Self {
        CleanUp::default()
    }

    /// Takes away for good what was deleted and kept since before that many days.
    #[must_use]
    pub fn purge<R: Row>(mut self, rows: Query<R>, days: u32) -> Self {
        self.steps.push((R::RELATION.1, rows.purge_sql(days)));
        self
    }

    /// Deletes rows, as [`Query::delete`] does: those of a table that keeps its rows are dated.
    #[must_use]
    pub fn delete<R: Row>(mut self, rows: Query<R>) -> Self
    where
        R::Of: Changeable,
    {
        self.steps.push((R::RELATION.1, Some(rows.delete_sql())));
        self
    }

    /// Takes it all away, or nothing.
    ///
    /// # Errors
    ///
    /// What the server refused.
    pub fn run(&self, client: &mut Client) -> Result<Cleaned> {
        Transactions::new().run(client, |transaction| {
            let mut cleaned = Cleaned::default();
            for (table, sql) in self.sent() {
                cleaned.add(table, sql.touched(transaction)?);
            }
            Ok(cleaned)
        })
    }

    /// As [`CleanUp::run`], on `tokio-postgres`.
    ///
    /// # Errors
    ///
    /// What the server refused.
    #[cfg(feature = "tokio-postgres")]
    pub async fn run_async(&self, client: &mut tokio_postgres::Client) -> Result<Cleaned> {
        let work = Transactions::new().run_async(client, |transaction| {
            let steps: Vec<_> = self.sent().collect();
            Box::pin(async move {
                let mut cleaned = Cleaned::default();
                for (table, sql) in steps {
                    cleaned.add(table, crate::tokio::touched(transaction, sql).await?);
                }
                Ok(cleaned)
            })
        });
        work.await
    }

    /// As [`CleanUp::run`], on `sqlx`.
    ///
    /// # Errors
    ///
    /// What the server refused.
    #[cfg(feature = "sqlx")]
    pub async fn run_sqlx(&self, connection: &mut ::sqlx::PgConnection) -> Result<Cleaned> {
        let work = Transactions::new().run_sqlx(connection, |transaction| {
            let steps: Vec<_> = self.sent().collect();
            Box::pin(async move {
                let mut cleaned = Cleaned::default();
                for (table, sql) in steps {
                    cleaned.add(table, crate::sqlx::touched_on(transaction, sql).await?);
                }
                Ok(cleaned)
            })
        });
        work.await
    }

    /// What is sent, in order.
    fn sent(&self) -> impl Iterator<Item = (&'static str, Sql<'static>)> {
        let steps = self.steps.iter();
        steps.filter_map(|(table, sql)| Some((*table, sql.clone()?)))
    }
}

/// What a clean-up took away.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cleaned {
    /// Rows by table, in the order of the parts, without those that took nothing. What a row takes
    /// along with it is not counted.
    pub tables: Vec<(&'static str, u64)>,
}

impl Cleaned {
    fn add(&mut self, table: &'static str, gone: u64) {
        if gone > 0 {
            self.tables.push((table, gone));
        }
    }

    /// Rows in all.
    pub fn rows(&self) -> u64 {
        self.tables.iter().map(|(_, rows)| rows).sum()
    }
}
