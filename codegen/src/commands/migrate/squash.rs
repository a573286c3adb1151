//! `migrate squash`: the first migrations as one, which arrives where they did.
//!
//! It writes nothing that a server has not seen to arrive, and never touches a database of the user's.

use std::fs;
use std::path::{Path, PathBuf};

use conformance::suite::Migration as Scripts;
use conformance::suite::verify::fold;
use migrations::history::{History, Migration, Piece};
use migrations::plan::{Options, plan, plan_down};
use migrations::script::TRANSACTION;
use model::Schema;
use serde_json::json;

use super::verify::{ground, stopped};
use super::{known, new, one_project};
use crate::args::MigrateSquash;
use crate::config::Project;
use crate::console::Console;
use crate::derived::{losses, unplanned};
use crate::failure::{Exit, Failure, Outcome};
use crate::source::{reached, read_history};

pub(super) fn run(console: &Console, config: Option<&Path>, args: &MigrateSquash) -> Outcome {
    let project = one_project(config)?;
    let history = read_history(&project.migrations)?;
    known(&history, args.to.to)?;
    let to = args.to.to.unwrap_or(history.next_number() - 1);
    let folded: Vec<_> = history
        .migrations()
        .iter()
        .filter(|m| m.number <= to)
        .collect();
    if folded.len() < 2 {
        return Err(Failure::input(
            "there is nothing to fold together: a squash needs two migrations",
            "say a later one with --to N",
        ));
    }
    if let Some(unwritten) = folded.iter().find(|m| m.is_unwritten()) {
        return Err(Failure::input(
            format_args!("{}/up.sql has no statement yet", unwritten.folder_name()),
            "write it, or remove the folder",
        ));
    }
    let squash = planned(&project, &history, to, &args.name)?;
    let ground = ground(console, &project, &history, args.to.database.url.as_deref())?;
    let scripts = Scripts {
        name: squash.folder_name(),
        up: squash.up.clone(),
        down: squash.down.clone(),
    };
    let differences = fold(&ground, folded.len(), &scripts).map_err(stopped)?;
    let names: Vec<String> = folded.iter().map(|m| m.folder_name()).collect();
    if differences.is_empty() {
        replace(&project, &folded, &squash)?;
    }
    report(console, &names, &squash, &differences);
    Ok(match differences.is_empty() {
        true => Exit::Fine,
        false => Exit::Different,
    })
}

/// The one migration: plans anew, and between them what was written by hand.
fn planned(project: &Project, history: &History, to: u32, slug: &str) -> Outcome<Migration> {
    let (mut up, mut down) = (Vec::new(), Vec::new());
    let pieces = history.pieces(to);
    for piece in &pieces {
        let (forth, back) = match piece {
            Piece::Planned { from, to } => {
                let from = from.map_or(Ok(Schema::default()), |m| schema(project, m))?;
                plans(&from, &schema(project, to)?)?
            }
            Piece::Kept(kept) => {
                let heading =
                    |way: &str| format!("-- {}{way}, written by hand:\n\n", kept.folder_name());
                (
                    heading("") + kept.up_body().replace(new::UP, "").trim_start(),
                    heading(", the way back") + &written(kept.down_body()),
                )
            }
        };
        up.push(forth);
        down.push(back);
    }
    down.reverse();
    let by_hand = pieces.iter().any(|piece| matches!(piece, Piece::Kept(_)));
    history
        .squash(to, slug, &joined(&up), &joined(&down), by_hand)
        .ok_or_else(|| Failure::input(format_args!("there is no migration {to}"), "name one"))
}

fn plans(from: &Schema, to: &Schema) -> Outcome<(String, String)> {
    // Only a database that has nothing runs it, so nobody waits.
    let options = Options {
        online: false,
        ..Options::default()
    };
    let up = plan(from, to, &options).map_err(|faults| unplanned(&faults))?;
    let down = plan_down(from, to, &options).map_err(|faults| unplanned(&faults))?;
    Ok((up.sql(), losses(&down) + &down.sql()))
}

/// A way down without the words that an author began with, but with its label.
fn written(down: &str) -> String {
    let (_, words) = new::DOWN.split_once("\n\n").unwrap_or_default();
    down.replace(words, "")
}

/// Each in a transaction of its own, as they were.
fn joined(scripts: &[String]) -> String {
    let full = scripts
        .iter()
        .map(|script| script.trim_end())
        .filter(|script| !script.is_empty());
    let all: Vec<&str> = full.collect();
    all.join(&format!("\n\n{TRANSACTION}\n\n")) + "\n"
}

fn schema(project: &Project, migration: &Migration) -> Outcome<Schema> {
    let folder = project.migrations.join(migration.folder_name());
    reached(
        folder.join(migrations::history::SNAPSHOT),
        &migration.snapshot,
    )
}

/// The folders of what is folded give way to the one. They are moved aside first, and back again where
/// that fails, so the folder holds the one history or the other.
fn replace(project: &Project, folded: &[&Migration], squash: &Migration) -> Outcome<()> {
    let folder = &project.migrations;
    let aside = folder.join(format!(".folded.{}.tmp", std::process::id()));
    let made = aside.join("new");
    let io = |doing: &'static str| {
        move |(path, e): (PathBuf, std::io::Error)| Failure::io(doing, &path, &e)
    };
    stage(&made, squash).map_err(io("write"))?;
    let mut moved: Vec<(PathBuf, PathBuf)> = Vec::new();
    let mut go = |from: PathBuf, to: PathBuf| {
        fs::rename(&from, &to).map_err(|e| (from.clone(), e))?;
        moved.push((from, to));
        Ok(())
    };
    let result = folded
        .iter()
        .map(|m| (folder.join(m.folder_name()), aside.join(m.folder_name())))
        .chain([(made, folder.join(squash.folder_name()))])
        .try_for_each(|(from, to)| go(from, to));
    if let Err(failed) = result {
        for (from, to) in moved.iter().rev() {
            let _ = fs::rename(to, from);
        }
        let _ = fs::remove_dir_all(&aside);
        return Err(io("move")(failed));
    }
    fs::remove_dir_all(&aside).map_err(|e| Failure::io("remove", &aside, &e))
}

fn stage(made: &Path, squash: &Migration) -> Result<(), (PathBuf, std::io::Error)> {
    fs::create_dir_all(made).map_err(|e| (made.to_path_buf(), e))?;
    for (path, text) in squash.files() {
        let path = made.join(path.file_name().unwrap_or_default());
        fs::write(&path, text).map_err(|e| (path, e))?;
    }
    Ok(())
}

fn report(console: &Console, names: &[String], squash: &Migration, differences: &[String]) {
    let name = squash.folder_name();
    if console.is_json() {
        console.json(&json!({
            "folded": names,
            "into": differences.is_empty().then_some(&name),
            "differences": differences,
        }));
        return;
    }
    let (first, last) = (&names[0], &names[names.len() - 1]);
    if differences.is_empty() {
        console.say(format!(
            "folded {first} to {last} into {name}: it arrives at the same schema"
        ));
        console.note(format!(
            "a database that has applied {last} has {name}; one that stands before it must be \
             brought there first, with the folder as it was"
        ));
        return;
    }
    console.say(format!(
        "nothing was written: {first} to {last}, planned anew, do not arrive where they did"
    ));
    for difference in differences {
        console.say(format!("  {difference}"));
    }
    console.note(
        "SQL that was added by hand to a planned migration isn't planned again. Say what it makes in \
         the model (a `raw` block holds any statement), or give the rows it brings a migration of \
         their own (`pilaster migrate new`); or stop before it with --to N",
    );
}
