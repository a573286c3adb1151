//! `migrate new` and `migrate rehash`: migrations written by hand, and what they are chained to.
//!
//! It never writes SQL of its own into a migration, and never runs one.

use std::path::Path;

use migrations::apply::Migrator;
use migrations::history::{History, Rechained, rechain};
use serde_json::json;

use super::{broken, failure, one_project};
use crate::args::{Database, MigrateNew};
use crate::config::Project;
use crate::console::Console;
use crate::derived::is_current;
use crate::failure::{Exit, Failure, Outcome};
use crate::files::{Changes, Files};
use crate::source::{connect, database_url, read_history, read_model};

/// What an author begins with.
pub(super) const UP: &str = "\
-- Statements of your own, each with a semicolon at its end. They run in one transaction, together
-- with the record that they ran; `-- pilaster: transaction` on a line of its own begins another one.
-- Behind `-- pilaster: no transaction` each statement runs by itself, and runs again where it was
-- cut off before its record was written.

";

pub(super) const DOWN: &str = "\
-- lossy: what up.sql did to the rows stays as it is

-- The way back. Where it brings the rows back as they were, remove the label above: `pilaster
-- migrate verify` compares them.

";

pub(super) fn new(console: &Console, config: Option<&Path>, args: &MigrateNew) -> Outcome {
    let project = one_project(config)?;
    let history = read_history(&project.migrations)?;
    // What is wrong with the model is for `generate` to say.
    let behind = read_model(&project.model, console).is_ok_and(|read| !is_current(&read, &history));
    let migration = history.next_by_hand(&args.name, UP, DOWN);
    let mut files = Files::default();
    for (path, text) in migration.files() {
        files.insert(project.migrations.join(path), text);
    }
    let changes = write(console, files)?;
    if console.is_json() {
        let paths: Vec<_> = changes.changes.iter().map(|change| change.path()).collect();
        console.json(&json!({ "migration": migration.folder_name(), "created": paths }));
        return Ok(Exit::Fine);
    }
    if behind {
        console.note(
            "note: the model has moved since the last migration. This one meets the schema as it was \
             before that; to have it meet the new one, remove it, run `pilaster generate` first",
        );
    }
    console.note(
        "write up.sql and down.sql; `pilaster migrate verify` proves them on rows of its own",
    );
    Ok(Exit::Fine)
}

pub(super) fn rehash(console: &Console, config: Option<&Path>, database: &Database) -> Outcome {
    let project = one_project(config)?;
    let (history, changed) = rechain(&project.migrations).map_err(|b| broken(&b))?;
    let asked = database.url.is_some() || set("DATABASE_URL");
    if asked {
        is_unapplied(&history, database)?;
    }
    let written = rewrite(console, &project, &changed)?;
    if console.is_json() {
        let names: Vec<_> = changed.iter().map(|c| c.migration.folder_name()).collect();
        console.json(&json!({ "rehashed": names, "asked_a_database": asked }));
    } else if written.changes.is_empty() {
        console.say("nothing to do: the chain holds");
    } else if !asked {
        console.note(
            "no database was asked whether it has applied them; one that has says so at `migrate \
             status`. `pilaster migrate verify` proves that the history still arrives at the model",
        );
    }
    Ok(Exit::Fine)
}

fn set(name: &str) -> bool {
    std::env::var_os(name).is_some_and(|value| !value.is_empty())
}

/// What a database has applied must stay as it was.
fn is_unapplied(history: &History, database: &Database) -> Outcome<()> {
    let mut client = connect(&database_url(database.url.as_deref())?)?;
    match Migrator::new(&mut client, history).status() {
        Ok(_) => Ok(()),
        Err(error) => Err(failure(&error).with_note("nothing was written")),
    }
}

fn rewrite(console: &Console, project: &Project, changed: &[Rechained]) -> Outcome<Changes> {
    let mut files = Files::default();
    for one in changed {
        for (path, text) in one.migration.files() {
            files.insert(project.migrations.join(path), text);
        }
    }
    write(console, files)
}

fn write(console: &Console, files: Files) -> Result<Changes, Failure> {
    let changes = files.compare(&[])?;
    changes.write()?;
    for change in changes.changes.iter().filter(|_| !console.is_json()) {
        console.say(format!("{} {}", change.word(), change.path().display()));
    }
    Ok(changes)
}
