//! One walk over the tokens of an expression: finds the names and looks them up.
//!
//! It follows PostgreSQL's grammar only as far as it takes to tell a name from a word.

use super::lexer::{Token, TokenKind};
use super::render::Edit;
use super::scope::{Columns, Item, Scope};
use super::{Context, ExprFault, FaultKind, Symbols, words};
use crate::schema::{Id, Name};

/// What a walk found.
pub(super) struct Walked {
    pub(super) edits: Vec<Edit>,
    pub(super) needs: Vec<Id>,
    pub(super) columns: Vec<Name>,
    pub(super) faults: Vec<ExprFault>,
}

pub(super) struct Walker<'a> {
    pub(super) source: &'a str,
    pub(super) tokens: &'a [Token],
    pub(super) symbols: &'a Symbols,
    pub(super) context: Context<'a>,
    pub(super) scopes: Vec<Scope<'a>>,
    /// Common table expressions in sight, innermost last.
    pub(super) ctes: Vec<(String, Columns<'a>)>,
    pub(super) edits: Vec<Edit>,
    pub(super) needs: Vec<Id>,
    pub(super) faults: Vec<ExprFault>,
    /// Places of the `as` that stands in a `cast(… as type)`.
    casts: Vec<usize>,
    columns: Vec<Name>,
}

impl<'a> Walker<'a> {
    pub(super) fn new(
        source: &'a str,
        tokens: &'a [Token],
        symbols: &'a Symbols,
        context: Context<'a>,
    ) -> Self {
        let mut items = Vec::new();
        if let Some(table) = context.table {
            let aliases: &[&str] = if context.trigger {
                &["old", "new"]
            } else {
                &[table.id.name.as_str()]
            };
            items.extend(aliases.iter().map(|alias| Item {
                alias: (*alias).to_owned(),
                columns: Columns::Of(table),
            }));
        }
        Walker {
            source,
            tokens,
            symbols,
            context,
            scopes: vec![Scope {
                items,
                outputs: Vec::new(),
            }],
            ctes: Vec::new(),
            edits: Vec::new(),
            needs: Vec::new(),
            faults: Vec::new(),
            casts: Vec::new(),
            columns: Vec::new(),
        }
    }

    pub(super) fn run(&mut self) {
        let end = self.tokens.len();
        if self.context.query {
            self.columns = self.statements(0, end);
        } else {
            self.expression(0, end);
        }
    }

    pub(super) fn finish(self) -> Walked {
        Walked {
            edits: self.edits,
            needs: self.needs,
            columns: self.columns,
            faults: self.faults,
        }
    }

