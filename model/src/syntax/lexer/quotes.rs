//! Strings and quoted names.

use super::{Diagnostics, Lexer, TokenKind, fault, word_length};

impl Lexer<'_> {
    pub(super) fn string(
        &mut self,
        start: usize,
        prefix: usize,
        escapes: bool,
        diagnostics: &mut Diagnostics,
    ) {
        self.at += prefix;
        let mut lines = false;
        loop {
            match self.peek(0) {
                b'\'' if self.peek(1) == b'\'' => self.at += 2,
                b'\'' => {
                    self.at += 1;
                    // No token of SQL begins directly behind a string.
                    self.suspicious |= lines && word_length(&self.text[self.at..]) > 0;
                    break;
                }
                b'\\' if escapes && self.at + 1 < self.bytes.len() && self.peek(1) != b'\n' => {
                    self.at += 2;
                }
                b'\n' if self.strict => {
                    self.unclosed_string(start, diagnostics);
                    break;
                }
                b'\n' => {
                    lines = true;
                    self.at += 1;
                }
                _ if self.at >= self.bytes.len() => {
                    self.suspicious |= lines;
                    self.unclosed_string(start, diagnostics);
                    break;
                }
                _ => self.at += 1,
            }
        }
        self.step_to_char_boundary();
        self.push(TokenKind::String, start);
    }

    /// Ends the token before a comment, a comma or a bracket that its line ends with.
    fn unclosed_string(&mut self, start: usize, diagnostics: &mut Diagnostics) {
        self.step_to_char_boundary();
        self.at = start + self.text[start..self.at].trim_end().len();
        diagnostics.push(fault::unclosed_string(self.file, self.span(start)));
    }

    fn step_to_char_boundary(&mut self) {
        self.at = self.at.min(self.text.len());
        while !self.text.is_char_boundary(self.at) {
            self.at += 1;
        }
    }

    pub(super) fn quoted(&mut self, start: usize, prefix: usize, diagnostics: &mut Diagnostics) {
        self.at += prefix;
        let json = self.seed && self.braces > 0;
        loop {
            match self.peek(0) {
                b'"' if self.peek(1) == b'"' && !json => self.at += 2,
                b'"' => {
                    self.at += 1;
                    break;
                }
                b'\\' if json && matches!(self.peek(1), b'"' | b'\\') => self.at += 2,
                b'\n' | 0 if self.peek(0) == b'\n' || self.at >= self.bytes.len() => {
                    self.at = start + self.text[start..self.at].trim_end().len();
                    diagnostics.push(fault::unclosed_name(self.file, self.span(start)));
                    break;
                }
                _ => self.at += 1,
            }
        }
        self.push(TokenKind::Quoted, start);
    }

    pub(super) fn dollar(&mut self, start: usize, diagnostics: &mut Diagnostics) {
        let rest = &self.text[start + 1..];
        let tag = rest
            .char_indices()
            .take_while(|(i, c)| {
                *c == '_'
                    || if *i == 0 {
                        c.is_alphabetic()
                    } else {
                        c.is_alphanumeric()
                    }
            })
            .last()
            .map_or(0, |(i, c)| i + c.len_utf8());
        if rest.as_bytes().get(tag) != Some(&b'$') {
            self.at += 1;
            return self.push(TokenKind::Operator, start);
        }
        let quote = &self.text[start..start + tag + 2];
        let body = start + quote.len();
        match self.text[body..].find(quote) {
            Some(end) => self.at = body + end + quote.len(),
            None => {
                self.at = body;
                let span = self.span(start);
                diagnostics.push(fault::unclosed_dollar(self.file, span, quote));
                self.at = body + next_statement(&self.text[body..]);
                self.push(TokenKind::String, start);
                return self.start_line();
            }
        }
        self.push(TokenKind::String, start);
    }
}

/// Where, behind a quote that is never closed, the next statement of the file begins.
fn next_statement(text: &str) -> usize {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let word = &line[..word_length(line)];
        if at > 0 && (line.starts_with('}') || crate::syntax::grammar::ITEMS.contains(&word)) {
            return at;
        }
        at += line.len();
    }
    text.len()
}
