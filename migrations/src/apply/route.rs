//! Which migrations are due, and going through them one by one.
//!
//! It never runs a statement itself.

use super::run::{self, How};
use super::{ApplyError, Direction, Event, Migrator, State, failed, lock, record};
use crate::history::Migration;

/// Goes through what is due; the number of migrations that were run.
pub(super) fn go(
    migrator: &mut Migrator<'_>,
    direction: Direction,
    to: Option<u32>,
    on: &mut dyn FnMut(Event<'_>),
) -> Result<usize, ApplyError> {
    let history = migrator.history;
    let mut count = 0;
    let mut states = migrator.status()?;
    let target = to.unwrap_or_else(|| target(history.migrations(), &states, direction));
    'anew: loop {
        let due = due(history.migrations(), &states, direction, target);
        is_ready(migrator, &due, direction)?;
        for (migration, state) in due {
            let how = How {
                direction,
                patience: migrator.patience,
                pooled: migrator.pooled,
            };
            let state = match direction {
                Direction::Up => state.clone(),
                Direction::Down => unfolded(migrator, migration, state, on)?,
            };
            if matches!(
                (direction, &state),
                (Direction::Up, State::Pending) | (Direction::Down, State::Applied(_))
            ) && let Some(before) = &mut migrator.before
            {
                before(migrator.client, migration, direction)?;
            }
            match run::migration(migrator.client, migration, &state, how, on) {
                Ok(()) => count += 1,
                Err(ApplyError::Moved(_)) => {
                    states = migrator.status()?;
                    continue 'anew;
                }
                Err(error) => return Err(error),
            }
        }
        return Ok(count);
    }
}

/// Where to go where nothing is said: all the way up, or one migration down.
fn target(migrations: &[Migration], states: &[State], direction: Direction) -> u32 {
    if direction == Direction::Up {
        return u32::MAX;
    }
    let begun = states
        .iter()
        .filter(|state| !matches!(state, State::Pending))
        .count();
    match begun.checked_sub(2) {
        Some(n) => migrations[n].number,
        None => 0,
    }
}

fn due<'a>(
    migrations: &'a [Migration],
    states: &'a [State],
    direction: Direction,
    target: u32,
) -> Vec<(&'a Migration, &'a State)> {
    let all = migrations.iter().zip(states);
    match direction {
        Direction::Up => all
            .filter(|(m, state)| m.number <= target && !matches!(state, State::Applied(_)))
            .collect(),
        Direction::Down => {
            let begun =
                all.filter(|(m, state)| m.number > target && !matches!(state, State::Pending));
            let mut begun: Vec<_> = begun.collect();
            begun.reverse();
            begun
        }
    }
}

/// Nothing of what is due stands in the way; found before anything is run.
fn is_ready(
    migrator: &Migrator<'_>,
    due: &[(&Migration, &State)],
    direction: Direction,
) -> Result<(), ApplyError> {
    let unwritten = due
        .iter()
        .find(|(m, _)| direction == Direction::Up && m.is_unwritten());
    if let Some((migration, _)) = unwritten {
        return Err(ApplyError::NotReady {
            fact: format!("{}/up.sql has no statement yet", migration.folder_name()),
            help: "write it, or remove the folder".into(),
        });
    }
    if !migrator.pooled {
        return Ok(());
    }
    let mut apart = due
        .iter()
        .filter_map(|(m, state)| Some((m, run::first_apart(m, state, direction)?)));
    let Some((migration, (file, piece))) = apart.next() else {
        return Ok(());
    };
    let what = piece.sql.lines().next().unwrap_or_default();
    let mut help =
        "use the direct connection: most often port 5432 of the same database".to_owned();
    if due
        .first()
        .is_some_and(|(first, _)| first.number != migration.number)
    {
        let stop = match direction {
            Direction::Up => migration.number - 1,
            Direction::Down => migration.number,
        };
        help += &format!("; what comes before it goes through the pooler too, with --to {stop}");
    }
    Err(ApplyError::NotReady {
        fact: format!(
            "{file}:{}: runs outside a transaction, which needs a session of its own: {what}",
            piece.line
        ),
        help,
    })
}

/// The state of a squash whose parts were applied one by one, with their records made one, so that
/// there is one to take back.
fn unfolded(
    migrator: &mut Migrator<'_>,
    migration: &Migration,
    state: &State,
    on: &mut dyn FnMut(Event<'_>),
) -> Result<State, ApplyError> {
    let State::Applied(record) = state else {
        return Ok(state.clone());
    };
    if record.hash == migration.hash.to_string() {
        return Ok(state.clone());
    }
    let statements = run::count(&migration.up);
    let doing = failed("make one record of those that were folded together");
    lock::within(migrator.client, on, |transaction| {
        record::fold(transaction, migration, statements).map_err(&doing)
    })?;
    let mut record = record.clone();
    record.hash = migration.hash.to_string();
    record.done = u32::try_from(statements).unwrap_or(u32::MAX);
    Ok(State::Applied(record))
}
