//! The emitters (Rust, JSON Schema, docs) and the command line, binary `pilaster`.
//!
//! The library behind the binary: [`run`] is the whole command. Nothing depends on this crate.

use std::ffi::OsString;
use std::process::ExitCode;

use clap::Parser;
use mimalloc::MiMalloc;

pub mod args;
pub mod bench;
pub mod commands;
pub mod config;
pub mod console;
pub mod deparsed;
pub mod derivations;
pub mod derived;
pub mod emit;
pub mod failure;
pub mod files;
pub mod import;
pub mod known;
pub mod lint;
mod matrix;
mod memory;
pub mod pull;
pub mod report;
pub mod seed;
pub mod source;
pub mod steps;

/// A model is many small pieces: the system's allocator takes a fifth of a run's time.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// Runs the command line and answers with the process's exit code.
pub fn run(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    let cli = args::Cli::parse_from(args);
    let console = console::Console::new(cli.format);
    match commands::run(&cli, &console) {
        Ok(exit) => ExitCode::from(exit.code()),
        Err(failure) => {
            if console.is_json() {
                console.json(&failure.json());
            } else {
                console.error(&failure);
            }
            ExitCode::from(failure.code())
        }
    }
}
