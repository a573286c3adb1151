//! What a foreign key refers to, and what it does when that changes.

use crate::schema::{Deferrable, ForeignKeyAction, MatchKind};
use crate::syntax::parser::{Parse, Parser};
use crate::syntax::token::TokenKind;
use crate::syntax::tree::{Deferral, References};

impl Parser<'_> {
    /// `references TABLE [(columns)] …`.
    pub(crate) fn references(&mut self) -> Parse<References> {
        let start = self.start();
        self.expect_word("references")?;
        let table = self.qname("the referenced table")?;
        let columns = if self.is(TokenKind::LeftParen) {
            self.some("columns", |p| {
                if p.is_name_at(1) {
                    p.eat_word("period");
                }
                p.ident("a column")
            })?
        } else {
            Vec::new()
        };
        let mut references = References {
            span: self.since(start),
            table,
            columns,
            on_delete: None,
            delete_columns: Vec::new(),
            on_update: None,
            matching: None,
            deferrable: None,
            not_valid: false,
            not_enforced: false,
        };
        loop {
            if self.is_word("on") {
                self.bump_keyword();
                let delete = self.delete_or_update()?;
                let action = self.action()?;
                if delete {
                    references.on_delete = Some(action);
                    let limited = matches!(
                        action,
                        ForeignKeyAction::SetNull | ForeignKeyAction::SetDefault
                    );
                    if limited && self.is(TokenKind::LeftParen) {
                        references.delete_columns = self.columns()?;
                    }
                } else {
                    references.on_update = Some(action);
                }
            } else if self.eat_word("match") {
                references.matching = Some(self.matching()?);
            } else if self.eat_words(&["not", "valid"]) {
                references.not_valid = true;
            } else if self.eat_words(&["not", "enforced"]) {
                references.not_enforced = true;
            } else if let Some(deferral) = self.deferral()? {
                references.deferrable = Some(deferral);
            } else {
                break;
            }
        }
        references.span = self.since(start);
        Ok(references)
    }

    fn delete_or_update(&mut self) -> Parse<bool> {
        if self.eat_word("delete") {
            Ok(true)
        } else if self.eat_word("update") {
            Ok(false)
        } else {
            match self.correct(&["delete", "update"], "`delete` or `update`")? {
                "delete" => Ok(true),
                _ => Ok(false),
            }
        }
    }

    fn action(&mut self) -> Parse<ForeignKeyAction> {
        const ACTIONS: &[&str] = &["cascade", "restrict", "set", "no"];
        let what = "`cascade`, `restrict`, `set null`, `set default` or `no action`";
        Ok(match self.correct_as("P0138", ACTIONS, what)? {
            "cascade" => ForeignKeyAction::Cascade,
            "restrict" => ForeignKeyAction::Restrict,
            "set" => match self.correct(&["null", "default"], "`null` or `default`")? {
                "null" => ForeignKeyAction::SetNull,
                _ => ForeignKeyAction::SetDefault,
            },
            _ => {
                self.expect_word("action")?;
                ForeignKeyAction::NoAction
            }
        })
    }

    fn matching(&mut self) -> Parse<MatchKind> {
        match self.correct(&["full", "simple"], "`full` or `simple`")? {
            "full" => Ok(MatchKind::Full),
            _ => Ok(MatchKind::Simple),
        }
    }

    /// `[not] deferrable [initially …]`.
    pub(crate) fn deferral(&mut self) -> Parse<Option<Deferral>> {
        let start = self.start();
        let mut deferrable = if self.eat_words(&["not", "deferrable"]) {
            Deferrable::No
        } else if self.eat_word("deferrable") {
            Deferrable::Immediate
        } else if self.is_word("initially") {
            Deferrable::No
        } else {
            return Ok(None);
        };
        if self.eat_word("initially") {
            let words = &["deferred", "immediate"];
            if self.correct(words, "`deferred` or `immediate`")? == "deferred" {
                deferrable = Deferrable::Deferred;
            }
        }
        Ok(Some(Deferral {
            deferrable,
            span: self.since(start),
        }))
    }
}
