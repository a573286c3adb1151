//! What can be wrong with a folder of migrations, and the way out of each.
//!
//! It never finds a fault; `read` does.

use std::fmt;
use std::path::PathBuf;

/// A folder of migrations that cannot be trusted, with all its faults.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    /// The faults, in the order of the migrations.
    pub faults: Vec<Fault>,
}

/// One fault: where, what, and the way out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The file or folder.
    pub path: PathBuf,
    /// The fact.
    pub fact: String,
    /// The way out.
    pub help: String,
    /// Whether the file system failed, rather than the history.
    pub outside: bool,
}

impl Broken {
    /// Whether the file system is to blame for all of it.
    pub fn is_outside(&self) -> bool {
        self.faults.iter().all(|fault| fault.outside)
    }
}

impl Fault {
    pub(super) fn new(path: PathBuf, fact: impl Into<String>, help: impl Into<String>) -> Self {
        Fault {
            path,
            fact: fact.into(),
            help: help.into(),
            outside: false,
        }
    }

    pub(super) fn io(path: PathBuf, error: &std::io::Error) -> Self {
        let fact = format!("cannot be read: {error}");
        let help = "look at the file's permissions".to_owned();
        Fault {
            path,
            fact,
            help,
            outside: true,
        }
    }
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, fault) in self.faults.iter().enumerate() {
            if i > 0 {
                f.write_str("\n\n")?;
            }
            write!(f, "error: {} {}", fault.path.display(), fault.fact)?;
            write!(f, "\n  = mend: {}", fault.help)?;
        }
        Ok(())
    }
}

impl std::error::Error for Broken {}
