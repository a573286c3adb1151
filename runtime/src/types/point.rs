//! `point`.

use std::fmt;

use bytes::{BufMut, BytesMut};
use postgres_types::{FromSql, IsNull, ToSql, Type};

use super::{Failure, end, take};

/// A `point` of the plane.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Point {
    /// The first coordinate.
    pub x: f64,
    /// The second coordinate.
    pub y: f64,
}

impl fmt::Display for Point {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "({},{})", self.x, self.y)
    }
}

impl<'a> FromSql<'a> for Point {
    fn from_sql(_: &Type, mut raw: &'a [u8]) -> Result<Self, Failure> {
        let x = f64::from_be_bytes(take(&mut raw)?);
        let y = f64::from_be_bytes(take(&mut raw)?);
        end(raw).map(|()| Point { x, y })
    }

    postgres_types::accepts!(POINT);
}

impl ToSql for Point {
    fn to_sql(&self, _: &Type, out: &mut BytesMut) -> Result<IsNull, Failure> {
        out.put_f64(self.x);
        out.put_f64(self.y);
        Ok(IsNull::No)
    }

    postgres_types::accepts!(POINT);
    postgres_types::to_sql_checked!();
}
