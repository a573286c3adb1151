//! `generate`: everything derived from the models, brought up to date.

use std::mem::forget;
use std::path::{Path, PathBuf};
use std::thread;

use migrations::plan::{HazardKind, Plan};
use serde::Serialize;

use crate::args::{Format, Generate};
use crate::config::{Project, projects};
use crate::console::Console;
use crate::derived::{Derived, Stopped, Wanted, derive};
use crate::failure::{Exit, Failure, Outcome};
use crate::files::{Change, Changes};
use crate::report::{Finding, findings};

/// What `--format json` prints.
#[derive(Debug, Default, Serialize)]
struct Report {
    check: bool,
    created: Vec<PathBuf>,
    updated: Vec<PathBuf>,
    removed: Vec<PathBuf>,
    unchanged: usize,
    migrations: Vec<Next>,
    warnings: Vec<Finding>,
}

#[derive(Debug, Serialize)]
struct Next {
    folder: PathBuf,
    plan: Plan,
}

/// Brings everything up to date. What it holds of a large model is not given back piece by piece: the
/// process is about to end.
pub(super) fn run(console: &Console, config: Option<&Path>, args: &Generate) -> Outcome {
    console.accepts("generate", &[Format::Human, Format::Json])?;
    let allow = args
        .allow
        .iter()
        .map(|name| hazard(name))
        .collect::<Result<_, _>>()?;
    let wanted = Wanted {
        name: args.name.clone(),
        allow,
        offline: args.offline,
    };
    let projects = projects(config)?;
    let derived = derive_all(console, &projects, &wanted, args.check)?;
    let mut report = Report {
        check: args.check,
        ..Report::default()
    };
    let mut all = Changes::default();
    for derived in derived {
        let Derived {
            read,
            files,
            swept,
            kept,
            next,
        } = derived;
        if !read.warnings.is_empty() && !console.is_json() {
            console.note(read.warnings.render(&read.sources, console.error_color()));
        }
        report
            .warnings
            .extend(findings(&read.warnings, &read.sources));
        let changes = files.compare(&swept)?;
        all.unchanged += changes.unchanged + kept;
        all.changes.extend(changes.changes);
        report
            .migrations
            .extend(next.map(|(folder, plan)| Next { folder, plan }));
        forget(read);
    }
    if !args.check {
        all.write()?;
    }
    if console.is_json() {
        report = report.of(&all);
        console.json(&report);
    } else {
        say(console, &all, args.check, "file");
    }
    let stale = args.check && !all.changes.is_empty();
    forget(report);
    Ok(if stale { Exit::Different } else { Exit::Fine })
}

/// Derives every project at once. Where one fails nothing of any is written, and all say why.
fn derive_all(
    console: &Console,
    projects: &[Project],
    wanted: &Wanted,
    check: bool,
) -> Outcome<Vec<Derived>> {
    let one = |project: &Project| loop {
        match derive(project, wanted, console) {
            Ok(derived) => return Ok(derived),
            Err(Stopped::Failure(failure)) => return Err(failure),
            Err(Stopped::Renames(likely)) => likely.settle(&project.model, console, check)?,
        }
    };
    // Questions come one after the other.
    let results: Vec<Outcome<Derived>> = if console.interactive || projects.len() == 1 {
        projects.iter().map(one).collect()
    } else {
        thread::scope(|scope| {
            let running: Vec<_> = projects
                .iter()
                .map(|project| scope.spawn(move || one(project)))
                .collect();
            let join = |handle: thread::ScopedJoinHandle<'_, _>| {
                handle
                    .join()
                    .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
            };
            running.into_iter().map(join).collect()
        })
    };
    let mut derived = Vec::new();
    let mut failures = Vec::new();
    for result in results {
        match result {
            Ok(one) => derived.push(one),
            Err(failure) => failures.push(failure),
        }
    }
    Failure::all(failures).map_or(Ok(derived), Err)
}

fn hazard(name: &str) -> Outcome<HazardKind> {
    HazardKind::parse(&name.replace('-', "_")).ok_or_else(|| {
        let names: Vec<_> = HazardKind::ALL.iter().map(|kind| kind.name()).collect();
        Failure::input(
            format_args!("there is no hazard `{name}`"),
            format_args!("hazards are {}", names.join(", ")),
        )
    })
}

/// What became of each file, or that there was nothing to do; `what` is the word for one of them.
pub(super) fn say(console: &Console, all: &Changes, check: bool, what: &str) {
    for change in &all.changes {
        let word = match (check, change) {
            (false, change) => change.word(),
            (true, Change::Created(..)) => "missing",
            (true, Change::Updated(..)) => "stale",
            (true, Change::Removed(..)) => "left over",
        };
        console.say(format!("{word} {}", change.path().display()));
    }
    match (all.changes.len(), check) {
        (0, _) => {
            let are = if all.unchanged == 1 { " is" } else { "s are" };
            console.say(format!(
                "nothing to do: {} {what}{are} up to date",
                all.unchanged
            ));
        }
        (_, true) => console.note("run `pilaster generate` to bring them up to date"),
        (_, false) => {}
    }
}

impl Report {
    fn of(mut self, all: &Changes) -> Self {
        for change in &all.changes {
            let path = change.path().to_path_buf();
            match change {
                Change::Created(..) => self.created.push(path),
                Change::Updated(..) => self.updated.push(path),
                Change::Removed(..) => self.removed.push(path),
            }
        }
        self.unchanged = all.unchanged;
        self
    }
}
