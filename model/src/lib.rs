//! The Pilaster language: text → syntax tree → [`Schema`], and back to text.
//!
//! This crate does no I/O and knows no database. Its passes return a value together with
//! diagnostics and report every fault they find.

pub mod diagnostic;
mod fmt;
pub mod quote;
pub mod schema;
pub mod source;
pub mod syntax;

pub use diagnostic::{Color, Diagnostic, Diagnostics, Severity, Suggestion};
pub use fmt::fmt;
pub use schema::{Id, Kind, Name, Node, Object, Schema};
pub use source::{FileId, Sources, Span};
