//! `test --mutate`: the proof of the suite. Each promise of a model is weakened in turn, and a check
//! must fail.
//!
//! It never touches a database that it did not make.

use std::path::Path;

use conformance::server::Server;
use conformance::suite::mutation::{self, Fate, Score, Verdict};
use conformance::suite::{Ground, Migration, Subject};
use model::Sources;
use serde_json::{Value, json};

use super::test::wanted;
use crate::args::{Format, Test};
use crate::config::{Project, projects};
use crate::console::Console;
use crate::failure::{Exit, Failure, Outcome};
use crate::source::{read_history, read_model};

pub(super) fn run(console: &Console, config: Option<&Path>, args: &Test) -> Outcome {
    console.accepts("test --mutate", &[Format::Human, Format::Json])?;
    let mut reports = Vec::new();
    let mut found = 0;
    let mut full = true;
    for project in projects(config)? {
        let (verdicts, sources) = verdicts(console, args, &project)?;
        found += verdicts.len();
        full &= Score::of(&verdicts).is_full();
        if console.is_json() {
            reports.push(document(&project.name, &verdicts, &sources));
        } else if !verdicts.is_empty() {
            console.say(format!("{}\n{}", project.name, told(&verdicts, &sources)));
        }
    }
    if let (0, Some(text)) = (found, &args.filter) {
        return Err(Failure::input(
            format_args!("no mutant's name holds `{text}`"),
            "`pilaster test --mutate --format json` names them",
        ));
    }
    if console.is_json() {
        console.json(&json!({ "projects": reports }));
    }
    Ok(if full { Exit::Fine } else { Exit::Different })
}

fn verdicts(console: &Console, args: &Test, project: &Project) -> Outcome<(Vec<Verdict>, Sources)> {
    let read = read_model(&project.model, console)?;
    let history = read_history(&project.migrations)?;
    let migrations = history.migrations().iter().map(|migration| Migration {
        name: migration.folder_name(),
        up: migration.up.clone(),
        down: migration.down.clone(),
    });
    let subject = Subject::new(&project.name, read.model, migrations.collect());
    let mut mutants = mutation::mutants(&subject.schema);
    if let Some(text) = &args.filter {
        let of_access = text == "access";
        mutants.retain(|m| m.name.contains(text.as_str()) || (of_access && m.access));
    }
    if mutants.is_empty() {
        return Ok((Vec::new(), read.sources));
    }
    let server = Server::start(&wanted(args.server, project, &subject)?)
        .map_err(|e| Failure::database("start a server", e))?;
    console.note(server.describe());
    let ground = Ground::new(subject, server);
    let bar = console.progress(mutants.len(), &project.name);
    let verdicts = mutation::run(&ground, &mutants, |_| bar.inc(1));
    bar.finish_and_clear();
    let mut verdicts = verdicts.map_err(|e| Failure::database("weaken the database", e))?;
    for verdict in &mut verdicts {
        let id = &verdict.mutant.subject;
        let schema = &ground.subject().schema;
        let node = schema.get(id).filter(|node| node.origin.is_some());
        let table = || {
            id.relation()
                .and_then(|id| schema.relation(&id.schema, &id.name))
        };
        verdict.origin = node.or_else(table).and_then(|node| node.origin);
    }
    Ok((verdicts, read.sources))
}

/// Survivors with their place and their SQL, what was not counted with its reason, and the score.
fn told(verdicts: &[Verdict], sources: &Sources) -> String {
    mutation::human(verdicts, &|verdict| place(verdict, sources))
}

fn place(verdict: &Verdict, sources: &Sources) -> Option<String> {
    let origin = verdict.origin?;
    let (line, column) = sources.line_column(origin);
    let file = sources.files().nth(origin.file as usize)?;
    Some(format!("{}:{line}:{column}", file.1.display()))
}

fn document(name: &str, verdicts: &[Verdict], sources: &Sources) -> Value {
    let mut report: Value = serde_json::from_str(&mutation::json(verdicts)).unwrap_or_default();
    report["project"] = Value::from(name);
    if let Some(rows) = report["mutants"].as_array_mut() {
        for (row, verdict) in rows.iter_mut().zip(verdicts) {
            row["place"] = Value::from(place(verdict, sources));
            row["counts"] = Value::from(matches!(
                verdict.fate,
                Fate::Killed { .. } | Fate::Survived | Fate::Fault(_)
            ));
        }
    }
    report
}
