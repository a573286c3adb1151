//! What other tools keep, as a model: a Prisma datamodel, a folder of SQL migrations.
//!
//! It never guesses in silence: what has no place in the model is said, with file and line.

pub mod prisma;
pub mod sql;

use std::fmt;

/// Something that a person should know of: it could not be read, or says less than it seems to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    /// The file.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// What is so, and what to do about it.
    pub text: String,
}

impl fmt::Display for Remark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.text)
    }
}
