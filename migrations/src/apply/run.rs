//! Running scripts unit by unit, each unit of a migration with its record.
//!
//! A unit in a transaction is recorded in that transaction; outside of one each statement is
//! recorded right behind it, and one that died before its record was written is recognised. It
//! never goes on after a statement that was refused.

use std::time::Instant;

use postgres::Client;

use super::patience::is_passing;
use super::{ApplyError, Direction, Event, Patience, State, failed, leftover, record};
use crate::history::{DOWN, Migration, UP};
use crate::render::SETTINGS;
use crate::script::{Piece, units};

/// What a role or a database has set must not cut off an index build (Supabase sets two minutes).
const UNBOUNDED: [&str; 2] = ["SET lock_timeout = 0", "SET statement_timeout = 0"];

/// What is written down of a run: the migration, which way, and out of how many statements.
struct Log<'a> {
    migration: &'a Migration,
    direction: Direction,
    total: usize,
    patience: Patience,
    /// The statement that an earlier run may have begun.
    begun: Option<usize>,
}

pub(super) fn script(client: &mut Client, sql: &str) -> Result<(), ApplyError> {
    run(client, "script", sql, 0, None, &mut |_| {})
}

pub(super) fn migration(
    client: &mut Client,
    migration: &Migration,
    state: &State,
    direction: Direction,
    patience: Patience,
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
        patience,
        begun: matches!(state, State::Halfway(_)).then_some(skip),
    };
    on(Event::Begins(migration, direction));
    let start = Instant::now();
    run(
        client,
        &format!("{}/{name}", migration.folder_name()),
        text,
        skip,
        Some(&log),
        on,
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
    on: &mut dyn FnMut(Event<'_>),
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
            patiently(log, on, || {
                together(client, file, left, log.map(|log| (log, done)))
            })?;
        } else {
            apart(client, file, left, log.map(|log| (log, done - left.len())))?;
        }
    }
    Ok(())
}

/// Tries a unit again that only came at the wrong moment; each try that fails leaves nothing.
fn patiently(
    log: Option<&Log<'_>>,
    on: &mut dyn FnMut(Event<'_>),
    mut unit: impl FnMut() -> Result<(), ApplyError>,
) -> Result<(), ApplyError> {
    let mut attempt = 1;
    loop {
        match (unit(), log) {
            (Err(error), Some(log)) if is_passing(&error) && attempt <= log.patience.retries => {
                let pause = log.patience.pause(attempt);
                on(Event::Retries(&error, attempt, pause));
                std::thread::sleep(pause);
                attempt += 1;
            }
            (result, _) => return result,
        }
    }
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
    if let Some((log, _)) = log {
        transaction
            .batch_execute(&log.patience.settings())
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
    for setting in SETTINGS.iter().chain(&UNBOUNDED) {
        client
            .batch_execute(setting)
            .map_err(failed("set up the session"))?;
    }
    if let Some((log, before)) = log {
        // Whoever resumes must know that the first of them may have been begun.
        log.write(client, before, Instant::now())?;
    }
    for (n, piece) in pieces.iter().enumerate() {
        let start = Instant::now();
        let refused = |source| refused(file, piece, source);
        let begun = log.is_some_and(|(log, before)| log.begun == Some(before + n));
        if !(begun && leftover::is_done(client, &piece.sql).map_err(refused)?) {
            client.batch_execute(&piece.sql).map_err(refused)?;
        }
        if let Some((log, before)) = log {
            log.write(client, before + n + 1, start)?;
        }
    }
    let back = "RESET search_path; RESET check_function_bodies; RESET lock_timeout; \
                RESET statement_timeout";
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
