//! Clauses that every kind of object may have.

use crate::syntax::parser::{Parse, Parser};
use crate::syntax::token::TokenKind;
use crate::syntax::tree::ObjectClause;

impl Parser<'_> {
    /// One of the clauses every object may have; `None` where no such clause begins here.
    pub(crate) fn object_clause(&mut self) -> Parse<Option<ObjectClause>> {
        let word = self.word().to_ascii_lowercase();
        let name_follows = self.is_name_at(1);
        Ok(Some(match word.as_str() {
            "owner" if name_follows => {
                self.bump_keyword();
                ObjectClause::Owner(self.ident("a role")?)
            }
            "comment" => {
                self.bump_keyword();
                ObjectClause::Comment(self.string("the comment as a string")?)
            }
            "was" => {
                self.bump_keyword();
                ObjectClause::Was(self.qname("the former name")?)
            }
            "allow" => {
                self.bump_keyword();
                ObjectClause::Allow(self.ident("the name of a hazard")?)
            }
            "accept" => {
                self.bump_keyword();
                let rule = self.ident("the name of a lint rule")?;
                let what = "the reason as a string";
                ObjectClause::Accept(rule, self.string(what)?)
            }
            "grant" | "revoke" => ObjectClause::Grant(Box::new(self.grant(true)?)),
            _ => return Ok(None),
        }))
    }

    /// As many of them as follow.
    pub(crate) fn object_clauses(&mut self) -> Parse<Vec<ObjectClause>> {
        let mut clauses = Vec::new();
        while let Some(clause) = self.object_clause()? {
            clauses.push(clause);
        }
        Ok(clauses)
    }

    /// The clauses of an object, behind its head or in a block of their own.
    pub(crate) fn object_clauses_and_block(&mut self) -> Parse<Vec<ObjectClause>> {
        let mut clauses = self.object_clauses()?;
        if self.is(TokenKind::LeftBrace) {
            const EXPECTATION: &str = "expected the end of the statement";
            self.block(false, EXPECTATION, |p| match p.object_clause()? {
                Some(clause) => {
                    clauses.push(clause);
                    Ok(())
                }
                None => Err(p.unknown_word(
                    &[
                        "owner", "comment", "was", "allow", "accept", "grant", "revoke",
                    ],
                    "a clause of the object",
                )),
            })?;
        }
        Ok(clauses)
    }
}
