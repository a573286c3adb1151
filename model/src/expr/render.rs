//! The text an expression is kept as: blanks folded, names quoted and qualified, places noted.

use std::sync::Arc;

use super::lexer::{Token, TokenKind};
use crate::schema::{Expr, Id, Ref};

/// What becomes of one token.
#[derive(Debug)]
pub(super) struct Edit {
    pub(super) token: usize,
    /// What stands before it: a schema and a dot.
    pub(super) prefix: String,
    /// What stands instead of it.
    pub(super) replacement: Option<String>,
    pub(super) id: Option<Id>,
}

/// Puts the text together. `edits` may come in any order; of two for one token the first counts.
pub(super) fn render(source: &str, tokens: &[Token], mut edits: Vec<Edit>, verbatim: bool) -> Expr {
    edits.sort_by_key(|e| e.token);
    edits.dedup_by_key(|e| e.token);
    if verbatim {
        return exact(source, tokens, edits);
    }
    let mut edits = edits.into_iter().peekable();
    let mut text = String::with_capacity(source.len() + 16);
    let mut refs = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let opened = at > 0 && tokens[at - 1].kind == TokenKind::Mark(b'(');
        let closes = token.kind == TokenKind::Mark(b')');
        if at > 0 && token.spaced && !opened && !closes {
            text.push(' ');
        }
        match edits.next_if(|e| e.token == at) {
            None => text.push_str(token.text(source)),
            Some(edit) => {
                text.push_str(&edit.prefix);
                let start = text.len() as u32;
                text.push_str(edit.replacement.as_deref().unwrap_or(token.text(source)));
                let end = text.len() as u32;
                refs.extend(edit.id.map(|id| Ref { start, end, id }));
            }
        }
    }
    Expr {
        text: Arc::from(text),
        refs,
        opaque: false,
    }
}

/// The text as it is: PostgreSQL keeps a body byte for byte, and so does the model.
fn exact(source: &str, tokens: &[Token], edits: Vec<Edit>) -> Expr {
    let place = |e: Edit| {
        let token = tokens[e.token];
        e.id.map(|id| Ref {
            start: token.start,
            end: token.end,
            id,
        })
    };
    let refs = edits.into_iter().filter_map(place).collect();
    Expr {
        text: Arc::from(source),
        refs,
        opaque: false,
    }
}
