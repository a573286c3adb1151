//! Statements of one's own SQL, typed when they are compiled. This module never reads SQL: the
//! macro `query!` and `#[derive(Row)]` do, against the model.

use postgres_types::{FromSql, ToSql};

use crate::column::{NotNull, Nullable};
use crate::error::column;
use crate::raw::{Answered, RawRow};
use crate::sql::{Column, Sql, Value};
use crate::{ColumnOf, Connection, FitsInto, Path, Result};

/// A value on its way to the server.
type Boxed<'a> = Box<dyn ToSql + Sync + Send + 'a>;

/// A statement with its parameters, and how its rows become `T`; nothing runs before the last call.
///
/// Made by [`query!`](crate::query!), and by the `query` of a struct that derives
/// [`Row`](derive@crate::Row) on a query.
pub struct Statement<'a, T> {
    text: &'static str,
    params: Vec<Boxed<'a>>,
    read: fn(RawRow<'_>) -> Result<T>,
}

impl<T> std::fmt::Debug for Statement<'_, T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.text)
    }
}

impl<'a, T> Statement<'a, T> {
    #[doc(hidden)]
    pub fn new(
        text: &'static str,
        params: Vec<Boxed<'a>>,
        read: fn(RawRow<'_>) -> Result<T>,
    ) -> Self {
        Statement { text, params, read }
    }

    /// Its SQL.
    pub fn text(&self) -> &'static str {
        self.text
    }

    pub(crate) fn sql(&self) -> Sql<'_> {
        let mut sql = Sql::new(self.text);
        for value in &self.params {
            sql.values.push(Value::Borrowed(&**value));
        }
        sql
    }

    pub(crate) fn read(&self, answer: &impl Answered) -> Result<Vec<T>> {
        answer.rows().map(self.read).collect()
    }

    pub(crate) fn read_first(&self, answer: &impl Answered) -> Result<Option<T>> {
        answer.rows().next().map(self.read).transpose()
    }

    pub(crate) fn only(&self, answer: &impl Answered) -> Result<T> {
        (self.read)(answer.only()?)
    }

    /// All its rows.
    ///
    /// # Errors
    ///
    /// What the server refused, or a value that does not fit.
    pub fn all(&self, client: &mut impl Connection) -> Result<Vec<T>> {
        self.read(&self.sql().rows(client)?)
    }

    /// Its first row. The statement is run as it is: where it gives many rows, add a `limit 1`.
    ///
    /// # Errors
    ///
    /// What the server refused, or a value that does not fit.
    pub fn first(&self, client: &mut impl Connection) -> Result<Option<T>> {
        self.read_first(&self.sql().rows(client)?)
    }

    /// Its only row.
    ///
    /// # Errors
    ///
    /// [`Error::NotOne`] where it gives none or several; what the server refused, or a value that
    /// does not fit.
    pub fn one(&self, client: &mut impl Connection) -> Result<T> {
        self.only(&self.sql().rows(client)?)
    }

    /// Runs it and says how many rows it touched.
    ///
    /// # Errors
    ///
    /// What the server refused.
    pub fn run(&self, client: &mut impl Connection) -> Result<u64> {
        self.sql().touched(client)
    }
}

/// A value that can be sent where `T` is expected: `T`, a reference to it, `&str` for a `String`, a
/// slice for a `Vec`.
#[diagnostic::on_unimplemented(
    message = "this parameter is a `{T}`, not a `{Self}`",
    label = "expected `{T}`, a reference to it, or a borrowed form of it",
    note = "its type is that of the column it is compared with or written to; a cast changes it: `$1::text`"
)]
pub trait Sends<'a, T> {
    #[doc(hidden)]
    fn boxed(self) -> Boxed<'a>;
}

impl<'a, T: ToSql + Sync + Send + 'a> Sends<'a, T> for T {
    fn boxed(self) -> Boxed<'a> {
        Box::new(self)
    }
}

impl<'a, T: ToSql + Sync> Sends<'a, T> for &'a T {
    fn boxed(self) -> Boxed<'a> {
        Box::new(self)
    }
}

impl<'a> Sends<'a, String> for &'a str {
    fn boxed(self) -> Boxed<'a> {
        Box::new(self)
    }
}

impl<'a, T: ToSql + Sync> Sends<'a, Vec<T>> for &'a [T] {
    fn boxed(self) -> Boxed<'a> {
        Box::new(self)
    }
}

