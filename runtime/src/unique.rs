//! Unique keys, to find and to upsert by.

use std::fmt::Debug;

use crate::row::{BoxedParam, read};
use crate::sql::{Column, Sql, list, quoted};
use crate::{Connection, Result, Row};

/// A unique key of `R` whose values are a `K`: a column's type, or a tuple.
///
/// `#[derive(Row)]` gives one for the primary key and for each `unique(…)`: `Deal::BY_ID`.
pub struct Unique<R, K> {
    columns: &'static [Column],
    params: for<'a> fn(&'a K) -> Vec<BoxedParam<'a>>,
    row: std::marker::PhantomData<fn() -> R>,
}

impl<R, K> Copy for Unique<R, K> {}

impl<R, K> Clone for Unique<R, K> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<R, K> Debug for Unique<R, K> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Unique({})", names(self.columns))
    }
}

impl<R, K> Unique<R, K> {
    #[doc(hidden)]
    pub const fn new(
        columns: &'static [Column],
        params: for<'a> fn(&'a K) -> Vec<BoxedParam<'a>>,
    ) -> Self {
        Unique {
            columns,
            params,
            row: std::marker::PhantomData,
        }
    }

    /// ` ON CONFLICT (…) DO UPDATE SET …` of what is given, apart from the key.
    pub(crate) fn or_update(&self, given: &[Column]) -> String {
        let apart = |column: &&Column| !self.columns.contains(column);
        let mut changed: Vec<Column> = given.iter().filter(apart).copied().collect();
        if changed.is_empty() {
            // A row that isn't touched isn't returned.
            changed.extend(self.columns.first());
        }
        let changes = list(&changed, |column| {
            let name = quoted(column.name);
            format!("{name} = EXCLUDED.{name}")
        });
        format!(
            " ON CONFLICT ({}) DO UPDATE SET {changes}",
            names(self.columns)
        )
    }

    /// ` ON CONFLICT (…) DO NOTHING`.
    pub(crate) fn or_nothing(&self) -> String {
        format!(" ON CONFLICT ({}) DO NOTHING", names(self.columns))
    }
}

impl<R: Row, K> Unique<R, K> {
    /// The row with that key; `None` where there is none, a policy hides it, or it was deleted and
    /// kept.
    ///
    /// # Errors
    ///
    /// What the server refused, or a value that does not fit.
    pub fn find(&self, client: &mut impl Connection, key: &K) -> Result<Option<R>> {
        Ok(read(&self.find_sql(key).rows(client)?)?.pop())
    }

    pub(crate) fn find_sql<'k>(&self, key: &'k K) -> Sql<'k> {
        let mut sql = Sql::select::<R>();
        sql.push(" WHERE ").equals(self.columns, (self.params)(key));
        sql.push(&crate::row::not_deleted::<R>());
        sql
    }
}

fn names(columns: &[Column]) -> String {
    list(columns, |column| quoted(column.name))
}
