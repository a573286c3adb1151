//! `docs`: the schema as pages and diagrams.

use std::path::{Path, PathBuf};

use serde_json::json;

use super::generate::say;
use crate::args::{Docs, Format};
use crate::config::{Project, projects};
use crate::console::Console;
use crate::emit;
use crate::failure::{Exit, Failure, Outcome};
use crate::files::{Changes, Files};
use crate::source::read_model;

/// Where the pages go, below a project's folder, where nobody says.
const FOLDER: &str = "docs/schema";

pub(super) fn run(console: &Console, config: Option<&Path>, args: &Docs) -> Outcome {
    console.accepts("docs", &[Format::Human, Format::Json])?;
    let projects = projects(config)?;
    if let (Some(_), [_, _, ..]) = (&args.out, &projects[..]) {
        return Err(Failure::input(
            "`--out` is one folder, and there are several projects",
            "run `pilaster docs` in the folder of one, or name a folder in each `pilaster.toml`: docs = 'docs/schema'",
        ));
    }
    let mut all = Changes::default();
    for project in &projects {
        let folder = folder(project, args);
        let schema = read_model(&project.model, console)?.model.schema;
        let mut files = Files::default();
        files.graft(&folder, emit::docs(&schema, &project.title));
        let changes = files.compare(&[folder])?;
        all.unchanged += changes.unchanged;
        all.changes.extend(changes.changes);
    }
    all.write()?;
    if console.is_json() {
        let changes = all.changes.iter();
        let changes: Vec<_> = changes
            .map(|change| json!({ "path": change.path(), "change": change.word() }))
            .collect();
        console.json(&json!({ "changes": changes, "unchanged": all.unchanged }));
        return Ok(Exit::Fine);
    }
    say(console, &all, false, "page");
    Ok(Exit::Fine)
}

fn folder(project: &Project, args: &Docs) -> PathBuf {
    match (&args.out, &project.docs) {
        (Some(out), _) => out.clone(),
        (None, Some(docs)) => docs.clone(),
        (None, None) => project.root.join(FOLDER),
    }
}
