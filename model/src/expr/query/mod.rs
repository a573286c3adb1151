//! Queries: which tables a FROM brings into scope, and the names of the result's columns.
//!
//! It follows a query's clauses only as far as scopes need it.

mod change;
mod from;

use super::lexer::TokenKind;
use super::scope::{Columns, Scope};
use super::walk::Walker;
use crate::schema::Name;

/// Words that end a FROM item's expression or alias at the depth of the query.
const JOINS: [&str; 10] = [
    "join", "inner", "left", "right", "full", "cross", "natural", "on", "using", "outer",
];

/// Words that begin a clause of a SELECT behind its result list.
const CLAUSES: [&str; 11] = [
    "from",
    "where",
    "group",
    "having",
    "window",
    "order",
    "limit",
    "offset",
    "fetch",
    "for",
    "returning",
];

impl<'a> Walker<'a> {
    /// Statements separated by `;`, as in a routine's body. Answers with the last one's columns.
    pub(super) fn statements(&mut self, from: usize, end: usize) -> Vec<Name> {
        let mut columns = Vec::new();
        let mut start = from;
        for at in from..=end {
            if at == end || self.is_mark(at, b';') {
                if start < at {
                    columns = self.query(start, at);
                }
                start = at + 1;
            }
        }
        columns
    }

    /// A query with its common table expressions. Answers with the names of its columns.
    pub(super) fn query(&mut self, from: usize, end: usize) -> Vec<Name> {
        let known = self.ctes.len();
        let mut at = from;
        if self.is_word(at, "with") {
            at = self.with(at + 1, end);
        }
        let mut columns: Option<Vec<Name>> = None;
        for (start, stop) in self.branches(at, end) {
            let outputs = columns.clone().unwrap_or_default();
            let found = self.branch(start, stop, outputs);
            columns.get_or_insert(found);
        }
        self.ctes.truncate(known);
        columns.unwrap_or_default()
    }

    /// `[RECURSIVE] name [(columns)] AS [NOT MATERIALIZED] (query), …`; answers with what follows.
    fn with(&mut self, mut at: usize, end: usize) -> usize {
        let recursive = self.is_word(at, "recursive");
        at += usize::from(recursive);
        while at < end {
            let (name, _) = self.name(at);
            at += 1;
            let mut columns = None;
            if self.is_mark(at, b'(') {
                let close = self.closing(at, end);
                columns = Some(self.name_list(at + 1, close));
                at = close + 1;
            }
            while at < end && !self.is_mark(at, b'(') {
                at += 1;
            }
            let close = self.closing(at, end);
            if recursive {
                let own = columns.clone().map_or(Columns::Open, Columns::Named);
                self.ctes.push((name.clone(), own));
            }
            let found = self.query(at + 1, close.min(end));
            let own = columns.unwrap_or(found);
            let own = if own.is_empty() {
                Columns::Open
            } else {
                Columns::Named(own)
            };
            self.ctes.push((name, own));
            at = close + 1;
            if !self.is_mark(at, b',') {
                break;
            }
            at += 1;
        }
        at
    }

    fn name_list(&self, from: usize, end: usize) -> Vec<Name> {
        (from..end)
            .filter(|i| self.is_name(*i) && (*i == from || self.is_mark(*i - 1, b',')))
            .map(|i| Name::from(self.true_name(i)))
            .collect()
    }

    /// The name as PostgreSQL stores it when it is introduced here: folded unless quoted.
    fn true_name(&self, at: usize) -> String {
        let (name, quoted) = self.name(at);
        if quoted {
            name
        } else {
            name.to_ascii_lowercase()
        }
    }

    /// The parts between UNION, INTERSECT and EXCEPT.
    fn branches(&self, from: usize, end: usize) -> Vec<(usize, usize)> {
        let mut branches = Vec::new();
        let (mut at, mut start) = (from, from);
        while at < end {
            if self.is_mark(at, b'(') || self.is_mark(at, b'[') {
                at = self.closing(at, end);
            } else if ["union", "intersect", "except"]
                .iter()
                .any(|w| self.is_word(at, w))
            {
                branches.push((start, at));
                if self.is_word(at + 1, "all") || self.is_word(at + 1, "distinct") {
                    at += 1;
                }
                start = at + 1;
            }
            at += 1;
        }
        branches.push((start, end.max(start)));
        branches
    }

    fn branch(&mut self, from: usize, end: usize, outputs: Vec<Name>) -> Vec<Name> {
        let outputs = outputs.iter().map(|n| n.to_string()).collect();
        self.scopes.push(Scope {
            items: Vec::new(),
            outputs,
        });
        let columns = if self.is_mark(from, b'(') {
            let close = self.closing(from, end);
            let columns = self.query(from + 1, close);
            self.outputs_of(&columns);
            self.expression((close + 1).min(end), end);
            columns
        } else if self.is_word(from, "select") {
            self.select(from + 1, end)
        } else if self.is_word(from, "insert") {
            self.insert(from + 1, end)
        } else if self.is_word(from, "update") {
            self.update(from + 1, end)
        } else if self.is_word(from, "delete") {
            self.delete(from + 1, end)
        } else if self.is_word(from, "table") {
            self.relation(from + 1, end);
            self.all_columns().unwrap_or_default()
        } else if self.is_word(from, "values") {
            self.expression(from + 1, end);
            let count = (self.arity(from + 1, end)).max(1);
            (1..=count)
                .map(|n| Name::from(format!("column{n}")))
                .collect()
        } else {
            Vec::new()
        };
        self.scopes.pop();
        columns
    }

