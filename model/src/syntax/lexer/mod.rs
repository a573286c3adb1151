//! Text → tokens and comments.
//!
//! Every byte is in a token, in a comment, or blank; a fault ends a token, never the pass.

mod quotes;

use super::fault;
use super::token::{NONE, Token, TokenKind};
use super::tree::Comment;
use crate::diagnostic::Diagnostics;
use crate::source::{FileId, Span};

/// A file in tokens. The last one is an [`TokenKind::End`].
pub(crate) struct Lexed {
    pub(crate) tokens: Vec<Token>,
    pub(crate) comments: Vec<Comment>,
}

/// Cuts a file into tokens.
pub(crate) fn lex(text: &str, file: FileId, diagnostics: &mut Diagnostics) -> Lexed {
    let mut found = Diagnostics::new();
    let mut lexed = Lexer::new(text, file, false).run(&mut found);
    if lexed.1 {
        // A string that runs over several lines and does not end well is most likely one that was
        // not closed on its line, so that is where it is reported.
        found = Diagnostics::new();
        lexed = Lexer::new(text, file, true).run(&mut found);
    }
    diagnostics.extend(found);
    lexed.0
}

struct Lexer<'a> {
    text: &'a str,
    bytes: &'a [u8],
    file: FileId,
    /// Whether strings in single quotes end at the end of their line.
    strict: bool,
    /// Whether a string looked as if it were not closed.
    suspicious: bool,
    at: usize,
    first: bool,
    indent: u32,
    braces: u32,
    /// Inside a seed's block JSON is written as it is, and so its strings have escapes.
    seed: bool,
    tokens: Vec<Token>,
    comments: Vec<Comment>,
}

impl<'a> Lexer<'a> {
    fn new(text: &'a str, file: FileId, strict: bool) -> Self {
        Lexer {
            text,
            bytes: text.as_bytes(),
            file,
            strict,
            suspicious: false,
            at: 0,
            first: true,
            indent: 0,
            braces: 0,
            seed: false,
            tokens: Vec::with_capacity(text.len() / 5),
            comments: Vec::new(),
        }
    }

    fn run(mut self, diagnostics: &mut Diagnostics) -> (Lexed, bool) {
        if self.text.starts_with('\u{feff}') {
            self.at = '\u{feff}'.len_utf8();
        }
        self.start_line();
        while let Some(&byte) = self.bytes.get(self.at) {
            match byte {
                b'\n' => {
                    self.at += 1;
                    self.start_line();
                }
                b' ' | b'\t' | b'\r' | 0x0c => self.at += 1,
                b'/' if self.peek(1) == b'/' => self.comment(),
                b'/' if self.peek(1) == b'*' => self.block_comment(diagnostics),
                b'-' if self.peek(1) == b'-' => {
                    let start = self.at;
                    self.comment();
                    diagnostics.push(fault::dashes(self.file, self.span(start)));
                }
                _ => self.token(byte, diagnostics),
            }
        }
        let end = self.text.len();
        self.first = true;
        self.indent = 0;
        self.push(TokenKind::End, end);
        (
            Lexed {
                tokens: self.tokens,
                comments: self.comments,
            },
            self.suspicious,
        )
    }

    fn peek(&self, ahead: usize) -> u8 {
        self.bytes.get(self.at + ahead).copied().unwrap_or(0)
    }

    fn span(&self, start: usize) -> Span {
        Span::new(start as u32, self.at as u32)
    }

    /// Measures the indentation of the line that begins here; a tab reaches the next multiple of 8.
    fn start_line(&mut self) {
        self.first = true;
        self.indent = 0;
        loop {
            match self.peek(0) {
                b' ' => self.indent += 1,
                b'\t' => self.indent = self.indent / 8 * 8 + 8,
                _ => break,
            }
            self.at += 1;
        }
    }

