//! A type's text to [`Written`].

use super::{TypeFault, Written, builtin};
use crate::expr::lexer::{Token, TokenKind, tokens};
use crate::schema::{Name, Type};

/// Reads a type, whatever alias it is written under.
///
/// # Errors
///
/// A [`TypeFault`] with its place in `text`, where the text is not the form of a type.
///
/// ```
/// use model::types::{Written, parse_type};
/// let Ok(Written::Builtin(ty)) = parse_type("varchar(255) []") else { panic!() };
/// assert_eq!(ty.to_string(), "character varying(255)[]");
/// ```
pub fn parse_type(text: &str) -> Result<Written, TypeFault> {
    let tokens = tokens(text, true);
    let (written, next) = parse_at(text, &tokens, 0)?;
    match tokens.get(next) {
        None => Ok(written),
        Some(token) => Err(fault(
            *token,
            format!("unexpected `{}` after the type", token.text(text)),
        )),
    }
}

/// Reads a type whose parts have been told apart: its name (built-in ones of several words as one,
/// without modifiers), what stood between its parentheses, and whether it is an array.
pub(crate) fn from_parts(
    name: &str,
    modifiers: Option<&str>,
    array: bool,
) -> Result<Written, TypeFault> {
    let modifiers = modifiers.map_or(String::new(), |m| format!("({m})"));
    let array = if array { "[]" } else { "" };
    let text = match name.split_once(' ') {
        Some((head @ ("timestamp" | "time"), tail)) => format!("{head}{modifiers} {tail}{array}"),
        _ => format!("{name}{modifiers}{array}"),
    };
    parse_type(&text)
}

/// Reads a type that begins at token `at`; answers with the place of the token behind it.
pub(crate) fn parse_at(
    source: &str,
    tokens: &[Token],
    at: usize,
) -> Result<(Written, usize), TypeFault> {
    let mut reader = Reader { source, tokens, at };
    let written = reader.written()?;
    Ok((written, reader.at))
}

fn fault(token: Token, message: String) -> TypeFault {
    TypeFault {
        start: token.start,
        end: token.end,
        message,
        help: None,
    }
}

struct Reader<'a> {
    source: &'a str,
    tokens: &'a [Token],
    at: usize,
}

impl<'a> Reader<'a> {
    fn word(&self) -> Option<String> {
        let token = self.tokens.get(self.at)?;
        (token.kind == TokenKind::Word).then(|| token.text(self.source).to_ascii_lowercase())
    }

    fn eat_word(&mut self, word: &str) -> bool {
        let found = self.tokens.get(self.at).is_some_and(|t| {
            t.kind == TokenKind::Word && t.text(self.source).eq_ignore_ascii_case(word)
        });
        self.at += usize::from(found);
        found
    }

    fn eat_words(&mut self, words: &[&str]) -> bool {
        let start = self.at;
        if words.iter().all(|w| self.eat_word(w)) {
            return true;
        }
        self.at = start;
        false
    }

    fn mark(&self, mark: u8) -> bool {
        self.tokens
            .get(self.at)
            .is_some_and(|t| t.kind == TokenKind::Mark(mark))
    }

    fn written(&mut self) -> Result<Written, TypeFault> {
        let Some(first) = self.tokens.get(self.at).copied() else {
            let end = self.source.len() as u32;
            let message = "expected a type".to_owned();
            return Err(TypeFault {
                start: end,
                end,
                message,
                help: None,
            });
        };
        let mut written = match first.kind {
            TokenKind::Quoted => self.named(first)?,
            TokenKind::Word => match self.serial() {
                Some(serial) => return Ok(serial),
                None => match self.builtin(first)? {
                    Some(ty) => Written::Builtin(ty),
                    None => self.named(first)?,
                },
            },
            _ => {
                return Err(fault(
                    first,
                    format!("expected a type, found `{}`", first.text(self.source)),
                ));
            }
        };
        if self.array()? {
            match &mut written {
                Written::Builtin(ty) => ty.array = true,
                Written::Named { array, .. } => *array = true,
                Written::Serial(_) => {}
            }
        }
        Ok(written)
    }

    fn serial(&mut self) -> Option<Written> {
        let integer = match self.word()?.as_str() {
            "serial" | "serial4" => "integer",
            "bigserial" | "serial8" => "bigint",
            "smallserial" | "serial2" => "smallint",
            _ => return None,
        };
        self.at += 1;
        Some(Written::Serial(Type::builtin(integer)))
    }

