//! Rows, and what is read of them. This module never keeps a connection or a transaction: every
//! function takes the client it runs on.

use std::borrow::Cow;

use postgres_types::ToSql;

use crate::raw::{Answered, RawRow};
pub use crate::sql::Column;
use crate::sql::{Sql, Value, select_list};
use crate::{Connection, Error, Filter, Query, Result};

/// One value to be sent, whatever its type.
#[doc(hidden)]
pub type BoxedParam<'a> = &'a (dyn ToSql + Sync);

/// What statements on a row type fail with: [`Error`], or an enum with a variant for each
/// constraint that [`Refusal`](derive@crate::Refusal) derives.
pub trait Refused: std::error::Error + From<Error> + Into<Error> {}

impl Refused for Error {}

/// Rows that are changed and deleted: all but those of a table that the model calls `append only`.
/// Derived by `Row`.
#[diagnostic::on_unimplemented(
    message = "rows of `{Self}` are never changed or deleted",
    label = "its table is append only",
    note = "the model says `append only`, and the database refuses it: insert another row"
)]
pub trait Changeable {}

/// A struct that one row of a table or view becomes. Derived by `Row`.
///
/// Columns are found by name, so their order in the database does not matter.
pub trait Row: Sized {
    /// The row whose columns it is filtered and ordered by: itself, or the one that it is a part
    /// of.
    type Of;
    /// What its statements fail with.
    type Error: Refused;
    /// The relation's schema (empty where none is named) and name.
    const RELATION: (&'static str, &'static str);
    /// The columns that are read, in the order of the fields.
    const COLUMNS: &'static [Column];
    /// The column that says when a row was deleted, where rows are kept.
    const DELETED: Option<Column> = None;

    /// What stands between `SELECT` or `RETURNING` and the next clause: [`Row::COLUMNS`] as SQL.
    /// The derive keeps it, for every statement has it.
    #[doc(hidden)]
    fn list() -> Cow<'static, str> {
        Cow::Owned(select_list(Self::COLUMNS))
    }

    /// The row as this type, whichever driver it came from.
    ///
    /// # Errors
    ///
    /// [`Error::Column`] where a column is missing or its value does not fit.
    fn from_raw(row: RawRow<'_>) -> Result<Self>;

    /// The row as this type.
    ///
    /// # Errors
    ///
    /// [`Error::Column`] where a column is missing or its value does not fit.
    fn from_row(row: &postgres::Row) -> Result<Self> {
        Self::from_raw(RawRow::from(row))
    }

    /// All rows, to be narrowed, ordered and limited.
    ///
    /// ```
    /// # use pilaster::Row;
    /// # #[derive(Row)]
    /// # #[pilaster(table = "public.deals")]
    /// # struct Deal { company_name: String, team_size: i32 }
    /// # fn run(client: &mut pilaster::postgres::Client) -> pilaster::Result<()> {
    /// let large = Deal::query()
    ///     .filter(Deal::TEAM_SIZE.gt(50))
    ///     .order_by(Deal::COMPANY_NAME.asc())
    ///     .limit(10)
    ///     .all(client)?;
    /// # Ok(())
    /// # }
    /// ```
    fn query() -> Query<Self> {
        Query::new()
    }

    /// The rows that pass, to be narrowed further, ordered and limited.
    fn filter(filter: Filter<Self::Of>) -> Query<Self> {
        Query::new().filter(filter)
    }

    /// Every row, in no order that PostgreSQL promises.
    ///
    /// # Errors
    ///
    /// What the server refused, or a value that does not fit.
    fn all(client: &mut impl Connection) -> Result<Vec<Self>> {
        Query::new().all(client)
    }

    /// The rows that the rest of a `SELECT` asks for: everything after its `FROM` item.
    ///
    /// The text is sent as it is, so values belong into `params`.
    ///
    /// ```no_run
    /// # use pilaster::Row;
    /// # fn thread<M: Row>(client: &mut postgres::Client, deal: i32) -> pilaster::Result<Vec<M>> {
    /// M::select(client, "WHERE deal_id = $1 ORDER BY sent_at", &[&deal])
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// What the server refused, or a value that does not fit.
    fn select(
        client: &mut impl Connection,
        rest: &str,
        params: &[BoxedParam<'_>],
    ) -> Result<Vec<Self>> {
        let mut sql = Sql::select::<Self>();
        sql.push(" ").push(rest);
        sql.values = params.iter().copied().map(Value::Borrowed).collect();
        read(&sql.rows(client)?)
    }
}

/// Every row as its type.
pub(crate) fn read<R: Row>(answer: &impl Answered) -> Result<Vec<R>> {
    answer.rows_of(R::COLUMNS).map(R::from_raw).collect()
}

/// A row of a table with a primary key. Derived by `Row` where fields are marked `primary_key`.
pub trait Table: Row {
    /// The key's type: the field's own, or a tuple of the fields in order.
    type Key;
    /// The key's columns.
    const KEY: &'static [Column];

    /// This row's key.
    fn key(&self) -> Self::Key;

    /// A key as parameters, in the order of [`Table::KEY`].
    #[doc(hidden)]
    fn key_params(key: &Self::Key) -> Vec<BoxedParam<'_>>;

    /// The row of that key; `None` where there is none, a policy hides it, or it was deleted and
    /// kept.
    ///
    /// # Errors
    ///
    /// What the server refused, or a value that does not fit.
    fn find(client: &mut impl Connection, key: &Self::Key) -> Result<Option<Self>> {
        Ok(read(&find::<Self>(key).rows(client)?)?.pop())
    }

    /// Deletes the row of that key and says whether there was one.
    ///
    /// Where the model says `soft delete`, the row stays and is dated; reads pass it by, and
    /// [`Query::with_deleted`] and [`Query::restore`] bring it back.
    ///
    /// # Errors
    ///
    /// What the server refused: a foreign key that still needs the row, for instance.
    fn delete(
        client: &mut impl Connection,
        key: &Self::Key,
    ) -> std::result::Result<bool, Self::Error>
    where
        Self::Of: Changeable,
    {
        Ok(delete::<Self>(key).touched(client)? > 0)
    }
}

pub(crate) fn find<R: Table>(key: &R::Key) -> Sql<'_> {
    let mut sql = Sql::select::<R>();
    sql.push(" WHERE ").equals(R::KEY, R::key_params(key));
    sql.push(&not_deleted::<R>());
    sql
}

pub(crate) fn delete<R: Table>(key: &R::Key) -> Sql<'_> {
    let mut sql = match R::DELETED {
        None => Sql::delete(R::RELATION),
        Some(deleted) => mark_deleted(R::RELATION, deleted, "now()"),
    };
    sql.push(" WHERE ").equals(R::KEY, R::key_params(key));
    sql.push(&not_deleted::<R>());
    sql
}

/// `UPDATE t SET deleted_at = now()`.
pub(crate) fn mark_deleted(table: (&str, &str), column: Column, value: &str) -> Sql<'static> {
    let (table, column) = (
        crate::sql::qualified(table),
        crate::sql::quoted(column.name),
    );
    Sql::new(format!("UPDATE {table} SET {column} = {value}"))
}

/// ` AND deleted_at IS NULL`, where rows are kept.
pub(crate) fn not_deleted<R: Row>() -> String {
    R::DELETED.map_or_else(String::new, |deleted| {
        format!(" AND {} IS NULL", crate::sql::quoted(deleted.name))
    })
}
