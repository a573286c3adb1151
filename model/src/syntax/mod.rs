//! Text → tokens → syntax tree.
//!
//! Parsing never fails and never panics: what cannot be read is reported and left out.

mod brackets;
mod fault;
mod grammar;
mod json_value;
mod lexer;
mod literal;
mod parser;
mod token;
pub mod tree;

pub(crate) use parser::{Parser, mark};
pub(crate) use token::{Token, TokenKind};

use crate::diagnostic::Diagnostics;
use crate::source::FileId;
use tree::File;

/// Reads one file of a model. Every fault in it is among the diagnostics; the tree holds what could
/// be read.
///
/// ```
/// let (file, diagnostics) = model::syntax::parse("enum mood { sad, happy }", model::FileId(0));
/// assert!(diagnostics.is_empty());
/// assert!(matches!(file.items[0], model::syntax::tree::Item::Enum(_)));
/// ```
pub fn parse(text: &str, file: FileId) -> (File, Diagnostics) {
    let (file, _, diagnostics) = parse_marked(text, file);
    (file, diagnostics)
}

/// What the layout of a text follows.
#[derive(Default)]
pub(crate) struct Marked {
    pub(crate) tokens: Vec<Token>,
    /// See [`mark`], for each token.
    pub(crate) marks: Vec<u8>,
}

/// As [`parse`], with what the parser knows of the tokens.
pub(crate) fn parse_marked(text: &str, file: FileId) -> (File, Marked, Diagnostics) {
    if let Some(too_long) = fault::too_long(file, text) {
        let mut diagnostics = Diagnostics::new();
        diagnostics.push(too_long);
        return (File::empty(file), Marked::default(), diagnostics);
    }
    let mut parser = Parser::new(text, file);
    let file = parser.file();
    let marked = Marked {
        tokens: parser.tokens,
        marks: parser.marks,
    };
    (file, marked, parser.diagnostics)
}

/// A name as the language writes it: bare where it is an identifier, in double quotes otherwise.
///
/// ```
/// assert_eq!(model::syntax::quoted_name("ownerId"), "ownerId");
/// assert_eq!(model::syntax::quoted_name("due date"), "\"due date\"");
/// ```
pub fn quoted_name(name: &str) -> String {
    let mut chars = name.chars();
    let bare = chars.next().is_some_and(|c| c == '_' || c.is_alphabetic())
        && chars.all(|c| c == '_' || c.is_alphanumeric());
    if bare {
        return name.to_owned();
    }
    if !name.contains(|c: char| c.is_control()) {
        return format!("\"{}\"", name.replace('"', "\"\""));
    }
    let mut quoted = String::from("U&\"");
    for c in name.chars() {
        match c {
            '"' => quoted.push_str("\"\""),
            '\\' => quoted.push_str("\\\\"),
            c if c.is_control() => quoted.push_str(&format!("\\{:04X}", u32::from(c))),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}
