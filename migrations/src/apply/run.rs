//! Running scripts unit by unit, each unit of a migration with its record.
//!
//! A unit in a transaction is recorded in that transaction; outside of one each statement is
//! recorded right behind it, and one that died before its record was written is recognised. It
//! never goes on after a statement that was refused.

use std::cell::RefCell;
use std::time::{Duration, Instant};

use postgres::{Client, Transaction};

use super::patience::is_passing;
use super::record::Progress;
use super::{ApplyError, Direction, Event, Patience, State, failed, leftover, lock, record};
use crate::history::{DOWN, Hash, Migration, UP};
use crate::render::SETTINGS;
use crate::script::{Piece, units};

/// What a role or a database has set must not cut off an index build (Supabase sets two minutes).
const UNBOUNDED: [&str; 2] = ["SET lock_timeout = 0", "SET statement_timeout = 0"];

/// What is written down of a run, and how it goes about it.
struct Log<'a> {
    migration: &'a Migration,
    direction: Direction,
    text: &'a str,
    total: usize,
    patience: Patience,
    /// Whether a pooler may give each transaction another session.
    pooled: bool,
    /// The statement that an earlier run may have begun.
    begun: Option<usize>,
    /// What the record says before the next unit, as (direction, done); `None` where there is none.
    stands: Option<(Direction, usize)>,
}

pub(super) fn script(client: &mut Client, sql: &str) -> Result<(), ApplyError> {
    run(client, "script", sql, 0, None, &mut |_| {})
}

/// How a migration is to be run.
#[derive(Clone, Copy)]
pub(super) struct How {
    pub(super) direction: Direction,
    pub(super) patience: Patience,
    pub(super) pooled: bool,
}

