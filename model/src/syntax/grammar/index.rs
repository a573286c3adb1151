//! Indexes and their keys.

use crate::syntax::parser::{Parse, Parser, Reported};
use crate::syntax::token::TokenKind;
use crate::syntax::tree::{Index, IndexKey, KeyTerm};

impl Parser<'_> {
    /// `[unique] index [NAME] [using METHOD] (keys) …`.
    pub(crate) fn index(&mut self, docs: Option<String>) -> Parse<Index> {
        let start = self.start();
        let unique = self.eat_word("unique");
        self.expect_word("index")?;
        let unnamed = (self.is_word("using") && self.kind_at(2) == TokenKind::LeftParen)
            || self.is(TokenKind::LeftParen);
        let name = if unnamed {
            None
        } else {
            Some(self.ident("the name, the method or the keys of the index")?)
        };
        let mut clauses = self.object_clauses()?;
        let method = if self.eat_word("using") {
            Some(self.ident("an index method")?)
        } else {
            None
        };
        let keys = self.some("the keys of the index", Self::index_key)?;
        let mut index = Index {
            span: self.since(start),
            docs,
            name,
            unique,
            method,
            keys,
            include: Vec::new(),
            nulls_not_distinct: false,
            parameters: Vec::new(),
            tablespace: None,
            predicate: None,
            invalid: false,
            clustered: false,
            attached_to: None,
            statistics: Vec::new(),
            clauses: Vec::new(),
        };
        while self.index_clause(&mut index)? {}
        clauses.append(&mut index.clauses);
        index.clauses = clauses;
        index.span = self.since(start);
        Ok(index)
    }

    fn index_clause(&mut self, index: &mut Index) -> Parse<bool> {
        if self.eat_word("include") {
            index.include = self.columns()?;
        } else if self.eat_words(&["nulls", "not", "distinct"]) {
            index.nulls_not_distinct = true;
        } else if self.eat_words(&["nulls", "distinct"]) {
            index.nulls_not_distinct = false;
        } else if self.eat_word("with") {
            index.parameters = self.parameters()?;
        } else if self.eat_word("tablespace") {
            index.tablespace = Some(self.ident("a tablespace")?);
        } else if self.eat_word("where") {
            index.predicate = Some(self.paren_expr("a condition")?);
        } else if self.eat_word("invalid") {
            index.invalid = true;
        } else if self.eat_word("clustered") {
            index.clustered = true;
        } else if self.eat_words(&["attached", "to"]) {
            index.attached_to = Some(self.qname("the index of the partitioned table")?);
        } else if self.eat_word("statistics") {
            index.statistics = self.some("key numbers and targets", |p| {
                let what = "the number of a key";
                let Ok(key) = u16::try_from(p.integer(what)?) else {
                    return Err(p.expected_as("P0129", what));
                };
                Ok((key, p.integer_32("the statistics target")?))
            })?;
        } else if let Some(clause) = self.object_clause()? {
            index.clauses.push(clause);
        } else {
            return Ok(false);
        }
        Ok(true)
    }

    /// `column | call | (EXPR) [collate C] [opclass [(…)]] [asc | desc] [nulls first | last]`.
    pub(crate) fn index_key(&mut self) -> Parse<IndexKey> {
        let start = self.start();
        let term = self.key_term()?;
        let mut key = IndexKey {
            span: self.since(start),
            term,
            collation: None,
            operator_class: None,
            operator_class_parameters: Vec::new(),
            descending: false,
            nulls_first: None,
        };
        if self.eat_word("collate") {
            key.collation = Some(self.qname("a collation")?);
        }
        let word = self.word().to_ascii_lowercase();
        let more = matches!(word.as_str(), "asc" | "desc" | "nulls" | "with");
        if !more && self.is_name_at(0) {
            key.operator_class = Some(self.qname("an operator class")?);
            if self.is(TokenKind::LeftParen) {
                key.operator_class_parameters = self.parameters()?;
            }
        }
        key.descending = self.eat_word("desc");
        if !key.descending {
            self.eat_word("asc");
        }
        if self.eat_word("nulls") {
            let first = self.correct(&["first", "last"], "`first` or `last`")?;
            key.nulls_first = Some(first == "first");
        }
        key.span = self.since(start);
        Ok(key)
    }

    fn key_term(&mut self) -> Parse<KeyTerm> {
        let what = "a column, a call, or an expression in parentheses";
        if self.is(TokenKind::LeftParen) {
            return self.paren_expr("an expression").map(KeyTerm::Expr);
        }
        let mut ahead = 1;
        while self.kind_at(ahead) == TokenKind::Dot {
            ahead += 2;
        }
        if !self.is_name_at(0) || self.kind_at(ahead) != TokenKind::LeftParen {
            return self.ident(what).map(KeyTerm::Column);
        }
        let first = self.at;
        for _ in 0..ahead {
            self.bump();
        }
        let Some(close) = self.closing() else {
            self.bump();
            return Err(Reported);
        };
        self.at = close + 1;
        Ok(KeyTerm::Expr(self.expr_since(first)))
    }
}
