//! Views.

use crate::syntax::parser::{Parse, Parser};
use crate::syntax::token::TokenKind;
use crate::syntax::tree::View;

impl Parser<'_> {
    /// `[materialized | recursive] view NAME …`.
    pub(crate) fn view(&mut self) -> Parse<View> {
        let docs = self.docs();
        let start = self.start();
        let materialized = self.eat_word("materialized");
        let recursive = self.eat_word("recursive");
        self.expect_word("view")?;
        let name = self.qname("the name of the view")?;
        let mut view = View {
            span: self.since(start),
            docs,
            name,
            materialized,
            recursive,
            columns: Vec::new(),
            access_method: None,
            options: Vec::new(),
            tablespace: None,
            query: crate::syntax::tree::ExprText {
                text: "".into(),
                span: self.since(start),
            },
            with_no_data: false,
            clauses: Vec::new(),
            body: Vec::new(),
        };
        if self.is(TokenKind::LeftParen) {
            view.columns = self.columns()?;
        }
        loop {
            if self.eat_word("with") {
                view.options = self.parameters()?;
            } else if self.eat_word("using") {
                view.access_method = Some(self.ident("a table access method")?);
            } else if self.eat_word("tablespace") {
                view.tablespace = Some(self.ident("a tablespace")?);
            } else if let Some(clause) = self.object_clause()? {
                view.clauses.push(clause);
            } else {
                break;
            }
        }
        self.expect_word("as")?;
        if !self.is(TokenKind::LeftParen) {
            let help = "a query stands in parentheses, and may then run over lines";
            return Err(self.expected_help("P0126", "the query in parentheses", help));
        }
        view.query = self.paren_expr("a query")?;
        if self.eat_words(&["with", "no", "data"]) {
            view.with_no_data = true;
        } else {
            self.eat_words(&["with", "data"]);
        }
        view.clauses.append(&mut self.object_clauses()?);
        if self.is(TokenKind::LeftBrace) {
            self.table_block(&mut view.body)?;
        }
        view.span = self.since(start);
        Ok(view)
    }
}
