//! What commands report, as JSON: the shapes that other tools rely on.
//!
//! It never prints.

use model::{Diagnostics, Sources};
use serde::Serialize;

/// One diagnostic.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Finding {
    /// The diagnostic's code, or the lint rule's name.
    pub code: String,
    /// `error`, `warning` or `advice`.
    pub severity: &'static str,
    /// The fact.
    pub message: String,
    /// The file, as the command names it.
    pub file: String,
    /// The line of its first character, from 1.
    pub line: u32,
    /// The column of its first character, from 1, in characters.
    pub column: u32,
    /// How to mend it.
    pub help: Option<String>,
    /// What to write instead of the text at the place, where an edit can be made.
    pub replacement: Option<String>,
}

/// Every diagnostic, by file and place.
pub fn findings(diagnostics: &Diagnostics, sources: &Sources) -> Vec<Finding> {
    let finding = |d: &model::Diagnostic| {
        let (line, column) = sources.line_column(d.origin);
        Finding {
            code: d.code.to_owned(),
            severity: d.severity.word(),
            message: d.message.clone(),
            file: sources
                .path(model::FileId(d.origin.file))
                .display()
                .to_string(),
            line,
            column,
            help: d.help.clone(),
            replacement: d.suggestion.as_ref().map(|s| s.replacement.clone()),
        }
    };
    diagnostics.iter().map(finding).collect()
}
