//! The tokens of SQL, as far as finding the end of a statement needs them.
//!
//! Any text has tokens: an unclosed quote reaches to the end, and nothing is an error.

/// One token and where it begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token<'a> {
    /// The byte it begins at.
    pub start: usize,
    /// Its text, quotes included.
    pub text: &'a str,
    /// What it is.
    pub kind: TokenKind,
}

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// A bare identifier or a keyword.
    Word,
    /// An identifier in double quotes.
    Quoted,
    /// A string of any kind.
    String,
    /// A number.
    Number,
    /// One character of anything else.
    Symbol,
    /// A comment to the end of the line.
    LineComment,
    /// A comment between `/*` and `*/`.
    BlockComment,
}

impl TokenKind {
    /// Whether it is a comment of either kind.
    pub fn is_comment(self) -> bool {
        matches!(self, TokenKind::LineComment | TokenKind::BlockComment)
    }
}

/// All tokens of a text, comments too; white space is left out.
pub fn tokens(text: &str) -> impl Iterator<Item = Token<'_>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = &text[at..];
        let skipped = rest.len() - rest.trim_start().len();
        at += skipped;
        let rest = &text[at..];
        let first = rest.chars().next()?;
        let (len, kind) = measure(rest, first);
        let token = Token {
            start: at,
            text: &rest[..len],
            kind,
        };
        at += len;
        Some(token)
    })
}

/// The tokens that aren't comments.
pub(crate) fn lex(text: &str) -> impl Iterator<Item = Token<'_>> {
    tokens(text).filter(|token| !token.kind.is_comment())
}

fn measure(rest: &str, first: char) -> (usize, TokenKind) {
    let bytes = rest.as_bytes();
    match first {
        '-' if rest.starts_with("--") => (
            rest.find('\n').unwrap_or(rest.len()),
            TokenKind::LineComment,
        ),
        '/' if rest.starts_with("/*") => (block_comment(bytes), TokenKind::BlockComment),
        '\'' => (quoted(bytes, 0, b'\'', false), TokenKind::String),
        '"' => (quoted(bytes, 0, b'"', false), TokenKind::Quoted),
        'e' | 'E' if bytes.get(1) == Some(&b'\'') => {
            (quoted(bytes, 1, b'\'', true), TokenKind::String)
        }
        'b' | 'B' | 'x' | 'X' | 'n' | 'N' if bytes.get(1) == Some(&b'\'') => {
            (quoted(bytes, 1, b'\'', false), TokenKind::String)
        }
        'u' | 'U' if rest[1..].starts_with("&'") => {
            (quoted(bytes, 2, b'\'', false), TokenKind::String)
        }
        'u' | 'U' if rest[1..].starts_with("&\"") => {
            (quoted(bytes, 2, b'"', false), TokenKind::Quoted)
        }
        '$' => match dollar_quoted(rest) {
            Some(len) => (len, TokenKind::String),
            None => (1, TokenKind::Symbol),
        },
        c if c == '_' || c.is_alphabetic() => {
            let inside = |c: char| c == '_' || c == '$' || c.is_alphanumeric();
            (
                rest.find(|c| !inside(c)).unwrap_or(rest.len()),
                TokenKind::Word,
            )
        }
        c if c.is_ascii_digit() => {
            let inside = |c: char| c == '.' || c == '_' || c.is_ascii_alphanumeric();
            (
                rest.find(|c| !inside(c)).unwrap_or(rest.len()),
                TokenKind::Number,
            )
        }
        c => (c.len_utf8(), TokenKind::Symbol),
    }
}

fn quoted(bytes: &[u8], open: usize, quote: u8, backslash: bool) -> usize {
    let mut at = open + 1;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' if backslash => at += 1,
            b if b == quote && bytes.get(at + 1) == Some(&quote) => at += 1,
            b if b == quote => return at + 1,
            _ => {}
        }
        at += 1;
    }
    bytes.len()
}

fn block_comment(bytes: &[u8]) -> usize {
    let (mut at, mut depth) = (0, 0u32);
    while at < bytes.len() {
        match bytes.get(at..at + 2) {
            Some(b"/*") => {
                depth += 1;
                at += 2;
            }
            Some(b"*/") => {
                depth -= 1;
                at += 2;
                if depth == 0 {
                    return at;
                }
            }
            _ => at += 1,
        }
    }
    bytes.len()
}

fn dollar_quoted(rest: &str) -> Option<usize> {
    let tag = rest[1..].find('$')? + 2;
    let name = &rest[1..tag - 1];
    let named = name.chars().all(|c| c == '_' || c.is_alphanumeric())
        && !name.starts_with(|c: char| c.is_ascii_digit());
    let delimiter = &rest[..tag];
    let close = rest[tag..].find(delimiter);
    named.then(|| close.map_or(rest.len(), |close| tag + close + tag))
}
