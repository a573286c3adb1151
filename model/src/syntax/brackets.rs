//! Which bracket closes which, also where one is missing.
//!
//! It looks at brackets and indentation only, and reports those without a partner.

use super::fault;
use super::token::{NONE, Token, TokenKind};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::source::FileId;

/// Sets every bracket's partner. Braces that do not balance are matched by indentation.
pub(crate) fn pair(text: &str, file: FileId, tokens: &mut [Token], diagnostics: &mut Diagnostics) {
    if !simple(tokens) {
        tokens.iter_mut().for_each(|t| t.partner = NONE);
        let mut found = Vec::new();
        by_indentation(text, file, tokens, &mut found);
        // The innermost is found first; in order of place they are added fastest.
        found.sort_by_key(|d| d.origin);
        found.into_iter().for_each(|d| diagnostics.push(d));
    }
}

fn closer(kind: TokenKind) -> Option<TokenKind> {
    match kind {
        TokenKind::LeftParen => Some(TokenKind::RightParen),
        TokenKind::LeftBracket => Some(TokenKind::RightBracket),
        TokenKind::LeftBrace => Some(TokenKind::RightBrace),
        _ => None,
    }
}

fn is_closer(kind: TokenKind) -> bool {
    matches!(
        kind,
        TokenKind::RightParen | TokenKind::RightBracket | TokenKind::RightBrace
    )
}

fn join(tokens: &mut [Token], open: usize, close: usize) {
    tokens[open].partner = close as u32;
    tokens[close].partner = open as u32;
}

/// Matches by a plain stack; whether that went through.
fn simple(tokens: &mut [Token]) -> bool {
    let mut open = Vec::new();
    for at in 0..tokens.len() {
        let kind = tokens[at].kind;
        if closer(kind).is_some() {
            open.push(at);
        } else if is_closer(kind) {
            match open.pop() {
                Some(left) if closer(tokens[left].kind) == Some(kind) => join(tokens, left, at),
                _ => return false,
            }
        }
    }
    open.is_empty()
}

fn by_indentation(
    text: &str,
    file: FileId,
    tokens: &mut [Token],
    diagnostics: &mut Vec<Diagnostic>,
) {
    let mut open: Vec<usize> = Vec::new();
    for at in 0..tokens.len() {
        let token = tokens[at];
        if token.first && token.kind == TokenKind::Word && token.indent == 0 {
            let word = token.span().of(text);
            // A statement of the file at its margin: blocks that began at the margin are over.
            if super::grammar::ITEMS.contains(&word) && begins_block_or_statement(tokens, at) {
                while let Some(left) = open.pop() {
                    leave(file, tokens, left, at, diagnostics);
                }
            }
        }
        if token.first && !is_closer(token.kind) {
            while let Some(left) = open.pop_if(|left| is_left_behind(&tokens[*left], &token)) {
                leave(file, tokens, left, at, diagnostics);
            }
        }
        if closer(token.kind).is_some() {
            open.push(at);
        } else if is_closer(token.kind) {
            close(file, tokens, &mut open, at, diagnostics);
        }
    }
    let end = tokens.len() - 1;
    while let Some(left) = open.pop() {
        leave(file, tokens, left, end, diagnostics);
    }
}

/// Whether a line begins in a block no further indented than the one a parenthesis stands on.
fn is_left_behind(open: &Token, line: &Token) -> bool {
    open.kind != TokenKind::LeftBrace && open.indent > 0 && line.indent <= open.indent
}

/// Whether the word at the margin is followed by a name, and so is no column at the margin.
fn begins_block_or_statement(tokens: &[Token], at: usize) -> bool {
    tokens
        .get(at + 1)
        .is_some_and(|t| matches!(t.kind, TokenKind::Word | TokenKind::Quoted) && !t.first)
}

fn close(
    file: FileId,
    tokens: &mut [Token],
    open: &mut Vec<usize>,
    at: usize,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let token = tokens[at];
    let matches = |left: &usize| closer(tokens[*left].kind) == Some(token.kind);
    let partner = match token.kind {
        // A parenthesis never closes over a brace.
        TokenKind::RightBrace => open.iter().rposition(|left| {
            matches(left) && (!token.first || tokens[*left].indent <= token.indent)
        }),
        _ => open.iter().rposition(matches).filter(|p| {
            open[p + 1..]
                .iter()
                .all(|o| tokens[*o].kind != TokenKind::LeftBrace)
        }),
    };
    let Some(partner) = partner else {
        diagnostics.push(fault::nothing_opens(file, token.span(), token.kind));
        return;
    };
    for left in open.split_off(partner + 1).into_iter().rev() {
        leave(file, tokens, left, at, diagnostics);
    }
    if let Some(left) = open.pop() {
        join(tokens, left, at);
    }
}

/// A bracket that is not closed before token `at`.
fn leave(
    file: FileId,
    tokens: &mut [Token],
    left: usize,
    at: usize,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let missing_before = tokens[at];
    diagnostics.push(fault::never_closed(file, &tokens[left], &missing_before));
    if tokens[left].kind == TokenKind::LeftBrace {
        tokens[left].partner = at as u32;
    }
}
