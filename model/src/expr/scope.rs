//! What names of columns stand for: the relations in sight, the innermost query first.

use super::Relation;
use super::walk::Walker;
use crate::schema::{Id, Name};

/// The names that one query, or the expression itself, adds.
#[derive(Default)]
pub(super) struct Scope<'a> {
    pub(super) items: Vec<Item<'a>>,
    /// Names of result columns, which ORDER BY and GROUP BY see.
    pub(super) outputs: Vec<String>,
}

/// Something with columns: a table in FROM, a subquery, a function.
pub(super) struct Item<'a> {
    pub(super) alias: String,
    pub(super) columns: Columns<'a>,
}

/// The columns of an item.
#[derive(Clone)]
pub(super) enum Columns<'a> {
    Of(&'a Relation),
    Named(Vec<Name>),
    /// Not known: any name may be one of them.
    Open,
}

impl<'a> Columns<'a> {
    /// The column of that name as written, or as PostgreSQL would fold it.
    pub(super) fn find(&self, name: &str, quoted: bool) -> Option<(Name, Option<Id>)> {
        let names: &[Name] = match self {
            Columns::Of(relation) => &relation.columns,
            Columns::Named(names) => names,
            Columns::Open => return None,
        };
        let found = names.iter().find(|n| ***n == *name).or_else(|| {
            let folded = name.to_ascii_lowercase();
            (!quoted && folded != name)
                .then(|| names.iter().find(|n| ***n == *folded))
                .flatten()
        })?;
        let id = match self {
            Columns::Of(relation) => Some(
                relation
                    .id
                    .within(crate::schema::Kind::Column, found.clone()),
            ),
            _ => None,
        };
        Some((found.clone(), id))
    }

    pub(super) fn is_open(&self) -> bool {
        match self {
            Columns::Of(relation) => relation.open,
            Columns::Named(_) => false,
            Columns::Open => true,
        }
    }
}

/// System columns, which every table has.
const SYSTEM_COLUMNS: [&str; 6] = ["tableoid", "xmin", "cmin", "xmax", "cmax", "ctid"];

impl<'a> Walker<'a> {
    /// Looks a column up in every scope, the innermost first.
    pub(super) fn column(&self, name: &str, quoted: bool) -> Lookup {
        let mut open = false;
        for (depth, scope) in self.scopes.iter().enumerate().rev() {
            // In a trigger's condition the columns are those of `old` and `new` only.
            if !(depth == 0 && self.context.trigger) {
                for item in &scope.items {
                    if let Some((column, id)) = item.columns.find(name, quoted) {
                        return Lookup::Column(column, id);
                    }
                    open |= item.columns.is_open();
                }
            }
            let folded = name.to_ascii_lowercase();
            let same = |n: &str| n == name || (!quoted && n == folded);
            if scope.outputs.iter().any(|o| same(o)) || scope.items.iter().any(|i| same(&i.alias)) {
                return Lookup::Value;
            }
        }
        let has_value = self
            .context
            .values
            .iter()
            .any(|v| **v == *name || (!quoted && v.eq_ignore_ascii_case(name)));
        let in_table = self.scopes.iter().any(|s| !s.items.is_empty());
        if has_value || open || (in_table && SYSTEM_COLUMNS.contains(&name)) {
            Lookup::Value
        } else {
            Lookup::Nothing
        }
    }

    pub(super) fn item(&self, alias: &str, quoted: bool) -> Option<&Item<'a>> {
        let folded = alias.to_ascii_lowercase();
        let items = || self.scopes.iter().rev().flat_map(|s| &s.items);
        items()
            .find(|i| i.alias == alias)
            .or_else(|| items().find(|i| !quoted && i.alias.eq_ignore_ascii_case(&folded)))
    }

    pub(super) fn column_of(item: &Item<'_>, name: &str, quoted: bool) -> Lookup {
        match item.columns.find(name, quoted) {
            Some((column, id)) => Lookup::Column(column, id),
            None if item.columns.is_open() || SYSTEM_COLUMNS.contains(&name) => Lookup::Value,
            None => Lookup::Nothing,
        }
    }
}

/// What a bare name turned out to be.
pub(super) enum Lookup {
    /// A column, with its id where it is a table's.
    Column(Name, Option<Id>),
    /// Something else that is known: an alias, a parameter, a column of something open.
    Value,
    Nothing,
}