    pub(super) fn text(&self, at: usize) -> &'a str {
        self.tokens.get(at).map_or("", |t| t.text(self.source))
    }

    pub(super) fn is_word(&self, at: usize, word: &str) -> bool {
        self.tokens
            .get(at)
            .is_some_and(|t| t.kind == TokenKind::Word)
            && self.text(at).eq_ignore_ascii_case(word)
    }

    pub(super) fn is_mark(&self, at: usize, mark: u8) -> bool {
        self.tokens
            .get(at)
            .is_some_and(|t| t.kind == TokenKind::Mark(mark))
    }

    pub(super) fn is_name(&self, at: usize) -> bool {
        match self.tokens.get(at).map(|t| t.kind) {
            Some(TokenKind::Quoted) => true,
            Some(TokenKind::Word) => !words::is_reserved(&self.text(at).to_ascii_lowercase()),
            _ => false,
        }
    }

    /// The name at that place, without quotes, and whether it had any.
    pub(super) fn name(&self, at: usize) -> (String, bool) {
        let text = self.text(at);
        match self.tokens.get(at).map(|t| t.kind) {
            Some(TokenKind::Quoted) => (text.trim_matches('"').replace("\"\"", "\""), true),
            _ => (text.to_owned(), false),
        }
    }

    /// The place of the mark that closes the one at `open`, or `end`.
    pub(super) fn closing(&self, open: usize, end: usize) -> usize {
        let mut depth = 0usize;
        for at in open..end {
            match self.tokens[at].kind {
                TokenKind::Mark(b'(' | b'[') => depth += 1,
                TokenKind::Mark(b')' | b']') => {
                    depth = depth.saturating_sub(1);
                    if depth == 0 {
                        return at;
                    }
                }
                _ => {}
            }
        }
        end
    }

    pub(super) fn fault(&mut self, at: usize, kind: FaultKind) {
        let Some(token) = self.tokens.get(at) else {
            return;
        };
        self.faults.push(ExprFault {
            start: token.start,
            end: token.end,
            kind,
        });
    }

    /// Walks the expression between two places.
    pub(super) fn expression(&mut self, from: usize, end: usize) {
        let mut at = from;
        while at < end {
            at = self.step(at, from, end);
        }
    }

    /// One token, or as many as belong to it; answers with the place behind them.
    fn step(&mut self, at: usize, from: usize, end: usize) -> usize {
        match self.tokens[at].kind {
            TokenKind::Mark(b'(') if words::begins_query(self.text(at + 1)) => {
                let close = self.closing(at, end);
                self.query(at + 1, close);
                close + 1
            }
            TokenKind::Operator if self.text(at) == "::" => self.ty(at + 1),
            TokenKind::String => self.string(at),
            TokenKind::Word | TokenKind::Quoted => self.word(at, from, end),
            _ => at + 1,
        }
    }

    /// `'…'::regclass` names a relation.
    fn string(&mut self, at: usize) -> usize {
        let is_regclass = self.text(at + 1) == "::" && self.is_word(at + 2, "regclass");
        if is_regclass {
            self.regclass(at);
        }
        at + 1
    }

    fn word(&mut self, at: usize, from: usize, end: usize) -> usize {
        if self.tokens[at].kind == TokenKind::Quoted {
            return self.chain(at, from, end);
        }
        let text = self.text(at);
        // Words are short; a lower-cased copy is made only where there is a capital letter.
        let lowered;
        let word = if text.bytes().any(|b| b.is_ascii_uppercase()) {
            lowered = text.to_ascii_lowercase();
            lowered.as_str()
        } else {
            text
        };
        match word {
            "as" => {
                if self.casts.contains(&at) {
                    return self.ty(at + 1);
                }
                return at + 1 + usize::from(!self.is_mark(at + 1, b'('));
            }
            "collate" => return self.skip_chain(at + 1),
            "operator" if self.is_mark(at + 1, b'(') => return self.closing(at + 1, end) + 1,
            "cast" | "treat" if self.is_mark(at + 1, b'(') => {
                let close = self.closing(at + 1, end);
                self.casts.extend(self.at_depth(at + 2, close, "as"));
                return at + 2;
            }
            "extract" if self.is_mark(at + 1, b'(') => return at + 3,
            "over" | "window" if !self.is_mark(at + 1, b'(') => return at + 2,
            "interval" if !self.is_mark(at + 1, b'.') && self.is_literal_behind(at + 1, end) => {
                return at + 1;
            }
            _ => {}
        }
        if words::is_not_called(word) && self.is_mark(at + 1, b'(') {
            return at + 1;
        }
        if words::is_reserved(word) && !self.is_mark(at + 1, b'.') {
            // `left(…)` and `right(…)` are functions.
            if self.is_mark(at + 1, b'(') && !words::is_value(word) {
                return self.chain(at, from, end);
            }
            if self.is_operand_place(at, from) && !words::is_value(word) {
                self.reserved_column(at);
            }
            return at + 1;
        }
        self.chain(at, from, end)
    }

    fn is_literal_behind(&self, mut at: usize, end: usize) -> bool {
        if self.is_mark(at, b'(') {
            at = self.closing(at, end) + 1;
        }
        self.tokens
            .get(at)
            .is_some_and(|t| t.kind == TokenKind::String)
    }

    /// The first place of that word between two places outside of parentheses.
    pub(super) fn at_depth(&self, from: usize, end: usize, word: &str) -> Option<usize> {
        let mut at = from;
        while at < end {
            if self.is_mark(at, b'(') || self.is_mark(at, b'[') {
                at = self.closing(at, end);
            } else if self.is_word(at, word) {
                return Some(at);
            }
            at += 1;
        }
        None
    }

    /// Whether an operand is due here: nothing, an operator or a word like `and` stands before.
    pub(super) fn is_operand_place(&self, at: usize, from: usize) -> bool {
        if at <= from {
            return true;
        }
        match self.tokens[at - 1].kind {
            TokenKind::Operator | TokenKind::Mark(b'(' | b'[' | b',') => true,
            TokenKind::Word => {
                let word = self.text(at - 1).to_ascii_lowercase();
                matches!(
                    word.as_str(),
                    "and"
                        | "or"
                        | "not"
                        | "where"
                        | "having"
                        | "when"
                        | "then"
                        | "else"
                        | "case"
                        | "on"
                        | "by"
                        | "between"
                        | "like"
                        | "ilike"
                        | "select"
                        | "distinct"
                        | "return"
                        | "in"
                        | "similar"
                        | "any"
                        | "all"
                        | "limit"
                        | "offset"
                )
            }
            _ => false,
        }
    }

    pub(super) fn skip_chain(&self, mut at: usize) -> usize {
        while self.is_mark(at + 1, b'.') {
            at += 2;
        }
        at + 1
    }

    /// A column that bears a reserved word's name, where nothing else can stand.
    fn reserved_column(&mut self, at: usize) {
        let (name, _) = self.name(at);
        let found = self
            .scopes
            .iter()
            .rev()
            .flat_map(|s| &s.items)
            .find_map(|i| i.columns.find(&name, true));
        if let (Some((column, id)), false) = (found, self.context.trigger) {
            self.refer(at, column.as_str(), id, None);
        }
    }
}
