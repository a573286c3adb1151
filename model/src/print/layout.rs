//! Where a line is broken that would be too long.

use crate::expr::lexer::{self, TokenKind};

/// The clauses on one line where they fit, otherwise each on a line that continues the first.
pub(super) fn fitted(indent: &str, parts: Vec<String>) -> String {
    let parts: Vec<String> = parts.into_iter().filter(|p| !p.is_empty()).collect();
    let length: usize = parts.iter().map(|p| p.chars().count() + 1).sum();
    if length + indent.len() <= 100 {
        return format!("{indent}{}", parts.join(" "));
    }
    format!("{indent}{}", parts.join(&format!("\n{indent}  ")))
}

/// A query with a line for each of its clauses, which reads back as the same text.
pub(super) fn broken(query: &str, indent: &str) -> String {
    const CLAUSES: &[&str] = &[
        "from",
        "where",
        "group",
        "having",
        "window",
        "order",
        "limit",
        "offset",
        "union",
        "intersect",
        "except",
        "join",
        "left",
        "right",
        "full",
        "cross",
        "inner",
    ];
    let tokens = lexer::tokens(query, false);
    let long = query.len() > 80;
    let mut text = String::with_capacity(query.len() + 64);
    let mut depth = 0i32;
    let mut before = String::new();
    for (at, token) in tokens.iter().enumerate() {
        let own = token.text(query);
        let lower = own.to_ascii_lowercase();
        let called = tokens
            .get(at + 1)
            .is_some_and(|t| t.text(query) == "(" && !t.spaced);
        let clause = depth == 0
            && token.kind == TokenKind::Word
            && CLAUSES.contains(&lower.as_str())
            && !called
            && ![
                "distinct", "left", "right", "full", "cross", "inner", "outer",
            ]
            .contains(&before.as_str())
            && !(before == "natural" || (lower == "left" && before == "("));
        let item = long && depth == 0 && before == ",";
        if token.spaced && at > 0 {
            match (clause, item) {
                (true, _) => text.push_str(&format!("\n{indent}")),
                (false, true) => text.push_str(&format!("\n{indent}  ")),
                (false, false) => text.push(' '),
            }
        }
        text.push_str(own);
        match own {
            "(" => depth += 1,
            ")" => depth -= 1,
            _ => {}
        }
        before = lower;
    }
    text
}
