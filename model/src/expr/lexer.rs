//! SQL text to tokens with byte places.
//!
//! It never fails: what is not a token of PostgreSQL becomes an operator of one character, and the
//! server will say what it thinks of it.

/// One token of SQL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) kind: TokenKind,
    pub(crate) start: u32,
    pub(crate) end: u32,
    /// Whether blanks or a comment stand before it.
    pub(crate) spaced: bool,
}

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenKind {
    /// A bare word: identifier or keyword.
    Word,
    /// A quoted identifier.
    Quoted,
    /// A string of any kind: plain, escape, dollar-quoted, bit, Unicode.
    String,
    Number,
    /// An operator, `::` `:=` `=>` included.
    Operator,
    /// One of `( ) [ ] , ; . : {` and `}`.
    Mark(u8),
}

impl Token {
    pub(crate) fn text<'a>(&self, source: &'a str) -> &'a str {
        source
            .get(self.start as usize..self.end as usize)
            .unwrap_or("")
    }
}

/// The tokens of `source`. Comments are left out; `//` begins one where `slashes` says so, because
/// the model's own comments may stand inside an expression.
pub(crate) fn tokens(source: &str, slashes: bool) -> Vec<Token> {
    let bytes = source.as_bytes();
    let mut found = Vec::with_capacity(bytes.len() / 4 + 2);
    let mut at = 0;
    let mut spaced = false;
    while at < bytes.len() {
        let start = at;
        if let Some(next) = blank(bytes, at, slashes) {
            at = next;
            spaced = true;
            continue;
        }
        let (kind, end) = one(source, bytes, at);
        found.push(Token {
            kind,
            start: start as u32,
            end: end as u32,
            spaced,
        });
        at = end;
        spaced = false;
    }
    found
}

/// The end of the blank or comment that begins here.
fn blank(bytes: &[u8], at: usize, slashes: bool) -> Option<usize> {
    let rest = &bytes[at..];
    match rest {
        [b, ..] if b.is_ascii_whitespace() || *b == 0x0b => Some(at + 1),
        [b'-', b'-', ..] => Some(line_end(bytes, at)),
        [b'/', b'/', ..] if slashes => Some(line_end(bytes, at)),
        [b'/', b'*', ..] => {
            let (mut depth, mut at) = (1, at + 2);
            while at < bytes.len() && depth > 0 {
                match &bytes[at..] {
                    [b'/', b'*', ..] => (depth, at) = (depth + 1, at + 2),
                    [b'*', b'/', ..] => (depth, at) = (depth - 1, at + 2),
                    _ => at += 1,
                }
            }
            Some(at)
        }
        _ => None,
    }
}

fn line_end(bytes: &[u8], at: usize) -> usize {
    bytes[at..]
        .iter()
        .position(|b| *b == b'\n')
        .map_or(bytes.len(), |n| at + n)
}

fn one(source: &str, bytes: &[u8], at: usize) -> (TokenKind, usize) {
    let first = bytes[at];
    match first {
        b'\'' => (TokenKind::String, quoted(bytes, at, b'\'', false)),
        b'"' => (TokenKind::Quoted, quoted(bytes, at, b'"', false)),
        b'e' | b'E' if bytes.get(at + 1) == Some(&b'\'') => {
            (TokenKind::String, quoted(bytes, at + 1, b'\'', true))
        }
        b'b' | b'B' | b'x' | b'X' | b'n' | b'N' if bytes.get(at + 1) == Some(&b'\'') => {
            (TokenKind::String, quoted(bytes, at + 1, b'\'', false))
        }
        b'u' | b'U' if bytes.get(at + 1) == Some(&b'&') => match bytes.get(at + 2) {
            Some(b'\'') => (TokenKind::String, quoted(bytes, at + 2, b'\'', false)),
            Some(b'"') => (TokenKind::Quoted, quoted(bytes, at + 2, b'"', false)),
            _ => (TokenKind::Word, word_end(bytes, at)),
        },
        b'$' => dollar(source, bytes, at),
        b'0'..=b'9' => (TokenKind::Number, number_end(bytes, at)),
        b'.' if bytes.get(at + 1).is_some_and(u8::is_ascii_digit) => {
            (TokenKind::Number, number_end(bytes, at))
        }
        b'(' | b')' | b'[' | b']' | b',' | b';' | b'.' | b'{' | b'}' => {
            (TokenKind::Mark(first), at + 1)
        }
        b':' => match bytes.get(at + 1) {
            Some(b':' | b'=') => (TokenKind::Operator, at + 2),
            _ => (TokenKind::Mark(b':'), at + 1),
        },
        b if is_word_start(b) => (TokenKind::Word, word_end(bytes, at)),
        b if is_operator(b) => (TokenKind::Operator, operator_end(bytes, at)),
        _ => (TokenKind::Operator, at + 1),
    }
}

fn is_word_start(b: u8) -> bool {
    b.is_ascii_alphabetic() || b == b'_' || b >= 0x80
}

