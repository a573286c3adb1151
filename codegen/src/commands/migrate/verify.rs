//! `migrate verify`: the history proven on a scratch server.
//!
//! It never touches a database that holds anything: `--url` names a server on which databases of
//! its own are made and dropped.

use std::path::Path;

use conformance::Stop;
use conformance::server::{Server, Wanted};
use conformance::suite::verify::{Report, Verdict, verify};
use conformance::suite::{Ground, Migration, Subject};
use migrations::history::History;
use serde_json::{Value, json};

use super::one_project;
use crate::args::MigrateTo;
use crate::config::Project;
use crate::console::Console;
use crate::failure::{Cause, Exit, Failure, Outcome};
use crate::source::{read_history, read_model, url};

pub(super) fn run(console: &Console, config: Option<&Path>, to: &MigrateTo) -> Outcome {
    if to.to.is_some() {
        return Err(Failure::input(
            "`migrate verify` proves the whole history",
            "leave --to out",
        ));
    }
    let project = one_project(config)?;
    let history = read_history(&project.migrations)?;
    let ground = ground(console, &project, &history, to.database.url.as_deref())?;
    let report = verify(&ground, &mut |verdict| {
        if !console.is_json() {
            show(console, verdict);
        }
    })
    .map_err(stopped)?;
    if console.is_json() {
        console.json(&document(&report));
    } else {
        conclude(console, &report);
    }
    Ok(match report.is_proven() {
        true => Exit::Fine,
        false => Exit::Different,
    })
}

/// A scratch server for the project's history: the one at `given`, or the first that can be had.
pub(super) fn ground(
    console: &Console,
    project: &Project,
    history: &History,
    given: Option<&str>,
) -> Outcome<Ground> {
    let model = read_model(&project.model, console)?.model;
    let migrations = history.migrations().iter().map(|migration| Migration {
        name: migration.folder_name(),
        up: migration.up.clone(),
        down: migration.down.clone(),
    });
    let subject = Subject::new(&project.name, model, migrations.collect());
    let mut wanted = Wanted::from_env().map_err(|e| Failure::input(e, "unset the variable"))?;
    wanted.url = given.map(url).transpose()?;
    if let Some(image) = &project.test.image {
        wanted.image.clone_from(image);
    }
    let extensions = subject.schema.of_kind(model::Kind::Extension);
    wanted.extensions = extensions
        .filter(|node| !node.external)
        .map(|node| node.id.name.to_string())
        .collect();
    let server = Server::start(&wanted).map_err(|e| Failure::database("start a server", e))?;
    console.note(server.describe());
    Ok(Ground::new(subject, server))
}

pub(super) fn stopped(stop: Stop) -> Failure {
    let (Stop::Failed(why) | Stop::Undecided(why) | Stop::Fault(why)) = stop;
    Failure::of(Cause::Outside, format!("error: {why}"))
}

fn show(console: &Console, verdict: &Verdict) {
    let word = match (verdict.faults.is_empty(), verdict.lossy.is_empty()) {
        (true, true) => "proven",
        (true, false) => "proven, down is lossy",
        (false, _) => "FAILED",
    };
    let time = verdict.time.as_millis();
    console.say(format!("{}  {word} ({time} ms)", verdict.name));
    for fault in &verdict.faults {
        console.say(format!("    {fault}"));
    }
    for loss in &verdict.lossy {
        console.say(format!("    lossy: {loss}"));
    }
    for note in &verdict.notes {
        console.say(format!("    note: {note}"));
    }
}

fn conclude(console: &Console, report: &Report) {
    for difference in &report.arrival {
        console.say(format!("    {difference}"));
    }
    let all = report.migrations.len();
    let wrong = report.migrations.iter().filter(|m| !m.faults.is_empty());
    let arrival = match (report.is_proven(), report.arrival.is_empty()) {
        (true, _) => "they arrive at the model",
        (false, false) => "they do not arrive at the model",
        (false, true) => "see above",
    };
    console.say(format!(
        "{} of {all} migrations proven, up, down and up again; {arrival}",
        all - wrong.count()
    ));
    match &report.witness {
        Ok(program) => console.say(format!("{program} was the second witness")),
        Err(why) => console.note(why),
    }
}

fn document(report: &Report) -> Value {
    let migrations: Vec<Value> = report
        .migrations
        .iter()
        .map(|m| {
            json!({
                "migration": m.name,
                "proven": m.faults.is_empty(),
                "faults": m.faults,
                "lossy": m.lossy,
                "notes": m.notes,
                "milliseconds": m.time.as_millis() as u64,
            })
        })
        .collect();
    json!({
        "proven": report.is_proven(),
        "migrations": migrations,
        "differences_from_model": report.arrival,
        "witness": report.witness.as_ref().ok(),
        "witness_absent": report.witness.as_ref().err(),
    })
}
