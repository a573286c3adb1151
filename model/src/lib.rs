//! The Pilaster language: text → syntax tree → [`Schema`], and back to text.
//!
//! This crate does no I/O and knows no database. Its passes return a value together with
//! diagnostics and report every fault they find.

mod builtins;
mod derived;
pub mod diagnostic;
pub mod expr;
mod fmt;
pub mod names;
pub mod platform;
mod print;
pub mod query;
pub mod quote;
mod resolve;
pub mod rust;
pub mod schema;
pub mod share;
pub mod source;
pub mod syntax;
pub mod types;

pub use derived::{restored, restored_as_written};
pub use diagnostic::{Color, Diagnostic, Diagnostics, Severity, Suggestion};
pub use fmt::{fmt, load_and_fmt};
pub use print::{Printed, Style, differs, print, print_in, print_type, printed};
pub use resolve::{Model, load, resolve};
pub use schema::{Id, Kind, Name, Node, Object, Schema};
pub use source::{FileId, Sources, Span};