    fn arity(&self, open: usize, end: usize) -> usize {
        let close = self.closing(open, end);
        let mut count = 1;
        let mut at = open + 1;
        while at < close {
            if self.is_mark(at, b'(') || self.is_mark(at, b'[') {
                at = self.closing(at, close);
            } else if self.is_mark(at, b',') {
                count += 1;
            }
            at += 1;
        }
        count
    }

    fn outputs_of(&mut self, columns: &[Name]) {
        if let Some(scope) = self.scopes.last_mut() {
            scope.outputs.extend(columns.iter().map(|n| n.to_string()));
        }
    }

    fn all_columns(&self) -> Option<Vec<Name>> {
        let mut all = Vec::new();
        for item in &self.scopes.last()?.items {
            match &item.columns {
                Columns::Of(relation) if !relation.open => all.extend(relation.columns.clone()),
                Columns::Named(names) => all.extend(names.clone()),
                _ => return None,
            }
        }
        Some(all)
    }

    /// Where the next clause begins, at the depth of the query.
    fn clause(&self, from: usize, end: usize) -> usize {
        let mut at = from;
        while at < end {
            if self.is_mark(at, b'(') || self.is_mark(at, b'[') {
                at = self.closing(at, end);
            } else if CLAUSES.iter().any(|w| self.is_word(at, w)) {
                // `is distinct from` is no clause, and `for` may belong to `is not json`.
                let compares = self.is_word(at, "from")
                    && at > from
                    && self.is_word(at - 1, "distinct")
                    && at > from + 1
                    && (self.is_word(at - 2, "is") || self.is_word(at - 2, "not"));
                if !compares {
                    return at;
                }
            }
            at += 1;
        }
        end
    }

    /// A SELECT behind its word: FROM first, since it says what the names mean.
    fn select(&mut self, from: usize, end: usize) -> Vec<Name> {
        let list_end = self.clause(from, end);
        let mut rest = list_end;
        if self.is_word(list_end, "from") {
            rest = self.clause(list_end + 1, end);
            self.items_of_from(list_end + 1, rest);
        }
        let columns = self.result_list(from, list_end);
        if let Some(columns) = &columns {
            self.outputs_of(columns);
        }
        self.rest(rest, end);
        columns.unwrap_or_default()
    }

    /// What follows FROM. Words of clauses are reserved or known to the walk.
    fn rest(&mut self, from: usize, end: usize) {
        let mut at = from;
        while at < end {
            let stop = self.clause(at + 1, end);
            // `for update of alias` and `window w as (…)` name what is known already.
            if !self.is_word(at, "for") {
                self.expression(at + 1, stop);
            }
            at = stop;
        }
    }

    /// The names of the result's columns; `None` where a `*` stands for something not known.
    fn result_list(&mut self, from: usize, end: usize) -> Option<Vec<Name>> {
        let mut columns = Some(Vec::new());
        let mut start = from;
        if self.is_word(start, "distinct") {
            start += 1;
            if self.is_word(start, "on") {
                let close = self.closing(start + 1, end);
                self.expression(start + 1, close);
                start = close + 1;
            }
        } else if self.is_word(start, "all") {
            start += 1;
        }
        let mut at = start;
        while start < end {
            while at < end && !self.is_mark(at, b',') {
                if self.is_mark(at, b'(') || self.is_mark(at, b'[') {
                    at = self.closing(at, end);
                }
                at += 1;
            }
            let at_end = at.min(end);
            self.expression(start, at_end);
            match (self.result_name(start, at_end), &mut columns) {
                (Some(names), Some(all)) => all.extend(names),
                (None, columns) => *columns = None,
                _ => {}
            }
            at = at_end + 1;
            start = at;
        }
        columns
    }

    /// The name PostgreSQL gives one entry of the result list (`FigureColname`).
    fn result_name(&self, from: usize, end: usize) -> Option<Vec<Name>> {
        if end <= from {
            return Some(Vec::new());
        }
        let last = end - 1;
        if self.text(last) == "*" {
            return match end - from {
                1 => self.all_columns(),
                3 => {
                    let (alias, quoted) = self.name(from);
                    match &self.item(&alias, quoted)?.columns {
                        Columns::Of(relation) if !relation.open => Some(relation.columns.clone()),
                        Columns::Named(names) => Some(names.clone()),
                        _ => None,
                    }
                }
                _ => None,
            };
        }
        let named = |at: usize| Some(vec![Name::from(self.true_name(at))]);
        let last_is_name = matches!(self.tokens[last].kind, TokenKind::Word | TokenKind::Quoted);
        if last_is_name && last > from {
            // `… as name`, `alias.column`, `… name`.
            if self.is_word(last - 1, "as") || self.is_mark(last - 1, b'.') {
                return named(last);
            }
            if self.is_name(last)
                && !self.is_operand_place(last, from)
                && self.text(last - 1) != "::"
            {
                return named(last);
            }
        }
        if last_is_name && last == from {
            return named(last);
        }
        // `name(…)`, with or without a cast behind it; otherwise the server's `?column?`.
        let first_call = (from..end).find(|i| self.is_mark(*i, b'('));
        match first_call {
            Some(open) if open > from && self.is_name(open - 1) => named(open - 1),
            _ if self.text(last.saturating_sub(1)) == "::" && self.is_name(from) => named(from),
            _ if self.is_word(from, "case") => Some(vec![Name::from("case")]),
            _ => Some(vec![Name::from("?column?")]),
        }
    }
}
