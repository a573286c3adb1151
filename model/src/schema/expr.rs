//! Expressions and queries: PostgreSQL's text, and what its names refer to.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use super::Id;

/// A PostgreSQL expression, query or body, as text, with the places where it names objects.
///
/// Two are equal when their texts are equal. Whether two different texts mean the same is the
/// server's to say: comparisons that matter are made between texts the server has deparsed.
/// Text from the model has its white space folded to single blanks outside literals.
#[derive(Clone, Debug)]
pub struct Expr {
    /// The text, without the outer parentheses of the model.
    pub text: Arc<str>,
    /// Names inside the text that were resolved, in order of their place. Empty where the text
    /// comes from the catalog; the object's `needs` then say what it depends on.
    pub refs: Vec<Ref>,
    /// Whether the text could not be parsed by us, so that only the server can judge it.
    pub opaque: bool,
}

/// One resolved name inside an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ref {
    /// Byte offset of the identifier in the text, quotes included.
    pub start: u32,
    /// Byte offset of its end.
    pub end: u32,
    /// What it names. For a qualified name, only the last identifier is covered.
    pub id: Id,
}

impl Expr {
    /// An expression with no names resolved.
    pub fn new(text: impl Into<Arc<str>>) -> Self {
        Expr {
            text: text.into(),
            refs: Vec::new(),
            opaque: false,
        }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl PartialEq for Expr {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Expr {}

impl Hash for Expr {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.text.hash(state);
    }
}
