//! The statements of a table's block.

use crate::diagnostic::Diagnostic;
use crate::syntax::parser::{Parse, Parser, Reported, mark};
use crate::syntax::token::TokenKind;
use crate::syntax::tree::{Audited, ReplicaIdentity, RowSecurity, TableItem, ViewColumn};

use super::types::is_builtin;

/// The words a statement in a table's block begins with, besides a column's name.
pub(crate) const ITEM_WORDS: &[&str] = &[
    "accept",
    "allow",
    "append",
    "audited",
    "check",
    "column",
    "comment",
    "constraint",
    "exclude",
    "foreign",
    "grant",
    "include",
    "index",
    "inherited",
    "owner",
    "policy",
    "primary",
    "replica",
    "restrictive",
    "revoke",
    "rls",
    "tablespace",
    "transitions",
    "trigger",
    "unique",
    "use",
    "was",
    "with",
];

const EXPECTATION: &str = "expected the end of the statement";

impl Parser<'_> {
    pub(crate) fn table_block(&mut self, body: &mut Vec<TableItem>) -> Parse<()> {
        let read = self.block(false, EXPECTATION, |p| p.table_item(body));
        body.shrink_to_fit();
        read
    }

    fn table_item(&mut self, body: &mut Vec<TableItem>) -> Parse<()> {
        let docs = self.docs();
        let start = self.start();
        if self.sql_in_block()? {
            return Err(Reported);
        }
        let item = match self.item_word() {
            "primary" | "check" | "foreign" | "exclude" => self.constraint(docs)?,
            "unique" if self.is_word_at(1, "index") => {
                TableItem::Index(Box::new(self.index(docs)?))
            }
            "unique" => self.constraint(docs)?,
            "index" => TableItem::Index(Box::new(self.index(docs)?)),
            "constraint" if self.is_word_at(1, "trigger") => {
                TableItem::Trigger(Box::new(self.trigger(docs)?))
            }
            "constraint" => self.constraint(docs)?,
            "inherited" => {
                self.bump_keyword();
                let mut inner = Vec::new();
                self.table_item(&mut inner)?;
                body.extend(inner.into_iter().map(|i| TableItem::Inherited(Box::new(i))));
                return Ok(());
            }
            "include" => {
                self.bump_keyword();
                TableItem::Include(self.ident("the name of a mixin")?)
            }
            "use" => TableItem::Use(Box::new(self.use_template()?)),
            "policy" | "restrictive" => TableItem::Policy(Box::new(self.policy(docs)?)),
            "trigger" => TableItem::Trigger(Box::new(self.trigger(docs)?)),
            "transitions" => TableItem::Transitions(self.transitions(docs)?),
            "append" => {
                self.bump_keyword();
                self.expect_word("only")?;
                TableItem::AppendOnly(self.since(start))
            }
            "audited" => TableItem::Audited(Box::new(self.audited()?)),
            "rls" => {
                self.bump_keyword();
                let words = &["enabled", "forced", "disabled"];
                let state = match self.correct(words, "`enabled`, `forced` or `disabled`")? {
                    "enabled" => RowSecurity::Enabled,
                    "forced" => RowSecurity::Forced,
                    _ => RowSecurity::Disabled,
                };
                let state = match (state, self.eat_word("disabled")) {
                    (RowSecurity::Forced, true) => RowSecurity::ForcedDisabled,
                    (state, _) => state,
                };
                TableItem::RowSecurity(state, self.since(start))
            }
            "with" => {
                self.bump_keyword();
                TableItem::With(self.parameters()?)
            }
            "tablespace" => {
                self.bump_keyword();
                TableItem::Tablespace(self.ident("a tablespace")?)
            }
            "replica" => {
                self.bump_keyword();
                self.expect_word("identity")?;
                let identity = self.replica_identity()?;
                TableItem::ReplicaIdentity(identity, self.since(start))
            }
            "column" => {
                self.bump_keyword();
                self.view_column(docs)?
            }
            "" => {
                let (column, result) = self.column(docs)?;
                body.push(TableItem::Column(Box::new(column)));
                return result;
            }
            _ => match self.object_clause()? {
                Some(clause) => TableItem::Clause(clause),
                None => return Err(self.expected("a statement of the table")),
            },
        };
        body.push(item);
        Ok(())
    }

    /// `audited into TRAIL [(COLUMN [= COLUMN], …)] [except (COLUMN, …)]`.
    fn audited(&mut self) -> Parse<Audited> {
        let start = self.start();
        self.bump_keyword();
        self.expect_word("into")?;
        let into = self.qname("the table that changes are written into")?;
        let columns = match self.is(TokenKind::LeftParen) {
            false => Vec::new(),
            true => self.some("columns of the trail", |p| {
                let column = p.ident("a column of the trail")?;
                p.expect(TokenKind::Equals, "`=`")?;
                Ok((column, p.ident("a column of this table")?))
            })?,
        };
        let except = match self.eat_word("except") {
            false => Vec::new(),
            true => self.some("columns", |p| p.ident("a column"))?,
        };
        Ok(Audited {
            span: self.since(start),
            into,
            columns,
            except,
        })
    }

    pub(crate) fn view_column(&mut self, docs: Option<String>) -> Parse<TableItem> {
        let start = self.start();
        let name = self.ident("a column of the view")?;
        let mut docs = docs;
        let mut clauses = Vec::new();
        while !self.at_end() {
            if self.eat_word("comment") {
                docs = Some(self.string("the comment as a string")?.value.into());
            } else {
                clauses.push(self.column_clause(&name)?);
            }
        }
        Ok(TableItem::ViewColumn(ViewColumn {
            span: self.since(start),
            docs,
            name,
            clauses,
        }))
    }

    fn replica_identity(&mut self) -> Parse<ReplicaIdentity> {
        let words = &["default", "full", "nothing", "using"];
        let what = "`full`, `nothing`, `using index` or `default`";
        Ok(match self.correct(words, what)? {
            "default" => ReplicaIdentity::Default,
            "full" => ReplicaIdentity::Full,
            "nothing" => ReplicaIdentity::Nothing,
            _ => {
                self.expect_word("index")?;
                ReplicaIdentity::Index(self.ident("an index")?)
            }
        })
    }

    /// The word a statement of a block begins with, where what follows it says that it is no
    /// column of that name; empty for a column.
    fn item_word(&self) -> &'static str {
        let word = self.word().to_ascii_lowercase();
        let Ok(index) = ITEM_WORDS.binary_search(&word.as_str()) else {
            return "";
        };
        let word = ITEM_WORDS[index];
        let next = self.word_at(1).to_ascii_lowercase();
        let third = self.word_at(2).to_ascii_lowercase();
        let one_of = |word: &str, words: &[&str]| words.contains(&word);
        let only_a_name =
            self.is_name_at(1) && self.kind_at(2) == TokenKind::End && !is_builtin(&next);
        let is_clause = match word {
            "primary" | "foreign" => next == "key",
            "unique" => next == "index" || next == "nulls" || self.names_a_list(1),
            "check" => self.names_a_list(1),
            "exclude" => next == "using" || third == "using" || self.names_a_list(1),
            "index" => {
                one_of(&next, &["using"])
                    || one_of(&third, &["using", "was", "allow", "accept"])
                    || self.names_a_list(1)
            }
            "constraint" => {
                one_of(
                    &third,
                    &[
                        "primary", "unique", "check", "foreign", "exclude", "before", "after",
                        "not", "sql",
                    ],
                ) || next == "trigger"
            }
            "include" | "owner" | "was" | "allow" | "tablespace" | "column" => {
                let words = [
                    "comment",
                    "default",
                    "statistics",
                    "storage",
                    "compression",
                    "with",
                ];
                only_a_name
                    || (word == "column" && words.contains(&third.as_str()) && !is_builtin(&next))
                    || (word == "column" && third == "comment")
            }
            "policy" => {
                let words: &[&str] = match is_builtin(&next) {
                    true => &["for", "to"],
                    false => &[
                        "for", "to", "using", "with", "was", "comment", "allow", "accept",
                    ],
                };
                only_a_name || one_of(&third, words)
            }
            "inherited" => {
                one_of(
                    &next,
                    &["trigger", "unique", "check", "exclude", "constraint"],
                ) || (one_of(&next, &["primary", "foreign"]) && third == "key")
            }
            "append" => next == "only" && self.kind_at(2) == TokenKind::End,
            "audited" => next == "into",
            "restrictive" => next == "policy",
            "use" => self.kind_at(2) == TokenKind::LeftParen && !is_builtin(&next),
            "trigger" => one_of(&third, &["before", "after", "instead"]),
            "transitions" => self.kind_at(2) == TokenKind::LeftBrace,
            "rls" => !is_builtin(&next) || self.kind_at(1) == TokenKind::End,
            "with" => self.kind_at(1) == TokenKind::LeftParen,
            "replica" => next == "identity",
            "comment" => self.kind_at(1) == TokenKind::String,
            "accept" => self.kind_at(2) == TokenKind::String,
            "grant" | "revoke" => {
                next == "all"
                    || next == "grant"
                    || third == "to"
                    || third == "from"
                    || self.kind_at(2) == TokenKind::Comma
                    || crate::schema::Privilege::parse(&next).is_some()
            }
            _ => false,
        };
        if is_clause { word } else { "" }
    }

    /// Whether a list in parentheses follows, with a name before it or without. A number alone in
    /// parentheses belongs to a type, as in `varchar(20)`.
    fn names_a_list(&self, ahead: usize) -> bool {
        let open = match self.kind_at(ahead) {
            TokenKind::LeftParen => return true,
            TokenKind::Word | TokenKind::Quoted
                if self.kind_at(ahead + 1) == TokenKind::LeftParen =>
            {
                ahead + 1
            }
            _ => return false,
        };
        // The closing parenthesis may lie on a line of its own, so no look at the statement's end.
        let kind = |offset: usize| {
            self.tokens
                .get(self.at + open + offset)
                .map_or(TokenKind::End, |t| t.kind)
        };
        !(kind(1) == TokenKind::Number
            && matches!(kind(2), TokenKind::RightParen | TokenKind::Comma))
    }

    /// Statements of SQL that have another place or form: reports them.
    fn sql_in_block(&mut self) -> Parse<bool> {
        let nested = super::ITEMS.contains(&self.word())
            && self.is_name_at(1)
            && self.kind_at(2) == TokenKind::LeftBrace
            && !self.is_word("transitions");
        if nested {
            let place = self.span().in_file(self.file);
            let word = self.word();
            self.report(
                Diagnostic::error("P0143", format!("`{word}` stands in no block"), place)
                    .label("a statement of the file")
                    .help("move it out of this block, or close the block before it"),
            );
            return Ok(true);
        }
        Ok(false)
    }

    /// Marks the current token as the start of a cell, for lines that are aligned.
    pub(crate) fn cell(&mut self) {
        self.mark(mark::CELL);
    }
}