pub(super) fn migration(
    client: &mut Client,
    migration: &Migration,
    state: &State,
    how: How,
    on: &mut dyn FnMut(Event<'_>),
) -> Result<(), ApplyError> {
    let How {
        direction,
        patience,
        pooled,
    } = how;
    let text = text(migration, direction);
    let skip = already_done(state, direction)?;
    let total = count(text);
    let mut log = Log {
        migration,
        direction,
        text,
        total,
        patience,
        pooled,
        begun: matches!(state, State::Halfway(_)).then_some(skip),
        stands: match state {
            State::Pending => None,
            State::Applied(record) | State::Halfway(record) => {
                Some((record.direction, record.done as usize))
            }
        },
    };
    on(Event::Begins(migration, direction));
    let start = Instant::now();
    let file = file(migration, direction);
    run(client, &file, text, skip, Some(&mut log), on)?;
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

/// The script of that way.
pub(super) fn text(migration: &Migration, direction: Direction) -> &str {
    match direction {
        Direction::Up => &migration.up,
        Direction::Down => &migration.down,
    }
}

fn file(migration: &Migration, direction: Direction) -> String {
    let name = match direction {
        Direction::Up => UP,
        Direction::Down => DOWN,
    };
    format!("{}/{name}", migration.folder_name())
}

/// How many statements a script has.
pub(super) fn count(text: &str) -> usize {
    units(text).iter().map(|unit| unit.statements.len()).sum()
}

/// The hash of a script's first statements; `None` where it has fewer.
pub(super) fn hash_of(text: &str, done: usize) -> Option<String> {
    let units = units(text);
    let pieces: Vec<&str> = units
        .iter()
        .flat_map(|unit| &unit.statements)
        .map(|piece| piece.sql.as_str())
        .take(done)
        .collect();
    (pieces.len() == done).then(|| Hash::of_text(&pieces.join(";\n")).to_string())
}

/// The first statement behind the first `skip` that can't run in a transaction, with its file.
pub(super) fn first_apart(
    migration: &Migration,
    state: &State,
    direction: Direction,
) -> Option<(String, Piece)> {
    let mut skip = already_done(state, direction).unwrap_or(0);
    for unit in units(text(migration, direction)) {
        let left = unit.statements.get(skip..).unwrap_or_default();
        skip = skip.saturating_sub(unit.statements.len());
        if let (false, Some(first)) = (unit.in_transaction, left.first()) {
            return Some((file(migration, direction), first.clone()));
        }
    }
    None
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
            "run `migrate {way}` to finish it before going {}; what it has not run yet may be \
             mended in its {way}.sql",
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
    mut log: Option<&mut Log<'_>>,
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
        let before = done - left.len();
        match log.as_deref_mut() {
            None => alone(client, file, left, unit.in_transaction)?,
            Some(log) if unit.in_transaction => {
                patiently(client, log, on, |client, on| {
                    together(client, file, left, log, before, on)
                })?;
                log.stands = Some((log.direction, done));
            }
            Some(log) => apart(client, file, left, log, before, on)?,
        }
    }
    Ok(())
}

/// A unit of which nothing is written down.
fn alone(
    client: &mut Client,
    file: &str,
    pieces: &[Piece],
    in_transaction: bool,
) -> Result<(), ApplyError> {
    if in_transaction {
        let mut transaction = client.transaction().map_err(failed("begin"))?;
        set_up(&mut transaction, None)?;
        for piece in pieces {
            let done = transaction.batch_execute(&piece.sql);
            done.map_err(|source| refused(file, piece, source))?;
        }
        return transaction.commit().map_err(failed("commit"));
    }
    set_up_apart(client)?;
    for piece in pieces {
        let done = client.batch_execute(&piece.sql);
        done.map_err(|source| refused(file, piece, source))?;
    }
    set_back(client)
}

/// Tries a unit again that only came at the wrong moment; each try that fails leaves nothing.
fn patiently(
    client: &mut Client,
    log: &Log<'_>,
    on: &mut dyn FnMut(Event<'_>),
    unit: impl Fn(&mut Client, &mut dyn FnMut(Event<'_>)) -> Result<(), ApplyError>,
) -> Result<(), ApplyError> {
    let mut attempt = 1;
    loop {
        match unit(client, on) {
            Err(error) if is_passing(&error) && attempt <= log.patience.retries => {
                let pause = log.patience.pause(attempt);
                on(Event::Retries(&error, attempt, pause));
                rest(client, pause, log.patience.silence)?;
                attempt += 1;
            }
            result => return result,
        }
    }
}

/// Pauses, and asks something now and then: the server gives up a session that is silent too long.
fn rest(client: &mut Client, pause: Duration, silence: Duration) -> Result<(), ApplyError> {
    let slice = match silence.is_zero() {
        true => pause,
        false => silence / 3,
    };
    let until = Instant::now() + pause;
    loop {
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Ok(());
        }
        std::thread::sleep(left.min(slice));
        client
            .batch_execute("")
            .map_err(failed("wait for a lock"))?;
    }
}

/// One transaction, with the record of it.
fn together(
    client: &mut Client,
    file: &str,
    pieces: &[Piece],
    log: &Log<'_>,
    before: usize,
    on: &mut dyn FnMut(Event<'_>),
) -> Result<(), ApplyError> {
    let start = Instant::now();
    let unit = |transaction: &mut Transaction<'_>, on: &mut dyn FnMut(Event<'_>)| {
        set_up(transaction, Some(&log.patience))?;
        for (n, piece) in pieces.iter().enumerate() {
            log.tell(piece, before + n, on);
            let done = transaction.batch_execute(&piece.sql);
            done.map_err(|source| refused(file, piece, source))?;
        }
        log.write(transaction, before + pieces.len(), start)
    };
    if !log.pooled {
        let mut transaction = client.transaction().map_err(failed("begin"))?;
        unit(&mut transaction, on)?;
        return transaction.commit().map_err(failed("commit"));
    }
    let on = RefCell::new(on);
    let tell = |event: Event<'_>| (on.borrow_mut())(event);
    lock::within(client, &mut { tell }, |transaction| {
        // Between two transactions another migrator may have been at work.
        let record = record::read_one(transaction, log.migration.number)?;
        if record.map(|r| (r.direction, r.done as usize)) != log.stands {
            return Err(ApplyError::Moved(log.migration.folder_name()));
        }
        unit(transaction, &mut { tell })
    })
}

/// Each statement by itself, with its record right behind it.
fn apart(
    client: &mut Client,
    file: &str,
    pieces: &[Piece],
    log: &mut Log<'_>,
    before: usize,
    on: &mut dyn FnMut(Event<'_>),
) -> Result<(), ApplyError> {
    set_up_apart(client)?;
    // Whoever resumes must know that the first of them may have been begun.
    log.write(client, before, Instant::now())?;
    for (n, piece) in pieces.iter().enumerate() {
        let start = Instant::now();
        let refused = |source| refused(file, piece, source);
        log.tell(piece, before + n, on);
        let begun = log.begun == Some(before + n);
        if !(begun && leftover::is_done(client, &piece.sql).map_err(refused)?) {
            client.batch_execute(&piece.sql).map_err(refused)?;
        }
        log.write(client, before + n + 1, start)?;
        log.stands = Some((log.direction, before + n + 1));
    }
    set_back(client)
}

fn set_up(
    transaction: &mut Transaction<'_>,
    patience: Option<&Patience>,
) -> Result<(), ApplyError> {
    let locals = SETTINGS.map(|setting| setting.replacen("SET ", "SET LOCAL ", 1));
    let limits = patience.map(Patience::settings).unwrap_or_default();
    let all = format!("{}; {limits}", locals.join("; "));
    let done = transaction.batch_execute(&all);
    done.map_err(failed("set up the transaction"))
}

fn set_up_apart(client: &mut Client) -> Result<(), ApplyError> {
    for setting in SETTINGS.iter().chain(&UNBOUNDED) {
        client
            .batch_execute(setting)
            .map_err(failed("set up the session"))?;
    }
    Ok(())
}

fn set_back(client: &mut Client) -> Result<(), ApplyError> {
    let back = "RESET search_path; RESET check_function_bodies; RESET lock_timeout; \
                RESET statement_timeout";
    client
        .batch_execute(back)
        .map_err(failed("set the session back"))
}

impl Log<'_> {
    fn tell(&self, piece: &Piece, before: usize, on: &mut dyn FnMut(Event<'_>)) {
        on(Event::Statement {
            migration: self.migration,
            statement: piece,
            number: before + 1,
            of: self.total,
        });
    }

    fn write(
        &self,
        client: &mut impl postgres::GenericClient,
        done: usize,
        start: Instant,
    ) -> Result<(), ApplyError> {
        let progress = Progress {
            direction: self.direction,
            done,
            statements: self.total,
            milliseconds: start.elapsed().as_millis(),
            done_hash: hash_of(self.text, done).unwrap_or_default(),
        };
        record::write(client, self.migration, &progress).map_err(failed("record the migration"))
    }
}

/// A statement that the server refused, or in which the connection broke.
fn refused(file: &str, piece: &Piece, source: postgres::Error) -> ApplyError {
    let (file, line) = (file.to_owned(), piece.line);
    match source.as_db_error() {
        Some(_) => ApplyError::Refused { file, line, source },
        None => ApplyError::Broken { file, line, source },
    }
}
