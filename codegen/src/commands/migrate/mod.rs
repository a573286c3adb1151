//! `migrate`: the history on a database, applied, reverted and inspected.

mod baseline;
pub(super) mod documents;
mod go;
mod new;
mod squash;
mod verify;

use std::path::Path;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use migrations::Url;
use migrations::apply::{ApplyError, Direction, Migrator, State};
use migrations::concerned::{Concerned, Risk, risks};
use migrations::history::{Broken, History, Migration};
use serde_json::{Value, json};

use super::one_project;
use crate::args::{Format, Migrate, MigrateAction, MigrateTo};
use crate::console::Console;
use crate::failure::{Cause, Exit, Failure, Outcome};
use crate::known::renew;
use crate::source::{Source, connect, database_url, read_history};
use postgres::error::SqlState;

pub(super) fn run(console: &Console, config: Option<&Path>, args: &Migrate) -> Outcome {
    console.accepts("migrate", &[Format::Human, Format::Json])?;
    match &args.action {
        MigrateAction::Up(args) => go::run(console, config, args, Direction::Up),
        MigrateAction::Down(args) => go::run(console, config, args, Direction::Down),
        MigrateAction::Status(to) => status(console, config, to),
        MigrateAction::Verify(to) => verify::run(console, config, to),
        MigrateAction::Baseline(to) => baseline::run(console, config, to),
        MigrateAction::Squash(args) => squash::run(console, config, args),
        MigrateAction::New(args) => new::new(console, config, args),
        MigrateAction::Rehash(database) => new::rehash(console, config, database),
    }
}

/// What a connection is for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Use {
    /// Reading alone, which works through any pooler.
    Look,
    /// Work under the migrators' lock, which belongs to a session.
    Migrate,
}

/// A history and a database.
struct Opened {
    history: History,
    client: postgres::Client,
    url: Url,
    /// The server's process.
    pid: i32,
    /// Whether a pooler may give each transaction another one.
    pooled: bool,
}

/// A number that is said must be one of the history's; 0 is before the first.
fn known(history: &History, to: Option<u32>) -> Outcome<()> {
    let all = history.migrations();
    let unknown = |n: &u32| *n != 0 && !all.iter().any(|m| m.number == *n);
    let Some(number) = to.filter(unknown) else {
        return Ok(());
    };
    let mend = match (all.first(), all.last()) {
        (Some(first), Some(last)) => {
            format!("they are numbered from {} to {}", first.number, last.number)
        }
        _ => "there are none yet; `pilaster generate` writes the first".to_owned(),
    };
    Err(Failure::input(
        format_args!("there is no migration {number}"),
        mend,
    ))
}

fn open(console: &Console, config: Option<&Path>, to: &MigrateTo, purpose: Use) -> Outcome<Opened> {
    let history = read_history(&one_project(config)?.migrations)?;
    known(&history, to.to)?;
    let url = database_url(to.database.url.as_deref())?;
    let sign = url.pooler();
    const DIRECT: &str = "the direct connection, most often port 5432 of the same database";
    let warn = |sign: &str| {
        console.note(format!(
            "{sign} means a transaction pooler, and migrations need a session of their own: use \
             {DIRECT}. What runs in a transaction goes through the pooler too"
        ));
    };
    if let Some(sign) = sign {
        warn(sign);
    }
    let asked = |e| Failure::database("ask the database whether a pooler stands before it", e);
    let mut client = connect(&url)?;
    let mut pooled = sign.is_some();
    let mut pid = 0;
    if purpose == Use::Migrate {
        if migrations::pools_transactions(&mut client, &url).map_err(asked)? && !pooled {
            warn("a session that changes between transactions");
            pooled = true;
        }
        let sql = "select pg_backend_pid()";
        let row = client.query_typed_one(sql, &[]).map_err(asked)?;
        pid = row.get(0);
    }
    Ok(Opened {
        history,
        client,
        url,
        pid,
        pooled,
    })
}

