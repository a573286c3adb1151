//! How a command ends: the four exit codes, and the message that goes with a failure.
//!
//! It never prints; `run` does, once.

use std::fmt;
use std::path::Path;

use model::{Color, Diagnostics, Sources};

use crate::report::{Finding, findings};

/// How a command ended that did its work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exit {
    /// Exit code 0.
    Fine,
    /// Exit code 1: the answer is "different", "stale" or "does not conform".
    Different,
}

/// Why a command could not do its work.
#[derive(Clone, Debug, PartialEq)]
pub struct Failure {
    cause: Cause,
    text: String,
    findings: Vec<Finding>,
}

/// Whose fault a failure is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// Exit code 2: the input or the usage is wrong.
    Input,
    /// Exit code 3: the database or the file system failed.
    Outside,
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
    /// The input is wrong: a lowercase fact and the edit that mends it.
    pub fn input(fact: impl fmt::Display, mend: impl fmt::Display) -> Self {
        Failure::of(Cause::Input, format!("error: {fact}\n  = mend: {mend}"))
    }

    /// A failure whose text is ready to print.
    pub fn of(cause: Cause, text: impl Into<String>) -> Self {
        Failure {
            cause,
            text: text.into(),
            findings: Vec::new(),
        }
    }

    /// A model has faults.
    pub fn faults(diagnostics: &Diagnostics, sources: &Sources, color: Color) -> Self {
        Failure {
            cause: Cause::Input,
            text: diagnostics.render(sources, color).trim_end().to_owned(),
            findings: findings(diagnostics, sources),
        }
    }

    /// The file system failed at that path.
    pub fn io(doing: &str, path: &Path, error: &std::io::Error) -> Self {
        let text = format!("error: failed to {doing} {}: {error}", path.display());
        Failure::of(Cause::Outside, text)
    }

    /// The database or a server failed.
    pub fn database(doing: &str, error: impl fmt::Display) -> Self {
        Failure::of(Cause::Outside, format!("error: failed to {doing}: {error}"))
    }

    /// Several failures as one; the worst cause counts. `None` where there are none.
    pub fn all(failures: Vec<Failure>) -> Option<Self> {
        failures.into_iter().reduce(|a, b| Failure {
            cause: a.cause.max(b.cause),
            text: format!("{}\n\n{}", a.text, b.text),
            findings: [a.findings, b.findings].concat(),
        })
    }

    /// The same failure with more text behind it.
    pub fn with_note(mut self, note: &str) -> Self {
        self.text = format!("{}\n\n{note}", self.text);
        self
    }

    /// Whose fault it is.
    pub fn cause(&self) -> Cause {
        self.cause
    }

    /// The process's exit code.
    pub fn code(&self) -> u8 {
        match self.cause {
            Cause::Input => 2,
            Cause::Outside => 3,
        }
    }

    /// The failure for `--format json`.
    pub fn json(&self) -> serde_json::Value {
        let error = serde_json::json!({
            "exit_code": self.code(),
            "message": self.text,
            "findings": self.findings,
        });
        serde_json::json!({ "error": error })
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl std::error::Error for Failure {}
