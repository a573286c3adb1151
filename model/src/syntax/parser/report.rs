//! Telling what was expected.

use super::{Diagnostic, NONE, Parser, Reported, TokenKind};

impl<'a> Parser<'a> {
    pub(crate) fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// Reports that something else was expected here.
    pub(crate) fn expected(&mut self, what: &str) -> Reported {
        self.expected_as("P0124", what)
    }

    pub(crate) fn expected_as(&mut self, code: &'static str, what: &str) -> Reported {
        if self.is_reported_token() {
            return Reported;
        }
        let place = self.span().in_file(self.file);
        let found = self.found();
        let help = match code {
            _ if !self.at_end() && self.tokens[self.at].first && self.at > self.statement => {
                "this line is indented further than the statement above it, and so continues it"
            }
            "P0122" => "a name is an identifier, or stands in double quotes",
            "P0123" => "write a type such as `text` or `numeric(12, 2)`",
            "P0126" => "write a literal, a call, or an expression in parentheses",
            "P0128" => "a string stands in single quotes, a long one between `$$`",
            "P0129" => "write a number",
            "P0140" => "limits are `1..80`, `1..`, `..80`, or one number for both",
            _ => "write it here",
        };
        self.report(
            Diagnostic::error(code, format!("expected {what}, found {found}"), place)
                .label(format!("expected {what}"))
                .help(help),
        );
        Reported
    }

    /// The same, with how to mend it.
    pub(crate) fn expected_help(&mut self, code: &'static str, what: &str, help: &str) -> Reported {
        if !self.is_reported_token() {
            let place = self.span().in_file(self.file);
            let found = self.found();
            self.report(
                Diagnostic::error(code, format!("expected {what}, found {found}"), place)
                    .label(format!("expected {what}"))
                    .help(help),
            );
        }
        Reported
    }

    /// Whether the current token has been reported already: by the lexer, or as a bracket alone.
    pub(crate) fn is_reported_token(&self) -> bool {
        let token = &self.tokens[self.at];
        match token.kind {
            TokenKind::Junk => true,
            TokenKind::LeftParen
            | TokenKind::RightParen
            | TokenKind::LeftBracket
            | TokenKind::RightBracket
            | TokenKind::RightBrace => token.partner == NONE,
            _ => false,
        }
    }

    pub(crate) fn found(&self) -> String {
        if !self.at_end() {
            let source = self.source(self.at);
            let line = source.lines().next().unwrap_or("");
            return match self.tokens[self.at].kind {
                TokenKind::String if line.chars().count() > 24 => "a string".to_owned(),
                _ => format!("`{line}`"),
            };
        }
        let token = &self.tokens[self.at];
        match token.kind {
            TokenKind::End => "the end of the file".to_owned(),
            TokenKind::Semicolon if !token.first => "`;`".to_owned(),
            TokenKind::RightBrace if !token.first => "`}`".to_owned(),
            _ => "the end of the line".to_owned(),
        }
    }

    /// Reports that the current word is a misspelling of `word`.
    pub(crate) fn misspelt(&mut self, word: &str) {
        let place = self.span().in_file(self.file);
        let found = self.word();
        self.report(
            Diagnostic::error("P0121", format!("unknown word `{found}`"), place)
                .label(format!("expected `{word}`"))
                .help("there is a word much like it")
                .suggest(place, word),
        );
    }

    /// Reports a word that no clause begins with, and the one that may be meant.
    pub(crate) fn unknown_word(&mut self, words: &[&str], what: &str) -> Reported {
        let found = self.word();
        match crate::syntax::parser::nearest(found, words) {
            Some(word) if !found.is_empty() => {
                let place = self.span().in_file(self.file);
                self.report(
                    Diagnostic::error("P0121", format!("unknown word `{found}`"), place)
                        .label(format!("expected {what}"))
                        .help("there is a word much like it")
                        .suggest(place, word),
                );
                Reported
            }
            _ => self.expected_as("P0121", what),
        }
    }
}
