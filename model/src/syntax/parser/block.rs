//! Statements, blocks and lists.

use super::{Diagnostic, NONE, Parse, Parser, Reported, Span, TokenKind, fault, mark};

impl<'a> Parser<'a> {
    /// Begins a statement at the current token.
    pub(crate) fn begin(&mut self) {
        let token = &self.tokens[self.at];
        self.statement = self.at;
        // What follows a `{` on its line ends with that line.
        self.limit = match self.at.checked_sub(1).map(|i| self.tokens[i].kind) {
            Some(TokenKind::LeftBrace | TokenKind::Comma) if !token.first => u32::MAX,
            _ => token.indent,
        };
        self.mark(mark::STATEMENT);
    }

    /// Ends a statement: reports what is left of it, and leaves it behind.
    pub(crate) fn finish(&mut self, result: Parse<()>, expectation: &str) {
        if result.is_ok() && !self.at_end() && !self.at_separator() {
            if self.is(TokenKind::Comma) && self.next_ends() {
                self.comma_at_end();
                self.bump();
            } else if !self.is_reported_token() {
                let found = self.found();
                let place = self.span().in_file(self.file);
                let diagnostic = Diagnostic::error("P0125", format!("unexpected {found}"), place)
                    .label(expectation);
                self.report(if self.commas && self.is_name_at(0) {
                    let gap = Span::new(self.end(), self.start()).in_file(self.file);
                    diagnostic
                        .help("commas or line ends come between")
                        .suggest(gap, ", ")
                } else {
                    let help = "a line that is indented further continues the statement above it";
                    diagnostic.help(help)
                });
            }
        }
        self.skip_statement();
    }

    /// Whether a comma stands here that ends the statement.
    fn at_separator(&self) -> bool {
        self.commas && self.is(TokenKind::Comma)
    }

    fn next_ends(&self) -> bool {
        self.kind_at(1) == TokenKind::End
    }

    fn comma_at_end(&mut self) {
        let place = self.span().in_file(self.file);
        self.report(
            Diagnostic::error("P0132", "a statement does not end with a comma", place)
                .label("nothing follows on this line")
                .help("statements end with their line; remove the comma")
                .suggest(place, ""),
        );
    }

    /// Goes to the end of the statement, over everything in brackets.
    pub(crate) fn skip_statement(&mut self) {
        self.nest = 0;
        while !self.at_end() && !self.at_separator() {
            self.skip_token();
        }
    }

    fn skip_token(&mut self) {
        let token = self.tokens[self.at];
        let opens = matches!(
            token.kind,
            TokenKind::LeftParen | TokenKind::LeftBracket | TokenKind::LeftBrace
        );
        if opens && token.partner != NONE {
            let close = token.partner as usize;
            let closed = self.tokens[close].partner as usize == self.at;
            self.at = if closed { close + 1 } else { close };
            self.at = self.at.min(self.tokens.len() - 1);
        } else {
            self.bump();
        }
    }

    /// `{ … }`: the statements of a block, each read by `statement`. Commas separate them where
    /// `commas` holds.
    pub(crate) fn block(
        &mut self,
        commas: bool,
        expectation: &str,
        mut statement: impl FnMut(&mut Self) -> Parse<()>,
    ) -> Parse<()> {
        if !self.is(TokenKind::LeftBrace) {
            return Err(self.expected("`{`"));
        }
        let open = self.at;
        let outer = (self.statement, self.limit, self.nest, self.commas);
        let end = self.tokens[open].partner as usize;
        self.mark(mark::BLOCK);
        self.bump();
        self.nest = 0;
        self.commas = commas;
        while self.at < end && self.tokens[self.at].kind != TokenKind::End {
            let kind = self.tokens[self.at].kind;
            if kind == TokenKind::Semicolon || (commas && kind == TokenKind::Comma) {
                self.mark(mark::SEPARATOR);
                self.bump();
                continue;
            }
            let before = self.at;
            self.begin();
            let result = statement(self);
            self.finish(result, expectation);
            if self.at == before {
                self.bump();
            }
        }
        self.at = end;
        (self.statement, self.limit, self.nest, self.commas) = outer;
        if self.tokens[end].partner as usize == open {
            self.mark(mark::BLOCK);
            self.bump();
        }
        Ok(())
    }

    /// `( … )`: a list, each part read by `part`. A fault in one part leaves the others.
    pub(crate) fn list<T>(
        &mut self,
        what: &str,
        mut part: impl FnMut(&mut Self) -> Parse<T>,
    ) -> Parse<Vec<T>> {
        if !self.is(TokenKind::LeftParen) {
            return Err(self.expected(&format!("`(` and {what}")));
        }
        let Some(close) = self.closing() else {
            return Err(Reported);
        };
        self.bump();
        self.nest += 1;
        let mut parts = Vec::new();
        let mut failed = false;
        while self.at < close {
            match part(self) {
                Ok(value) => parts.push(value),
                Err(Reported) => failed = true,
            }
            if self.at < close && !self.is(TokenKind::Comma) {
                if !failed && !self.is_reported_token() {
                    self.expected("`,` or `)`");
                }
                failed = true;
                while self.at < close && !self.is(TokenKind::Comma) {
                    self.skip_token();
                }
            }
            if self.at < close && self.is(TokenKind::Comma) {
                if self.at + 1 == close {
                    self.comma_in_list();
                }
                self.bump();
            }
        }
        self.at = close + 1;
        self.nest -= 1;
        // What could be read of a list serves what follows; its fault has been reported.
        if failed && parts.is_empty() {
            return Err(Reported);
        }
        parts.shrink_to_fit();
        Ok(parts)
    }

    fn comma_in_list(&mut self) {
        let place = self.span().in_file(self.file);
        self.report(
            Diagnostic::error("P0132", "a list does not end with a comma", place)
                .label("nothing follows before the `)`")
                .help("remove the comma")
                .suggest(place, ""),
        );
    }

    /// A list in parentheses with at least one part.
    pub(crate) fn some<T>(
        &mut self,
        what: &str,
        part: impl FnMut(&mut Self) -> Parse<T>,
    ) -> Parse<Vec<T>> {
        let start = self.start();
        let parts = self.list(what, part)?;
        if parts.is_empty() {
            let place = self.since(start).in_file(self.file);
            self.report(
                Diagnostic::error("P0124", format!("expected {what}, found nothing"), place)
                    .label(format!("expected {what}"))
                    .help("write at least one"),
            );
            return Err(Reported);
        }
        Ok(parts)
    }

    /// `a, b, c` without parentheses.
    pub(crate) fn separated<T>(
        &mut self,
        mut part: impl FnMut(&mut Self) -> Parse<T>,
    ) -> Parse<Vec<T>> {
        let mut parts = vec![part(self)?];
        while self.is(TokenKind::Comma) && (self.commas || !self.next_ends()) {
            self.bump();
            parts.push(part(self)?);
        }
        Ok(parts)
    }

    /// Reads what is nested, unless it is nested too deep.
    pub(crate) fn nested<T>(&mut self, read: impl FnOnce(&mut Self) -> Parse<T>) -> Parse<T> {
        if self.depth >= 64 {
            let span = self.span();
            self.report(fault::too_deep(self.file, span));
            return Err(Reported);
        }
        self.depth += 1;
        let result = read(self);
        self.depth -= 1;
        result
    }

    /// Inside brackets, where lines do not matter.
    pub(crate) fn inside<T>(&mut self, read: impl FnOnce(&mut Self) -> Parse<T>) -> Parse<T> {
        self.nest += 1;
        let result = read(self);
        self.nest = self.nest.saturating_sub(1);
        result
    }
}
