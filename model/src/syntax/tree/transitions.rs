//! Which changes of a column are allowed.

use super::Ident;
use crate::source::Span;

/// `transitions COLUMN { … }`.
#[derive(Clone, Debug, PartialEq)]
pub struct Transitions {
    /// Where it stands.
    pub span: Span,
    /// Its doc comment.
    pub docs: Option<String>,
    /// The column.
    pub column: Ident,
    /// `initial STATE, …`.
    pub initial: Vec<State>,
    /// Lines `a -> b -> c`, each the list of its places; a place is one state or several (`a, b`).
    pub chains: Vec<Vec<Vec<State>>>,
    /// `frozen STATE, … [except (columns)]`.
    pub frozen: Vec<Frozen>,
}

/// A state, or all of them.
#[derive(Clone, Debug, PartialEq)]
pub enum State {
    /// `*`.
    Any(Span),
    /// A state, bare or in quotes of either kind.
    Named(Ident),
}

/// States in which a row is no longer edited.
#[derive(Clone, Debug, PartialEq)]
pub struct Frozen {
    /// Where it stands.
    pub span: Span,
    /// The states.
    pub states: Vec<State>,
    /// The columns that may still change.
    pub except: Vec<Ident>,
}
