//! What FROM brings into sight: relations, calls, queries, and their aliases.

use super::super::lexer::TokenKind;
use super::super::scope::{Columns, Item};
use super::super::walk::Walker;
use super::super::words;
use super::JOINS;

impl<'a> Walker<'a> {
    /// The items of a FROM; conditions are walked once all items are known.
    pub(super) fn items_of_from(&mut self, from: usize, end: usize) {
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

    pub(super) fn condition_end(&self, from: usize, end: usize) -> usize {
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

    pub(super) fn skip_alias(&self, at: usize, end: usize) -> usize {
        let at = at + usize::from(self.is_word(at, "as"));
        let is_alias = at < end && self.is_name(at) && !JOINS.iter().any(|w| self.is_word(at, w));
        at + usize::from(is_alias)
    }

    /// One item; answers with the place behind it.
    pub(super) fn item_of_from(&mut self, at: usize, end: usize) -> usize {
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
    pub(super) fn relation(&mut self, at: usize, end: usize) -> usize {
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

    pub(super) fn columns_of(
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
    pub(super) fn alias(
        &mut self,
        at: usize,
        end: usize,
        own: Option<String>,
        columns: Columns<'a>,
    ) -> usize {
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
}
