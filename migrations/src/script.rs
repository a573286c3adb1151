//! Scripts of SQL: where a statement ends, and which statements make a unit.
//!
//! Quotes, dollar quotes, comments, parentheses and `BEGIN ATOMIC` bodies are honoured; what a
//! statement means is never asked.

mod tokens;

pub(crate) use tokens::lex;
pub use tokens::{Token, TokenKind, tokens};

/// The line that begins a unit whose statements run each by itself, outside a transaction.
pub const NO_TRANSACTION: &str = "-- pilaster: no transaction";

/// The line that begins a unit that runs in a transaction of its own. A script begins with one
/// unsaid.
pub const TRANSACTION: &str = "-- pilaster: transaction";

/// Statements that stand or fall together, or one after the other where they can't.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    /// Whether they run in one transaction.
    pub in_transaction: bool,
    /// The statements, never none.
    pub statements: Vec<Piece>,
}

/// One statement of a script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// The text from its first word to before its semicolon.
    pub sql: String,
    /// The line of the script it begins on, from 1.
    pub line: usize,
}

/// The units of a script, in order.
///
/// ```
/// use migrations::script::{NO_TRANSACTION, units};
/// let text = format!("create table a ();\n{NO_TRANSACTION}\ncreate index concurrently i on a (b);");
/// let units = units(&text);
/// assert_eq!(units.len(), 2);
/// assert!(!units[1].in_transaction);
/// ```
pub fn units(text: &str) -> Vec<Unit> {
    let mut units: Vec<Unit> = Vec::new();
    let mut in_transaction = true;
    let mut fresh = true;
    for part in parts(text) {
        match part {
            Part::Marker { transaction } => {
                in_transaction = transaction;
                fresh = true;
            }
            Part::Statement(piece) => match units.last_mut() {
                Some(unit) if !fresh => unit.statements.push(piece),
                _ => {
                    units.push(Unit {
                        in_transaction,
                        statements: vec![piece],
                    });
                    fresh = false;
                }
            },
        }
    }
    units
}

/// The statements of a script, without semicolons and without what stands between them.
///
/// ```
/// let texts = migrations::script::statements("select ';'; /* ; */ select $$;$$");
/// assert_eq!(texts, ["select ';'", "select $$;$$"]);
/// ```
pub fn statements(text: &str) -> Vec<String> {
    let parts = parts(text).into_iter();
    parts
        .filter_map(|part| match part {
            Part::Statement(piece) => Some(piece.sql),
            Part::Marker { .. } => None,
        })
        .collect()
}

enum Part {
    Marker { transaction: bool },
    Statement(Piece),
}

fn parts(text: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut open: Option<Open> = None;
    for token in tokens(text) {
        if token.kind.is_comment() {
            let marker = token.text.trim_end();
            if open.is_none() && (marker == NO_TRANSACTION || marker == TRANSACTION) {
                parts.push(Part::Marker {
                    transaction: marker == TRANSACTION,
                });
            }
            continue;
        }
        if token.text == ";" && open.as_ref().is_none_or(Open::may_end) {
            parts.extend(open.take().map(|statement| statement.end(text)));
            continue;
        }
        open.get_or_insert_with(|| Open::at(token.start))
            .take(&token);
    }
    parts.extend(open.take().map(|statement| statement.end(text)));
    parts
}

/// A statement that has begun.
struct Open {
    start: usize,
    end: usize,
    parentheses: u32,
    /// How many `BEGIN` and `CASE` of a SQL-standard body wait for their `END`.
    blocks: u32,
    words: u32,
    routine: bool,
    created: bool,
}

impl Open {
    fn at(start: usize) -> Self {
        Open {
            start,
            end: start,
            parentheses: 0,
            blocks: 0,
            words: 0,
            routine: false,
            created: false,
        }
    }