    fn builtin(&mut self, first: Token) -> Result<Option<Type>, TypeFault> {
        // `pg_catalog.int4` names a built-in type under its short name.
        let start = self.at;
        if self.eat_word("pg_catalog") {
            if self.mark(b'.') {
                self.at += 1;
            } else {
                self.at = start;
            }
        } else if matches!(self.tokens.get(start + 1), Some(t) if t.kind == TokenKind::Mark(b'.')) {
            return Ok(None);
        }
        let Some(mut word) = self.word() else {
            self.at = start;
            return Ok(None);
        };
        if self.eat_words(&["double", "precision"]) {
            return Ok(Some(Type::builtin("double precision")));
        }
        if self.eat_word("national") {
            word = self.word().unwrap_or_default();
        }
        if word == "nchar" {
            word = "char".to_owned();
        }
        let Some(canonical) = builtin::canonical(&word) else {
            self.at = start;
            return Ok(None);
        };
        self.at += 1;
        let ty = match canonical {
            "character" => {
                let name = if self.eat_word("varying") {
                    "character varying"
                } else {
                    canonical
                };
                match self.modifiers(first)? {
                    // `char` alone is `char(1)`; `bpchar` alone has no length and its own spelling.
                    None if word == "bpchar" => Type::builtin("bpchar"),
                    None if name == canonical => with(name, Some("1".to_owned())),
                    length => with(name, length),
                }
            }
            "bit" => {
                let name = if self.eat_word("varying") {
                    "bit varying"
                } else {
                    canonical
                };
                let length = self
                    .modifiers(first)?
                    .or((name == canonical).then(|| "1".into()));
                with(name, length)
            }
            "timestamp without time zone" | "time without time zone" => {
                let precision = self.modifiers(first)?;
                let name = if self.eat_words(&["with", "time", "zone"]) {
                    if word == "time" {
                        "time with time zone"
                    } else {
                        "timestamp with time zone"
                    }
                } else {
                    self.eat_words(&["without", "time", "zone"]);
                    canonical
                };
                with(name, precision)
            }
            "interval" => self.interval(first)?,
            "double precision" if word == "float" => match self.modifiers(first)?.as_deref() {
                None => Type::builtin(canonical),
                // PostgreSQL takes the SQL standard's binary digits: up to 24 fit a real.
                Some(digits) => match digits.parse::<u8>() {
                    Ok(1..=24) => Type::builtin("real"),
                    Ok(25..=53) => Type::builtin(canonical),
                    _ => {
                        return Err(fault(
                            first,
                            "the precision of `float` is between 1 and 53".to_owned(),
                        ));
                    }
                },
            },
            "numeric" => {
                let modifiers = self.modifiers(first)?;
                // `numeric(10)` is `numeric(10,0)` to `format_type`.
                with(
                    canonical,
                    modifiers.map(|m| if m.contains(',') { m } else { m + ",0" }),
                )
            }
            "character varying"
            | "bit varying"
            | "timestamp with time zone"
            | "time with time zone" => {
                let modifiers = self.modifiers(first)?;
                with(canonical, modifiers)
            }
            _ => {
                if self.mark(b'(') {
                    let message = format!("type `{word}` takes nothing in parentheses");
                    return Err(fault(first, message));
                }
                Type::builtin(canonical)
            }
        };
        Ok(Some(ty))
    }

    fn interval(&mut self, first: Token) -> Result<Type, TypeFault> {
        let mut precision = self.modifiers(first)?;
        let fields = ["year", "month", "day", "hour", "minute", "second"];
        let mut name = String::from("interval");
        if let Some(from) = self.word().filter(|w| fields.contains(&w.as_str())) {
            self.at += 1;
            name = format!("interval {from}");
            let start = self.at;
            if self.eat_word("to") {
                match self.word().filter(|w| fields.contains(&w.as_str())) {
                    Some(to) => {
                        self.at += 1;
                        name = format!("{name} to {to}");
                    }
                    None => self.at = start,
                }
            }
            if name.ends_with("second") {
                precision = self.modifiers(first)?.or(precision);
            }
        }
        Ok(with(&name, precision))
    }

    fn named(&mut self, first: Token) -> Result<Written, TypeFault> {
        let (mut name, mut quoted) = self.identifier(first);
        let mut schema = None;
        self.at += 1;
        if self.mark(b'.') {
            self.at += 1;
            let Some(second) = self.tokens.get(self.at).copied() else {
                return Err(fault(
                    first,
                    "expected a type's name after the `.`".to_owned(),
                ));
            };
            schema = Some(name);
            (name, quoted) = self.identifier(second);
            self.at += 1;
        }
        // `"char"` is the one built-in type whose name needs its quotes.
        if quoted && schema.is_none() && name == "char" {
            return Ok(Written::Builtin(Type::builtin("\"char\"")));
        }
        let modifiers = self.modifiers(first)?;
        Ok(Written::Named {
            schema,
            name,
            quoted,
            modifiers,
            array: false,
        })
    }

    fn identifier(&self, token: Token) -> (String, bool) {
        let text = token.text(self.source);
        match token.kind {
            TokenKind::Quoted => (text.trim_matches('"').replace("\"\"", "\""), true),
            _ => (text.to_owned(), false),
        }
    }

    /// The text between parentheses, without blanks.
    fn modifiers(&mut self, first: Token) -> Result<Option<String>, TypeFault> {
        if !self.mark(b'(') {
            return Ok(None);
        }
        self.at += 1;
        let mut text = String::new();
        while let Some(token) = self.tokens.get(self.at).copied() {
            self.at += 1;
            match token.kind {
                TokenKind::Mark(b')') if !text.is_empty() => return Ok(Some(text)),
                TokenKind::Mark(b'(' | b')') => {
                    return Err(fault(token, "expected a length or precision".to_owned()));
                }
                _ => text.push_str(token.text(self.source)),
            }
        }
        Err(fault(first, "the type's `(` is never closed".to_owned()))
    }

    /// `[]`, `[3]`, `[][]`, `array`, `array[3]`: PostgreSQL keeps neither sizes nor dimensions.
    fn array(&mut self) -> Result<bool, TypeFault> {
        let mut found = self.eat_word("array");
        while self.mark(b'[') {
            let open = self.tokens[self.at];
            self.at += 1;
            if self
                .tokens
                .get(self.at)
                .is_some_and(|t| t.kind == TokenKind::Number)
            {
                self.at += 1;
            }
            if !self.mark(b']') {
                return Err(fault(open, "the array's `[` is never closed".to_owned()));
            }
            self.at += 1;
            found = true;
        }
        Ok(found)
    }
}

fn with(name: &str, modifiers: Option<String>) -> Type {
    Type {
        modifiers: modifiers.map(Name::from),
        ..Type::builtin(name)
    }
}
