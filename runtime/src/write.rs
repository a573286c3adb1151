//! What is inserted and changed. This module never keeps a connection or a transaction.

use std::result::Result as StdResult;

use crate::raw::Answered;
use crate::row::{BoxedParam, read};
use crate::sql::{Column, Sql, Value};
use crate::{Changeable, Connection, Row, Table, Unique};

/// What a statement on a row type answers.
pub(crate) type Answer<T, R> = StdResult<T, <R as Row>::Error>;

/// A new row. Derived by `Insert`.
///
/// A field marked `default` is an `Option`; `None` leaves the column to its default.
pub trait Insert {
    /// The row it becomes.
    type Row: Row;

    /// The columns given, with their values.
    fn values(&self) -> Vec<(Column, BoxedParam<'_>)>;

    /// The values alone, and which of the columns with a default are among them, a bit for each;
    /// `None` where that is not known. Two rows of a type that say the same give the same columns.
    #[doc(hidden)]
    fn params<'a>(&'a self, out: &mut Vec<BoxedParam<'a>>) -> Option<u64> {
        out.extend(self.values().into_iter().map(|(_, value)| value));
        None
    }

    /// Inserts the row and returns it as the database made it.
    ///
    /// # Errors
    ///
    /// What the server refused, told apart by constraint.
    fn insert(&self, client: &mut impl Connection) -> Answer<Self::Row, Self::Row> {
        let mut sql = inserted([self]);
        sql.returning::<Self::Row>();
        one(&sql.rows(client)?)
    }

    /// Inserts the row and returns a part of it: for a role that may not read all columns.
    ///
    /// # Errors
    ///
    /// What the server refused, told apart by constraint.
    fn insert_as<R: Row<Of = <Self::Row as Row>::Of>>(
        &self,
        client: &mut impl Connection,
    ) -> Answer<R, R> {
        let mut sql = inserted([self]);
        sql.returning::<R>();
        one(&sql.rows(client)?)
    }

    /// Inserts the row, or brings the row with the same unique key to what is given here; columns
    /// that are left to their default stay as they are.
    ///
    /// ```
    /// # use pilaster::{Insert, Row};
    /// # #[derive(Row)]
    /// # #[pilaster(table = "public.people", unique(email))]
    /// # struct Person { email: String, name: String }
    /// # #[derive(Insert)]
    /// # #[pilaster(row = Person)]
    /// # struct NewPerson { email: String, name: String }
    /// # fn run(client: &mut pilaster::postgres::Client, person: NewPerson) -> pilaster::Result<()> {
    /// let person = person.upsert(client, Person::BY_EMAIL)?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// What the server refused, told apart by constraint.
    fn upsert<K>(
        &self,
        client: &mut impl Connection,
        key: Unique<Self::Row, K>,
    ) -> Answer<Self::Row, Self::Row>
    where
        <Self::Row as Row>::Of: Changeable,
    {
        let sql = upserted(self, key);
        one(&sql.rows(client)?)
    }

    /// Inserts the row unless there is one with the same unique key, and says which it was.
    ///
    /// # Errors
    ///
    /// What the server refused, told apart by constraint.
    fn insert_unless_there<K>(
        &self,
        client: &mut impl Connection,
        key: Unique<Self::Row, K>,
    ) -> Answer<Option<Self::Row>, Self::Row> {
        let rows = inserted_unless_there(self, key).rows(client)?;
        Ok(read(&rows)?.pop())
    }
}

/// `INSERT` of rows that give the same columns.
pub(crate) fn inserted<'q, I: Insert + ?Sized + 'q>(
    rows: impl IntoIterator<Item = &'q I>,
) -> Sql<'q> {
    Sql::insert(I::Row::RELATION, rows.into_iter().map(I::values))
}

/// `INSERT … ON CONFLICT … DO UPDATE`.
pub(crate) fn upserted<'q, I: Insert + ?Sized, K>(row: &'q I, key: Unique<I::Row, K>) -> Sql<'q> {
    let mut sql = inserted([row]);
    let given: Vec<Column> = row.values().into_iter().map(|(column, _)| column).collect();
    sql.push(&key.or_update(&given));
    sql.returning::<I::Row>();
    sql
}

/// The one row of a statement that gives exactly one.
pub(crate) fn inserted_unless_there<'q, I: Insert + ?Sized, K>(
    row: &'q I,
    key: Unique<I::Row, K>,
) -> Sql<'q> {
    let mut sql = inserted([row]);
    sql.push(&key.or_nothing());
    sql.returning::<I::Row>();
    sql
}

pub(crate) fn one<R: Row>(answer: &impl Answered) -> Answer<R, R> {
    Ok(R::from_raw(answer.only()?)?)
}

/// Changes to a row. Derived by `Patch`.
///
/// Every field is an `Option`: `None` leaves the column as it is. For a column that accepts null
/// it is an `Option` of an `Option`, and `Some(None)` sets null.
pub trait Patch {
    /// The row it changes.
    type Row: Table<Of: Changeable>;

    /// The columns that change, with their new values.
    fn changes(&self) -> Vec<(Column, BoxedParam<'_>)>;

    /// Changes the row of that key and returns it as it is now; `None` where there is none, or a
    /// policy hides it. A patch that changes nothing only reads.
    ///
    /// # Errors
    ///
    /// What the server refused, told apart by constraint, or a value that does not fit.
    fn update(
        &self,
        client: &mut impl Connection,
        key: &<Self::Row as Table>::Key,
    ) -> Answer<Option<Self::Row>, Self::Row> {
        let changes = self.changes();
        if changes.is_empty() {
            return Ok(Self::Row::find(client, key)?);
        }
        let rows = updated::<Self::Row>(changes, key).rows(client)?;
        Ok(read(&rows)?.pop())
    }

    /// The same with a part of the row: for a role that may not read all columns.
    ///
    /// # Errors
    ///
    /// What the server refused, told apart by constraint, or a value that does not fit.
    fn update_as<R>(&self, client: &mut impl Connection, key: &R::Key) -> Answer<Option<R>, R>
    where
        R: Table<Of = <Self::Row as Row>::Of, Key = <Self::Row as Table>::Key>,
    {
        let changes = self.changes();
        if changes.is_empty() {
            return Ok(R::find(client, key)?);
        }
        let rows = updated::<R>(changes, key).rows(client)?;
        Ok(read(&rows)?.pop())
    }
}

/// `UPDATE` of the row of that key, with the row as it is then.
pub(crate) fn updated<'q, R: Table>(
    changes: Vec<(Column, BoxedParam<'q>)>,
    key: &'q R::Key,
) -> Sql<'q> {
    let changes = changes.into_iter();
    let changes = changes.map(|(column, value)| (column, Value::Borrowed(value)));
    let mut sql = Sql::update(R::RELATION, changes.collect());
    sql.push(" WHERE ").equals(R::KEY, R::key_params(key));
    sql.push(&crate::row::not_deleted::<R>());
    sql.returning::<R>();
    sql
}
