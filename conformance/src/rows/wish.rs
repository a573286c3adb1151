//! What is wished of a row, and a row as it was found.

use std::collections::{BTreeMap, BTreeSet};

use model::Id;
use model::quote::{ident, qualified};
use model::schema::Name;

use super::maker::RETURNED;

/// What is wished of a row.
#[derive(Clone, Debug, Default)]
pub(crate) struct Wish {
    /// Columns with the SQL expression they must hold.
    pub(crate) fixed: BTreeMap<Name, String>,
    /// The check that must be the only one to fail.
    pub(crate) broken: Option<String>,
    /// A check that may hold or fail, whichever.
    pub(crate) ignored: Option<String>,
    /// Further conditions, as SQL over the table's columns.
    pub(crate) demands: Vec<String>,
    /// Columns that must not be null.
    pub(crate) present: BTreeSet<Name>,
    /// Leave out what may be left out, instead of filling every column.
    pub(crate) least: bool,
    /// Don't limit the state column to the states a new row may be in.
    pub(crate) any_state: bool,
}

/// A row that was found, ready to be inserted.
#[derive(Clone, Debug)]
pub(crate) struct Made {
    pub(crate) table: Id,
    /// Columns with SQL expressions.
    pub(crate) values: Vec<(Name, String)>,
}

impl Made {
    /// The statement that inserts it and returns every column.
    pub(crate) fn insert(&self) -> String {
        let columns: Vec<_> = self.values.iter().map(|(name, _)| ident(name)).collect();
        let values: Vec<_> = self
            .values
            .iter()
            .map(|(_, value)| value.as_str())
            .collect();
        let table = qualified(&self.table.schema, &self.table.name);
        if columns.is_empty() {
            return format!("INSERT INTO {table} DEFAULT VALUES RETURNING {RETURNED}");
        }
        format!(
            "INSERT INTO {table} ({}) OVERRIDING SYSTEM VALUE VALUES ({}) RETURNING {RETURNED}",
            columns.join(", "),
            values.join(", ")
        )
    }

    /// The same row with another value for one column.
    pub(crate) fn with(mut self, column: &str, value: impl Into<String>) -> Self {
        let value = value.into();
        match self.values.iter_mut().find(|(name, _)| name == column) {
            Some(slot) => slot.1 = value,
            None => self.values.push((Name::from(column), value)),
        }
        self
    }

    pub(crate) fn value(&self, column: &str) -> Option<&str> {
        self.values
            .iter()
            .find(|(name, _)| name == column)
            .map(|(_, value)| value.as_str())
    }
}

impl Wish {
    /// A row with no more than it must have.
    pub(crate) fn least() -> Self {
        Wish {
            least: true,
            ..Wish::default()
        }
    }

    /// A row in which these columns are not null.
    pub(crate) fn present<'a>(columns: impl IntoIterator<Item = &'a Name>) -> Self {
        Wish {
            present: columns.into_iter().cloned().collect(),
            ..Wish::default()
        }
    }

    /// A row in which this column holds this SQL expression.
    pub(crate) fn with(mut self, column: &str, value: impl Into<String>) -> Self {
        self.fixed.insert(Name::from(column), value.into());
        self
    }
}
