//! How a command ends: the four exit codes, and the message that goes with a failure.
//!
//! It never prints; `run` does, once.

use std::fmt;
use std::path::Path;

/// How a command ended that did its work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exit {
    /// Exit code 0.
    Fine,
    /// Exit code 1: the answer is "different", "stale" or "does not conform".
    Different,
}

/// Why a command could not do its work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// Exit code 2: the input or the usage is wrong. The text is ready to print.
    Input(String),
    /// Exit code 3: the database or the file system failed.
    Outside(String),
}

/// What every command returns.
pub type Outcome<T = Exit> = Result<T, Failure>;

impl Exit {
    /// The process's exit code.
    pub fn code(self) -> u8 {
        match self {
            Exit::Fine => 0,
            Exit::Different => 1,
        }
    }
}

impl Failure {
    /// The process's exit code.
    pub fn code(&self) -> u8 {
        match self {
            Failure::Input(_) => 2,
            Failure::Outside(_) => 3,
        }
    }

    /// The input is wrong: a lowercase fact and the edit that mends it.
    pub fn input(fact: impl fmt::Display, help: impl fmt::Display) -> Self {
        Failure::Input(format!("error: {fact}\n  = mend: {help}"))
    }

    /// The file system failed at that path.
    pub fn io(doing: &str, path: &Path, error: &std::io::Error) -> Self {
        Failure::Outside(format!(
            "error: failed to {doing} {}: {error}",
            path.display()
        ))
    }

    /// The database failed.
    pub fn database(doing: &str, error: impl fmt::Display) -> Self {
        Failure::Outside(format!("error: failed to {doing}: {error}"))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::Input(text) | Failure::Outside(text) => f.write_str(text),
        }
    }
}

impl std::error::Error for Failure {}
