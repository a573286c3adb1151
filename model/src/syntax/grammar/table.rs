//! Tables, views, mixins, and the statements of their blocks.

use crate::diagnostic::Diagnostic;
use crate::syntax::parser::{Parse, Parser, Reported};
use crate::syntax::token::TokenKind;
use crate::syntax::tree::{Mixin, PartitionOf, Table, TableItem};

impl Parser<'_> {
    /// `[unlogged | foreign] table NAME … { … }`.
    pub(crate) fn table(&mut self) -> Parse<Table> {
        let docs = self.docs();
        let start = self.start();
        let unlogged = self.eat_word("unlogged");
        if !unlogged {
            self.eat_word("foreign");
        }
        self.expect_word("table")?;
        self.table_rest(start, docs, unlogged)
    }

    /// `view NAME { columns }`, which only what is external is declared by.
    pub(crate) fn external_view(&mut self) -> Parse<Table> {
        let docs = self.docs();
        let start = self.start();
        self.expect_word("view")?;
        self.table_rest(start, docs, false)
    }

    fn table_rest(&mut self, start: u32, docs: Option<String>, unlogged: bool) -> Parse<Table> {
        let name = self.qname("the name of the table")?;
        let mut table = Table {
            span: self.since(start),
            docs,
            name,
            unlogged,
            inherits: Vec::new(),
            partition_by: None,
            partition_of: None,
            of_type: None,
            server: None,
            access_method: None,
            clauses: Vec::new(),
            body: Vec::new(),
        };
        let head = self.table_head(&mut table);
        if head.is_err() {
            self.skip_to_block();
        }
        table.span = self.since(start);
        if self.is(TokenKind::LeftBrace) {
            self.table_block(&mut table.body)?;
        } else if head.is_ok() && self.is(TokenKind::LeftParen) {
            self.block_in_parentheses()?;
        } else if head.is_ok() && table.partition_of.is_none() && self.at_end() {
            self.expected_help("P0124", "`{`", "the columns stand in `{ }`, one a line");
        }
        table.span = self.since(start);
        Ok(table)
    }

    fn skip_to_block(&mut self) {
        while !self.at_end() && !self.is(TokenKind::LeftBrace) {
            match self.closing() {
                Some(close) if close > self.at => self.at = close + 1,
                _ => self.bump(),
            }
        }
    }

    fn block_in_parentheses(&mut self) -> Parse<()> {
        let place = self.span().in_file(self.file);
        self.report(
            Diagnostic::error("P0135", "a table's block stands in braces", place)
                .label("expected `{`")
                .help("write `{ }`, and a line for each column, without commas"),
        );
        Err(Reported)
    }

    fn table_head(&mut self, table: &mut Table) -> Parse<()> {
        loop {
            if self.eat_word("inherits") {
                table.inherits = self.some("tables", |p| p.qname("a table"))?;
            } else if self.eat_words(&["partition", "by"]) {
                let first = self.at;
                self.correct(&["range", "list", "hash"], "`range`, `list` or `hash`")?;
                self.paren_expr("the partition key")?;
                table.partition_by = Some(self.expr_since(first));
            } else if self.eat_words(&["partition", "of"]) {
                let parent = self.qname("the partitioned table")?;
                let bound = self.partition_bound()?;
                table.partition_of = Some(PartitionOf { parent, bound });
            } else if self.eat_word("of") {
                table.of_type = Some(self.qname("a type")?);
            } else if self.eat_word("server") {
                let server = self.ident("a server")?;
                let options = if self.eat_word("options") {
                    self.parameters()?
                } else {
                    Vec::new()
                };
                table.server = Some((server, options));
            } else if self.eat_word("using") {
                table.access_method = Some(self.ident("a table access method")?);
            } else if self.eat_word("with") {
                let with = TableItem::With(self.parameters()?);
                table.body.push(with);
            } else if self.eat_word("tablespace") {
                let tablespace = self.ident("a tablespace")?;
                table.body.push(TableItem::Tablespace(tablespace));
            } else if let Some(clause) = self.object_clause()? {
                table.clauses.push(clause);
            } else {
                break;
            }
        }
        match self.kind() {
            TokenKind::LeftBrace | TokenKind::LeftParen | TokenKind::End => Ok(()),
            _ => Err(self.unknown_word(
                &[
                    "inherits",
                    "partition",
                    "of",
                    "server",
                    "using",
                    "with",
                    "was",
                    "owner",
                ],
                "`{` or a clause of the table",
            )),
        }
    }

    /// `default`, or `for values …`.
    fn partition_bound(&mut self) -> Parse<crate::syntax::tree::ExprText> {
        let first = self.at;
        if self.eat_word("default") {
            return Ok(self.expr_since(first));
        }
        self.expect_word("for")?;
        self.expect_word("values")?;
        let words = &["from", "in", "with"];
        if self.correct(words, "`from`, `in` or `with`")? == "from" {
            self.paren_expr("the lower bound")?;
            self.expect_word("to")?;
        }
        self.paren_expr("the bound")?;
        Ok(self.expr_since(first))
    }

    pub(crate) fn mixin(&mut self) -> Parse<Mixin> {
        let docs = self.docs();
        let start = self.start();
        self.expect_word("mixin")?;
        let name = self.ident("the name of the mixin")?;
        let mut body = Vec::new();
        self.table_block(&mut body)?;
        Ok(Mixin {
            span: self.since(start),
            docs,
            name,
            body,
        })
    }
}
