//! `json` shapes.

use crate::diagnostic::Diagnostic;
use crate::syntax::parser::{Parse, Parser, Reported, mark};
use crate::syntax::token::TokenKind;
use crate::syntax::tree::{
    Json, JsonField, JsonKind, JsonObject, JsonRest, JsonType, JsonVariant, Limits, Text,
};

impl Parser<'_> {
    /// `[unchecked] json NAME [reads OLDER, …] { … }`, `json NAME by KEY { … }` or `json NAME = type`.
    pub(crate) fn json(&mut self) -> Parse<Json> {
        let docs = self.docs();
        let start = self.start();
        let unchecked = self.eat_word("unchecked");
        self.expect_word("json")?;
        let name = self.qname("the name of the shape")?;
        let clauses = self.object_clauses()?;
        let mut reads = Vec::new();
        if self.eat_word("reads") {
            reads.push(self.qname("the name of an older shape")?);
            while self.eat(TokenKind::Comma) {
                reads.push(self.qname("the name of an older shape")?);
            }
            if !self.is(TokenKind::LeftBrace) {
                return Err(self.expected("`{`"));
            }
        }
        let ty = match self.kind() {
            TokenKind::Equals => {
                self.bump();
                self.json_type()?
            }
            TokenKind::LeftBrace => self.json_primary()?,
            _ if self.is_word("by") => self.json_tagged()?,
            _ => return Err(self.expected("`{`, `=` or `by`")),
        };
        Ok(Json {
            span: self.since(start),
            docs,
            name,
            unchecked,
            reads,
            ty,
            clauses,
        })
    }

    /// A type: one, or several with `|` between them.
    pub(crate) fn json_type(&mut self) -> Parse<JsonType> {
        self.nested(|p| {
            let start = p.start();
            let first = p.json_postfix()?;
            if !p.is(TokenKind::Pipe) {
                return Ok(first);
            }
            let mut types = vec![first];
            while p.eat(TokenKind::Pipe) {
                types.push(p.json_postfix()?);
            }
            Ok(JsonType {
                span: p.since(start),
                kind: JsonKind::Union(types),
            })
        })
    }

    /// A type with `[]` behind it, or without.
    fn json_postfix(&mut self) -> Parse<JsonType> {
        let start = self.start();
        let mut ty = self.json_primary()?;
        let mut levels = 0;
        while self.is(TokenKind::LeftBracket) {
            if !self.is_closed() {
                self.bump();
                return Err(Reported);
            }
            self.mark(mark::GLUE);
            self.bump();
            if !self.is(TokenKind::RightBracket) {
                let help = "limits of an array stand behind it: `type[](1..4)`";
                return Err(self.expected_help("P0140", "`]`", help));
            }
            self.bump();
            let limits = self.limits()?;
            levels += 1;
            if levels > 64 {
                return self.nested_too_deep();
            }
            ty = JsonType {
                span: self.since(start),
                kind: JsonKind::Array(Box::new(ty), limits),
            };
        }
        Ok(ty)
    }

    fn nested_too_deep<T>(&mut self) -> Parse<T> {
        let depth = std::mem::replace(&mut self.depth, u32::MAX);
        let result = self.nested(|_| Err(Reported));
        self.depth = depth;
        result
    }

    fn json_primary(&mut self) -> Parse<JsonType> {
        let start = self.start();
        let kind = match self.kind() {
            TokenKind::String => JsonKind::Text(self.string("a string")?),
            TokenKind::Number | TokenKind::Minus => self.json_number()?,
            TokenKind::LeftBrace => JsonKind::Object(self.nested(Self::json_object)?),
            TokenKind::LeftParen => {
                if !self.is_closed() {
                    self.bump();
                    return Err(Reported);
                }
                self.bump();
                let inner = self.inside(Self::json_type)?;
                self.expect(TokenKind::RightParen, "`)`")?;
                return Ok(inner);
            }
            TokenKind::Word if matches!(self.word(), "true" | "false" | "null") => {
                let word = self.word();
                self.bump();
                JsonKind::Literal(word.into())
            }
            TokenKind::Word if self.is_word("map") && self.kind_at(1) == TokenKind::Less => {
                self.bump();
                self.eat_glued(TokenKind::Less);
                self.mark(mark::GLUE);
                let value = self.json_type()?;
                if !self.eat_glued(TokenKind::Greater) {
                    return Err(self.expected("`>`"));
                }
                JsonKind::Map(Box::new(value))
            }
            TokenKind::Word if self.is_word("by") && self.kind_at(2) == TokenKind::LeftBrace => {
                return self.json_tagged();
            }
            TokenKind::Word | TokenKind::Quoted => {
                let name = self.qname("a type")?;
                let limits = self.limits()?;
                let matching = if self.is_word("matching") && self.kind_at(1) == TokenKind::String {
                    self.bump_keyword();
                    Some(self.string("a regular expression")?)
                } else {
                    None
                };
                JsonKind::Named {
                    name,
                    limits,
                    matching,
                }
            }
            _ => return Err(self.expected_as("P0123", "a type")),
        };
        Ok(JsonType {
            span: self.since(start),
            kind,
        })
    }

    fn json_number(&mut self) -> Parse<JsonKind> {
        let negative = self.eat(TokenKind::Minus);
        if !self.is(TokenKind::Number) {
            return Err(self.expected_as("P0129", "a number"));
        }
        if negative {
            self.mark(mark::GLUE);
        }
        let digits = self.source(self.at).replace('_', "");
        self.bump();
        let sign = if negative { "-" } else { "" };
        Ok(JsonKind::Literal(format!("{sign}{digits}").into()))
    }

    /// `(1..80)`, `(..80)`, `(1..)`, `(4)`.
    fn limits(&mut self) -> Parse<Option<Limits>> {
        if !self.is(TokenKind::LeftParen) {
            return Ok(None);
        }
        if !self.is_closed() {
            self.bump();
            return Err(Reported);
        }
        let start = self.start();
        self.mark(mark::GLUE);
        self.bump();
        let (min, max) = self.inside(|p| {
            let min = p.limit()?;
            if !p.eat_glued(TokenKind::DotDot) {
                return Ok((min, min));
            }
            p.mark(mark::GLUE);
            Ok((min, p.limit()?))
        })?;
        if !self.is(TokenKind::RightParen) || (min.is_none() && max.is_none()) {
            let reported = self.expected_as("P0140", "limits such as `1..80`");
            return Err(reported);
        }
        self.bump();
        let span = self.since(start);
        if let (Some(least), Some(most)) = (min, max)
            && least > most
        {
            self.report(
                Diagnostic::error(
                    "P0140",
                    format!("nothing lies between {least} and {most}"),
                    span.in_file(self.file),
                )
                .label("the first is greater than the second")
                .help("write the least first")
                .suggest(span.in_file(self.file), format!("({most}..{least})")),
            );
        }
        Ok(Some(Limits { min, max, span }))
    }

    fn limit(&mut self) -> Parse<Option<i64>> {
        match self.kind() {
            TokenKind::Number | TokenKind::Minus | TokenKind::Plus => {
                self.integer("a number").map(Some)
            }
            _ => Ok(None),
        }
    }

    /// `{ … }`: fields and `...`.
    fn json_object(&mut self) -> Parse<JsonObject> {
        let mut object = JsonObject {
            fields: Vec::new(),
            rest: None,
        };
        self.block(
            true,
            "expected `was`, `default` or the end of the field",
            |p| {
                let docs = p.docs();
                let start = p.start();
                if p.eat(TokenKind::Ellipsis) {
                    let ty = if p.at_end() || p.is(TokenKind::Comma) {
                        None
                    } else {
                        p.mark(mark::CELL);
                        Some(Box::new(p.json_type()?))
                    };
                    let span = p.since(start);
                    p.second_rest(&object, span);
                    object.rest = Some(JsonRest { span, ty });
                    return Ok(());
                }
                let name = p.ident("the name of a field, or `...`")?;
                p.mark(mark::CELL);
                if p.is(TokenKind::Operator) && p.source(p.at) == ":" {
                    p.colon(&name.name);
                }
                let ty = p.json_type()?;
                let mut field = JsonField {
                    optional: p.question("field")?,
                    span: p.since(start),
                    docs,
                    name,
                    ty,
                    was: None,
                    default: None,
                };
                let result = p.json_field_clauses(&mut field);
                field.span = p.since(start);
                object.fields.push(field);
                result
            },
        )?;
        Ok(object)
    }

    fn second_rest(&mut self, object: &JsonObject, span: crate::source::Span) {
        if let Some(first) = &object.rest {
            let first = first.span.in_file(self.file);
            self.report(
                Diagnostic::error(
                    "P0139",
                    "`...` stands twice in one object",
                    span.in_file(self.file),
                )
                .label("for the second time")
                .secondary(first, "for the first time")
                .help("remove one"),
            );
        }
    }

    /// A colon between key and type, as in JSON: reports it and goes on.
    fn colon(&mut self, name: &str) {
        let place = self.span().in_file(self.file);
        self.report(
            Diagnostic::error(
                "P0124",
                "no colon stands between a field and its type",
                place,
            )
            .label(format!("expected the type of `{name}`"))
            .help("leave the colon out")
            .suggest(place, ""),
        );
        self.bump();
    }

    fn json_field_clauses(&mut self, field: &mut JsonField) -> Parse<()> {
        let mut first = true;
        while !self.at_end() && !self.is(TokenKind::Comma) {
            self.mark(if first { mark::CELL } else { mark::CLAUSE });
            first = false;
            if self.eat_word("was") {
                field.was = Some(self.ident("the former name of the field")?);
            } else if self.eat_word("default") {
                field.default = Some(self.bare_expr("a value")?);
            } else if let Some(word) =
                crate::syntax::parser::nearest(self.word(), &["was", "default", "matching"])
            {
                self.misspelt(word);
                return Err(Reported);
            } else {
                return Ok(());
            }
        }
        Ok(())
    }

    /// `by KEY { 'a' { … } 'b' Shape }`.
    fn json_tagged(&mut self) -> Parse<JsonType> {
        let start = self.start();
        self.expect_word("by")?;
        let tag = self.ident("the key that tells the variants apart")?;
        let mut variants = Vec::new();
        self.block(true, "expected the end of the variant", |p| {
            let docs = p.docs();
            let start = p.start();
            let label = if p.is(TokenKind::Word) {
                let text = Text {
                    value: p.word().into(),
                    span: p.span(),
                    inner: p.span(),
                };
                let place = p.span().in_file(p.file);
                p.report(
                    Diagnostic::error("P0128", "the value of a key is a string", place)
                        .label("expected a string")
                        .help("put it in single quotes")
                        .suggest(place, format!("'{}'", p.word())),
                );
                p.bump();
                text
            } else {
                p.string("the value of the key")?
            };
            let ty = p.json_type()?;
            variants.push(JsonVariant {
                span: p.since(start),
                docs,
                label,
                ty,
            });
            Ok(())
        })?;
        Ok(JsonType {
            span: self.since(start),
            kind: JsonKind::Tagged { tag, variants },
        })
    }
}
