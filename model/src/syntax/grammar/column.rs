//! Columns and their clauses.

use crate::diagnostic::Diagnostic;
use crate::schema::{GeneratedKind, IdentityMode, TrailPart};
use crate::syntax::parser::{Parse, Parser, Reported, mark, nearest};
use crate::syntax::token::TokenKind;
use crate::syntax::tree::{
    Column, ColumnClause, ColumnClauseKind as Kind, Ident, KeyConstraint, ObjectClause, TypeExpr,
};

/// The words a clause of a column begins with.
pub(crate) const CLAUSES: &[&str] = &[
    "accept",
    "allow",
    "check",
    "collate",
    "comment",
    "compression",
    "constraint",
    "default",
    "generated",
    "grant",
    "identity",
    "in",
    "options",
    "primary",
    "references",
    "revoke",
    "soft",
    "statistics",
    "storage",
    "touch",
    "trail",
    "unique",
    "using",
    "was",
    "with",
];

impl Parser<'_> {
    /// `name type clauses`.
    pub(crate) fn column(&mut self, docs: Option<String>) -> Parse<(Column, Parse<()>)> {
        let start = self.start();
        let name = self.ident("a column or a clause of the table")?;
        self.mark(mark::CELL);
        let ty = self.column_type(&name)?;
        let mut column = Column {
            span: self.since(start),
            docs,
            name,
            ty,
            clauses: Vec::new(),
        };
        let result = self.column_clauses(&mut column);
        column.span = self.since(start);
        Ok((column, result))
    }

    fn column_type(&mut self, name: &Ident) -> Parse<TypeExpr> {
        let word = self.word().to_ascii_lowercase();
        let is_clause = match word.as_str() {
            "primary" => self.is_word_at(1, "key"),
            "not" => self.is_word_at(1, "null"),
            "references" | "default" => self.kind_at(1) != TokenKind::End,
            "unique" => self.kind_at(1) == TokenKind::End,
            "check" => self.kind_at(1) == TokenKind::LeftParen,
            _ => false,
        };
        let misspelt = word.starts_with("ref")
            && self.is_name_at(1)
            && nearest(&word, &["references"]).is_some();
        let missing = self.at_end() && !self.is_reported_token();
        if !(is_clause || misspelt || missing) {
            return self.type_expr();
        }
        let place = self.span().in_file(self.file);
        let found = self.found();
        let mut diagnostic = Diagnostic::error(
            "P0137",
            format!("column `{}` has no type", name.name),
            place,
        )
        .label(format!("expected a type, found {found}"))
        .help("write the type behind the name, as in `title text`");
        if let Some(word) = nearest(&name.name, super::table_item::ITEM_WORDS) {
            diagnostic = diagnostic
                .help(format!("or is `{word}` meant?"))
                .suggest(name.span.in_file(self.file), word);
        }
        self.report(diagnostic);
        Err(Reported)
    }

    fn column_clauses(&mut self, column: &mut Column) -> Parse<()> {
        let mut first = true;
        while !self.at_end() && !self.is(TokenKind::Comma) {
            if self.sql_null(column.ty.span, column.ty.nullable) {
                continue;
            }
            self.mark(if first { mark::CELL } else { mark::CLAUSE });
            first = false;
            let clause = self.column_clause(&column.name)?;
            self.no_second(&column.clauses, &clause);
            column.clauses.push(clause);
        }
        column.clauses.shrink_to_fit();
        Ok(())
    }

    pub(crate) fn column_clause(&mut self, column: &Ident) -> Parse<ColumnClause> {
        let start = self.start();
        let mut constraint = None;
        if self.eat_word("constraint") {
            constraint = Some(self.ident("the name of the constraint")?);
        }
        let word = self.clause_word(column)?;
        let kind = match word {
            "primary" => {
                self.bump_keyword();
                self.expect_word("key")?;
                Kind::Key(Box::new(self.column_key(
                    start,
                    constraint.clone(),
                    true,
                )?))
            }
            "unique" => {
                self.bump_keyword();
                Kind::Key(Box::new(self.column_key(
                    start,
                    constraint.clone(),
                    false,
                )?))
            }
            "check" => {
                self.bump_keyword();
                if !self.is(TokenKind::LeftParen) {
                    constraint = Some(self.ident("a condition in parentheses, or a name")?);
                }
                if self.eat_word("in") {
                    Kind::In(self.values()?)
                } else {
                    Kind::Check(Box::new(self.check_rest(
                        start,
                        None,
                        constraint.clone(),
                    )?))
                }
            }
            "in" => {
                self.bump_keyword();
                Kind::In(self.values()?)
            }
            "references" => Kind::References(Box::new(self.references()?)),
            "default" => {
                self.bump_keyword();
                Kind::Default(self.bare_expr("an expression")?)
            }
            "identity" => {
                self.bump_keyword();
                self.identity()?
            }
            "generated" => {
                self.bump_keyword();
                self.generated()?
            }
            "collate" => {
                self.bump_keyword();
                Kind::Collate(self.qname("a collation")?)
            }
            "storage" => {
                self.bump_keyword();
                Kind::Storage(self.ident("`plain`, `external`, `extended` or `main`")?)
            }
            "compression" => {
                self.bump_keyword();
                Kind::Compression(self.ident("`pglz` or `lz4`")?)
            }
            "statistics" => {
                self.bump_keyword();
                Kind::Statistics(self.integer_32("the statistics target")?)
            }
            "with" => {
                self.bump_keyword();
                Kind::With(self.parameters()?)
            }
            "options" => {
                self.bump_keyword();
                Kind::Options(self.parameters()?)
            }
            "using" => {
                self.bump_keyword();
                Kind::Using(self.paren_expr("an expression")?)
            }
            "touch" => {
                self.bump_keyword();
                Kind::Touch
            }
            "soft" => {
                self.bump_keyword();
                self.expect_word("delete")?;
                Kind::SoftDelete
            }
            "trail" => {
                self.bump_keyword();
                Kind::Trail(self.trail_part()?)
            }
            _ => match self.object_clause()? {
                Some(ObjectClause::Owner(_)) | None => {
                    return Err(self.expected_as("P0121", "a clause of the column"));
                }
                Some(clause) => Kind::Clause(clause),
            },
        };
        Ok(ColumnClause {
            span: self.since(start),
            constraint,
            kind,
        })
    }

    fn trail_part(&mut self) -> Parse<TrailPart> {
        let words = &[
            "operation",
            "table",
            "key",
            "before",
            "after",
            "changes",
            "column",
        ];
        let what = "`operation`, `table`, `key`, `before`, `after`, `changes` or `column`";
        Ok(match self.correct(words, what)? {
            // In which letters follows from the column's values.
            "operation" => TrailPart::Operation { lower: false },
            "table" => TrailPart::Table,
            "key" => TrailPart::Key,
            "before" => TrailPart::Before,
            "after" => TrailPart::After,
            "changes" => TrailPart::Changes,
            _ => TrailPart::Column,
        })
    }

    /// The word the clause begins with, as it should be spelt.
    fn clause_word(&mut self, column: &Ident) -> Parse<&'static str> {
        let word = self.word().to_ascii_lowercase();
        if let Ok(index) = CLAUSES.binary_search(&word.as_str()) {
            return Ok(CLAUSES[index]);
        }
        if let Some(word) = nearest(&word, CLAUSES) {
            self.misspelt(word);
            return Ok(word);
        }
        // `plicy owner for all …` looks like a column until here.
        if let (false, Some(item)) = (
            column.quoted,
            nearest(&column.name, super::table_item::ITEM_WORDS).filter(|w| *w != &*column.name),
        ) {
            let place = column.span.in_file(self.file);
            self.report(
                Diagnostic::error("P0121", format!("unknown word `{}`", column.name), place)
                    .label(format!("expected `{item}`, or a column and its type"))
                    .help("there is a word much like it")
                    .suggest(place, item),
            );
            return Err(Reported);
        }
        if word == "auto_increment" || word == "autoincrement" {
            let place = self.span().in_file(self.file);
            self.report(
                Diagnostic::error("P0121", format!("unknown word `{word}`"), place)
                    .label("expected a clause of the column")
                    .help("PostgreSQL's word is `identity`")
                    .suggest(place, "identity"),
            );
            return Err(Reported);
        }
        Err(self.unknown_word(CLAUSES, "a clause of the column"))
    }

    fn column_key(
        &mut self,
        start: u32,
        name: Option<Ident>,
        primary: bool,
    ) -> Parse<KeyConstraint> {
        let mut key = KeyConstraint {
            span: self.since(start),
            docs: None,
            name,
            primary,
            nulls_not_distinct: false,
            columns: Vec::new(),
            without_overlaps: false,
            include: Vec::new(),
            parameters: Vec::new(),
            tablespace: None,
            deferrable: None,
            clauses: Vec::new(),
        };
        if !primary {
            key.nulls_not_distinct = self.eat_words(&["nulls", "not", "distinct"]);
        }
        key.deferrable = self.deferral()?;
        key.span = self.since(start);
        Ok(key)
    }

    /// `(a, b, …)`: the values of a set.
    fn values(&mut self) -> Parse<Vec<crate::syntax::tree::ExprText>> {
        self.some("the values", |p| p.bare_expr("a value"))
    }

    fn identity(&mut self) -> Parse<Kind> {
        let mode = if self.eat_word("always") {
            Some(IdentityMode::Always)
        } else if self.eat_words(&["by", "default"]) {
            Some(IdentityMode::ByDefault)
        } else {
            None
        };
        let (mut options, mut name) = (Vec::new(), None);
        if self.is(TokenKind::LeftParen) {
            if !self.is_closed() {
                self.bump();
                return Err(Reported);
            }
            self.bump();
            (options, name) = self.inside(|p| {
                let (mut options, mut name) = (Vec::new(), None);
                while !p.is(TokenKind::RightParen) {
                    if p.eat_words(&["sequence", "name"]) {
                        name = Some(p.ident("the name of the sequence")?);
                    } else {
                        options.push(p.sequence_option()?);
                    }
                }
                Ok((options, name))
            })?;
            self.expect(TokenKind::RightParen, "`)`")?;
        }
        Ok(Kind::Identity(mode, options, name))
    }

    /// `generated (EXPR) [stored | virtual]`; SQL's longer forms are reported and read.
    fn generated(&mut self) -> Parse<Kind> {
        let start = self.start();
        let always = self.eat_word("always");
        let by_default = !always && self.eat_words(&["by", "default"]);
        if (always || by_default) && self.eat_words(&["as", "identity"]) {
            let short = if always {
                "identity always"
            } else {
                "identity by default"
            };
            self.long_form(start, short);
            return Ok(Kind::Identity(None, Vec::new(), None));
        }
        if always && self.eat_word("as") {
            self.long_form(start, "generated");
        }
        let expr = self.paren_expr("an expression")?;
        let kind = if self.eat_word("stored") {
            Some(GeneratedKind::Stored)
        } else if self.eat_word("virtual") {
            Some(GeneratedKind::Virtual)
        } else {
            None
        };
        Ok(Kind::Generated(expr, kind))
    }

    pub(crate) fn integer_32(&mut self, what: &str) -> Parse<i32> {
        let start = self.start();
        let value = self.integer(what)?;
        i32::try_from(value).map_err(|_| {
            let place = self.since(start).in_file(self.file);
            self.report(
                Diagnostic::error("P0129", format!("{value} is out of range"), place)
                    .label(format!("expected {what}"))
                    .help(format!("write a number from {} to {}", i32::MIN, i32::MAX)),
            );
            Reported
        })
    }
}
