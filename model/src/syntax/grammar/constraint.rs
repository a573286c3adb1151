//! Constraints of tables and domains.

use crate::syntax::parser::{Parse, Parser, Reported};
use crate::syntax::token::TokenKind;
use crate::syntax::tree::{
    Check, Exclude, ForeignKey, Ident, KeyConstraint, OtherBody, OtherConstraint, TableItem,
};

impl Parser<'_> {
    /// `[constraint NAME]` and the constraint behind it.
    pub(crate) fn constraint(&mut self, docs: Option<String>) -> Parse<TableItem> {
        let start = self.start();
        let mut name = None;
        if self.eat_word("constraint") {
            name = Some(self.ident("the name of the constraint")?);
        }
        Ok(match self.word().to_ascii_lowercase().as_str() {
            "primary" => {
                self.bump_keyword();
                self.expect_word("key")?;
                TableItem::Key(Box::new(self.key(start, docs, name, true)?))
            }
            "unique" => {
                self.bump_keyword();
                TableItem::Key(Box::new(self.key(start, docs, name, false)?))
            }
            "check" => {
                self.bump_keyword();
                let name = self.constraint_name(name)?;
                let mut check = self.check_rest(start, docs, name)?;
                check.clauses = self.object_clauses()?;
                check.span = self.since(start);
                TableItem::Check(Box::new(check))
            }
            "not" | "sql" if name.is_some() => self.other_constraint(start, docs, name)?,
            "foreign" => {
                self.bump_keyword();
                self.expect_word("key")?;
                TableItem::ForeignKey(Box::new(self.foreign_key(start, docs, name)?))
            }
            "exclude" => {
                self.bump_keyword();
                TableItem::Exclude(Box::new(self.exclude(start, docs, name)?))
            }
            _ => {
                return Err(self.unknown_word(
                    &["primary", "unique", "check", "foreign", "exclude"],
                    "a constraint",
                ));
            }
        })
    }

    /// `not null COLUMN [no inherit] [not valid]`, or `sql $$ … $$`.
    fn other_constraint(
        &mut self,
        start: u32,
        docs: Option<String>,
        name: Option<Ident>,
    ) -> Parse<TableItem> {
        let Some(name) = name else {
            return Err(self.expected("the name of the constraint"));
        };
        let body = if self.eat_words(&["not", "null"]) {
            let column = self.ident("a column")?;
            OtherBody::NotNull(column, self.eat_words(&["no", "inherit"]))
        } else {
            self.expect_word("sql")?;
            OtherBody::Sql(self.string("the definition as a string, best between `$$`")?)
        };
        let not_valid = self.eat_words(&["not", "valid"]);
        let clauses = self.object_clauses()?;
        Ok(TableItem::OtherConstraint(Box::new(OtherConstraint {
            span: self.since(start),
            docs,
            name,
            body,
            not_valid,
            clauses,
        })))
    }

    /// The name between a constraint's word and its `(`, unless it has one.
    fn constraint_name(&mut self, name: Option<Ident>) -> Parse<Option<Ident>> {
        if name.is_some() || !matches!(self.kind(), TokenKind::Word | TokenKind::Quoted) {
            return Ok(name);
        }
        self.ident("the name of the constraint").map(Some)
    }

    fn key(
        &mut self,
        start: u32,
        docs: Option<String>,
        name: Option<Ident>,
        primary: bool,
    ) -> Parse<KeyConstraint> {
        let name = self.constraint_name(name)?;
        let mut without_overlaps = false;
        let columns = self.some("columns", |p| {
            let column = p.ident("a column")?;
            without_overlaps |= p.eat_words(&["without", "overlaps"]);
            Ok(column)
        })?;
        let mut key = KeyConstraint {
            span: self.since(start),
            docs,
            name,
            primary,
            nulls_not_distinct: false,
            columns,
            without_overlaps,
            include: Vec::new(),
            parameters: Vec::new(),
            tablespace: None,
            deferrable: None,
            clauses: Vec::new(),
        };
        loop {
            if self.eat_words(&["nulls", "not", "distinct"]) {
                key.nulls_not_distinct = true;
            } else if self.eat_words(&["nulls", "distinct"]) {
                key.nulls_not_distinct = false;
            } else if self.eat_word("include") {
                key.include = self.columns()?;
            } else if self.eat_word("with") {
                key.parameters = self.parameters()?;
            } else if self.eat_words(&["using", "index", "tablespace"])
                || self.eat_word("tablespace")
            {
                key.tablespace = Some(self.ident("a tablespace")?);
            } else if let Some(deferral) = self.deferral()? {
                key.deferrable = Some(deferral);
            } else if let Some(clause) = self.object_clause()? {
                key.clauses.push(clause);
            } else {
                break;
            }
        }
        key.span = self.since(start);
        Ok(key)
    }

    /// `(a, b)`: names of columns.
    pub(crate) fn columns(&mut self) -> Parse<Vec<Ident>> {
        self.some("columns", |p| p.ident("a column"))
    }

    /// What follows `check [NAME]`.
    pub(crate) fn check_rest(
        &mut self,
        start: u32,
        docs: Option<String>,
        name: Option<Ident>,
    ) -> Parse<Check> {
        let condition = self.paren_expr("a condition")?;
        let mut check = Check {
            span: self.since(start),
            docs,
            name,
            condition,
            no_inherit: false,
            not_valid: false,
            not_enforced: false,
            clauses: Vec::new(),
        };
        loop {
            if self.eat_words(&["no", "inherit"]) {
                check.no_inherit = true;
            } else if self.eat_words(&["not", "valid"]) {
                check.not_valid = true;
            } else if self.eat_words(&["not", "enforced"]) {
                check.not_enforced = true;
            } else {
                break;
            }
        }
        check.span = self.since(start);
        Ok(check)
    }

    fn foreign_key(
        &mut self,
        start: u32,
        docs: Option<String>,
        name: Option<Ident>,
    ) -> Parse<ForeignKey> {
        let name = self.constraint_name(name)?;
        let mut period = false;
        let columns = self.some("columns", |p| {
            period |= p.is_name_at(1) && p.eat_word("period");
            p.ident("a column")
        })?;
        let references = self.references()?;
        let clauses = self.object_clauses()?;
        Ok(ForeignKey {
            span: self.since(start),
            docs,
            name,
            columns,
            period,
            references,
            clauses,
        })
    }

    fn exclude(&mut self, start: u32, docs: Option<String>, name: Option<Ident>) -> Parse<Exclude> {
        let name = if self.is_word("using") && self.kind_at(2) == TokenKind::LeftParen {
            name
        } else {
            self.constraint_name(name)?
        };
        let method = if self.eat_word("using") {
            Some(self.ident("an index method")?)
        } else {
            None
        };
        let elements = self.some("keys, each with an operator", |p| {
            let key = p.index_key()?;
            p.expect_word("with")?;
            let first = p.at;
            if p.is_word("operator") {
                p.bump();
                p.paren_expr("an operator")?;
            } else {
                while !matches!(p.kind(), TokenKind::Comma | TokenKind::RightParen) {
                    p.bump();
                }
            }
            if p.at == first {
                return Err(p.expected("an operator"));
            }
            Ok((key, p.expr_since(first)))
        })?;
        let mut exclude = Exclude {
            span: self.since(start),
            docs,
            name,
            method,
            elements,
            include: Vec::new(),
            parameters: Vec::new(),
            tablespace: None,
            predicate: None,
            deferrable: None,
            clauses: Vec::new(),
        };
        loop {
            if self.eat_word("where") {
                exclude.predicate = Some(self.paren_expr("a condition")?);
            } else if self.eat_word("include") {
                exclude.include = self.columns()?;
            } else if self.eat_word("with") {
                exclude.parameters = self.parameters()?;
            } else if self.eat_words(&["using", "index", "tablespace"])
                || self.eat_word("tablespace")
            {
                exclude.tablespace = Some(self.ident("a tablespace")?);
            } else if let Some(deferral) = self.deferral()? {
                exclude.deferrable = Some(deferral);
            } else if let Some(clause) = self.object_clause()? {
                exclude.clauses.push(clause);
            } else {
                break;
            }
        }
        exclude.span = self.since(start);
        Ok(exclude)
    }

    /// Takes one of these words, mending a misspelt one.
    pub(crate) fn correct(&mut self, words: &[&'static str], what: &str) -> Parse<&'static str> {
        self.correct_as("P0124", words, what)
    }

    pub(crate) fn correct_as(
        &mut self,
        code: &'static str,
        words: &[&'static str],
        what: &str,
    ) -> Parse<&'static str> {
        let found = self.word();
        if let Some(word) = words.iter().find(|w| w.eq_ignore_ascii_case(found)) {
            self.bump_keyword();
            return Ok(word);
        }
        if let Some(word) = crate::syntax::parser::nearest(found, words) {
            let place = self.span().in_file(self.file);
            self.report(
                crate::diagnostic::Diagnostic::error(
                    code,
                    format!("unknown word `{found}`"),
                    place,
                )
                .label(format!("expected {what}"))
                .help("there is a word much like it")
                .suggest(place, word),
            );
            self.bump_keyword();
            return Ok(word);
        }
        let Reported = self.expected_as(code, what);
        Err(Reported)
    }
}
