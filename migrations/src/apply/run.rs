//! Running one migration, unit by unit, each with its record.
//!
//! A unit in a transaction is recorded in that transaction; outside of one each statement is
//! recorded right behind it. It never goes on after a statement that was refused.

use std::time::Instant;

use postgres::Client;

use super::{ApplyError, Direction, Event, State, failed, record};
use crate::history::{DOWN, Migration, UP};
use crate::render::SETTINGS;
use crate::script::{Piece, Unit, units};

pub(super) fn migration(
    client: &mut Client,
    migration: &Migration,
    state: &State,
    direction: Direction,
    on: &mut dyn FnMut(Event<'_>),
) -> Result<(), ApplyError> {
    let (script, name) = match direction {
        Direction::Up => (&migration.up, UP),
        Direction::Down => (&migration.down, DOWN),
    };
    let units = units(script);
    let total = units.iter().map(|unit| unit.statements.len()).sum();
    let mut run = Run {
        client,
        migration,
        direction,
        file: format!("{}/{name}", migration.folder_name()),
        total,
        done: 0,
    };
    let skip = begun(&run, state)?;
    on(Event::Begins(migration, direction));
    let start = Instant::now();
    for unit in &units {
        run.unit(unit, skip)?;
    }
    if total == 0 {
        record::write(run.client, migration, direction, 0, 0, 0)
            .map_err(failed("record the migration"))?;
    }
    on(Event::Done(migration, direction, start.elapsed().as_millis()));
    Ok(())
}

/// How many statements an earlier run has done that went the same way.
fn begun(run: &Run<'_>, state: &State) -> Result<usize, ApplyError> {
    match (state, run.direction) {
        (State::Halfway(record), direction) if record.direction == direction => {
            Ok(record.done as usize)
        }
        (State::Halfway(record), direction) => Err(ApplyError::Diverged {
            fact: format!(
                "{} stopped on its way {} after {} of {} statements",
                record.name(),
                record.direction.word(),
                record.done,
                record.statements
            ),
            help: format!(
                "run `migrate {}` to finish it before going {}",
                record.direction.word(),
                direction.word()
            ),
        }),
        (State::Applied(_) | State::Pending, _) => Ok(0),
    }
}

struct Run<'a> {
    client: &'a mut Client,
    migration: &'a Migration,
    direction: Direction,
    file: String,
    total: usize,
    done: usize,
}

impl Run<'_> {
    fn unit(&mut self, unit: &Unit, skip: usize) -> Result<(), ApplyError> {
        if unit.in_transaction {
            return self.transaction(&unit.statements, skip);
        }
        for setting in SETTINGS {
            self.client.batch_execute(setting).map_err(failed("set up the session"))?;
        }
        for piece in &unit.statements {
            self.done += 1;
            if self.done <= skip {
                continue;
            }
            let start = Instant::now();
            self.client.batch_execute(&piece.sql).map_err(|source| refused(&self.file, piece, source))?;
            let took = start.elapsed().as_millis();
            record::write(self.client, self.migration, self.direction, self.done, self.total, took)
                .map_err(failed("record the migration"))?;
        }
        self.client.batch_execute("reset search_path; reset check_function_bodies")
            .map_err(failed("set the session back"))
    }

    fn transaction(&mut self, pieces: &[Piece], skip: usize) -> Result<(), ApplyError> {
        let first = self.done;
        self.done += pieces.len();
        if self.done <= skip {
            return Ok(());
        }
        let start = Instant::now();
        let mut transaction = self.client.transaction().map_err(failed("begin"))?;
        for setting in SETTINGS {
            let local = setting.replacen("SET ", "SET LOCAL ", 1);
            transaction.batch_execute(&local).map_err(failed("set up the transaction"))?;
        }
        for piece in &pieces[skip.saturating_sub(first)..] {
            transaction.batch_execute(&piece.sql).map_err(|source| refused(&self.file, piece, source))?;
        }
        let took = start.elapsed().as_millis();
        record::write(&mut transaction, self.migration, self.direction, self.done, self.total, took)
            .map_err(failed("record the migration"))?;
        transaction.commit().map_err(failed("commit"))
    }
}

fn refused(file: &str, piece: &Piece, source: postgres::Error) -> ApplyError {
    ApplyError::Refused { file: file.to_owned(), line: piece.line, source }
}
