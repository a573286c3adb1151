//! Queries: which tables a FROM brings into scope, and the names of the result's columns.
//!
//! It follows a query's clauses only as far as scopes need it.

use super::lexer::TokenKind;
use super::walk::{Columns, Item, Scope, Walker};
use super::words;
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

    /// The items of a FROM; conditions are walked once all items are known.
    fn items_of_from(&mut self, from: usize, end: usize) {
        let mut conditions = Vec::new();
        let mut at = from;
        while at < end {
            if self.is_mark(at, b',')
                || [
                    "join", "inner", "left", "right", "full", "cross", "natural", "outer",
                    "lateral", "only",
                ]
                .iter()
                .any(|w| self.is_word(at, w))
            {
                at += 1;
            } else if self.is_word(at, "on") {
                let stop = self.condition_end(at + 1, end);
                conditions.push((at + 1, stop));
                at = stop;
            } else if self.is_word(at, "using") {
                at = self.closing(at + 1, end) + 1;
                at = self.skip_alias(at, end);
            } else {
                at = self.item_of_from(at, end).max(at + 1);
            }
        }
        for (start, stop) in conditions {
            self.expression(start, stop);
        }
    }

    fn condition_end(&self, from: usize, end: usize) -> usize {
        let mut at = from;
        while at < end {
            if self.is_mark(at, b'(') || self.is_mark(at, b'[') {
                at = self.closing(at, end);
            } else if self.is_mark(at, b',')
                || (JOINS.iter().any(|w| self.is_word(at, w)) && !self.is_mark(at + 1, b'('))
            {
                return at;
            }
            at += 1;
        }
        end
    }

    fn skip_alias(&self, at: usize, end: usize) -> usize {
        let at = at + usize::from(self.is_word(at, "as"));
        let is_alias = at < end && self.is_name(at) && !JOINS.iter().any(|w| self.is_word(at, w));
        at + usize::from(is_alias)
    }

    /// One item; answers with the place behind it.
    fn item_of_from(&mut self, at: usize, end: usize) -> usize {
        if self.is_mark(at, b'(') {
            let close = self.closing(at, end);
            if words::begins_query(self.text(at + 1)) || self.is_mark(at + 1, b'(') {
                let columns = self.query(at + 1, close);
                let columns = if columns.is_empty() {
                    Columns::Open
                } else {
                    Columns::Named(columns)
                };
                return self.alias(close + 1, end, None, columns);
            }
            self.items_of_from(at + 1, close);
            return self.skip_alias(close + 1, end);
        }
        if self.is_word(at, "rows") && self.is_word(at + 1, "from") {
            let close = self.closing(at + 2, end);
            self.expression(at + 2, close);
            return self.alias(close + 1, end, None, Columns::Open);
        }
        let open = self.skip_chain(at);
        if self.is_mark(open, b'(') && self.tokens[at].kind != TokenKind::Mark(b'(') {
            let close = self.closing(open, end);
            self.expression(at, close);
            let (name, _) = self.name(open - 1);
            let mut next = close + 1;
            if self.is_word(next, "with") && self.is_word(next + 1, "ordinality") {
                next += 2;
            }
            return self.alias(next, end, Some(name), Columns::Open);
        }
        self.relation(at, end)
    }

    /// A table, a view or a common table expression, with its alias.
    fn relation(&mut self, at: usize, end: usize) -> usize {
        let mut next = self.skip_chain(at);
        let last = next - 1;
        let (name, quoted) = self.name(last);
        let schema = (last > at).then(|| self.name(last - 2).0);
        let columns = self.columns_of(last, schema.as_deref(), &name, quoted);
        if self.text(next) == "*" {
            next += 1;
        }
        let next = self.alias(next, end, Some(name), columns);
        if self.is_word(next, "tablesample") {
            let open = self.skip_chain(next + 1);
            let close = self.closing(open, end);
            self.expression(open, close);
            return close + 1;
        }
        next
    }

    fn columns_of(
        &mut self,
        at: usize,
        schema: Option<&str>,
        name: &str,
        quoted: bool,
    ) -> Columns<'a> {
        let folded = name.to_ascii_lowercase();
        if schema.is_none() {
            let same = |n: &str| n == name || (!quoted && n.eq_ignore_ascii_case(&folded));
            if let Some((_, columns)) = self.ctes.iter().rev().find(|(n, _)| same(n)) {
                return columns.clone();
            }
        }
        let symbols = self.symbols;
        let found = symbols.relation(schema, name).or_else(|| {
            (!quoted)
                .then(|| symbols.relation(schema, &folded))
                .flatten()
        });
        match found {
            Some(relation) => {
                let lives = schema.is_none().then_some(relation.id.schema.as_str());
                self.refer(at, &relation.id.name, Some(relation.id.clone()), lives);
                Columns::Of(relation)
            }
            None => {
                // A system catalog needs no schema, and a trigger's transition table is a value.
                let system = schema.is_none() && name.starts_with("pg_");
                let value = self.context.values.iter().any(|v| **v == *name);
                if !system && !value {
                    self.unknown_relation(at, schema, name.to_owned());
                }
                Columns::Open
            }
        }
    }

    /// `[AS] alias [(columns)]`; puts the item into scope.
    fn alias(&mut self, at: usize, end: usize, own: Option<String>, columns: Columns<'a>) -> usize {
        let mut at = at;
        let mut alias = own.map(|n| n.to_string());
        let mut columns = columns;
        let explicit = self.is_word(at, "as");
        at += usize::from(explicit);
        let names_one = at < end
            && self.is_name(at)
            && (explicit
                || !["tablesample", "set", "with"]
                    .iter()
                    .any(|w| self.is_word(at, w)))
            && !JOINS.iter().any(|w| self.is_word(at, w));
        if names_one {
            let name = self.true_name(at);
            // A function that returns one value gives its alias to the one column as well.
            alias = Some(name);
            at += 1;
        }
        if self.is_mark(at, b'(') && (names_one || explicit) {
            let close = self.closing(at, end);
            let names = self.name_list(at + 1, close);
            if !names.is_empty() {
                columns = match columns {
                    // Fewer names than columns rename the first ones only.
                    Columns::Of(_) => Columns::Open,
                    _ => Columns::Named(names),
                };
            }
            at = close + 1;
        }
        if let Some(scope) = self.scopes.last_mut() {
            scope.items.push(Item {
                alias: alias.unwrap_or_default(),
                columns,
            });
        }
        at
    }

    fn insert(&mut self, at: usize, end: usize) -> Vec<Name> {
        let at = at + usize::from(self.is_word(at, "into"));
        let next = self.relation(at, end);
        let mut at = next;
        if self.is_mark(at, b'(') && !words::begins_query(self.text(at + 1)) {
            let close = self.closing(at, end);
            self.expression(at + 1, close);
            at = close + 1;
        }
        if self.is_word(at, "select") || self.is_word(at, "with") || self.is_mark(at, b'(') {
            let stop = self.at_depth(at, end, "returning").unwrap_or(end);
            let stop = self
                .at_depth(at, stop, "conflict")
                .map_or(stop, |c| c.saturating_sub(1));
            self.query(at, stop);
            at = stop;
        }
        if let Some(scope) = self.scopes.last_mut() {
            // ON CONFLICT sees the row that was to be inserted.
            let columns = scope
                .items
                .first()
                .map(|i| i.columns.clone())
                .unwrap_or(Columns::Open);
            scope.items.push(Item {
                alias: "excluded".to_owned(),
                columns,
            });
        }
        self.expression(at, end);
        Vec::new()
    }

    fn update(&mut self, at: usize, end: usize) -> Vec<Name> {
        let at = at + usize::from(self.is_word(at, "only"));
        let next = self.relation(at, end);
        self.changed(next, end, "from")
    }

    fn delete(&mut self, at: usize, end: usize) -> Vec<Name> {
        let at = at + usize::from(self.is_word(at, "from"));
        let next = self.relation(at, end);
        self.changed(next, end, "using")
    }

    fn changed(&mut self, from: usize, end: usize, items: &str) -> Vec<Name> {
        let Some(start) = self.at_depth(from, end, items) else {
            self.expression(from, end);
            return Vec::new();
        };
        let stop = self.clause(start + 1, end);
        self.items_of_from(start + 1, stop);
        self.expression(from, start);
        self.expression(stop, end);
        Vec::new()
    }
}
