//! What SQL writes of a column and the language does not, and clauses that stand twice.

use crate::diagnostic::Diagnostic;
use crate::source::Span;
use crate::syntax::parser::Parser;
use crate::syntax::tree::{ColumnClause, ColumnClauseKind as Kind};

impl Parser<'_> {
    /// `not null` and `null`, which SQL has and the language has not: reports and takes them.
    pub(crate) fn sql_null(&mut self, ty: Span, nullable: bool) -> bool {
        let start = self.start();
        if self.eat_words(&["not", "null"]) {
            let place = self.since(start).in_file(self.file);
            let diagnostic = Diagnostic::error("P0130", "`not null` is what holds anyway", place);
            self.report(if nullable {
                let question = Span::new(ty.end - 1, ty.end).in_file(self.file);
                diagnostic
                    .label("and it contradicts the `?`")
                    .secondary(question, "this lets it be null")
                    .help("remove one of the two")
            } else {
                diagnostic
                    .label("a column is not null unless `?` stands behind its type")
                    .help("remove it")
                    .suggest(place, "")
            });
            return true;
        }
        if self.is_word("null") {
            self.bump();
            let place = self.since(start);
            let diagnostic = Diagnostic::error(
                "P0131",
                "a type that may be null has a `?` behind it",
                place.in_file(self.file),
            )
            .label("expected `?` behind the type instead");
            let between = Span::new(ty.end, start).of(self.text).trim();
            self.report(if between.is_empty() && !nullable {
                let edit = Span::new(ty.end, place.end).in_file(self.file);
                diagnostic.help("write `?`").suggest(edit, "?")
            } else {
                diagnostic.help("remove it, and write `?` behind the type")
            });
            return true;
        }
        false
    }

    pub(crate) fn no_second(&mut self, clauses: &[ColumnClause], clause: &ColumnClause) {
        let single = matches!(
            clause.kind,
            Kind::Default(_)
                | Kind::Identity(..)
                | Kind::Generated(..)
                | Kind::Collate(_)
                | Kind::Storage(_)
                | Kind::Compression(_)
                | Kind::Statistics(_)
                | Kind::Using(_)
                | Kind::Touch
                | Kind::SoftDelete
                | Kind::Trail(_)
        ) || matches!(&clause.kind, Kind::Key(key) if key.primary);
        let kind = std::mem::discriminant(&clause.kind);
        let first = clauses.iter().find(|c| {
            std::mem::discriminant(&c.kind) == kind
                && match (&c.kind, &clause.kind) {
                    (Kind::Key(a), Kind::Key(b)) => a.primary == b.primary,
                    _ => true,
                }
        });
        if let (true, Some(first)) = (single, first) {
            let word = clause.span.of(self.text);
            let word = word.split_whitespace().next().unwrap_or(word);
            self.report(
                Diagnostic::error(
                    "P0139",
                    format!("`{word}` stands twice on one column"),
                    clause.span.in_file(self.file),
                )
                .label("for the second time")
                .secondary(first.span.in_file(self.file), "for the first time")
                .help("remove one"),
            );
        }
    }

    pub(crate) fn long_form(&mut self, start: u32, short: &str) {
        // `generated` itself stands before `start`.
        let start = self.text[..start as usize].trim_end().len() as u32 - "generated".len() as u32;
        let place = self.since(start).in_file(self.file);
        self.report(
            Diagnostic::error(
                "P0121",
                "SQL's long form is not part of the language",
                place,
            )
            .label(format!("expected `{short}`"))
            .help("write the short form")
            .suggest(place, short),
        );
    }
}
