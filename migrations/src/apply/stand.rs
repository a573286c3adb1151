//! How each migration of a history stands, by what a database has recorded.
//!
//! It asks no database and changes nothing.

use std::collections::BTreeMap;

use super::{ApplyError, Direction, Record, State, run};
use crate::history::{Hash, History, Migration};

/// The states, in the order of the migrations.
pub(super) fn stand(history: &History, records: &[Record]) -> Result<Vec<State>, ApplyError> {
    let migrations = history.migrations();
    let mut left: BTreeMap<u32, &Record> = records.iter().map(|r| (r.number, r)).collect();
    let mut states = Vec::new();
    let mut gap: Option<&Migration> = None;
    for migration in migrations {
        let folded = folded(migration, &mut left)?;
        let Some(record) = left.remove(&migration.number) else {
            if let Some(stuck) = folded.last() {
                return Err(within_a_squash(migration, stuck));
            }
            gap = gap.or(Some(migration));
            states.push(State::Pending);
            continue;
        };
        let state = one(migration, record)?;
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
        states.push(state);
    }
    match left.into_values().next() {
        Some(ahead) => Err(elsewhere(ahead, migrations)),
        None => Ok(states),
    }
}

/// The records of migrations before the last that a squash replaces. The last one's hash vouches for
/// them, and where one differs all the same, somebody wrote in the record.
fn folded<'a>(
    migration: &Migration,
    left: &mut BTreeMap<u32, &'a Record>,
) -> Result<Vec<&'a Record>, ApplyError> {
    if migration.replaces.is_empty() {
        return Ok(Vec::new());
    }
    let later = left.split_off(&migration.number);
    let folded: Vec<&Record> = std::mem::replace(left, later).into_values().collect();
    let stray = folded.iter().find(|record| {
        !Hash::parse(&record.hash).is_some_and(|hash| migration.replaces_hash(record.number, hash))
    });
    match stray {
        Some(stray) => Err(other_text(stray, migration)),
        None => Ok(folded),
    }
}

fn one(migration: &Migration, record: &Record) -> Result<State, ApplyError> {
    if record.hash == migration.hash.to_string() {
        return Ok(match record.is_complete() {
            true => State::Applied(record.clone()),
            false => State::Halfway(record.clone()),
        });
    }
    let replaced =
        Hash::parse(&record.hash).is_some_and(|hash| migration.replaces_hash(record.number, hash));
    if replaced {
        return match record.is_complete() {
            true => Ok(State::Applied(record.clone())),
            false => Err(within_a_squash(migration, record)),
        };
    }
    // What a stopped migration has still to do may be mended; what it has done may not.
    if !record.is_complete() && record.slug == migration.slug {
        let text = match record.direction {
            Direction::Up => &migration.up,
            Direction::Down => &migration.down,
        };
        if run::hash_of(text, record.done as usize).is_some_and(|hash| hash == record.done_hash) {
            return Ok(State::Halfway(record.clone()));
        }
    }
    Err(other_text(record, migration))
}

fn other_text(record: &Record, migration: &Migration) -> ApplyError {
    if record.slug != migration.slug && migration.replaces.is_empty() {
        return ApplyError::Diverged {
            fact: format!(
                "the database is on another branch: it has applied {}, and the folder has {}",
                record.name(),
                migration.folder_name()
            ),
            help: format!(
                "`migrate down --to {}` from the branch that has {} takes it back; or bring that \
                 branch in, and let `pilaster generate` plan {} anew behind it",
                record.number.saturating_sub(1),
                record.name(),
                migration.folder_name()
            ),
        };
    }
    let mut help = format!(
        "restore {} as it was applied; what is to change goes into the next migration",
        migration.folder_name()
    );
    if !record.is_complete() {
        help += &format!(
            ". Of a migration that stopped, only what it has not run yet may change: the \
             statements behind the first {}",
            record.done
        );
    }
    ApplyError::Diverged {
        fact: format!("{} was applied with another text", record.name()),
        help,
    }
}

fn within_a_squash(squash: &Migration, record: &Record) -> ApplyError {
    let last = squash.replaces.last().map_or(String::new(), |last| {
        format!("{:04}_{}", last.number, last.slug)
    });
    ApplyError::Diverged {
        fact: format!(
            "the database stands at {}, in the middle of what {} folds together",
            record.name(),
            squash.folder_name()
        ),
        help: format!(
            "bring it to {last} with the folder as it was before it was folded (from version \
             control), `migrate up --to {}`, and come back",
            squash.number
        ),
    }
}

/// A record of which the folder has nothing.
fn elsewhere(record: &Record, migrations: &[Migration]) -> ApplyError {
    let beyond = migrations
        .last()
        .is_none_or(|last| last.number < record.number);
    let fact = format!("{} is applied and not in the folder", record.name());
    ApplyError::Diverged {
        fact: match beyond {
            true => format!("the database is ahead: {fact}"),
            false => fact,
        },
        help: format!(
            "bring in the branch that it came from; or take it back from there, with `migrate down --to {}`",
            record.number.saturating_sub(1)
        ),
    }
}
