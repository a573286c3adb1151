//! Columns with their types, to filter, order and change by. This module never runs anything.

use std::fmt::Debug;
use std::marker::PhantomData;
use std::sync::Arc;

use postgres_types::ToSql;

use crate::Filter;
use crate::sql::{Column, Piece, quoted};

/// What a column that refuses null is marked with.
#[derive(Clone, Copy, Debug)]
pub enum NotNull {}

/// What a column that accepts null is marked with.
#[derive(Clone, Copy, Debug)]
pub enum Nullable {}

/// [`NotNull`] or [`Nullable`].
pub trait Nullability {
    /// Whether null is accepted.
    const NULLABLE: bool;
}

impl Nullability for NotNull {
    const NULLABLE: bool = false;
}

impl Nullability for Nullable {
    const NULLABLE: bool = true;
}

/// A column whose value a field of type `F` can hold, nulls included.
#[diagnostic::on_unimplemented(
    message = "the column does not fit into a field of type `{F}`",
    label = "this is not what the column holds",
    note = "the column is a `{Self}`: a `NotNull` one fits into `T` and `Option<T>`, a `Nullable` one into `Option<T>`"
)]
pub trait FitsInto<F> {}

impl<R, T> FitsInto<T> for ColumnOf<R, T, NotNull> {}
impl<R, T> FitsInto<Option<T>> for ColumnOf<R, T, NotNull> {}
impl<R, T> FitsInto<Option<T>> for ColumnOf<R, T, Nullable> {}

/// A value that can be sent and kept.
pub trait Sendable: ToSql + Sync + Send + 'static {}

impl<T: ToSql + Sync + Send + 'static> Sendable for T {}

/// A column of `R` that holds `T`, or null where `N` is [`Nullable`].
///
/// `#[derive(Row)]` gives the row type one constant a column: `Deal::STAGE`.
pub struct ColumnOf<R, T, N = NotNull> {
    column: Column,
    types: PhantomData<Types<R, T, N>>,
}

/// What a column is typed by, and holds nothing of.
type Types<R, T, N> = fn() -> (R, T, N);

impl<R, T, N> Copy for ColumnOf<R, T, N> {}

impl<R, T, N> Clone for ColumnOf<R, T, N> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<R, T, N> Debug for ColumnOf<R, T, N> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", quoted(self.column.name))
    }
}

impl<R, T, N> ColumnOf<R, T, N> {
    #[doc(hidden)]
    pub const fn new(column: Column) -> Self {
        ColumnOf {
            column,
            types: PhantomData,
        }
    }

    /// The column without its types.
    pub const fn column(self) -> Column {
        self.column
    }

    fn name(self) -> String {
        quoted(self.column.name)
    }
}

impl<R, T, N: Nullability> ColumnOf<R, T, N> {
    /// From the least to the greatest; nulls last.
    pub fn asc(self) -> Order<R> {
        Order::new(self.column, false, N::NULLABLE)
    }

    /// From the greatest to the least; nulls first.
    pub fn desc(self) -> Order<R> {
        Order::new(self.column, true, N::NULLABLE)
    }
}

impl<R, T: Sendable, N> ColumnOf<R, T, N> {
    /// Whether it holds that value.
    pub fn eq(self, value: impl Into<T>) -> Filter<R> {
        self.compared("=", value)
    }

    /// Whether it holds another value, or null.
    pub fn ne(self, value: impl Into<T>) -> Filter<R> {
        self.compared("IS DISTINCT FROM", value)
    }

    /// Whether it is less than that value.
    pub fn lt(self, value: impl Into<T>) -> Filter<R> {
        self.compared("<", value)
    }

    /// Whether it is at most that value.
    pub fn le(self, value: impl Into<T>) -> Filter<R> {
        self.compared("<=", value)
    }

    /// Whether it is greater than that value.
    pub fn gt(self, value: impl Into<T>) -> Filter<R> {
        self.compared(">", value)
    }

    /// Whether it is at least that value.
    pub fn ge(self, value: impl Into<T>) -> Filter<R> {
        self.compared(">=", value)
    }

    /// Whether it is at least the first and at most the second value.
    pub fn between(self, least: impl Into<T>, most: impl Into<T>) -> Filter<R> {
        self.ge(least) & self.le(most)
    }

