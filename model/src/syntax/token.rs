//! Tokens: what the lexer cuts a file into.
//!
//! A token is a place and a kind, never a copy of text.

use crate::source::Span;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenKind {
    /// A bare identifier or keyword.
    Word,
    /// A name in double quotes, `U&"…"` too.
    Quoted,
    /// A string: `'…'`, with a prefix or without, or `$tag$…$tag$`.
    String,
    /// A number without a sign.
    Number,
    /// `(`
    LeftParen,
    /// `)`
    RightParen,
    /// `[`
    LeftBracket,
    /// `]`
    RightBracket,
    /// `{`
    LeftBrace,
    /// `}`
    RightBrace,
    /// `,`
    Comma,
    /// `;`
    Semicolon,
    /// `.`
    Dot,
    /// `..`
    DotDot,
    /// `...`
    Ellipsis,
    /// `?`
    Question,
    /// `->`, not followed by `>`
    Arrow,
    /// `|`, alone
    Pipe,
    /// `=`, alone
    Equals,
    /// `<`
    Less,
    /// `>`
    Greater,
    /// `*`
    Star,
    /// `-`
    Minus,
    /// `+`
    Plus,
    /// `::`
    Cast,
    /// A character of some operator of PostgreSQL.
    Operator,
    /// What no token begins with; reported by the lexer.
    Junk,
    /// The end of the statement, or of the file.
    End,
}

/// A token, and how it lies in its line.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Token {
    pub(crate) kind: TokenKind,
    /// Whether it is the first of its line.
    pub(crate) first: bool,
    pub(crate) start: u32,
    pub(crate) end: u32,
    /// The indentation of the line it stands on.
    pub(crate) indent: u32,
    /// How many comments stand before it in the file.
    pub(crate) comments: u32,
    /// For a bracket: the index of its partner, or [`NONE`]. For a `{` that is never closed: the
    /// index of the token before which it should have been.
    pub(crate) partner: u32,
}

/// No partner.
pub(crate) const NONE: u32 = u32::MAX;

impl Token {
    pub(crate) fn span(&self) -> Span {
        Span::new(self.start, self.end)
    }
}
