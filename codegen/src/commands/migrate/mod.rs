//! `migrate`: the history on a database, applied, reverted and inspected.

mod baseline;
mod verify;

use std::path::Path;

use migrations::apply::{ApplyError, Direction, Event, Migrator, Patience, State};
use migrations::history::{History, Migration};
use serde_json::{Value, json};

use super::{not_yet, one_project};
use crate::args::{Format, Migrate, MigrateAction, MigrateRun, MigrateTo};
use crate::console::Console;
use crate::failure::{Cause, Exit, Failure, Outcome};
use crate::known::renew;
use crate::source::{Source, connect, database_url, read_history};

pub(super) fn run(console: &Console, config: Option<&Path>, args: &Migrate) -> Outcome {
    console.accepts("migrate", &[Format::Human, Format::Json])?;
    match &args.action {
        MigrateAction::Up(args) => go(console, config, args, Direction::Up),
        MigrateAction::Down(args) => go(console, config, args, Direction::Down),
        MigrateAction::Status(to) => status(console, config, to),
        MigrateAction::Verify(to) => verify::run(console, config, to),
        MigrateAction::Baseline(to) => baseline::run(console, config, to),
        MigrateAction::Squash(_) => not_yet("migrate squash"),
    }
}

/// What a connection is for.
#[derive(Clone, Copy)]
enum Use {
    /// Reading alone, which works through any pooler.
    Look,
    /// Work under the migrators' lock, which belongs to a session.
    Migrate,
}

fn open(
    console: &Console,
    config: Option<&Path>,
    to: &MigrateTo,
    purpose: Use,
) -> Outcome<(History, postgres::Client)> {
    let history = read_history(&one_project(config)?.migrations)?;
    let unknown = |n: &u32| *n != 0 && !history.migrations().iter().any(|m| m.number == *n);
    if let Some(number) = to.to.filter(unknown) {
        return Err(Failure::input(
            format_args!("there is no migration {number}"),
            format_args!("they are numbered from 1 to {}", history.next_number() - 1),
        ));
    }
    let url = database_url(to.database.url.as_deref())?;
    if let Some(sign) = url.pooler() {
        let fact = format!("{sign} means a transaction pooler");
        let mend = "use the direct connection: most often port 5432 of the same database";
        if !matches!(purpose, Use::Look) {
            // A session's lock and settings would stay with a server process that serves others.
            return Err(Failure::input(
                format_args!("{fact}, and migrations need a session of their own"),
                mend,
            ));
        }
        console.note(format!("{fact}; to migrate, {mend}"));
    }
    Ok((history, connect(&url)?))
}

fn go(console: &Console, config: Option<&Path>, args: &MigrateRun, way: Direction) -> Outcome {
    let to = &args.to;
    let settings = one_project(config)?.migrate;
    let limits = Patience::default();
    let patience = Patience {
        lock: args
            .lock_timeout
            .or(settings.lock_timeout)
            .unwrap_or(limits.lock),
        retries: args
            .lock_retries
            .or(settings.lock_retries)
            .unwrap_or(limits.retries),
        statement: args
            .statement_timeout
            .or(settings.statement_timeout)
            .unwrap_or(limits.statement),
    };
    let (history, mut client) = open(console, config, to, Use::Migrate)?;
    let mut done: Vec<Value> = Vec::new();
    let mut on = |event: Event<'_>| match event {
        Event::Waiting(holder) => console.note(format!(
            "waiting for another migrator: process {} of {}, since {}",
            holder.pid, holder.user, holder.since
        )),
        Event::Begins(..) => {}
        Event::Retries(error, attempt, pause) => console.note(format!(
            "{error}\n  others go first; try {} follows in {} s",
            attempt + 1,
            pause.as_secs_f32()
        )),
        Event::Done(migration, _, milliseconds) => {
            let name = migration.folder_name();
            if !console.is_json() {
                console.say(format!("{} {name} ({milliseconds} ms)", word(way)));
            }
            done.push(json!({ "migration": name, "milliseconds": milliseconds as u64 }));
        }
    };
    let mut migrator = Migrator::new(&mut client, &history).with_patience(patience);
    let result = match way {
        Direction::Up => migrator.up(to.to, &mut on),
        Direction::Down => migrator.down(to.to, &mut on),
    };
    let count = result.map_err(|e| failure(&e))?;
    if console.is_json() {
        console.json(&json!({ word(way): done }));
    } else if count == 0 {
        console.say(match way {
            Direction::Up => "nothing to do: every migration is applied",
            Direction::Down => "nothing to do: no migration is applied",
        });
    }
    if way == Direction::Up && count > 0 && to.to.is_none() {
        remember(console, config, to)?;
    }
    Ok(Exit::Fine)
}

/// Keeps in the database how its server reads the model, for `drift`. The migrations stand whether
/// or not that can be done.
fn remember(console: &Console, config: Option<&Path>, to: &MigrateTo) -> Outcome<()> {
    let model = Source::Model(one_project(config)?.model);
    let url = database_url(to.database.url.as_deref())?;
    if let Err(failure) = renew(&url, &model) {
        console.note(format!(
            "nothing is recorded for `pilaster drift`: {failure}"
        ));
    }
    Ok(())
}

fn word(way: Direction) -> &'static str {
    match way {
        Direction::Up => "applied",
        Direction::Down => "reverted",
    }
}

fn status(console: &Console, config: Option<&Path>, to: &MigrateTo) -> Outcome {
    let (history, mut client) = open(console, config, to, Use::Look)?;
    let states = Migrator::new(&mut client, &history)
        .status()
        .map_err(|e| failure(&e))?;
    let all: Vec<(&Migration, &State)> = history.migrations().iter().zip(&states).collect();
    if console.is_json() {
        let rows: Vec<Value> = all
            .iter()
            .map(|(migration, state)| row(migration, state))
            .collect();
        console.json(&json!({ "migrations": rows }));
    } else {
        for (migration, state) in &all {
            let says = match state {
                State::Applied(record) => {
                    format!("applied {} by {}", record.applied_at, record.applied_by)
                }
                State::Halfway(record) => format!(
                    "stopped on its way {} after {} of {} statements",
                    record.direction.word(),
                    record.done,
                    record.statements
                ),
                State::Pending => "not applied".to_owned(),
            };
            console.say(format!("{}  {says}", migration.folder_name()));
        }
        if all.is_empty() {
            console.say("there are no migrations");
        }
    }
    let behind = states
        .iter()
        .any(|state| !matches!(state, State::Applied(_)));
    Ok(if behind { Exit::Different } else { Exit::Fine })
}

fn row(migration: &Migration, state: &State) -> Value {
    let (word, record) = match state {
        State::Applied(record) => ("applied", Some(record)),
        State::Halfway(record) => ("halfway", Some(record)),
        State::Pending => ("pending", None),
    };
    json!({
        "migration": migration.folder_name(),
        "hash": migration.hash.to_string(),
        "state": word,
        "direction": record.map(|r| r.direction.word()),
        "statements_done": record.map(|r| r.done),
        "statements": record.map(|r| r.statements),
        "applied_by": record.map(|r| r.applied_by.as_str()),
        "applied_at": record.map(|r| r.applied_at.as_str()),
        "milliseconds": record.map(|r| r.milliseconds),
    })
}

fn failure(error: &ApplyError) -> Failure {
    match error {
        ApplyError::Diverged { fact, help } => Failure::input(fact, help),
        ApplyError::Database { .. } | ApplyError::Refused { .. } => {
            Failure::of(Cause::Outside, format!("error: {error}"))
        }
    }
}
