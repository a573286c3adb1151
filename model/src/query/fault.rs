//! What is wrong with a statement, and where.

use sqlparser::tokenizer::{Location, Span};

/// One mistake in a statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The first byte of what is wrong.
    pub start: usize,
    /// The byte after its last.
    pub end: usize,
    /// The fact, in lower case.
    pub message: String,
    /// What to write instead.
    pub help: Option<String>,
}

impl Fault {
    pub(super) fn new(start: usize, end: usize, message: String) -> Self {
        Fault {
            start,
            end,
            message,
            help: None,
        }
    }

    pub(super) fn whole(sql: &str, message: String) -> Self {
        Fault::new(0, sql.len(), message)
    }

    pub(super) fn help(self, help: impl Into<String>) -> Self {
        Fault {
            help: Some(help.into()),
            ..self
        }
    }

    /// The fact, the line of the statement with the place underlined, and the mend.
    ///
    /// ```
    /// # let mut sources = model::Sources::new();
    /// # sources.add("shop.pilaster", "table deals {\n  title  text\n}\n");
    /// # let (shop, _) = model::load(&sources);
    /// let sql = "select titel\nfrom deals";
    /// let faults = model::query::check(&shop.schema, "public", sql).unwrap_err();
    /// assert_eq!(
    ///     faults[0].render(sql),
    ///     "there is no column `titel`; did you mean `title`?\n\
    ///      \u{20} | select titel\n\
    ///      \u{20} |        ^^^^^",
    /// );
    /// ```
    pub fn render(&self, sql: &str) -> String {
        let mut text = self.message.clone();
        let whole = self.start == 0 && self.end >= sql.len();
        if let Some(before) = sql.get(..self.start).filter(|_| !whole) {
            let line_start = before.rfind('\n').map_or(0, |at| at + 1);
            let line_end = sql[self.start..]
                .find('\n')
                .map_or(sql.len(), |at| self.start + at);
            let line = &sql[line_start..line_end];
            let indent = line.len() - line.trim_start().len();
            let skipped = sql[line_start + indent.min(self.start - line_start)..self.start].chars();
            let marked = sql.get(self.start..self.end.min(line_end)).unwrap_or("");
            text += &format!(
                "\n  | {}\n  | {}{}",
                line.trim(),
                " ".repeat(skipped.count()),
                "^".repeat(marked.chars().count().max(1)),
            );
        }
        if let Some(help) = &self.help {
            text += &format!("\nhelp: {help}");
        }
        text
    }
}

/// The parser's words as a fact.
pub(super) fn of_parser(message: &str) -> String {
    let message = message
        .strip_prefix("sql parser error: ")
        .unwrap_or(message);
    format!("this SQL can't be read: {message}")
}

/// The bytes of a place in the text.
pub(super) fn bytes(sql: &str, span: Span) -> (usize, usize) {
    let start = byte(sql, span.start).unwrap_or(0);
    let end = byte(sql, span.end).unwrap_or(sql.len());
    (start, end.max(start))
}

fn byte(sql: &str, at: Location) -> Option<usize> {
    let line = usize::try_from(at.line).ok()?.checked_sub(1)?;
    let column = usize::try_from(at.column).ok()?.checked_sub(1)?;
    let start = match line {
        0 => 0,
        _ => sql.match_indices('\n').nth(line - 1)?.0 + 1,
    };
    let rest = &sql[start..];
    let within = rest.char_indices().nth(column).map_or(rest.len(), |c| c.0);
    Some(start + within)
}
