//! Types as PostgreSQL writes them, and `?`.
//!
//! Whether a type exists is the resolver's to say.

use crate::diagnostic::Diagnostic;
use crate::source::Span;
use crate::syntax::parser::{Parse, Parser, Reported, mark};
use crate::syntax::token::TokenKind;
use crate::syntax::tree::{ExprText, Ident, QName, TypeExpr};

/// Types of several words: the words, and how many of them come before the modifiers.
const LONG_NAMES: &[(&[&str], usize)] = &[
    (&["double", "precision"], 2),
    (&["character", "varying"], 2),
    (&["char", "varying"], 2),
    (&["nchar", "varying"], 2),
    (&["national", "character", "varying"], 3),
    (&["national", "char", "varying"], 3),
    (&["national", "character"], 2),
    (&["national", "char"], 2),
    (&["bit", "varying"], 2),
    (&["timestamp", "with", "time", "zone"], 1),
    (&["timestamp", "without", "time", "zone"], 1),
    (&["time", "with", "time", "zone"], 1),
    (&["time", "without", "time", "zone"], 1),
];

const INTERVAL_FIELDS: &[&str] = &["year", "month", "day", "hour", "minute", "second"];

impl Parser<'_> {
    /// A type with `?` or without.
    pub(crate) fn type_expr(&mut self) -> Parse<TypeExpr> {
        let start = self.start();
        let mut ty = self.plain_type("a type")?;
        ty.nullable = self.question("type")?;
        ty.span = self.since(start);
        Ok(ty)
    }

    /// `?`, at most once.
    pub(crate) fn question(&mut self, what: &str) -> Parse<bool> {
        let nullable = self.eat_glued(TokenKind::Question);
        if nullable && self.is(TokenKind::Question) {
            let place = self.span().in_file(self.file);
            self.report(
                Diagnostic::error("P0136", "one `?` is enough", place)
                    .label(format!("this {what} may be null already"))
                    .help("remove the second")
                    .suggest(place, ""),
            );
            while self.eat_glued(TokenKind::Question) {}
        }
        Ok(nullable)
    }

    /// A type without `?`.
    pub(crate) fn plain_type(&mut self, what: &str) -> Parse<TypeExpr> {
        let start = self.start();
        if !matches!(self.kind(), TokenKind::Word | TokenKind::Quoted) {
            return Err(self.expected_as("P0123", what));
        }
        let (name, modifiers) = match self.long_name() {
            Some(long) => long?,
            None => {
                let name = self.qname(what)?;
                (name, self.modifiers()?)
            }
        };
        let shape = if self.is(TokenKind::Less) {
            Some(Box::new(self.shape_argument()?))
        } else {
            None
        };
        let array = self.array()?;
        Ok(TypeExpr {
            name,
            modifiers,
            array,
            nullable: false,
            shape,
            span: self.since(start),
        })
    }

    /// How many words a type of several words takes here; 0 where it is none.
    pub(crate) fn long_name_length(&self) -> usize {
        LONG_NAMES
            .iter()
            .filter(|(words, before)| {
                (0..words.len()).all(|i| {
                    let skip = if i >= *before {
                        self.modifier_length(*before)
                    } else {
                        0
                    };
                    self.is_word_at(i + skip, words[i])
                })
            })
            .map(|(words, _)| words.len())
            .max()
            .unwrap_or(0)
    }

    /// How many tokens the modifiers take that begin `ahead` places on.
    fn modifier_length(&self, ahead: usize) -> usize {
        if self.kind_at(ahead) != TokenKind::LeftParen {
            return 0;
        }
        let open = self.at + ahead;
        let close = self.tokens[open].partner as usize;
        if close == crate::syntax::token::NONE as usize {
            0
        } else {
            close + 1 - open
        }
    }

    fn long_name(&mut self) -> Option<Parse<(QName, Option<ExprText>)>> {
        if self.is_word("interval") {
            let field = self.word_at(1).to_ascii_lowercase();
            return INTERVAL_FIELDS
                .contains(&field.as_str())
                .then(|| self.interval());
        }
        let first = self.word();
        if !LONG_NAMES
            .iter()
            .any(|(w, _)| w[0].eq_ignore_ascii_case(first))
        {
            return None;
        }
        let length = self.long_name_length();
        let (words, before) = LONG_NAMES.iter().find(|(words, _)| {
            words.len() == length
                && words[0].eq_ignore_ascii_case(first)
                && (length < 2 || self.long_name_matches(words))
        })?;
        Some(self.take_long_name(words, *before))
    }

    fn long_name_matches(&self, words: &[&str]) -> bool {
        let before = LONG_NAMES
            .iter()
            .find(|(w, _)| *w == words)
            .map_or(words.len(), |(_, b)| *b);
        (0..words.len()).all(|i| {
            let skip = if i >= before {
                self.modifier_length(before)
            } else {
                0
            };
            self.is_word_at(i + skip, words[i])
        })
    }

    fn take_long_name(
        &mut self,
        words: &[&str],
        before: usize,
    ) -> Parse<(QName, Option<ExprText>)> {
        let start = self.start();
        let mut modifiers = None;
        for index in 0..words.len() {
            if index == before {
                modifiers = self.modifiers()?;
            }
            self.bump_keyword();
        }
        if before == words.len() {
            modifiers = self.modifiers()?;
        }
        let span = self.since(start);
        Ok((canonical(&words.join(" "), span), modifiers))
    }

    /// `interval day to second(3)`.
    fn interval(&mut self) -> Parse<(QName, Option<ExprText>)> {
        let start = self.start();
        let mut words = vec!["interval".to_owned()];
        self.bump_keyword();
        words.push(self.word().to_ascii_lowercase());
        self.bump_keyword();
        let last = self.word_at(1).to_ascii_lowercase();
        if self.is_word("to") && INTERVAL_FIELDS.contains(&last.as_str()) {
            self.bump_keyword();
            self.bump_keyword();
            words.push("to".to_owned());
            words.push(last);
        }
        let span = self.since(start);
        Ok((canonical(&words.join(" "), span), self.modifiers()?))
    }

    /// `(10, 2)`.
    fn modifiers(&mut self) -> Parse<Option<ExprText>> {
        if !self.is(TokenKind::LeftParen) {
            return Ok(None);
        }
        self.mark(mark::GLUE);
        self.paren_expr("the modifiers of the type").map(Some)
    }

    fn shape_argument(&mut self) -> Parse<crate::syntax::tree::JsonType> {
        self.eat_glued(TokenKind::Less);
        self.mark(mark::GLUE);
        let shape = self.json_type()?;
        self.question("shape")?;
        if !self.eat_glued(TokenKind::Greater) {
            return Err(self.expected("`>`"));
        }
        Ok(shape)
    }

    /// `[]`, `[3]`, `[][]`, `array`.
    fn array(&mut self) -> Parse<bool> {
        let mut array = false;
        while self.is(TokenKind::LeftBracket) {
            let Some(close) = self.closing() else {
                self.bump();
                return Err(Reported);
            };
            self.mark(mark::GLUE);
            self.bump();
            if self.at < close && self.tokens[self.at].kind == TokenKind::Number {
                self.bump();
            }
            if self.at < close {
                return Err(self.expected("`]`"));
            }
            self.mark(mark::GLUE);
            self.at = close + 1;
            array = true;
        }
        if !array && self.is_word("array") {
            self.bump_keyword();
            array = true;
        }
        Ok(array)
    }

    /// A name in a schema or not.
    pub(crate) fn qname(&mut self, what: &str) -> Parse<QName> {
        let first = self.ident(what)?;
        if !self.is(TokenKind::Dot) {
            return Ok(QName {
                schema: None,
                name: first,
            });
        }
        self.bump();
        let name = self.ident(what)?;
        if self.is(TokenKind::Dot) && self.is_name_at(1) {
            let place = first.span.in_file(self.file);
            self.bump();
            let last = self.take_ident();
            self.report(
                Diagnostic::error("P0122", "a name has at most a schema before it", place)
                    .label("one part too many")
                    .help("a model is of one database; leave its name out"),
            );
            return Ok(QName {
                schema: Some(name),
                name: last,
            });
        }
        Ok(QName {
            schema: Some(first),
            name,
        })
    }
}

