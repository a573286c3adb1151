//! The emitters (Rust, JSON Schema, docs) and the command line, binary `pilaster`.
//!
//! The library behind the binary: [`run`] is the whole command. Nothing depends on this crate.

use std::ffi::OsString;
use std::process::ExitCode;

use clap::Parser;

pub mod args;
pub mod config;
pub mod console;
pub mod failure;
pub mod files;
pub mod lint;

/// Runs the command line and answers with the process's exit code.
pub fn run(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    let cli = args::Cli::parse_from(args);
    let console = console::Console::new(cli.format);
    console.note(format!("not yet: {:?}", cli.command));
    ExitCode::from(2)
}