fn is_operator(b: u8) -> bool {
    matches!(
        b,
        b'+' | b'-'
            | b'*'
            | b'/'
            | b'<'
            | b'>'
            | b'='
            | b'~'
            | b'!'
            | b'@'
            | b'#'
            | b'%'
            | b'^'
            | b'&'
            | b'|'
            | b'`'
            | b'?'
    )
}

fn word_end(bytes: &[u8], at: usize) -> usize {
    bytes[at..]
        .iter()
        .position(|b| !(is_word_start(*b) || b.is_ascii_digit() || *b == b'$'))
        .map_or(bytes.len(), |n| at + n)
}

fn number_end(bytes: &[u8], mut at: usize) -> usize {
    let start = at;
    while at < bytes.len() {
        let b = bytes[at];
        let exponent_sign = matches!(b, b'+' | b'-')
            && matches!(bytes[at - 1], b'e' | b'E')
            && at > start
            && !bytes[start..at].starts_with(b"0x");
        // `1..2` is not a number followed by a number: a slice keeps its two dots apart.
        let second_dot = b == b'.' && bytes[start..at].contains(&b'.');
        if !(b.is_ascii_alphanumeric() || b == b'_' || (b == b'.' && !second_dot) || exponent_sign)
        {
            break;
        }
        at += 1;
    }
    at
}

/// A comment's beginning ends an operator, as in PostgreSQL's own scanner.
fn operator_end(bytes: &[u8], start: usize) -> usize {
    let mut at = start;
    while at < bytes.len() && is_operator(bytes[at]) {
        if at > start && matches!(&bytes[at..], [b'-', b'-', ..] | [b'/', b'*', ..]) {
            break;
        }
        at += 1;
    }
    // Nor does one end in `+` or `-` unless it holds a character that no SQL operator has:
    // `a=-1` compares with -1.
    while at > start + 1
        && matches!(bytes[at - 1], b'+' | b'-')
        && !bytes[start..at].iter().any(|b| b"~!@#%^&|`?".contains(b))
    {
        at -= 1;
    }
    at
}

fn quoted(bytes: &[u8], open: usize, quote: u8, escapes: bool) -> usize {
    let mut at = open + 1;
    while at < bytes.len() {
        if escapes && bytes[at] == b'\\' {
            at += 2;
        } else if bytes[at] == quote {
            if bytes.get(at + 1) != Some(&quote) {
                return at + 1;
            }
            at += 2;
        } else {
            at += 1;
        }
    }
    bytes.len()
}

fn dollar(source: &str, bytes: &[u8], at: usize) -> (TokenKind, usize) {
    let tag_end = word_tag_end(bytes, at + 1);
    if bytes.get(tag_end) == Some(&b'$') {
        let tag = &source[at..=tag_end];
        let body = tag_end + 1;
        let end = source[body..]
            .find(tag)
            .map_or(bytes.len(), |n| body + n + tag.len());
        return (TokenKind::String, end);
    }
    // `$1`: a parameter stands where a value does.
    let digits = bytes[at + 1..]
        .iter()
        .take_while(|b| b.is_ascii_digit())
        .count();
    let kind = if digits > 0 {
        TokenKind::Number
    } else {
        TokenKind::Operator
    };
    (kind, at + 1 + digits)
}

fn word_tag_end(bytes: &[u8], at: usize) -> usize {
    match bytes.get(at) {
        Some(b) if is_word_start(*b) => {
            let length = bytes[at..]
                .iter()
                .take_while(|b| is_word_start(**b) || b.is_ascii_digit())
                .count();
            at + length
        }
        _ => at,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(source: &str) -> Vec<&str> {
        tokens(source, true)
            .iter()
            .map(|t| t.text(source))
            .collect()
    }

    #[test]
    fn tokens_are_split_as_the_server_splits_them() {
        assert_eq!(words("a=-1"), ["a", "=", "-", "1"]);
        assert_eq!(words("a @- b"), ["a", "@-", "b"]);
        assert_eq!(words("x::text[]"), ["x", "::", "text", "[", "]"]);
        assert_eq!(words("1.5e-3+.5"), ["1.5e-3", "+", ".5"]);
        assert_eq!(
            words("E'a\\'b' 'it''s' $$x$$ $t$ $$ $t$"),
            ["E'a\\'b'", "'it''s'", "$$x$$", "$t$ $$ $t$"]
        );
        assert_eq!(words("a -- b\n+ /* x /* y */ */ c // d"), ["a", "+", "c"]);
        assert_eq!(
            words("data->>'k' ?| $1"),
            ["data", "->>", "'k'", "?|", "$1"]
        );
    }

    #[test]
    fn an_unfinished_literal_ends_with_the_text() {
        for source in ["'abc", "\"abc", "$$abc", "E'a\\", "/* a", "$x$ $x"] {
            let last = tokens(source, false).last().map(|t| t.end as usize);
            assert!(last.is_none_or(|end| end <= source.len() + 1), "{source}");
        }
    }
}