fn canonical(name: &str, span: Span) -> QName {
    QName {
        schema: None,
        name: Ident {
            name: name.into(),
            span,
            quoted: false,
        },
    }
}

/// Whether a bare word is a built-in type, and so the type of a column rather than a name.
pub(crate) fn is_builtin(word: &str) -> bool {
    const BUILTIN: &[&str] = &[
        "bigint",
        "bigserial",
        "bit",
        "bool",
        "boolean",
        "box",
        "bytea",
        "char",
        "character",
        "cidr",
        "circle",
        "citext",
        "date",
        "datemultirange",
        "daterange",
        "decimal",
        "double",
        "float",
        "float4",
        "float8",
        "inet",
        "int",
        "int2",
        "int4",
        "int4multirange",
        "int4range",
        "int8",
        "int8multirange",
        "int8range",
        "integer",
        "interval",
        "json",
        "jsonb",
        "jsonpath",
        "line",
        "lseg",
        "macaddr",
        "macaddr8",
        "money",
        "national",
        "nchar",
        "numeric",
        "nummultirange",
        "numrange",
        "oid",
        "path",
        "pg_lsn",
        "point",
        "polygon",
        "real",
        "regclass",
        "serial",
        "serial2",
        "serial4",
        "serial8",
        "smallint",
        "smallserial",
        "text",
        "time",
        "timestamp",
        "timestamptz",
        "timetz",
        "tsmultirange",
        "tsquery",
        "tsrange",
        "tstzmultirange",
        "tstzrange",
        "tsvector",
        "uuid",
        "varbit",
        "varchar",
        "xml",
    ];
    BUILTIN
        .binary_search(&word.to_ascii_lowercase().as_str())
        .is_ok()
}
