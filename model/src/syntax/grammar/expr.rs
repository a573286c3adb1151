//! Expressions: PostgreSQL's text, taken as it stands.
//!
//! Only its extent is found here; what it says is the resolver's to read.

use crate::diagnostic::Diagnostic;
use crate::source::Span;
use crate::syntax::parser::{Parse, Parser, Reported, mark};
use crate::syntax::token::{NONE, TokenKind};
use crate::syntax::tree::{ExprText, Parameter, Setting};

impl Parser<'_> {
    /// The text of a place, comments in it blanked.
    pub(crate) fn expr_text(&self, span: Span, first: usize, last: usize) -> ExprText {
        let source = span.of(self.text);
        let (from, to) = (self.tokens[first].comments, self.tokens[last].comments);
        let mut text = source.to_owned();
        for comment in &self.comments[from as usize..to as usize] {
            let (start, end) = (comment.span.start, comment.span.end);
            if start >= span.start && end <= span.end {
                let range = (start - span.start) as usize..(end - span.start) as usize;
                let blanks: String = text[range.clone()]
                    .bytes()
                    .map(|b| if b == b'\n' { '\n' } else { ' ' })
                    .collect();
                text.replace_range(range, &blanks);
            }
        }
        ExprText {
            text: text.into(),
            span,
        }
    }

    /// The tokens from `first` to before the current one, as an expression.
    pub(crate) fn expr_since(&mut self, first: usize) -> ExprText {
        let last = self.at.max(first + 1) - 1;
        for index in first + 1..=last {
            self.marks[index] |= mark::VERBATIM;
        }
        let span = self.tokens[first].span().to(self.tokens[last].span());
        self.expr_text(span, first, last)
    }

    /// `( … )`: the expression between the parentheses.
    pub(crate) fn paren_expr(&mut self, what: &str) -> Parse<ExprText> {
        if !self.is(TokenKind::LeftParen) {
            return Err(self.expected_as("P0126", &format!("{what} in parentheses")));
        }
        let Some(close) = self.closing() else {
            self.bump();
            return Err(Reported);
        };
        let open = self.at;
        for index in open + 1..=close {
            self.marks[index] |= mark::VERBATIM;
        }
        self.at = close + 1;
        if open + 1 == close {
            let place = self.tokens[open].span().to(self.tokens[close].span());
            self.report(
                Diagnostic::error(
                    "P0126",
                    format!("expected {what}, found nothing"),
                    place.in_file(self.file),
                )
                .label(format!("expected {what} between the parentheses")),
            );
            return Err(Reported);
        }
        let span = self.tokens[open + 1]
            .span()
            .to(self.tokens[close - 1].span());
        Ok(self.expr_text(span, open + 1, close - 1))
    }

    /// One literal, name or call with casts, or anything in parentheses. Parentheses around the
    /// whole are not part of the text.
    pub(crate) fn bare_expr(&mut self, what: &str) -> Parse<ExprText> {
        let first = self.at;
        let expr = self.operand(what)?;
        if self.is_binary_operator() {
            self.several_parts(first);
        }
        Ok(expr)
    }

    fn operand(&mut self, what: &str) -> Parse<ExprText> {
        let first = self.at;
        if self.is(TokenKind::LeftParen) {
            let inner = self.paren_expr(what)?;
            if !self.is(TokenKind::Cast) && !self.is(TokenKind::LeftBracket) {
                return Ok(inner);
            }
        } else {
            while matches!(self.kind(), TokenKind::Minus | TokenKind::Plus) {
                self.bump();
            }
            match self.kind() {
                TokenKind::String | TokenKind::Number => self.bump(),
                TokenKind::Word | TokenKind::Quoted => self.name_or_call()?,
                _ => return Err(self.expected_as("P0126", what)),
            }
        }
        self.suffixes()?;
        Ok(self.expr_since(first))
    }

    /// A name, a call, `array[…]`, or a literal that begins with its type (`date '2020-01-01'`).
    fn name_or_call(&mut self) -> Parse<()> {
        let word = self.word();
        self.bump();
        while self.is(TokenKind::Dot) {
            self.bump();
            self.take_if_name();
        }
        if word.eq_ignore_ascii_case("row") || self.is(TokenKind::LeftParen) {
            self.brackets(TokenKind::LeftParen)?;
        } else if self.is(TokenKind::LeftBracket) && word.eq_ignore_ascii_case("array") {
            self.brackets(TokenKind::LeftBracket)?;
        } else if self.is(TokenKind::String) && is_type_of_literal(word) {
            self.bump();
        }
        Ok(())
    }

    fn take_if_name(&mut self) {
        if matches!(self.kind(), TokenKind::Word | TokenKind::Quoted) {
            self.bump();
        }
    }

    fn brackets(&mut self, kind: TokenKind) -> Parse<()> {
        if !self.is(kind) {
            return Ok(());
        }
        let Some(close) = self.closing() else {
            self.bump();
            return Err(Reported);
        };
        self.at = close + 1;
        Ok(())
    }

    /// `::type` and subscripts.
    fn suffixes(&mut self) -> Parse<()> {
        loop {
            match self.kind() {
                TokenKind::Cast => {
                    self.bump();
                    self.plain_type("a type")?;
                }
                TokenKind::LeftBracket => self.brackets(TokenKind::LeftBracket)?,
                _ => return Ok(()),
            }
        }
    }

    fn is_binary_operator(&self) -> bool {
        matches!(
            self.kind(),
            TokenKind::Operator
                | TokenKind::Plus
                | TokenKind::Minus
                | TokenKind::Star
                | TokenKind::Equals
                | TokenKind::Less
                | TokenKind::Greater
                | TokenKind::Arrow
        )
    }

    /// An expression of several parts without parentheses: reports it and takes it whole.
    fn several_parts(&mut self, first: usize) {
        let operator = self.at;
        while self.is_binary_operator() {
            while self.is_binary_operator() {
                self.bump();
            }
            if self.operand("an expression").is_err() {
                break;
            }
        }
        let span = self.tokens[first]
            .span()
            .to(self.tokens[self.at - 1].span());
        let text = span.of(self.text);
        let place = span.in_file(self.file);
        let found = self.source(operator);
        self.report(
            Diagnostic::error(
                "P0127",
                "an expression of several parts stands in parentheses",
                place,
            )
            .label(format!("`{found}` makes it more than one literal or call"))
            .help("put parentheses around it")
            .suggest(place, format!("({text})")),
        );
    }

    /// `(name = value, …)`: parameters and options. `name 'value'` and a name alone are read too.
    pub(crate) fn parameters(&mut self) -> Parse<Vec<Parameter>> {
        self.some("options", |p| {
            let start = p.start();
            let name = p.dotted_ident("the name of an option")?;
            p.eat(TokenKind::Equals);
            let value = match p.kind() {
                TokenKind::Comma | TokenKind::RightParen => None,
                _ => Some(p.setting_value()?),
            };
            Ok(Parameter {
                name,
                value,
                span: p.since(start),
            })
        })
    }

    /// A name that may hold dots, as one.
    pub(crate) fn dotted_ident(&mut self, what: &str) -> Parse<crate::syntax::tree::Ident> {
        let mut ident = self.ident(what)?;
        while self.is(TokenKind::Dot) {
            self.bump();
            let part = self.ident(what)?;
            ident.name = format!("{}.{}", ident.name, part.name).into();
            ident.span = ident.span.to(part.span);
        }
        Ok(ident)
    }

    /// `name = value` or `name to value`, behind `set`.
    pub(crate) fn setting(&mut self) -> Parse<Setting> {
        let start = self.start();
        let name = self.dotted_ident("the name of a setting")?;
        if !self.eat(TokenKind::Equals) && !self.eat_word("to") {
            return Err(self.expected("`=`"));
        }
        let first = self.at;
        self.setting_value()?;
        while self.is(TokenKind::Comma) {
            self.bump();
            self.setting_value()?;
        }
        let value = self.expr_since(first);
        Ok(Setting {
            name,
            value,
            span: self.since(start),
        })
    }

    /// A word, a number, or a string.
    fn setting_value(&mut self) -> Parse<ExprText> {
        let first = self.at;
        if matches!(self.kind(), TokenKind::Minus | TokenKind::Plus) {
            self.bump();
        }
        match self.kind() {
            TokenKind::Word | TokenKind::Quoted | TokenKind::Number | TokenKind::String => {
                self.bump()
            }
            _ => return Err(self.expected_as("P0126", "a value")),
        }
        while matches!(self.kind(), TokenKind::Dot) {
            self.bump();
            self.take_if_name();
        }
        Ok(self.expr_since(first))
    }

    /// Whether the bracket at the current place is closed.
    pub(crate) fn is_closed(&self) -> bool {
        self.tokens[self.at].partner != NONE
    }
}

/// Types whose name before a string makes a literal in everyday SQL.
fn is_type_of_literal(word: &str) -> bool {
    [
        "date",
        "time",
        "timestamp",
        "timestamptz",
        "timetz",
        "interval",
        "uuid",
        "json",
        "jsonb",
        "inet",
        "numeric",
        "bit",
        "bytea",
        "point",
        "box",
    ]
    .iter()
    .any(|t| t.eq_ignore_ascii_case(word))
}
