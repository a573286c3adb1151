//! The record of what was applied: one row a migration, in a schema of the tool's own.
//!
//! It never runs a migration.

use postgres::{Client, GenericClient};

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

/// Makes the place for the records on first use.
pub(super) fn prepare(client: &mut Client) -> Result<(), ApplyError> {
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
           milliseconds bigint not null default 0
         )"
    );
    if exists(client)? {
        return Ok(());
    }
    client
        .batch_execute(&sql)
        .map_err(failed("make the table of applied migrations"))
}

fn exists(client: &mut Client) -> Result<bool, ApplyError> {
    let sql = format!("select to_regclass('{SCHEMA}.migrations') is not null");
    let row = client
        .query_one(&sql, &[])
        .map_err(failed("look for applied migrations"))?;
    Ok(row.get(0))
}

/// All records, in order; none where nothing was ever applied.
pub(super) fn read(client: &mut Client) -> Result<Vec<Record>, ApplyError> {
    if !exists(client)? {
        return Ok(Vec::new());
    }
    let sql = format!(
        "select number, slug, hash, direction, done, statements, applied_by, applied_at::text,
                milliseconds
           from {SCHEMA}.migrations order by number"
    );
    let rows = client
        .query(&sql, &[])
        .map_err(failed("read the applied migrations"))?;
    let record = |row: &postgres::Row| Record {
        number: row.get::<_, i32>(0).unsigned_abs(),
        slug: row.get(1),
        hash: row.get(2),
        direction: if row.get::<_, &str>(3) == "up" {
            Direction::Up
        } else {
            Direction::Down
        },
        done: row.get::<_, i32>(4).unsigned_abs(),
        statements: row.get::<_, i32>(5).unsigned_abs(),
        applied_by: row.get(6),
        applied_at: row.get(7),
        milliseconds: row.get(8),
    };
    Ok(rows.iter().map(record).collect())
}

/// Writes how far a migration has come; a way down that is through takes the record away.
pub(super) fn write(
    client: &mut impl GenericClient,
    migration: &Migration,
    direction: Direction,
    done: usize,
    statements: usize,
    milliseconds: u128,
) -> Result<(), postgres::Error> {
    let number = i32::try_from(migration.number).unwrap_or(i32::MAX);
    if direction == Direction::Down && done == statements {
        let sql = format!("delete from {SCHEMA}.migrations where number = $1");
        return client.execute(&sql, &[&number]).map(|_| ());
    }
    let sql = format!(
        "insert into {SCHEMA}.migrations as m
           (number, slug, hash, direction, done, statements, milliseconds)
         values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (number) do update set
           direction = excluded.direction, done = excluded.done, statements = excluded.statements,
           milliseconds = m.milliseconds + excluded.milliseconds, applied_at = clock_timestamp()"
    );
    let count = |n: usize| i32::try_from(n).unwrap_or(i32::MAX);
    let (hash, took) = (
        migration.hash.to_string(),
        i64::try_from(milliseconds).unwrap_or(i64::MAX),
    );
    client.execute(
        &sql,
        &[
            &number,
            &migration.slug,
            &hash,
            &direction.word(),
            &count(done),
            &count(statements),
            &took,
        ],
    )?;
    Ok(())
}
