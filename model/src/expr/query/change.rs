//! INSERT, UPDATE and DELETE: the table they change, and what RETURNING gives.

use super::super::scope::{Columns, Item};
use super::super::walk::Walker;
use super::super::words;
use crate::schema::Name;

impl<'a> Walker<'a> {
    pub(super) fn insert(&mut self, at: usize, end: usize) -> Vec<Name> {
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

    pub(super) fn update(&mut self, at: usize, end: usize) -> Vec<Name> {
        let at = at + usize::from(self.is_word(at, "only"));
        let next = self.relation(at, end);
        self.changed(next, end, "from")
    }

    pub(super) fn delete(&mut self, at: usize, end: usize) -> Vec<Name> {
        let at = at + usize::from(self.is_word(at, "from"));
        let next = self.relation(at, end);
        self.changed(next, end, "using")
    }

    pub(super) fn changed(&mut self, from: usize, end: usize, items: &str) -> Vec<Name> {
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
