//! Sequences and their options.

use crate::syntax::parser::{Parse, Parser};
use crate::syntax::token::TokenKind;
use crate::syntax::tree::{Ident, Sequence, SequenceOption, SequenceOptionKind};

impl Parser<'_> {
    /// `[unlogged] sequence NAME [as type] options`.
    pub(crate) fn sequence(&mut self) -> Parse<Sequence> {
        let docs = self.docs();
        let start = self.start();
        let unlogged = self.eat_word("unlogged");
        self.expect_word("sequence")?;
        let name = self.qname("the name of the sequence")?;
        let mut sequence = Sequence {
            span: self.since(start),
            docs,
            name,
            unlogged,
            ty: None,
            options: Vec::new(),
            owned_by: None,
            clauses: Vec::new(),
        };
        while !self.at_end() && !self.is(TokenKind::LeftBrace) {
            if self.eat_word("as") {
                sequence.ty = Some(self.plain_type("an integer type")?);
            } else if self.eat_words(&["owned", "by"]) {
                sequence.owned_by = Some(self.owning_column()?);
            } else if let Some(clause) = self.object_clause()? {
                sequence.clauses.push(clause);
            } else {
                let option = self.sequence_option()?;
                sequence.options.push(option);
            }
        }
        sequence
            .clauses
            .append(&mut self.object_clauses_and_block()?);
        sequence.span = self.since(start);
        Ok(sequence)
    }

    /// `table.column` or `schema.table.column`.
    fn owning_column(&mut self) -> Parse<(crate::syntax::tree::QName, Ident)> {
        let what = "a column, as in `deals.id`";
        let mut parts = vec![self.ident(what)?];
        while self.eat(TokenKind::Dot) {
            parts.push(self.ident(what)?);
        }
        let (column, table) = (parts.pop(), parts.pop());
        match (table, column) {
            (Some(name), Some(column)) if parts.len() < 2 => {
                let schema = parts.pop();
                Ok((crate::syntax::tree::QName { schema, name }, column))
            }
            _ => Err(self.expected(what)),
        }
    }

    pub(crate) fn sequence_option(&mut self) -> Parse<SequenceOption> {
        let start = self.start();
        let words = &[
            "start",
            "increment",
            "minvalue",
            "maxvalue",
            "cache",
            "cycle",
            "no",
        ];
        let what = "`start`, `increment`, `minvalue`, `maxvalue`, `cache` or `cycle`";
        let kind = match self.correct(words, what)? {
            "start" => {
                self.eat_word("with");
                SequenceOptionKind::Start(self.integer("the first number")?)
            }
            "increment" => {
                self.eat_word("by");
                SequenceOptionKind::Increment(self.integer("the increment")?)
            }
            "minvalue" => SequenceOptionKind::Min(Some(self.integer("the least number")?)),
            "maxvalue" => SequenceOptionKind::Max(Some(self.integer("the greatest number")?)),
            "cache" => SequenceOptionKind::Cache(self.integer("how many numbers are cached")?),
            "cycle" => SequenceOptionKind::Cycle(true),
            "no" => {
                let words = &["minvalue", "maxvalue", "cycle"];
                match self.correct(words, "`minvalue`, `maxvalue` or `cycle`")? {
                    "minvalue" => SequenceOptionKind::Min(None),
                    "maxvalue" => SequenceOptionKind::Max(None),
                    _ => SequenceOptionKind::Cycle(false),
                }
            }
            _ => return Err(self.expected(what)),
        };
        Ok(SequenceOption {
            span: self.since(start),
            kind,
        })
    }
}
