//! The one layout of a model file.
//!
//! Tokens and comments are written in the order they stand in, each exactly once, so nothing can be
//! lost; only blanks, line ends, the case of keywords and separators that a line end replaces
//! change.

mod align;
mod layout;

use crate::diagnostic::Diagnostics;
use crate::source::FileId;
use crate::syntax::Parser;

/// The text in the one layout.
///
/// Line breaks inside a statement are the author's, and so is whether a block stands on one line.
/// Laying out what has been laid out changes nothing.
///
/// ```
/// let text = "table  t {\n  id   bigint identity primary key // never reused\n  note text? }";
/// assert_eq!(
///     model::fmt(text).unwrap(),
///     "table t {\n  id    bigint  identity  primary key  // never reused\n  note  text?\n}\n",
/// );
/// ```
///
/// # Errors
///
/// The faults of a text that cannot be read, in file number 0. Warnings do not stand in the way.
pub fn fmt(text: &str) -> Result<String, Diagnostics> {
    let mut parser = Parser::new(text, FileId(0));
    let file = parser.file();
    if parser.diagnostics.has_errors() {
        return Err(parser.diagnostics);
    }
    let mut lines = layout::lines(text, &parser.tokens, &parser.marks, &file.comments);
    align::align(&mut lines);
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    for line in &lines {
        line.write(&mut out);
    }
    Ok(out)
}
