//! The record of what was applied: one row a migration, in a schema of the tool's own.
//!
//! It never runs a migration.

use postgres::GenericClient;
use postgres::types::Type;

use super::{ApplyError, SCHEMA, failed};
use crate::history::Migration;

/// Up or down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// It is applied.
    Up,
    /// It is reverted.
    Down,
}

/// What the database knows of one migration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Its number.
    pub number: u32,
    /// Its slug.
    pub slug: String,
    /// The hash of its files when it was applied.
    pub hash: String,
    /// Which way it was last going.
    pub direction: Direction,
    /// How many statements of that way are done.
    pub done: u32,
    /// How many there are.
    pub statements: u32,
    /// Who applied it.
    pub applied_by: String,
    /// When, as the server prints it.
    pub applied_at: String,
    /// How long it took, over all runs.
    pub milliseconds: i64,
    /// The hash of the statements that are done: of a migration that stopped, what is still to be
    /// done may be mended, and nothing else.
    pub done_hash: String,
}

/// How far a migration has come.
#[derive(Clone, Debug)]
pub(super) struct Progress {
    pub(super) direction: Direction,
    pub(super) done: usize,
    pub(super) statements: usize,
    pub(super) milliseconds: u128,
    pub(super) done_hash: String,
}

impl Direction {
    /// `up` or `down`.
    pub fn word(self) -> &'static str {
        match self {
            Direction::Up => "up",
            Direction::Down => "down",
        }
    }
}

impl Record {
    /// The name of its folder.
    pub fn name(&self) -> String {
        format!("{:04}_{}", self.number, self.slug)
    }

    pub(super) fn is_complete(&self) -> bool {
        self.direction == Direction::Up && self.done == self.statements
    }
}

/// Makes the place for the records on first use, within the migrators' lock.
pub(super) fn prepare(client: &mut impl GenericClient) -> Result<(), ApplyError> {
    let sql = format!(
        "create schema if not exists {SCHEMA};
         create table if not exists {SCHEMA}.migrations (
           number integer primary key,
           slug text not null,
           hash text not null,
           direction text not null check (direction in ('up', 'down')),
           done integer not null,
           statements integer not null,
           applied_by text not null default session_user,
           applied_at timestamptz not null default clock_timestamp(),
           milliseconds bigint not null default 0,
           done_hash text not null default ''
         );
         alter table {SCHEMA}.migrations add column if not exists done_hash text not null default ''"
    );
    if exists(client)? {
        return Ok(());
    }
    client
        .batch_execute(&sql)
        .map_err(failed("make the table of applied migrations"))
}

/// Whether the place is there, with all that this version writes.
pub(super) fn exists(client: &mut impl GenericClient) -> Result<bool, ApplyError> {
    let sql = "select exists (select from pg_attribute
                               where attrelid = to_regclass($1) and attname = 'done_hash')";
    let table = format!("{SCHEMA}.migrations");
    let row = client
        .query_typed_one(sql, &[(&table, Type::TEXT)])
        .map_err(failed("look for applied migrations"))?;
    Ok(row.get(0))
}

/// All records, in order; none where nothing was ever applied. Works through any pooler: nothing is
/// prepared by name.
pub(super) fn read(client: &mut impl GenericClient) -> Result<Vec<Record>, ApplyError> {
    let doing = failed("read the applied migrations");
    let table = format!("{SCHEMA}.migrations");
    let there = client
        .query_typed_one(
            "select to_regclass($1) is not null",
            &[(&table, Type::TEXT)],
        )
        .map_err(&doing)?;
    if !there.get::<_, bool>(0) {
        return Ok(Vec::new());
    }
    // A table that an earlier version made has no hash of what is done.
    let sql = format!(
        "select number, slug, hash, direction, done, statements, applied_by, applied_at::text,
                milliseconds, coalesce(to_jsonb(m) ->> 'done_hash', '')
           from {table} m order by number"
    );
    let rows = client.query_typed(&sql, &[]).map_err(&doing)?;
    Ok(rows.iter().map(record).collect())
}

/// The record of one migration.
pub(super) fn read_one(
    client: &mut impl GenericClient,
    number: u32,
) -> Result<Option<Record>, ApplyError> {
    let records = read(client)?;
    Ok(records.into_iter().find(|record| record.number == number))
}

fn record(row: &postgres::Row) -> Record {
    Record {
        number: row.get::<_, i32>(0).unsigned_abs(),
        slug: row.get(1),
        hash: row.get(2),
        direction: match row.get(3) {
            "up" => Direction::Up,
            _ => Direction::Down,
        },
        done: row.get::<_, i32>(4).unsigned_abs(),
        statements: row.get::<_, i32>(5).unsigned_abs(),
        applied_by: row.get(6),
        applied_at: row.get(7),
        milliseconds: row.get(8),
        done_hash: row.get(9),
    }
}

/// Writes how far a migration has come; a way down that is through takes the record away.
pub(super) fn write(
    client: &mut impl GenericClient,
    migration: &Migration,
    progress: &Progress,
) -> Result<(), postgres::Error> {
    let number = signed(migration.number as usize);
    if progress.direction == Direction::Down && progress.done == progress.statements {
        let sql = format!("delete from {SCHEMA}.migrations where number = $1");
        let gone = client.execute_typed(&sql, &[(&number, Type::INT4)]);
        return gone.map(|_| ());
    }
    let sql = format!(
        "insert into {SCHEMA}.migrations as m
           (number, slug, hash, direction, done, statements, milliseconds, done_hash)
         values ($1, $2, $3, $4, $5, $6, $7, $8)
         on conflict (number) do update set
           hash = excluded.hash, direction = excluded.direction, done = excluded.done,
           statements = excluded.statements, done_hash = excluded.done_hash,
           milliseconds = m.milliseconds + excluded.milliseconds, applied_at = clock_timestamp()"
    );
    let took = i64::try_from(progress.milliseconds).unwrap_or(i64::MAX);
    client.execute_typed(
        &sql,
        &[
            (&number, Type::INT4),
            (&migration.slug, Type::TEXT),
            (&migration.hash.to_string(), Type::TEXT),
            (&progress.direction.word(), Type::TEXT),
            (&signed(progress.done), Type::INT4),
            (&signed(progress.statements), Type::INT4),
            (&took, Type::INT8),
            (&progress.done_hash, Type::TEXT),
        ],
    )?;
    Ok(())
}

/// The records of what a squash replaces become the one of the squash: who applied the last of them,
/// and when, stays; the time is that of all.
pub(super) fn fold(
    client: &mut impl GenericClient,
    squash: &Migration,
    statements: usize,
) -> Result<(), postgres::Error> {
    let sql = format!(
        "with gone as (delete from {SCHEMA}.migrations where number < $1 returning milliseconds)
         update {SCHEMA}.migrations set slug = $2, hash = $3, done = $4, statements = $4,
                done_hash = '',
                milliseconds = milliseconds + (select coalesce(sum(g.milliseconds), 0) from gone g)
          where number = $1"
    );
    client.execute_typed(
        &sql,
        &[
            (&signed(squash.number as usize), Type::INT4),
            (&squash.slug, Type::TEXT),
            (&squash.hash.to_string(), Type::TEXT),
            (&signed(statements), Type::INT4),
        ],
    )?;
    Ok(())
}

fn signed(n: usize) -> i32 {
    i32::try_from(n).unwrap_or(i32::MAX)
}
