//! Running scripts unit by unit, each unit of a migration with its record.
//!
//! A unit in a transaction is recorded in that transaction; outside of one each statement is
//! recorded right behind it. It never goes on after a statement that was refused.

use std::time::Instant;

use postgres::Client;

use super::{ApplyError, Direction, Event, State, failed, record};
use crate::history::{DOWN, Migration, UP};
use crate::render::SETTINGS;
use crate::script::{Piece, units};

/// What is written down of a run: the migration, which way, and out of how many statements.
struct Log<'a> {
    migration: &'a Migration,
    direction: Direction,
    total: usize,
}

pub(super) fn script(client: &mut Client, sql: &str) -> Result<(), ApplyError> {
    run(client, "script", sql, 0, None)
}

pub(super) fn migration(
    client: &mut Client,
    migration: &Migration,
    state: &State,
    direction: Direction,
    on: &mut dyn FnMut(Event<'_>),
) -> Result<(), ApplyError> {
    let (text, name) = match direction {
        Direction::Up => (&migration.up, UP),
        Direction::Down => (&migration.down, DOWN),
    };
    let skip = already_done(state, direction)?;
    let total = count(text);
    let log = Log {
        migration,
        direction,
        total,
    };
    on(Event::Begins(migration, direction));
    let start = Instant::now();
    run(
        client,
        &format!("{}/{name}", migration.folder_name()),
        text,
        skip,
        Some(&log),
    )?;
    if total == 0 {
        log.write(client, 0, start)?;
    }
    on(Event::Done(
        migration,
        direction,
        start.elapsed().as_millis(),
    ));
    Ok(())
}

/// How many statements a script has.
pub(super) fn count(text: &str) -> usize {
    units(text).iter().map(|unit| unit.statements.len()).sum()
}

/// How many statements an earlier run has done that went the same way.
fn already_done(state: &State, direction: Direction) -> Result<usize, ApplyError> {
    let State::Halfway(record) = state else {
        return Ok(0);
    };
    if record.direction == direction {
        return Ok(record.done as usize);
    }
    let way = record.direction.word();
    Err(ApplyError::Diverged {
        fact: format!(
            "{} stopped on its way {way} after {} of {} statements",
            record.name(),
            record.done,
            record.statements
        ),
        help: format!(
            "run `migrate {way}` to finish it before going {}",
            direction.word()
        ),
    })
}

/// Runs the statements of a script behind the first `skip`.
fn run(
    client: &mut Client,
    file: &str,
    text: &str,
    skip: usize,
    log: Option<&Log<'_>>,
) -> Result<(), ApplyError> {
    let mut done = 0;
    for unit in units(text) {
        let left = unit
            .statements
            .get(skip.saturating_sub(done)..)
            .unwrap_or_default();
        done += unit.statements.len();
        if left.is_empty() {
            continue;
        }
        if unit.in_transaction {
            together(client, file, left, log.map(|log| (log, done)))?;
        } else {
            apart(client, file, left, log.map(|log| (log, done - left.len())))?;
        }
    }
    Ok(())
}

/// One transaction, with the record of it.
fn together(
    client: &mut Client,
    file: &str,
    pieces: &[Piece],
    log: Option<(&Log<'_>, usize)>,
) -> Result<(), ApplyError> {
    let start = Instant::now();
    let mut transaction = client.transaction().map_err(failed("begin"))?;
    for setting in SETTINGS {
        let local = setting.replacen("SET ", "SET LOCAL ", 1);
        transaction
            .batch_execute(&local)
            .map_err(failed("set up the transaction"))?;
    }
    for piece in pieces {
        transaction
            .batch_execute(&piece.sql)
            .map_err(|source| refused(file, piece, source))?;
    }
    if let Some((log, done)) = log {
        log.write(&mut transaction, done, start)?;
    }
    transaction.commit().map_err(failed("commit"))
}

/// Each statement by itself, with its record right behind it.
fn apart(
    client: &mut Client,
    file: &str,
    pieces: &[Piece],
    log: Option<(&Log<'_>, usize)>,
) -> Result<(), ApplyError> {
    for setting in SETTINGS {
        client
            .batch_execute(setting)
            .map_err(failed("set up the session"))?;
    }
    for (n, piece) in pieces.iter().enumerate() {
        let start = Instant::now();
        client
            .batch_execute(&piece.sql)
            .map_err(|source| refused(file, piece, source))?;
        if let Some((log, before)) = log {
            log.write(client, before + n + 1, start)?;
        }
    }
    let back = "RESET search_path; RESET check_function_bodies";
    client
        .batch_execute(back)
        .map_err(failed("set the session back"))
}

impl Log<'_> {
    fn write(
        &self,
        client: &mut impl postgres::GenericClient,
        done: usize,
        start: Instant,
    ) -> Result<(), ApplyError> {
        let took = start.elapsed().as_millis();
        record::write(
            client,
            self.migration,
            self.direction,
            done,
            self.total,
            took,
        )
        .map_err(failed("record the migration"))
    }
}

fn refused(file: &str, piece: &Piece, source: postgres::Error) -> ApplyError {
    ApplyError::Refused {
        file: file.to_owned(),
        line: piece.line,
        source,
    }
}