    /// Whether it holds one of these values; never where there are none.
    pub fn is_in<V: Into<T>>(self, values: impl IntoIterator<Item = V>) -> Filter<R> {
        let values: Vec<T> = values.into_iter().map(Into::into).collect();
        Filter::of(vec![
            Piece::Text(format!("{} = ANY (", self.name())),
            Piece::Array(self.column, Arc::new(values)),
            Piece::Text(")".into()),
        ])
    }

    /// Whether it holds none of these values.
    pub fn not_in<V: Into<T>>(self, values: impl IntoIterator<Item = V>) -> Filter<R> {
        !self.is_in(values)
    }

    /// Changes it to that value. To set null, see [`ColumnOf::set_null`].
    pub fn set(self, value: impl Into<T>) -> Change<R> {
        Change {
            column: self.column,
            value: Arc::new(value.into()),
            row: PhantomData,
        }
    }

    fn compared(self, operator: &str, value: impl Into<T>) -> Filter<R> {
        let text = format!("{} {operator} ", self.name());
        Filter::with(text, self.column, Arc::new(value.into()))
    }
}

impl<R, N> ColumnOf<R, String, N> {
    /// Whether it matches a pattern of `LIKE`: `%` is any text, `_` any character.
    pub fn like(self, pattern: impl Into<String>) -> Filter<R> {
        self.compared("LIKE", pattern)
    }

    /// As [`ColumnOf::like`], capitals or not.
    pub fn ilike(self, pattern: impl Into<String>) -> Filter<R> {
        self.compared("ILIKE", pattern)
    }

    /// Whether it begins with that text, in which no character stands for others.
    pub fn starts_with(self, text: &str) -> Filter<R> {
        let mut pattern = String::with_capacity(text.len() + 1);
        for c in text.chars() {
            if matches!(c, '%' | '_' | '\\') {
                pattern.push('\\');
            }
            pattern.push(c);
        }
        self.like(pattern + "%")
    }
}

impl<R, T: Sendable, N> ColumnOf<R, Vec<T>, N> {
    /// Whether the array holds each of these, in whatever order (`@>`, which a GIN index answers).
    ///
    /// ```
    /// # use pilaster::Row;
    /// # #[derive(Row)]
    /// # #[pilaster(table = "public.aircraft")]
    /// # struct Aircraft { amenities: Vec<String> }
    /// let comfortable = Aircraft::AMENITIES.contains(["wifi", "bed"]);
    /// assert_eq!(comfortable.to_string(), r#""amenities" @> …"#);
    /// ```
    pub fn contains<V: Into<T>>(self, values: impl IntoIterator<Item = V>) -> Filter<R> {
        let values: Vec<T> = values.into_iter().map(Into::into).collect();
        self.compared("@>", values)
    }
}

impl<R, T: Sendable> ColumnOf<R, T, Nullable> {
    /// Whether it holds null.
    pub fn is_null(self) -> Filter<R> {
        Filter::of(vec![Piece::Text(format!("{} IS NULL", self.name()))])
    }

    /// Whether it holds a value.
    pub fn is_not_null(self) -> Filter<R> {
        Filter::of(vec![Piece::Text(format!("{} IS NOT NULL", self.name()))])
    }

    /// Changes it to null.
    pub fn set_null(self) -> Change<R> {
        Change {
            column: self.column,
            value: Arc::new(None::<T>),
            row: PhantomData,
        }
    }
}

/// A column's new value.
pub struct Change<R> {
    pub(crate) column: Column,
    pub(crate) value: crate::sql::Kept,
    row: PhantomData<fn() -> R>,
}

impl<R> Debug for Change<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} = {:?}", quoted(self.column.name), self.value)
    }
}

/// A column to order rows by, and the direction.
pub struct Order<R> {
    pub(crate) column: Column,
    pub(crate) descending: bool,
    pub(crate) nullable: bool,
    row: PhantomData<fn() -> R>,
}

impl<R> Order<R> {
    pub(crate) fn new(column: Column, descending: bool, nullable: bool) -> Self {
        Order {
            column,
            descending,
            nullable,
            row: PhantomData,
        }
    }
}

impl<R> Copy for Order<R> {}

impl<R> Clone for Order<R> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<R> Debug for Order<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let direction = if self.descending { "DESC" } else { "ASC" };
        write!(f, "{} {direction}", quoted(self.column.name))
    }
}
