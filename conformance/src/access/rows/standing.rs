//! A row that is there already and stands for a row in a state: a person has one profile, and it is
//! deleted or it is not.
//!
//! Nothing here changes a row for good: what brings it into the state is done before each try and
//! undone with it.

use std::collections::BTreeMap;

use model::Id;
use model::quote::{ident, qualified};
use model::schema::{Meant, Name, StateIs};

use super::{Fixed, World, wish};
use crate::access::kinds::Kind;
use crate::rows::{Stop, TextRow, Wish, held};

/// How a row that is there comes into a state.
pub(super) struct Shift {
    pub(super) column: Name,
    pub(super) value: String,
    /// The condition that finds the row by its key, which stays.
    pub(super) place: String,
}

impl Shift {
    /// The statements, without triggers, which have rules of their own about states.
    pub(super) fn sql(&self, table: &Id) -> String {
        format!(
            "SET LOCAL session_replication_role = replica; UPDATE {} SET {} = {} WHERE {}; \
             SET LOCAL session_replication_role = origin",
            qualified(&table.schema, &table.name),
            ident(&self.column),
            self.value,
            self.place
        )
    }
}

impl World<'_> {
    /// The row of that kind that is there, in its state or with what brings it there; none where
    /// there is none, or where its state can't be changed.
    pub(super) fn standing(
        &mut self,
        table: &Id,
        fixed: &Fixed,
        meant: &Meant,
        kind: &Kind,
    ) -> Result<Option<(TextRow, Option<Shift>)>, Stop> {
        let found = self.find(table, fixed)?;
        let Some(state) = kind.state.and_then(|at| meant.states.get(at)) else {
            return Ok(found.map(|row| (row, None)));
        };
        let column = &state.column;
        let is_set = |row: &TextRow| row.get(column.as_str()).is_some_and(Option::is_some);
        if let Some(row) = found.filter(|row| state.is != StateIs::Set || is_set(row)) {
            return Ok(Some((row, None)));
        }
        let mut rest = fixed.clone();
        rest.remove(column);
        let Some(row) = self.find(table, &rest)?.filter(|_| self.bench.alters()) else {
            return Ok(None);
        };
        let Some(value) = self.value_of_state(table, fixed, &rest, column)? else {
            return Ok(None);
        };
        let place = self
            .by_key(table, &row)
            .filter(|key| !key.contains_key(column));
        Ok(place.map(|key| {
            let shift = Shift {
                column: column.clone(),
                value,
                place: super::holds(&key),
            };
            (row, Some(shift))
        }))
    }

    /// What the column holds in the state: what is said, or what a new row of that kind would hold.
    fn value_of_state(
        &mut self,
        table: &Id,
        fixed: &Fixed,
        rest: &Fixed,
        column: &Name,
    ) -> Result<Option<String>, Stop> {
        if let Some(value) = fixed.get(column) {
            return Ok(Some(value.clone()));
        }
        // Another row's key, so that no unique key stands in the way of finding one.
        for fixed in [rest, &Fixed::new()] {
            let wish = Wish {
                present: [column.clone()].into(),
                any_state: true,
                least: false,
                ..wish(fixed)
            };
            match self.bench.make(table, &wish) {
                Err(Stop::Fault(why)) => return Err(Stop::Fault(why)),
                Err(_) => {}
                Ok(made) => {
                    let values: BTreeMap<_, _> = made.values.into_iter().collect();
                    if let Some(value) = values.get(column) {
                        return Ok(Some(value.clone()));
                    }
                }
            }
        }
        Ok(None)
    }

    /// The columns of the primary key with what the row holds; none where it has none.
    fn by_key(&self, table: &Id, row: &TextRow) -> Option<Fixed> {
        let key = self.schema.primary_key(table);
        let held = |column: &Name| Some((column.clone(), held(&self.schema, table, row, column)?));
        let all: Option<Fixed> = key.iter().map(held).collect();
        all.filter(|all| !all.is_empty())
    }
}