/// A value that can be sent where `T` or null is expected: what [`Sends`] `T`, or an `Option`.
#[diagnostic::on_unimplemented(
    message = "this parameter is a `{T}` or null, not a `{Self}`",
    label = "expected `{T}`, `Option<{T}>`, or a borrowed form of it"
)]
pub trait SendsOrNull<'a, T> {
    #[doc(hidden)]
    fn boxed(self) -> Boxed<'a>;
}

impl<'a, T: ToSql + Sync + Send + 'a> SendsOrNull<'a, T> for T {
    fn boxed(self) -> Boxed<'a> {
        Box::new(self)
    }
}

impl<'a, T: ToSql + Sync + Send + 'a> SendsOrNull<'a, T> for Option<T> {
    fn boxed(self) -> Boxed<'a> {
        Box::new(self)
    }
}

impl<'a, T: ToSql + Sync> SendsOrNull<'a, T> for &'a T {
    fn boxed(self) -> Boxed<'a> {
        Box::new(self)
    }
}

impl<'a, T: ToSql + Sync> SendsOrNull<'a, T> for &'a Option<T> {
    fn boxed(self) -> Boxed<'a> {
        Box::new(self)
    }
}

impl<'a, T: ToSql + Sync> SendsOrNull<'a, T> for Option<&'a T> {
    fn boxed(self) -> Boxed<'a> {
        Box::new(self)
    }
}

impl<'a> SendsOrNull<'a, String> for &'a str {
    fn boxed(self) -> Boxed<'a> {
        Box::new(self)
    }
}

impl<'a> SendsOrNull<'a, String> for Option<&'a str> {
    fn boxed(self) -> Boxed<'a> {
        Box::new(self)
    }
}

/// A parameter of that column's type.
#[doc(hidden)]
pub fn param<'a, R, T, N>(_: ColumnOf<R, T, N>, value: impl Sends<'a, T>) -> Boxed<'a> {
    value.boxed()
}

/// A parameter of that column's type, or null.
#[doc(hidden)]
pub fn param_or_null<'a, R, T, N>(
    _: ColumnOf<R, T, N>,
    value: impl SendsOrNull<'a, T>,
) -> Boxed<'a> {
    value.boxed()
}

/// A column of a result that is no table's.
#[doc(hidden)]
pub const fn typed<T>() -> ColumnOf<(), T, NotNull> {
    ColumnOf::new(Column::new(""))
}

/// What a field holds that a column is read into.
#[doc(hidden)]
pub trait Held {
    type Value;
}

impl<R, T> Held for ColumnOf<R, T, NotNull> {
    type Value = T;
}

impl<R, T> Held for ColumnOf<R, T, Nullable> {
    type Value = Option<T>;
}

/// A value of a column's own type.
#[doc(hidden)]
pub fn value<'a, C: Held<Value: FromSql<'a>>>(
    row: RawRow<'a>,
    name: &'static str,
    place: usize,
    _: C,
) -> Result<C::Value> {
    column(row, "a query", name, place)
}

/// A value for a field that the column must fit into.
#[doc(hidden)]
pub fn field<'a, R, T, N, F: FromSql<'a>>(
    row: RawRow<'a>,
    type_name: &'static str,
    name: &'static str,
    place: usize,
    _: ColumnOf<R, T, N>,
) -> Result<F>
where
    ColumnOf<R, T, N>: FitsInto<F>,
{
    column(row, type_name, name, place)
}

/// A value inside a document; `None` where it has none there.
#[doc(hidden)]
pub fn inside<R, T: crate::JsonType>(
    row: RawRow<'_>,
    type_name: &'static str,
    name: &'static str,
    place: usize,
    _: &Path<R, T>,
) -> Result<Option<T>> {
    let value: Option<crate::Json<Option<T>>> = column(row, type_name, name, place)?;
    Ok(value.and_then(|json| json.0))
}

impl<R, T, N> ColumnOf<R, T, N> {
    /// The column where it can't be null.
    #[doc(hidden)]
    pub const fn never_null(self) -> ColumnOf<R, T, NotNull> {
        ColumnOf::new(self.column())
    }

    /// The column where it may be null.
    #[doc(hidden)]
    pub const fn outer_joined(self) -> ColumnOf<R, T, Nullable> {
        ColumnOf::new(self.column())
    }

    /// An array of its values.
    #[doc(hidden)]
    pub const fn many(self) -> ColumnOf<R, Vec<T>, NotNull> {
        ColumnOf::new(self.column())
    }

    /// An array of its values or nulls.
    #[doc(hidden)]
    pub const fn many_or_null(self) -> ColumnOf<R, Vec<Option<T>>, NotNull> {
        ColumnOf::new(self.column())
    }
}