    fn take(&mut self, token: &Token<'_>) {
        self.end = token.start + token.text.len();
        match token.text {
            "(" => self.parentheses += 1,
            ")" => self.parentheses = self.parentheses.saturating_sub(1),
            _ => {}
        }
        if token.kind != TokenKind::Word {
            return;
        }
        self.words += 1;
        let word = token.text.to_ascii_lowercase();
        match word.as_str() {
            "create" if self.words == 1 => self.created = true,
            "function" | "procedure" if self.created && self.words <= 4 => self.routine = true,
            "begin" if self.routine => self.blocks += 1,
            "case" if self.blocks > 0 => self.blocks += 1,
            "end" => self.blocks = self.blocks.saturating_sub(1),
            _ => {}
        }
    }

    fn may_end(&self) -> bool {
        self.parentheses == 0 && self.blocks == 0
    }

    fn end(self, text: &str) -> Part {
        let before = &text[..self.start];
        Part::Statement(Piece {
            sql: text[self.start..self.end].to_owned(),
            line: before.bytes().filter(|b| *b == b'\n').count() + 1,
        })
    }
}

/// The items of a list at its commas, not those within parentheses, brackets or quotes.
pub(crate) fn split_list(text: &str) -> Vec<&str> {
    let mut items = Vec::new();
    let (mut start, mut depth) = (0, 0u32);
    for token in lex(text) {
        match token.text {
            "(" | "[" => depth += 1,
            ")" | "]" => depth = depth.saturating_sub(1),
            "," if depth == 0 => {
                items.push(text[start..token.start].trim());
                start = token.start + 1;
            }
            _ => {}
        }
    }
    let last = text[start..].trim();
    if !last.is_empty() || !items.is_empty() {
        items.push(last);
    }
    items
}

/// What a plain query selects, item by item; `None` for anything but one `SELECT … FROM …`.
pub(crate) fn select_list(query: &str) -> Option<Vec<&str>> {
    let mut tokens = lex(query);
    let first = tokens.next()?;
    if !first.text.eq_ignore_ascii_case("select") {
        return None;
    }
    let start = first.start + first.text.len();
    let (mut depth, mut end) = (0u32, None);
    for token in tokens {
        match token.text {
            "(" | "[" => depth += 1,
            ")" | "]" => depth = depth.saturating_sub(1),
            _ if depth > 0 || token.kind != TokenKind::Word => {}
            word if ["union", "intersect", "except"]
                .iter()
                .any(|w| word.eq_ignore_ascii_case(w)) =>
            {
                return None;
            }
            word if word.eq_ignore_ascii_case("from") && end.is_none() => end = Some(token.start),
            _ => {}
        }
    }
    let items = query.get(start..end.unwrap_or(query.len()))?;
    Some(split_list(items))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_keeps_its_semicolons() {
        let text = "CREATE FUNCTION f() RETURNS int LANGUAGE sql\nBEGIN ATOMIC\n SELECT CASE WHEN true \
                    THEN 1 END;\n SELECT 2;\nEND;\nSELECT 3;";
        let found = statements(text);
        assert_eq!(found.len(), 2);
        assert_eq!(found[1], "SELECT 3");
    }

    #[test]
    fn quotes_of_every_kind_hide_semicolons() {
        let text = r#"select ';', E'\';', "a;b", $x$ ; $$ ; $x$, U&';' -- ;
            /* ; /* ; */ ; */ ; create rule r as on insert to t do (select 1; select 2)"#;
        assert_eq!(statements(text).len(), 2);
    }

    #[test]
    fn a_marker_counts_between_statements_only() {
        let text = format!("select 1\n{NO_TRANSACTION}\n;{TRANSACTION}\nselect 2;");
        let units = units(&text);
        assert_eq!(units.len(), 2);
        assert!(units.iter().all(|unit| unit.in_transaction));
        assert_eq!(units[1].statements[0].line, 4);
    }

    #[test]
    fn lists_split_at_their_own_commas() {
        assert_eq!(
            split_list("a integer, b numeric(1,2) DEFAULT f('x, y', 2)").len(),
            2
        );
        assert_eq!(
            select_list("select a, f(b, c) as d from t"),
            Some(vec!["a", "f(b, c) as d"])
        );
        assert_eq!(select_list("select 1 union select 2"), None);
    }
}
