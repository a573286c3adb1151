//! New names in the words of an expression or a query.

use model::quote::{ident, literal};
use model::schema::{Expr, Id, Kind, Name};
use rustc_hash::FxHashMap;

use crate::script::{TokenKind, tokens};

/// The words to replace.
pub(super) struct Words<'a> {
    pub(super) names: FxHashMap<Name, (Name, &'a Id)>,
    pub(super) parts: Vec<(Name, Name)>,
}

impl Words<'_> {
    pub(super) fn rewrite(&self, expr: &mut Expr) {
        self.rewrite_text(expr, false);
    }

    pub(super) fn rewrite_query(&self, expr: &mut Expr) {
        self.rewrite_text(expr, true);
    }

    fn rewrite_text(&self, expr: &mut Expr, query: bool) {
        if self.names.is_empty() && self.parts.is_empty() {
            return;
        }
        let text = expr.text.clone();
        let mut new = String::with_capacity(text.len());
        let (mut copied, mut selecting) = (0, false);
        let all: Vec<_> = tokens(&text).filter(|t| !t.kind.is_comment()).collect();
        for (n, token) in all.iter().enumerate() {
            let follows = |words: &[&str]| {
                all.get(n + 1)
                    .is_some_and(|t| words.iter().any(|w| t.text.eq_ignore_ascii_case(w)))
            };
            if token.text.eq_ignore_ascii_case("select") {
                selecting = query;
            } else if token.text.eq_ignore_ascii_case("from") {
                selecting = false;
            }
            let replacement = match token.kind {
                TokenKind::Word | TokenKind::Quoted => self.name(token.text).map(|(is, id)| {
                    let kept = id.kind == Kind::Column && selecting && follows(&[",", "from"]);
                    match kept {
                        true => format!("{} AS {}", ident(&is), token.text),
                        false => ident(&is).into_owned(),
                    }
                }),
                // A sequence or a type is named within a string: 'public.deals_id_seq'::regclass.
                TokenKind::String => self.string(token.text),
                TokenKind::Number
                | TokenKind::Symbol
                | TokenKind::LineComment
                | TokenKind::BlockComment => None,
            };
            if let Some(replacement) = replacement {
                new.push_str(&text[copied..token.start]);
                new.push_str(&replacement);
                copied = token.start + token.text.len();
            }
        }
        new.push_str(&text[copied..]);
        expr.text = new.into();
        expr.refs.clear();
    }

    fn name(&self, token: &str) -> Option<(Name, &Id)> {
        let plain = match token.strip_prefix('"').and_then(|t| t.strip_suffix('"')) {
            Some(inner) => inner.replace("\"\"", "\""),
            None => token.to_lowercase(),
        };
        let (is, id) = self.names.get(&Name::from(plain))?;
        Some((is.clone(), id))
    }

    fn string(&self, token: &str) -> Option<String> {
        let inner = token.strip_prefix('\'')?.strip_suffix('\'')?;
        if let Some((_, is)) = self.parts.iter().find(|(was, _)| literal(was) == token) {
            return Some(literal(is));
        }
        let (schema, name) = inner.rsplit_once('.').map_or(("", inner), |(s, n)| (s, n));
        let (is, id) = self.name(name)?;
        if !matches!(id.kind, Kind::Sequence | Kind::Table) {
            return None;
        }
        let dot = if schema.is_empty() { "" } else { "." };
        Some(format!("'{schema}{dot}{}'", ident(&is)))
    }
}
