//! Names, strings, expressions and docs as the language writes them.
//!
//! It knows no kind of object.

use super::{Form, Printer};
use crate::expr::lexer::{self, TokenKind};
use crate::quote;
use crate::schema::{Expr, Id, Name, SequenceOptions, Settings, Type};
use crate::syntax::quoted_name;
use crate::types;

/// Words that a line of a block may begin with, or that may follow the word before a name.
const WORDS: &[&str] = &[
    "accept",
    "allow",
    "check",
    "column",
    "constraint",
    "exclude",
    "foreign",
    "from",
    "grant",
    "include",
    "index",
    "inherited",
    "not",
    "null",
    "nulls",
    "owner",
    "policy",
    "primary",
    "replica",
    "restrictive",
    "revoke",
    "rls",
    "sample",
    "table",
    "tablespace",
    "transitions",
    "trigger",
    "unique",
    "use",
    "using",
    "was",
    "where",
    "with",
    "operator",
];

/// A name where a word of the language might stand.
pub(super) fn name(name: &str) -> String {
    let lower = name.to_ascii_lowercase();
    if WORDS.contains(&lower.as_str()) {
        format!("\"{name}\"")
    } else {
        quoted_name(name)
    }
}

/// A name of a schema; without it where that is `public`.
pub(super) fn qname(schema: &str, own: &str) -> String {
    if schema == "public" || schema.is_empty() {
        name(own)
    } else {
        format!("{}.{}", name(schema), name(own))
    }
}

/// As [`qname`], bare where PostgreSQL's own are meant.
pub(super) fn of_pair((schema, own): &(Name, Name)) -> String {
    if *schema == *"pg_catalog" {
        quoted_name(own)
    } else {
        format!("{}.{}", name(schema), quoted_name(own))
    }
}

pub(super) fn names<'n>(all: impl IntoIterator<Item = &'n Name>) -> String {
    let all: Vec<String> = all.into_iter().map(|n| name(n)).collect();
    all.join(", ")
}

/// The short name of a type.
pub(super) fn type_name(ty: &Type) -> String {
    let Some(schema) = &ty.schema else {
        return types::short_name(ty);
    };
    let own = ty.name.to_ascii_lowercase();
    let hidden = types::canonical(&own).is_some() || own.ends_with("serial");
    let mut text = match (*schema == *"public", hidden) {
        (true, false) => name(&ty.name),
        (true, true) => format!("\"{}\"", ty.name.replace('"', "\"\"")),
        (false, _) => format!("{}.{}", name(schema), name(&ty.name)),
    };
    if let Some(modifiers) = &ty.modifiers {
        text.push_str(&format!("({})", modifiers.replace(',', ", ")));
    }
    if ty.array {
        text.push_str("[]");
    }
    text
}

/// A string for a place that keeps a backslash as it is.
pub(super) fn plain_string(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// A value of an option: bare where it is a word or a number.
pub(super) fn option_value(text: &str) -> String {
    let first = text
        .bytes()
        .next()
        .is_some_and(|b| b.is_ascii_alphanumeric());
    let rest = text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    let number = text.parse::<f64>().is_ok() && !text.contains(['e', 'E', '+']);
    let word = first && rest && !text.starts_with(|c: char| c.is_ascii_digit());
    if (word && text.parse::<f64>().is_err()) || (number && first) {
        text.to_owned()
    } else {
        plain_string(text)
    }
}

fn option_name(text: &str) -> String {
    let parts: Vec<String> = text.split('.').map(quoted_name).collect();
    parts.join(".")
}

/// `(fillfactor = 70)`.
pub(super) fn settings(all: &Settings) -> String {
    let all = all.iter().map(|(n, v)| (n.as_str(), v.as_str()));
    listed(all)
}

/// `name=value` texts, likewise.
pub(super) fn parameters(all: &[Name]) -> String {
    listed(all.iter().map(|p| p.split_once('=').unwrap_or((p, "true"))))
}

fn listed<'n>(all: impl Iterator<Item = (&'n str, &'n str)>) -> String {
    let all: Vec<String> = all
        .map(|(n, v)| format!("{} = {}", option_name(n), option_value(v)))
        .collect();
    format!("({})", all.join(", "))
}

/// The options of a sequence that differ from what PostgreSQL fills in.
pub(super) fn sequence_options(ty: &Type, options: &SequenceOptions) -> String {
    let limits = SequenceOptions::default_for(ty);
    let down = options.increment < 0;
    let min = if down { -limits.max - 1 } else { 1 };
    let max = if down { -1 } else { limits.max };
    let start = if down { options.max } else { options.min };
    let mut words = Vec::new();
    let mut word = |differs: bool, word: &str, value: i64| {
        if differs {
            words.push(format!("{word} {value}"));
        }
    };
    word(options.start != start, "start", options.start);
    word(options.increment != 1, "increment", options.increment);
    word(options.min != min, "minvalue", options.min);
    word(options.max != max, "maxvalue", options.max);
    word(options.cache != 1, "cache", options.cache);
    if options.cycle {
        words.push("cycle".to_owned());
    }
    words.join(" ")
}