    fn push(&mut self, kind: TokenKind, start: usize) {
        self.tokens.push(Token {
            kind,
            first: self.first,
            start: start as u32,
            end: self.at as u32,
            indent: self.indent,
            comments: self.comments.len() as u32,
            partner: NONE,
        });
        self.first = false;
    }

    fn comment(&mut self) {
        let start = self.at;
        let rest = &self.text[start..];
        let line = rest.find('\n').map_or(rest, |end| &rest[..end]);
        self.at += line.trim_end().len();
        let doc = line.starts_with("///") && !line.starts_with("////");
        self.comments.push(Comment {
            span: self.span(start),
            doc,
        });
    }

    fn block_comment(&mut self, diagnostics: &mut Diagnostics) {
        let start = self.at;
        let mut depth = 0u32;
        loop {
            match (self.peek(0), self.peek(1)) {
                (b'/', b'*') => {
                    depth += 1;
                    self.at += 2;
                }
                (b'*', b'/') => {
                    depth -= 1;
                    self.at += 2;
                    if depth == 0 {
                        break;
                    }
                }
                _ if self.at >= self.bytes.len() => break,
                _ => self.at += 1,
            }
        }
        self.at = self.at.min(self.bytes.len());
        let span = self.span(start);
        self.comments.push(Comment { span, doc: false });
        diagnostics.push(fault::block_comment(
            self.file,
            span,
            span.of(self.text),
            depth > 0,
        ));
    }

    fn token(&mut self, byte: u8, diagnostics: &mut Diagnostics) {
        let start = self.at;
        let prefixed = |n: usize| self.peek(n) == b'\'';
        match byte {
            b'\'' => self.string(start, 1, false, diagnostics),
            b'E' | b'e' if prefixed(1) => self.string(start, 2, true, diagnostics),
            b'B' | b'b' | b'X' | b'x' | b'N' | b'n' if prefixed(1) => {
                self.string(start, 2, false, diagnostics)
            }
            b'U' | b'u' if self.peek(1) == b'&' && self.peek(2) == b'\'' => {
                self.string(start, 3, false, diagnostics)
            }
            b'U' | b'u' if self.peek(1) == b'&' && self.peek(2) == b'"' => {
                self.quoted(start, 3, diagnostics)
            }
            b'"' => self.quoted(start, 1, diagnostics),
            b'0'..=b'9' => self.number(start, diagnostics),
            b'$' => self.dollar(start, diagnostics),
            b'a'..=b'z' | b'A'..=b'Z' | b'_' => self.word(start),
            0x80.. => self.other(start, diagnostics),
            _ => self.punctuation(start, byte, diagnostics),
        }
    }

    fn word(&mut self, start: usize) {
        self.at += word_length(&self.text[start..]);
        if self.braces == 0 && self.first {
            self.seed = self.text[start..self.at].eq_ignore_ascii_case("seed");
        }
        self.push(TokenKind::Word, start);
    }

    fn number(&mut self, start: usize, diagnostics: &mut Diagnostics) {
        let digits = |lexer: &mut Self| {
            while lexer.peek(0).is_ascii_digit() {
                lexer.at += 1;
            }
        };
        if self.peek(0) == b'0' && matches!(self.peek(1), b'x' | b'X' | b'o' | b'O' | b'b' | b'B') {
            let hex = self.text[start + 2..]
                .bytes()
                .take_while(|b| b.is_ascii_hexdigit() || *b == b'_')
                .count();
            if hex > 0 {
                self.at += 2 + hex;
                return self.end_number(start, diagnostics);
            }
        }
        digits(self);
        while self.peek(0) == b'_' && self.peek(1).is_ascii_digit() {
            self.at += 1;
            digits(self);
        }
        if self.peek(0) == b'.' && self.peek(1) != b'.' {
            self.at += 1;
            digits(self);
        }
        if matches!(self.peek(0), b'e' | b'E') {
            let sign = usize::from(matches!(self.peek(1), b'+' | b'-'));
            if self.peek(1 + sign).is_ascii_digit() {
                self.at += 1 + sign;
                digits(self);
            }
        }
        self.end_number(start, diagnostics);
    }

