//! Rows as a driver handed them over, whichever driver it is. This module never runs anything.

use postgres_types::FromSql;

use crate::{Column, Error, Result};

/// Why a value could not be read.
type Reason = Box<dyn std::error::Error + Sync + Send>;

/// One row of an answer, as the driver gave it: what [`Row::from_raw`](crate::Row::from_raw) reads.
#[derive(Clone, Copy)]
pub struct RawRow<'r> {
    driver: Driver<'r>,
    /// Whether the columns are known to stand where they are expected.
    ordered: bool,
}

#[derive(Clone, Copy)]
enum Driver<'r> {
    Postgres(&'r postgres::Row),
    #[cfg(feature = "sqlx")]
    Sqlx(crate::sqlx::Fields<'r>),
}

impl std::fmt::Debug for RawRow<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut names = f.debug_list();
        let mut place = 0;
        while let Some(name) = self.name(place) {
            names.entry(&name);
            place += 1;
        }
        names.finish()
    }
}

impl<'r> From<&'r postgres::Row> for RawRow<'r> {
    fn from(row: &'r postgres::Row) -> Self {
        RawRow {
            driver: Driver::Postgres(row),
            ordered: false,
        }
    }
}

impl<'r> RawRow<'r> {
    #[cfg(feature = "sqlx")]
    pub(crate) fn sqlx(fields: crate::sqlx::Fields<'r>) -> Self {
        RawRow {
            driver: Driver::Sqlx(fields),
            ordered: false,
        }
    }

    /// The name of the column at that place.
    fn name(self, place: usize) -> Option<&'r str> {
        match self.driver {
            Driver::Postgres(row) => row.columns().get(place).map(|column| column.name()),
            #[cfg(feature = "sqlx")]
            Driver::Sqlx(fields) => fields.name(place),
        }
    }

    /// A column's value by its name; most often it stands at `place`.
    pub(crate) fn named<T: FromSql<'r>>(self, name: &str, place: usize) -> Result<T, Reason> {
        let here = self.ordered || self.name(place) == Some(name);
        match self.driver {
            Driver::Postgres(row) if here => Ok(row.try_get(place)?),
            Driver::Postgres(row) => Ok(row.try_get(name)?),
            #[cfg(feature = "sqlx")]
            Driver::Sqlx(fields) if here => fields.get(place),
            #[cfg(feature = "sqlx")]
            Driver::Sqlx(fields) => fields.get(fields.place(name)?),
        }
    }

    /// The value at a place that no field of a struct stands for.
    pub(crate) fn beside<T: FromSql<'r>>(self, place: usize, what: &'static str) -> Result<T> {
        let value = match self.driver {
            Driver::Postgres(row) => row.try_get(place).map_err(Reason::from),
            #[cfg(feature = "sqlx")]
            Driver::Sqlx(fields) => fields.get(place),
        };
        value.map_err(|source| Error::Column {
            row: "an answer",
            column: what,
            source,
        })
    }
}

/// The rows of an answer.
pub(crate) trait Answered {
    fn count(&self) -> usize;

    /// The row at a place below [`Answered::count`].
    fn row(&self, place: usize) -> RawRow<'_>;

    fn rows(&self) -> impl ExactSizeIterator<Item = RawRow<'_>> {
        (0..self.count()).map(|place| self.row(place))
    }

    /// The rows, for what reads these columns in this order. That they stand in it is looked at
    /// once, not for each row.
    fn rows_of(&self, columns: &[Column]) -> impl ExactSizeIterator<Item = RawRow<'_>> {
        let ordered = self.rows().next().is_some_and(|first| {
            let mut columns = columns.iter().enumerate();
            columns.all(|(place, column)| first.name(place) == Some(column.name))
        });
        self.rows().map(move |row| RawRow { ordered, ..row })
    }

    /// The only one.
    fn only(&self) -> Result<RawRow<'_>> {
        match self.count() {
            1 => Ok(self.row(0)),
            rows => Err(Error::NotOne { rows }),
        }
    }
}

impl Answered for Vec<postgres::Row> {
    fn count(&self) -> usize {
        self.len()
    }

    fn row(&self, place: usize) -> RawRow<'_> {
        RawRow::from(&self[place])
    }
}