/// Whether docs say exactly this text.
fn fits_docs(text: &str) -> bool {
    !text.is_empty()
        && !text.contains('\r')
        && text
            .lines()
            .all(|l| l.trim_end() == l && !l.starts_with('/') && !l.chars().any(char::is_control))
        && !text.ends_with('\n')
}

/// `/// …` lines with an end, or nothing where they could not say it.
pub(super) fn docs(comment: Option<&str>, indent: &str) -> String {
    let Some(text) = comment.filter(|t| fits_docs(t)) else {
        return String::new();
    };
    let mut lines = String::new();
    for line in text.split('\n') {
        lines.push_str(indent);
        lines.push_str("///");
        if !line.is_empty() {
            lines.push(' ');
            lines.push_str(line);
        }
        lines.push('\n');
    }
    lines
}

/// ` comment '…'` where docs could not say it.
pub(super) fn comment_clause(comment: Option<&str>) -> String {
    match comment.filter(|t| !fits_docs(t)) {
        Some(text) => format!("comment {}", quote::literal(text)),
        None => String::new(),
    }
}

/// Whether the text is one call, from its first byte to its last.
pub(super) fn is_call(text: &str) -> bool {
    let tokens = lexer::tokens(text, false);
    let mut at = 0;
    loop {
        match tokens.get(at).map(|t| t.kind) {
            Some(TokenKind::Quoted) => {}
            Some(TokenKind::Word) => {
                let word = tokens[at].text(text).to_ascii_lowercase();
                if ["not", "row", "array", "case", "cast", "exists", "interval"]
                    .contains(&word.as_str())
                {
                    return false;
                }
            }
            _ => return false,
        }
        at += 1;
        match tokens.get(at).map(|t| t.kind) {
            Some(TokenKind::Mark(b'.')) => at += 1,
            Some(TokenKind::Mark(b'(')) => break,
            _ => return false,
        }
    }
    closes_at_end(text, &tokens, at)
}

fn closes_at_end(_: &str, tokens: &[lexer::Token], open: usize) -> bool {
    let mut depth = 0;
    for (at, token) in tokens.iter().enumerate().skip(open) {
        match token.kind {
            TokenKind::Mark(b'(') => depth += 1,
            TokenKind::Mark(b')') => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return at + 1 == tokens.len();
        }
    }
    false
}

/// Whether an expression may stand without parentheses: one literal, or one call.
fn is_bare(text: &str) -> bool {
    let tokens = lexer::tokens(text, false);
    let kind = |at: usize| tokens.get(at).map(|t| t.kind);
    let word = |at: usize| tokens.get(at).map_or("", |t| t.text(text));
    let constant = |w: &str| {
        [
            "true",
            "false",
            "null",
            "current_timestamp",
            "current_date",
            "current_user",
        ]
        .iter()
        .any(|k| k.eq_ignore_ascii_case(w))
    };
    match tokens.len() {
        1 => match kind(0) {
            Some(TokenKind::Number) => word(0).bytes().all(|b| b.is_ascii_digit() || b == b'.'),
            Some(TokenKind::String) => word(0).starts_with('\''),
            Some(TokenKind::Word) => constant(word(0)),
            _ => false,
        },
        3 | 5 => {
            let plain = |at: usize| {
                matches!(kind(at), Some(TokenKind::Word))
                    && !["interval", "bit", "char", "double", "timestamp", "time"]
                        .contains(&word(at).to_ascii_lowercase().as_str())
            };
            let cast =
                kind(0) == Some(TokenKind::String) && word(0).starts_with('\'') && word(1) == "::";
            let one = tokens.len() == 3 && plain(2);
            let two = tokens.len() == 5 && plain(2) && word(3) == "." && plain(4);
            (cast && (one || two)) || is_call(text)
        }
        _ => is_call(text),
    }
}

impl Printer<'_> {
    /// An expression in its parentheses.
    pub(super) fn paren(&self, id: &Id, expr: &Expr) -> String {
        if self.form(id) == Form::Verbatim {
            return format!("(sql {})", quote::dollar(&expr.text));
        }
        format!("({})", expr.text)
    }

    /// An expression, without parentheses where it is one literal or call.
    pub(super) fn bare(&self, id: &Id, expr: &Expr) -> String {
        if self.form(id) != Form::Verbatim && is_bare(&expr.text) {
            return expr.text.to_string();
        }
        self.paren(id, expr)
    }

    /// Adds text as it is.
    pub(super) fn lines(&mut self, text: String) {
        self.out.text.push_str(&text);
        if !text.ends_with('\n') {
            self.out.text.push('\n');
        }
    }

    /// Adds the text of one object.
    pub(super) fn of(&mut self, id: &Id, text: String) {
        let start = self.out.text.len();
        self.lines(text);
        self.out
            .places
            .push((start, self.out.text.len(), id.clone()));
    }

    /// A blank line, unless one stands there already.
    pub(super) fn blank(&mut self) {
        let text = &mut self.out.text;
        if !text.is_empty() && !text.ends_with("\n\n") && !text.ends_with("{\n") {
            text.push('\n');
        }
    }
}