    fn end_number(&mut self, start: usize, diagnostics: &mut Diagnostics) {
        let word = word_length(&self.text[self.at..]);
        if word == 0 {
            return self.push(TokenKind::Number, start);
        }
        self.at += word;
        let span = self.span(start);
        diagnostics.push(fault::digit_first(self.file, span, span.of(self.text)));
        // Taken for the name that it was meant to be.
        self.push(TokenKind::Word, start);
    }

    fn other(&mut self, start: usize, diagnostics: &mut Diagnostics) {
        let char = self.text[start..].chars().next().unwrap_or(' ');
        if char.is_alphabetic() {
            return self.word(start);
        }
        self.at += char.len_utf8();
        if let Some(closing) = fault::closing_quote(char) {
            let rest = &self.text[self.at..];
            let line = rest.lines().next().unwrap_or("");
            if let Some(end) = line.find(closing) {
                self.at += end + closing.len_utf8();
            }
        }
        let span = self.span(start);
        let text = span.of(self.text);
        diagnostics.push(fault::unexpected_character(self.file, span, char, text));
        if !char.is_whitespace() {
            self.push(TokenKind::Junk, start);
        }
    }

    fn punctuation(&mut self, start: usize, byte: u8, diagnostics: &mut Diagnostics) {
        let (kind, length) = match byte {
            b'(' => (TokenKind::LeftParen, 1),
            b')' => (TokenKind::RightParen, 1),
            b'[' => (TokenKind::LeftBracket, 1),
            b']' => (TokenKind::RightBracket, 1),
            b'{' => (TokenKind::LeftBrace, 1),
            b'}' => (TokenKind::RightBrace, 1),
            b',' => (TokenKind::Comma, 1),
            b';' => (TokenKind::Semicolon, 1),
            b'.' if self.text[start..].starts_with("...") => (TokenKind::Ellipsis, 3),
            b'.' if self.peek(1) == b'.' => (TokenKind::DotDot, 2),
            b'.' => (TokenKind::Dot, 1),
            b'?' => (TokenKind::Question, 1),
            b'-' if self.peek(1) == b'>' && self.peek(2) != b'>' => (TokenKind::Arrow, 2),
            b':' if self.peek(1) == b':' => (TokenKind::Cast, 2),
            b'|' if self.peek(1) == b'|' => (TokenKind::Operator, 2),
            b'|' => (TokenKind::Pipe, 1),
            b'=' if matches!(self.peek(1), b'>' | b'=') => (TokenKind::Operator, 2),
            b'=' => (TokenKind::Equals, 1),
            b'<' => (TokenKind::Less, 1),
            b'>' => (TokenKind::Greater, 1),
            b'*' => (TokenKind::Star, 1),
            b'-' => (TokenKind::Minus, 1),
            b'+' => (TokenKind::Plus, 1),
            b'!' | b'#' | b'%' | b'&' | b'/' | b':' | b'@' | b'^' | b'`' | b'~' | b'\\' => {
                (TokenKind::Operator, 1)
            }
            _ => (TokenKind::Junk, 1),
        };
        self.at += length;
        match kind {
            TokenKind::LeftBrace => self.braces += 1,
            TokenKind::RightBrace => self.braces = self.braces.saturating_sub(1),
            TokenKind::Junk => {
                let char = char::from(byte);
                diagnostics.push(fault::unexpected_character(
                    self.file,
                    self.span(start),
                    char,
                    "",
                ));
            }
            _ => {}
        }
        self.push(kind, start);
    }
}

/// How many bytes of a bare identifier the text begins with.
fn word_length(text: &str) -> usize {
    let ascii = text
        .bytes()
        .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'$'))
        .count();
    if text.as_bytes().get(ascii).is_none_or(u8::is_ascii) {
        return ascii;
    }
    text.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '$')))
        .unwrap_or(text.len())
}
