//! What is wrong with a model, where, and the edit that mends it.
//!
//! Passes collect diagnostics and go on; nothing here prints or stops a pass.

pub(crate) mod code;
mod codes;
mod render;

pub use codes::{CODES, explain};
pub use render::Color;

use crate::schema::Origin;

/// How much a diagnostic matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The model has no meaning until it is mended.
    Error,
    /// The model has a meaning, and it may not be the one meant; or only the server can tell.
    Warning,
    /// The model is fine; there is something better.
    Advice,
}

impl Severity {
    /// The word shown: `error`, `warning` or `advice`.
    pub fn word(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Advice => "advice",
        }
    }
}

/// One fault of a model.
#[derive(Clone, Debug, PartialEq)]
pub struct Diagnostic {
    /// Its stable code, one of [`CODES`].
    pub code: &'static str,
    /// How much it matters.
    pub severity: Severity,
    /// The fact, in lower case and without a full stop.
    pub message: String,
    /// Where it is.
    pub origin: Origin,
    /// What stands under the place: most often what was expected.
    pub label: Option<String>,
    /// Other places that belong to it, each with its words.
    pub secondary: Vec<(Origin, String)>,
    /// How to mend it.
    pub help: Option<String>,
    /// The edit that mends it, where one can be made.
    pub suggestion: Option<Suggestion>,
}

/// An edit of the model's text.
#[derive(Clone, Debug, PartialEq)]
pub struct Suggestion {
    /// What is replaced; an empty range inserts.
    pub origin: Origin,
    /// What stands there instead.
    pub replacement: String,
}

impl Diagnostic {
    /// An error with nothing but its fact and place.
    pub fn error(code: &'static str, message: impl Into<String>, origin: Origin) -> Self {
        Diagnostic {
            code,
            severity: Severity::Error,
            message: message.into(),
            origin,
            label: None,
            secondary: Vec::new(),
            help: None,
            suggestion: None,
        }
    }

    /// A warning with nothing but its fact and place.
    pub fn warning(code: &'static str, message: impl Into<String>, origin: Origin) -> Self {
        Diagnostic {
            severity: Severity::Warning,
            ..Diagnostic::error(code, message, origin)
        }
    }

    /// A piece of advice with nothing but its fact and place.
    pub fn advice(code: &'static str, message: impl Into<String>, origin: Origin) -> Self {
        Diagnostic {
            severity: Severity::Advice,
            ..Diagnostic::error(code, message, origin)
        }
    }

    /// With these words under the place.
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = Some(label.into());
        self
    }

    /// With another place and its words.
    pub fn secondary(mut self, origin: Origin, label: impl Into<String>) -> Self {
        self.secondary.push((origin, label.into()));
        self
    }

    /// With how to mend it.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// With the edit that mends it.
    pub fn suggest(mut self, origin: Origin, replacement: impl Into<String>) -> Self {
        self.suggestion = Some(Suggestion {
            origin,
            replacement: replacement.into(),
        });
        self
    }
}

/// Diagnostics, handed out by file and place.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Diagnostics {
    sorted: Vec<Diagnostic>,
}

impl Diagnostics {
    /// None so far.
    pub fn new() -> Self {
        Diagnostics::default()
    }

    /// Adds one. Those of one place stay in the order they were added; a second one that says the
    /// same of the same place is left out.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        let key = |d: &Diagnostic| (d.origin.file, d.origin.start);
        let at = self.sorted.partition_point(|d| key(d) <= key(&diagnostic));
        let twice = self.sorted[..at]
            .iter()
            .rev()
            .take_while(|d| key(d) == key(&diagnostic))
            .any(|d| *d == diagnostic);
        if !twice {
            self.sorted.insert(at, diagnostic);
        }
    }

    /// Adds all of another collection.
    pub fn extend(&mut self, other: Diagnostics) {
        other.sorted.into_iter().for_each(|d| self.push(d));
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.sorted.is_empty()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.sorted.len()
    }

    /// Whether one of them is an error.
    pub fn has_errors(&self) -> bool {
        self.iter().any(|d| d.severity == Severity::Error)
    }

    /// All of them, by file and place.
    pub fn iter(&self) -> std::slice::Iter<'_, Diagnostic> {
        self.sorted.iter()
    }
}

impl IntoIterator for Diagnostics {
    type Item = Diagnostic;
    type IntoIter = std::vec::IntoIter<Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.sorted.into_iter()
    }
}

impl<'a> IntoIterator for &'a Diagnostics {
    type Item = &'a Diagnostic;
    type IntoIter = std::slice::Iter<'a, Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}
