//! `fmt`: the one layout of a model file.

use std::path::Path;

use model::Sources;

use crate::args::{Fmt, Format};
use crate::config::projects;
use crate::console::Console;
use crate::failure::{Exit, Failure, Outcome};
use crate::files::Files;
use crate::source::{model_files, read_text};

pub(super) fn run(console: &Console, config: Option<&Path>, args: &Fmt) -> Outcome {
    console.accepts("fmt", &[Format::Human, Format::Json])?;
    let paths = if args.files.is_empty() {
        projects(config)?
            .into_iter()
            .flat_map(|project| project.model)
            .collect()
    } else {
        args.files.clone()
    };
    let mut files = Files::default();
    let mut faults = Vec::new();
    for path in model_files(&paths)? {
        let text = read_text(&path)?;
        match model::fmt(&text) {
            Ok(formatted) => files.insert(path, formatted),
            Err(diagnostics) => {
                let mut sources = Sources::new();
                sources.add(path, text);
                faults.push(Failure::faults(
                    &diagnostics,
                    &sources,
                    console.error_color(),
                ));
            }
        }
    }
    if let Some(failure) = Failure::all(faults) {
        return Err(failure);
    }
    let changes = files.compare(&[])?;
    if !args.check {
        changes.write()?;
    }
    let changed: Vec<_> = changes
        .changes
        .iter()
        .map(|c| c.path().display().to_string())
        .collect();
    if console.is_json() {
        let key = if args.check {
            "would_change"
        } else {
            "changed"
        };
        console.json(&serde_json::json!({ key: changed, "unchanged": changes.unchanged }));
    } else {
        let word = if args.check {
            "would change"
        } else {
            "formatted"
        };
        changed
            .iter()
            .for_each(|path| console.say(format!("{word} {path}")));
    }
    let stale = args.check && !changed.is_empty();
    Ok(if stale { Exit::Different } else { Exit::Fine })
}
