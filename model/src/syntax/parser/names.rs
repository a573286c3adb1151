//! Names and literals.

use super::{Diagnostic, Ident, Name, Parse, Parser, Reported, TokenKind, literal, mark};

impl<'a> Parser<'a> {
    pub(crate) fn ident(&mut self, what: &str) -> Parse<Ident> {
        match self.kind() {
            TokenKind::Word | TokenKind::Quoted => Ok(self.take_ident()),
            TokenKind::String => {
                let text = literal::text(self.text, self.span());
                let place = self.span().in_file(self.file);
                let mend = crate::syntax::quoted_name(&text.value);
                self.report(
                    Diagnostic::error("P0122", format!("expected {what}, found a string"), place)
                        .label("strings stand in single quotes, names do not")
                        .help("write it bare, or in double quotes")
                        .suggest(place, mend),
                );
                let ident = self.take_ident();
                Ok(Ident {
                    name: Name::from(&*text.value),
                    ..ident
                })
            }
            _ => Err(self.expected_name(what)),
        }
    }

    fn expected_name(&mut self, what: &str) -> Reported {
        self.expected_as("P0122", what)
    }

    /// The current token as an identifier, whatever it is.
    pub(crate) fn take_ident(&mut self) -> Ident {
        let token = self.tokens[self.at];
        let source = self.source(self.at);
        let quoted = token.kind != TokenKind::Word;
        let name = match token.kind {
            TokenKind::Quoted => Name::from(literal::name(source)),
            TokenKind::String => Name::from(&*literal::text(self.text, token.span()).value),
            // The same few names come again and again, and share one text.
            _ => self
                .names
                .entry(source)
                .or_insert_with(|| Name::from(source))
                .clone(),
        };
        if token.kind == TokenKind::Quoted && name.is_empty() {
            let place = token.span().in_file(self.file);
            self.report(
                Diagnostic::error("P0122", "a name is not empty", place)
                    .label("expected at least one character")
                    .help("write the name"),
            );
        }
        self.bump();
        Ident {
            name,
            span: token.span(),
            quoted,
        }
    }

    pub(crate) fn string(&mut self, what: &str) -> Parse<crate::syntax::tree::Text> {
        if self.is(TokenKind::String) {
            let text = literal::text(self.text, self.span());
            self.bump();
            return Ok(text);
        }
        if self.is(TokenKind::Quoted) {
            let span = self.span();
            let value = literal::name(span.of(self.text));
            let place = span.in_file(self.file);
            self.report(
                Diagnostic::error("P0128", format!("expected {what}, found a name"), place)
                    .label("double quotes are for names")
                    .help("strings stand in single quotes")
                    .suggest(place, crate::quote::literal(&value)),
            );
            self.bump();
            return Ok(crate::syntax::tree::Text {
                value: value.into(),
                span,
                inner: span,
            });
        }
        Err(self.expected_as("P0128", what))
    }

    /// A whole number with a sign or without.
    pub(crate) fn integer(&mut self, what: &str) -> Parse<i64> {
        let start = self.start();
        let negative = self.is(TokenKind::Minus);
        let ahead = usize::from(negative || self.is(TokenKind::Plus));
        if self.kind_at(ahead) != TokenKind::Number {
            return Err(self.expected_as("P0129", what));
        }
        for _ in 0..ahead {
            self.bump();
            self.mark(mark::GLUE);
        }
        let digits = self.source(self.at).replace('_', "");
        self.bump();
        let sign = if negative { "-" } else { "" };
        format!("{sign}{digits}").parse().map_err(|_| {
            let place = self.since(start).in_file(self.file);
            self.report(
                Diagnostic::error("P0129", "this is not a whole number of 64 bits", place)
                    .label(format!("expected {what}"))
                    .help(format!("write a number from {} to {}", i64::MIN, i64::MAX)),
            );
            Reported
        })
    }
}
