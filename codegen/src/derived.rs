//! Everything derived from one project's model: read, emit, plan. Nothing is written here.

mod hazards;
mod reach;
mod refusals;
mod renames;

use std::path::{Path, PathBuf};

use migrations::history::{History, Migration};
use migrations::plan::{HazardKind, Options, Plan, Step, Unplannable, plan, plan_down};
use model::share::both;
use model::{Model, Schema};

use crate::config::Project;
use crate::console::Console;
use crate::derivations;
use crate::emit;
use crate::failure::{Cause, Failure, Outcome};
use crate::files::Files;
use crate::source::{self, Read};
use crate::steps;

/// How to derive.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// The next migration's name, where it is said.
    pub name: Option<String>,
    /// Hazards that the next migration may carry.
    pub allow: Vec<HazardKind>,
    /// Whether the database may be kept waiting.
    pub offline: bool,
}

/// What a project's model becomes.
#[derive(Debug)]
pub struct Derived {
    /// The model it was derived from.
    pub read: Read,
    /// The files, ready to be compared with the disk.
    pub files: Files,
    /// The folders in which derived files that are no longer derived are to be removed.
    pub swept: Vec<PathBuf>,
    /// How many files of earlier migrations were found to be as they were written.
    pub kept: usize,
    /// The folder of the next migration with its plan, where the model moved; its files are among `files`.
    pub next: Option<(PathBuf, Plan)>,
}

/// Why nothing could be derived.
#[derive(Debug)]
pub enum Stopped {
    /// A failure, ready to print.
    Failure(Failure),
    /// Something that went and something that came look like one thing renamed.
    Renames(renames::Likely),
}

pub use renames::Likely;

impl From<Failure> for Stopped {
    fn from(failure: Failure) -> Self {
        Stopped::Failure(failure)
    }
}

/// Derives everything from a project's model.
///
/// # Errors
///
/// [`Stopped`] where the model or the history has errors, where the next migration carries hazards
/// that are not allowed, or where it must first be said whether something was renamed.
pub fn derive(project: &Project, wanted: &Wanted, console: &Console) -> Result<Derived, Stopped> {
    let sources = source::read_files(&project.model)?;
    // With the model's own text: the history has reached it already, or its next snapshot is made of it.
    let (read, history) = both(
        || source::read_laid_out(&sources, console),
        || source::read_history(&project.migrations),
    );
    let ((model, laid_out, warnings), history) = (read?, history?);
    let read = Read {
        sources,
        model,
        warnings,
    };
    let (files, next) = both(
        || emitted(project, &read.model),
        || next(project, &read, &history, laid_out, wanted, console),
    );
    let (mut files, next) = (files?, next?);
    let next = next.map(|(migration, plan)| {
        let folder = project.migrations.join(migration.folder_name());
        for (path, text) in migration.into_files() {
            files.insert(project.migrations.join(path), text);
        }
        (folder, plan)
    });
    let swept = swept(project);
    Ok(Derived {
        read,
        files,
        swept,
        kept: history
            .migrations()
            .iter()
            .map(|migration| migration.files().len())
            .sum(),
        next,
    })
}

fn emitted(project: &Project, model: &Model) -> Outcome<Files> {
    let mut files = Files::default();
    if let Some(path) = &project.rust {
        let folder = path.parent().unwrap_or(Path::new(""));
        let module = path
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let options = emit::Options {
            module,
            ..emit::Options::default()
        };
        files.graft(folder, emit::rust(&model.schema, &options));
    }
    if let Some(folder) = &project.json_schema {
        files.graft(folder, emit::json_schema(&model.schema));
    }
    if let Some(path) = &project.typescript {
        files.insert(path.clone(), emit::typescript(&model.schema));
    }
    if let Some(folder) = &project.docs {
        files.graft(folder, emit::docs(&model.schema, &project.title));
    }
    Ok(files)
}

/// Where derived files of an earlier run may lie: a file or a folder each. The Rust module of a
/// small model is one file, that of a large one a folder.
fn swept(project: &Project) -> Vec<PathBuf> {
    let rust = project
        .rust
        .iter()
        .flat_map(|path| [path.with_extension("rs"), path.with_extension("")]);
    let others = [&project.json_schema, &project.typescript, &project.docs];
    rust.chain(others.into_iter().flatten().cloned()).collect()
}

