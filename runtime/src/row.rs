//! Rows, and what is inserted and changed. This module never keeps a connection or a transaction:
//! every function takes the client it runs on.

use postgres::GenericClient;
use postgres_types::ToSql;

pub use crate::sql::Column;
use crate::{Param, Result, sql};

/// One value to be sent, whatever its type.
#[doc(hidden)]
pub type BoxedParam<'a> = &'a (dyn ToSql + Sync);

/// A struct that one row of a table or view becomes. Derived by `Row`.
///
/// Columns are found by name, so their order in the database does not matter.
pub trait Row: Sized {
    /// The relation's schema (empty where none is named) and name.
    const RELATION: (&'static str, &'static str);
    /// The columns that are read, in the order of the fields.
    const COLUMNS: &'static [Column];

    /// The row as this type.
    ///
    /// # Errors
    ///
    /// [`Error::Column`](crate::Error::Column) where a column is missing or its value does not fit.
    fn from_row(row: &postgres::Row) -> Result<Self>;

    /// Every row, in no order that PostgreSQL promises.
    ///
    /// # Errors
    ///
    /// What the server refused, or a value that does not fit.
    fn all(client: &mut impl GenericClient) -> Result<Vec<Self>> {
        Self::select(client, "", &[])
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
        client: &mut impl GenericClient,
        rest: &str,
        params: &[BoxedParam<'_>],
    ) -> Result<Vec<Self>> {
        let text = sql::select(Self::RELATION, Self::COLUMNS, rest);
        query(client, &text, params)?
            .iter()
            .map(Self::from_row)
            .collect()
    }
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

    /// The row of that key; `None` where there is none, or a policy hides it.
    ///
    /// # Errors
    ///
    /// What the server refused, or a value that does not fit.
    fn get(client: &mut impl GenericClient, key: &Self::Key) -> Result<Option<Self>> {
        let rest = format!("WHERE {}", sql::equals(Self::KEY, 0));
        Ok(Self::select(client, &rest, &Self::key_params(key))?.pop())
    }

    /// Deletes the row of that key and says whether there was one.
    ///
    /// # Errors
    ///
    /// What the server refused: a foreign key that still needs the row, for instance.
    fn delete(client: &mut impl GenericClient, key: &Self::Key) -> Result<bool> {
        let text = sql::delete(Self::RELATION, Self::KEY);
        let params: Vec<_> = Self::key_params(key).into_iter().map(Param).collect();
        let params: Vec<BoxedParam> = params.iter().map(|p| p as BoxedParam).collect();
        Ok(client.execute(&text, &params)? > 0)
    }
}

/// A new row. Derived by `Insert`.
///
/// A field marked `default` is an `Option`; `None` leaves the column to its default.
pub trait Insert {
    /// The row it becomes.
    type Row: Row;

    /// The columns given, with their values.
    fn values(&self) -> Vec<(Column, BoxedParam<'_>)>;

    /// Inserts the row and returns it as the database made it.
    ///
    /// # Errors
    ///
    /// What the server refused; [`Error::constraint`](crate::Error::constraint) names the
    /// constraint.
    fn insert(&self, client: &mut impl GenericClient) -> Result<Self::Row> {
        let (columns, params): (Vec<_>, Vec<_>) = self.values().into_iter().unzip();
        let text = sql::insert(Self::Row::RELATION, &columns, Self::Row::COLUMNS);
        let params: Vec<_> = params.into_iter().map(Param).collect();
        let params: Vec<BoxedParam> = params.iter().map(|p| p as BoxedParam).collect();
        Self::Row::from_row(&client.query_one(&text, &params)?)
    }
}

/// Changes to a row. Derived by `Patch`.
///
/// Every field is an `Option`: `None` leaves the column as it is. For a column that accepts null
/// it is an `Option` of an `Option`, and `Some(None)` sets null.
pub trait Patch {
    /// The row it changes.
    type Row: Table;

    /// The columns that change, with their new values.
    fn changes(&self) -> Vec<(Column, BoxedParam<'_>)>;

    /// Changes the row of that key and returns it as it is now; `None` where there is none, or a
    /// policy hides it. A patch that changes nothing only reads.
    ///
    /// # Errors
    ///
    /// What the server refused, or a value that does not fit.
    fn update(
        &self,
        client: &mut impl GenericClient,
        key: &<Self::Row as Table>::Key,
    ) -> Result<Option<Self::Row>> {
        let (columns, mut params): (Vec<_>, Vec<_>) = self.changes().into_iter().unzip();
        if columns.is_empty() {
            return Self::Row::get(client, key);
        }
        params.extend(Self::Row::key_params(key));
        let (row, key) = (Self::Row::RELATION, Self::Row::KEY);
        let text = sql::update(row, &columns, key, Self::Row::COLUMNS);
        query(client, &text, &params)?
            .first()
            .map(Self::Row::from_row)
            .transpose()
    }
}

fn query(
    client: &mut impl GenericClient,
    text: &str,
    params: &[BoxedParam<'_>],
) -> Result<Vec<postgres::Row>> {
    let params: Vec<_> = params.iter().copied().map(Param).collect();
    let params: Vec<BoxedParam> = params.iter().map(|p| p as BoxedParam).collect();
    Ok(client.query(text, &params)?)
}
