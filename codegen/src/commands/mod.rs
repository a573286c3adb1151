//! One file a command: its arguments made ready, its work, its answer.
//!
//! Nothing here knows how a schema is made, compared or proven.

mod access;
mod diff;
mod docs;
mod drift;
mod fmt;
mod generate;
mod import;
mod init;
mod lint;
mod migrate;
mod mutate;
mod pull;
mod seed;
mod test;

use std::path::Path;

use crate::args::{Cli, Command, Generate};
use crate::config::{Project, projects};
use crate::console::Console;
use crate::failure::{Failure, Outcome};

/// Runs the command.
///
/// # Errors
///
/// What the command could not do, ready to print.
pub fn run(cli: &Cli, console: &Console) -> Outcome {
    let config = cli.config.as_deref();
    match &cli.command {
        None => generate::run(console, config, &Generate::default()),
        Some(Command::Init(args)) => init::run(console, args),
        Some(Command::Generate(args)) => generate::run(console, config, args),
        Some(Command::Fmt(args)) => fmt::run(console, config, args),
        Some(Command::Lint(args)) => lint::run(console, config, args),
        Some(Command::Diff(args)) => diff::run(console, args),
        Some(Command::Pull(args)) => pull::run(console, config, args),
        Some(Command::Import(args)) => import::run(console, args),
        Some(Command::Drift(args)) => drift::run(console, config, args),
        Some(Command::Migrate(args)) => migrate::run(console, config, args),
        Some(Command::Test(args)) => test::run(console, config, args),
        Some(Command::Access(args)) => access::run(console, config, args),
        Some(Command::Seed(args)) => seed::run(console, config, args),
        Some(Command::Docs(args)) => docs::run(console, config, args),
    }
}

/// The one project that a command about a database is for.
fn one_project(config: Option<&Path>) -> Outcome<Project> {
    let mut all = projects(config)?;
    match (all.len(), all.pop()) {
        (1, Some(project)) => Ok(project),
        (_, last) => {
            let last = last.map_or_else(String::new, |p| p.root.display().to_string());
            Err(Failure::input(
                format_args!(
                    "this folder has {} projects, and the command is for one",
                    all.len() + 1
                ),
                format_args!("say which: --config {last}/pilaster.toml"),
            ))
        }
    }
}