fn status(console: &Console, config: Option<&Path>, to: &MigrateTo) -> Outcome {
    let Opened {
        history,
        mut client,
        ..
    } = open(console, config, to, Use::Look)?;
    let states = Migrator::new(&mut client, &history)
        .status()
        .map_err(|e| failure(&e))?;
    let all: Vec<(&Migration, &State)> = history.migrations().iter().zip(&states).collect();
    let mut ahead = |migration: &Migration, state: &State| match state {
        State::Pending => risks(&mut client, &migration.up),
        State::Applied(_) | State::Halfway(_) => Vec::new(),
    };
    if console.is_json() {
        let mut one = |(migration, state): &(&Migration, &State)| {
            row(migration, state, &ahead(migration, state))
        };
        let rows: Vec<Value> = all.iter().map(&mut one).collect();
        console.json(&json!({ "migrations": rows }));
    } else {
        for (migration, state) in &all {
            let says = match state {
                State::Applied(record) => {
                    let (at, by) = (&record.applied_at, &record.applied_by);
                    match record.hash == migration.hash.to_string() {
                        true => format!("applied {at} by {by}"),
                        false => format!("applied {at} by {by}, one by one to {}", record.name()),
                    }
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
            for risk in ahead(migration, state) {
                console.say(format!("    {risk}"));
            }
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

fn row(migration: &Migration, state: &State, risks: &[Risk]) -> Value {
    let (word, record) = match state {
        State::Applied(record) => ("applied", Some(record)),
        State::Halfway(record) => ("halfway", Some(record)),
        State::Pending => ("pending", None),
    };
    let risks: Vec<Value> = risks.iter().map(risk).collect();
    json!({
        "migration": migration.folder_name(),
        "hash": migration.hash.to_string(),
        "state": word,
        "risks": risks,
        "direction": record.map(|r| r.direction.word()),
        "statements_done": record.map(|r| r.done),
        "statements": record.map(|r| r.statements),
        "applied_by": record.map(|r| r.applied_by.as_str()),
        "applied_at": record.map(|r| r.applied_at.as_str()),
        "milliseconds": record.map(|r| r.milliseconds),
    })
}

fn risk(risk: &Risk) -> Value {
    let rows = |of: fn(&Concerned) -> Value| risk.concerned.as_ref().map(of);
    json!({
        "hazard": risk.kind.name(),
        "message": risk.message,
        "rows": rows(|concerned| json!(concerned.rows)),
        "rows_are_counted": rows(|concerned| json!(concerned.exact)),
        "rows_with_a_value": rows(|concerned| json!(concerned.with_value)),
    })
}

/// What the migrations that are still to be applied put at risk, and how many rows of it there are.
fn say_risks(console: &Console, opened: &mut Opened, to: Option<u32>) {
    // Where it stands is the migrator's to judge; here are only words beforehand.
    let status = Migrator::new(&mut opened.client, &opened.history).status();
    let Ok(states) = status else {
        return;
    };
    let all = opened.history.migrations().iter().zip(&states);
    let pending = all.filter(|(migration, state)| {
        matches!(state, State::Pending) && to.is_none_or(|to| migration.number <= to)
    });
    for (migration, _) in pending {
        for risk in risks(&mut opened.client, &migration.up) {
            console.note(format!("{}: {risk}", migration.folder_name()));
        }
    }
}

fn broken(broken: &Broken) -> Failure {
    let cause = match broken.is_outside() {
        true => Cause::Outside,
        false => Cause::Input,
    };
    Failure::of(cause, broken.to_string())
}

fn failure(error: &ApplyError) -> Failure {
    let after =
        "`migrate status` says where the database stands, and the same command goes on there";
    let mend = match error {
        ApplyError::Diverged { fact, help } | ApplyError::NotReady { fact, help } => {
            return Failure::input(fact, help);
        }
        ApplyError::Refused { source, .. } => match source.code().map(SqlState::code) {
            Some("53100") => format!("free space on the server; {after}"),
            Some("53400") => format!("raise the limit that it names; {after}"),
            Some("55P03") => format!(
                "see who holds the lock (pg_locks), or wait longer: --lock-timeout, --lock-retries; \
                 {after}"
            ),
            Some("57014") => format!("wait longer: --statement-timeout; {after}"),
            _ => format!("its unit is undone: put right what it says; {after}"),
        },
        ApplyError::Broken { .. } => format!("see to the server or the network; {after}"),
        ApplyError::Database { .. } | ApplyError::Moved(_) => after.to_owned(),
    };
    Failure::of(Cause::Outside, format!("error: {error}\n  = mend: {mend}"))
}

/// Keeps in the database how its server reads the model, for `drift`. The migrations stand whether
/// or not that can be done, so it is given up after `patience`; zero waits without end.
fn remember(
    console: &Console,
    config: Option<&Path>,
    to: &MigrateTo,
    patience: Duration,
) -> Outcome<()> {
    let model = Source::Model(one_project(config)?.model);
    let url = database_url(to.database.url.as_deref())?;
    let (tell, said) = mpsc::channel();
    // In a thread of its own, as the migrator: a connection that never answers holds nobody.
    thread::spawn(move || tell.send(renew(&url, &model)));
    let bar = console.spinner();
    bar.set_message("recording what the server made of the model");
    let said = match patience.is_zero() {
        true => said.recv().map_err(|_| RecvTimeoutError::Disconnected),
        false => said.recv_timeout(patience),
    };
    bar.finish_and_clear();
    let why = match said {
        Ok(Ok(_)) => return Ok(()),
        Ok(Err(failure)) => failure.to_string(),
        Err(RecvTimeoutError::Timeout) => {
            format!("the server has not answered for {} s", patience.as_secs())
        }
        Err(RecvTimeoutError::Disconnected) => "it ended unheard".to_owned(),
    };
    console.note(format!("nothing is recorded for `pilaster drift`: {why}"));
    Ok(())
}
