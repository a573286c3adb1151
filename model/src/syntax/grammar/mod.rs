//! The grammar: one function for each production.
//!
//! A production reports what is wrong with it and goes on where it can; it looks nothing up.

mod access;
mod clause;
mod column;
mod column_fault;
mod constraint;
mod expr;
mod index;
mod intent;
mod json;
mod object;
mod policy;
mod references;
mod routine;
mod seed;
mod sequence;
mod table;
mod table_item;
mod template;
mod trigger;
mod types;
mod view;

use super::parser::{Parse, Parser, Reported, nearest};
use super::token::TokenKind;
use super::tree::{File, Item};
use crate::diagnostic::Diagnostic;

/// The words a statement of a file begins with.
pub(crate) const ITEMS: &[&str] = &[
    "database",
    "default",
    "define",
    "domain",
    "enum",
    "extension",
    "external",
    "foreign",
    "function",
    "grant",
    "identity",
    "intent",
    "json",
    "materialized",
    "mixin",
    "persona",
    "platform",
    "procedure",
    "range",
    "raw",
    "recursive",
    "revoke",
    "role",
    "schema",
    "seed",
    "sequence",
    "table",
    "template",
    "type",
    "unchecked",
    "unlogged",
    "view",
];

impl Parser<'_> {
    /// A whole file.
    pub(crate) fn file(&mut self) -> File {
        let mut items = Vec::new();
        let mut broken = Vec::new();
        let last = self.tokens.len() - 1;
        while self.at < last {
            let kind = self.tokens[self.at].kind;
            if kind == TokenKind::Semicolon {
                self.mark(super::mark::SEPARATOR);
                self.bump();
                continue;
            }
            if kind == TokenKind::RightBrace {
                // Its fault has been reported with the other brackets.
                self.bump();
                continue;
            }
            let before = self.at;
            self.begin();
            let result = match self.item() {
                Ok(item) => {
                    items.push(item);
                    Ok(())
                }
                Err(Reported) => {
                    broken.extend(self.broken_name(before));
                    Err(Reported)
                }
            };
            self.finish(result, "expected the end of the statement");
            if self.at == before {
                self.bump();
            }
        }
        self.report_docs_up_to(self.comments.len());
        File {
            file: self.file,
            items,
            broken,
            comments: std::mem::take(&mut self.comments),
        }
    }

    /// The name a statement that could not be read most likely declares.
    fn broken_name(&self, first: usize) -> Option<crate::schema::Name> {
        let words = self.tokens[first..]
            .iter()
            .enumerate()
            .take_while(|(i, t)| {
                (*i == 0 || !t.first) && matches!(t.kind, TokenKind::Word | TokenKind::Dot)
            });
        let name = words.map(|(i, _)| self.source(first + i)).filter(|word| {
            *word != "." && !ITEMS.iter().any(|item| item.eq_ignore_ascii_case(word))
        });
        name.take(2)
            .filter(|w| !matches!(*w, "create" | "CREATE"))
            .last()
            .map(Into::into)
    }

    fn item(&mut self) -> Parse<Item> {
        self.sql_statement()?;
        let word = self.word().to_ascii_lowercase();
        let word = match ITEMS.iter().find(|w| **w == word) {
            Some(word) => word,
            None => self.unknown_item()?,
        };
        Ok(match word {
            "database" => Item::DatabaseSettings(self.database_settings()?),
            "default" => Item::DefaultPrivileges(self.default_privileges()?),
            "define" => Item::Define(self.define()?),
            "domain" => Item::Domain(self.domain()?),
            "enum" => Item::Enum(self.enumeration()?),
            "extension" => Item::Extension(self.extension()?),
            "external" => Item::External(self.external()?),
            "function" | "procedure" => Item::Function(Box::new(self.function()?)),
            "grant" | "revoke" => Item::Grant(self.grant(false)?),
            "identity" => Item::Identity(self.person()?),
            "intent" => Item::Intent(self.intent()?),
            "json" | "unchecked" => Item::Json(self.json()?),
            "materialized" | "recursive" | "view" => Item::View(Box::new(self.view()?)),
            "mixin" => Item::Mixin(self.mixin()?),
            "persona" => Item::Persona(self.persona()?),
            "platform" => Item::Platform(self.platform()?),
            "range" => Item::Range(self.range()?),
            "raw" => Item::Raw(self.raw()?),
            "role" => Item::Role(self.role()?),
            "schema" => Item::Schema(self.schema()?),
            "seed" => Item::Seed(self.seed()?),
            "template" => Item::Template(self.template()?),
            "type" => Item::Composite(self.composite()?),
            "sequence" => Item::Sequence(self.sequence()?),
            "unlogged" if self.is_word_at(1, "sequence") => Item::Sequence(self.sequence()?),
            _ => Item::Table(Box::new(self.table()?)),
        })
    }

    /// Statements of SQL that have another form here: `create` is reported and passed over.
    fn sql_statement(&mut self) -> Parse<()> {
        let place = self.span().in_file(self.file);
        let word = self.word().to_ascii_lowercase();
        match word.as_str() {
            "create" => {
                let start = self.start();
                self.bump();
                self.eat_words(&["or", "replace"]);
                let what = self.word().to_ascii_lowercase();
                let known = ITEMS.contains(&what.as_str());
                let edit = crate::source::Span::new(start, self.start()).in_file(self.file);
                let help = match what.as_str() {
                    "index" | "unique" => "an index is a line of its table's block",
                    "policy" => "a policy is a line of its table's block",
                    "trigger" => "a trigger is a line of its table's block",
                    _ => "leave `create` out",
                };
                let diagnostic = Diagnostic::error("P0133", "a model does not say `create`", place)
                    .label("a statement begins with what it declares")
                    .help(help);
                self.report(if known {
                    diagnostic.suggest(edit, "")
                } else {
                    diagnostic
                });
                if !known {
                    return Err(Reported);
                }
                Ok(())
            }
            "alter" | "drop" | "truncate" | "update" | "delete" | "comment" | "set" | "select"
            | "insert" | "begin" | "commit" => {
                let help = match word.as_str() {
                    "comment" => "write `///` above what it is about",
                    "insert" => "rows that belong to the model stand in a `seed` block",
                    "alter" | "drop" => "write the table as it is to be; the migration follows",
                    _ => "what has no word in the language stands in a `raw` block",
                };
                self.report(
                    Diagnostic::error(
                        "P0134",
                        format!("a model says what is, and so has no `{word}`"),
                        place,
                    )
                    .label("expected a declaration")
                    .help(help),
                );
                Err(Reported)
            }
            _ => Ok(()),
        }
    }

    fn unknown_item(&mut self) -> Parse<&'static str> {
        const IN_TABLES: &[&str] = &[
            "check",
            "constraint",
            "exclude",
            "include",
            "index",
            "policy",
            "primary",
            "restrictive",
            "rls",
            "transitions",
            "trigger",
            "unique",
            "use",
        ];
        let word = self.word();
        let place = self.span().in_file(self.file);
        if IN_TABLES.contains(&word) {
            self.report(
                Diagnostic::error(
                    "P0144",
                    format!("`{word}` stands outside of a table"),
                    place,
                )
                .label("a line of a table's block")
                .help("move it into the block of its table"),
            );
            return Err(Reported);
        }
        if let Some(item) = nearest(word, ITEMS) {
            self.misspelt(item);
            return Ok(item);
        }
        let help = "a statement begins with `table`, `enum`, `view`, `function` and the like";
        Err(self.expected_help("P0120", "a statement", help))
    }
}
