//! Conditions on rows. A filter names its row type, so one on another table does not compile.

use std::marker::PhantomData;
use std::ops::{BitAnd, BitOr, Not};

use crate::sql::{Column, Kept, Piece};

/// A condition on the rows of `R`.
///
/// Made by the operators of [`ColumnOf`](crate::ColumnOf) and [`Path`](crate::Path), and combined
/// with `&`, `|` and `!`. A row passes where the condition is true; null does not pass.
///
/// ```
/// # use pilaster::{Row, Filter};
/// # #[derive(Row)]
/// # #[pilaster(table = "public.deals")]
/// # struct Deal { team_size: i32, notes: Option<String> }
/// let small_or_silent: Filter<Deal> = Deal::TEAM_SIZE.lt(5) | Deal::NOTES.is_null();
/// assert_eq!(small_or_silent.to_string(), r#"("team_size" < …) OR ("notes" IS NULL)"#);
/// ```
pub struct Filter<R> {
    pieces: Vec<Piece>,
    row: PhantomData<fn() -> R>,
}

impl<R> Filter<R> {
    /// The condition that every row passes.
    pub fn everything() -> Self {
        Filter::of(vec![Piece::Text("true".into())])
    }

    /// Whether all of these hold; every row passes where there are none.
    ///
    /// ```
    /// # use pilaster::{Row, Filter};
    /// # #[derive(Row)]
    /// # #[pilaster(table = "public.deals")]
    /// # struct Deal { team_size: i32 }
    /// fn within(least: Option<i32>, most: Option<i32>) -> Filter<Deal> {
    ///     let least = least.map(|size| Deal::TEAM_SIZE.ge(size));
    ///     Filter::all(least.into_iter().chain(most.map(|size| Deal::TEAM_SIZE.le(size))))
    /// }
    /// assert_eq!(within(None, None).to_string(), "true");
    /// ```
    pub fn all(filters: impl IntoIterator<Item = Self>) -> Self {
        let combined = filters.into_iter().reduce(|a, b| a & b);
        combined.unwrap_or_else(Filter::everything)
    }

    /// Whether one of these holds; no row passes where there are none.
    pub fn any(filters: impl IntoIterator<Item = Self>) -> Self {
        let combined = filters.into_iter().reduce(|a, b| a | b);
        combined.unwrap_or_else(|| Filter::of(vec![Piece::Text("false".into())]))
    }

    pub(crate) fn of(pieces: Vec<Piece>) -> Self {
        Filter {
            pieces,
            row: PhantomData,
        }
    }

    /// `text value`, for a value of that column's type.
    pub(crate) fn with(text: String, column: Column, value: Kept) -> Self {
        Filter::of(vec![Piece::Text(text), Piece::Value(column, value)])
    }

    pub(crate) fn pieces(&self) -> &[Piece] {
        &self.pieces
    }

    fn joined(self, word: &str, other: Self) -> Self {
        let mut pieces = vec![Piece::Text("(".into())];
        pieces.extend(self.pieces);
        pieces.push(Piece::Text(format!(") {word} (")));
        pieces.extend(other.pieces);
        pieces.push(Piece::Text(")".into()));
        Filter::of(pieces)
    }
}

impl<R> BitAnd for Filter<R> {
    type Output = Self;

    fn bitand(self, other: Self) -> Self {
        self.joined("AND", other)
    }
}

impl<R> BitOr for Filter<R> {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        self.joined("OR", other)
    }
}

/// Whether the condition is not true: a row for which it is null passes.
impl<R> Not for Filter<R> {
    type Output = Self;

    fn not(self) -> Self {
        let mut pieces = vec![Piece::Text("(".into())];
        pieces.extend(self.pieces);
        pieces.push(Piece::Text(") IS NOT TRUE".into()));
        Filter::of(pieces)
    }
}

impl<R> Clone for Filter<R> {
    fn clone(&self) -> Self {
        Filter::of(self.pieces.clone())
    }
}

/// The text of the condition, with `…` for each value.
impl<R> std::fmt::Display for Filter<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for piece in &self.pieces {
            match piece {
                Piece::Text(text) => f.write_str(text)?,
                Piece::Value(..) | Piece::Array(..) | Piece::Before(_) => f.write_str("…")?,
            }
        }
        Ok(())
    }
}

impl<R> std::fmt::Debug for Filter<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Filter({self})")
    }
}