/// Whether the history reaches the model, so that nothing is to be planned.
pub fn is_current(read: &Read, history: &History) -> bool {
    let laid_out = |text: &str| model::fmt(text).unwrap_or_else(|_| text.to_owned());
    let files: Vec<String> = read
        .sources
        .files()
        .map(|(_, _, text)| laid_out(text))
        .collect();
    let reached = snapshot_text(&read.model.schema, &files.join("\n"));
    reaches(history, &reached)
}

/// Equal texts are equal schemas, and need not be read.
fn reaches(history: &History, text: &str) -> bool {
    history
        .snapshot()
        .is_some_and(|(_, snapshot)| snapshot.ends_with(text))
}

fn next(
    project: &Project,
    read: &Read,
    history: &History,
    laid_out: String,
    wanted: &Wanted,
    console: &Console,
) -> Result<Option<(Migration, Plan)>, Stopped> {
    let text = || snapshot_text(&read.model.schema, &laid_out);
    let reached = history.snapshot().map(|_| text());
    if reached.as_ref().is_some_and(|text| reaches(history, text)) {
        return Ok(None);
    }
    let (from, to) = (&source::snapshot(history)?, &read.model.schema);
    let options = Options {
        online: !wanted.offline,
        ..Options::default()
    };
    let likely = renames::likely(from, to, &wanted.allow);
    if !likely.is_empty() {
        return Err(Stopped::Renames(likely));
    }
    let (up, (down, reached)) = both(
        || plan(from, to, &options).map(|up| (up.sql(), up)),
        || {
            let down = plan_down(from, to, &options);
            (
                down.map(|down| format!("{}{}", losses(&down), down.sql())),
                reached.unwrap_or_else(text),
            )
        },
    );
    let no_way = |faults: Vec<Unplannable>| refusals::shown(&faults, read, console);
    let (mut script, mut up) = up.map_err(no_way)?;
    if up.is_empty() {
        return Ok(None);
    }
    if reach::refine(&mut up, from, read, history, project, console) {
        script = up.sql();
    }
    hazards::judge(&up, read, &wanted.allow, console)?;
    let back = down.map_err(no_way)?;
    let first = history.migrations().is_empty();
    let slug = wanted
        .name
        .clone()
        .unwrap_or_else(|| steps::slug(&up, first));
    let migration = history.next(&slug, script, back, reached);
    Ok(Some((migration, up)))
}

/// The model's own text, laid out: what a review reads, and what the next plan starts from. Its
/// first line says what was derived from it, see [`derivations`](crate::derivations).
fn snapshot_text(schema: &Schema, laid_out: &str) -> String {
    let line = derivations::line(schema).map_or(String::new(), |line| line + "\n\n");
    // Its migration puts a header before it.
    let mut text = String::with_capacity(laid_out.len() + line.len() + 1024);
    text.push_str(&line);
    text.push_str(laid_out);
    text
}

/// What a way back cannot bring back, as the comment it begins with; a step's hazards say it
/// where it stands.
pub fn losses(down: &Plan) -> String {
    let silent = |step: &&Step| step.statements.iter().all(|s| s.hazards.is_empty());
    let lossy = down
        .steps
        .iter()
        .filter(silent)
        .filter_map(|step| step.lossy.as_ref());
    let lines: String = lossy.map(|loss| format!("-- lossy: {loss}\n")).collect();
    if lines.is_empty() {
        lines
    } else {
        lines + "\n"
    }
}

/// Differences for which no way is known, as a failure.
pub fn unplanned(unplannable: &[Unplannable]) -> Failure {
    let lines: Vec<_> = unplannable.iter().map(|u| format!("error: {u}")).collect();
    Failure::of(Cause::Input, lines.join("\n"))
}

/// The plan between two schemas, for looking at.
///
/// # Errors
///
/// [`Cause::Input`](crate::failure::Cause::Input) with every difference for which no way is known.
pub fn between(from: &Schema, to: &Schema, online: bool) -> Outcome<Plan> {
    let options = Options {
        online,
        ..Options::default()
    };
    plan(from, to, &options).map_err(|faults| unplanned(&faults))
}
