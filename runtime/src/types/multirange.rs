//! Multirange types. This module never merges ranges: the server keeps them ordered and apart.

use std::fmt::{self, Display};

use bytes::{BufMut, BytesMut};
use postgres_types::{FromSql, IsNull, Kind, ToSql, Type};

use super::{Failure, Range, end, range, take};

/// A value of a multirange type over `T` (PostgreSQL 14): its ranges in order.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Multirange<T>(pub Vec<Range<T>>);

impl<T> Default for Multirange<T> {
    fn default() -> Self {
        Multirange(Vec::new())
    }
}

impl<T> FromIterator<Range<T>> for Multirange<T> {
    fn from_iter<I: IntoIterator<Item = Range<T>>>(ranges: I) -> Self {
        Multirange(ranges.into_iter().collect())
    }
}

/// The server's text form.
impl<T: Display> Display for Multirange<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ranges: Vec<String> = self.0.iter().map(Range::to_string).collect();
        write!(f, "{{{}}}", ranges.join(","))
    }
}

/// The range type of a multirange type, and its subtype.
///
/// A custom type's multirange names its range; the built-in ones may name the subtype at once.
fn subtype(ty: &Type) -> Option<&Type> {
    match ty.kind() {
        Kind::Multirange(inner) => match inner.kind() {
            Kind::Range(subtype) => Some(subtype),
            _ => Some(inner),
        },
        _ => None,
    }
}

impl<'a, T: FromSql<'a>> FromSql<'a> for Multirange<T> {
    fn from_sql(ty: &Type, mut raw: &'a [u8]) -> Result<Self, Failure> {
        let ty = subtype(ty).ok_or("not a multirange type")?;
        let count = i32::from_be_bytes(take(&mut raw)?);
        let mut ranges = Vec::new();
        for _ in 0..count {
            let length = usize::try_from(i32::from_be_bytes(take(&mut raw)?))?;
            let (value, rest) = raw
                .split_at_checked(length)
                .ok_or("the multirange is too short")?;
            raw = rest;
            ranges.push(range::read(ty, value)?);
        }
        end(raw)?;
        Ok(Multirange(ranges))
    }

    fn accepts(ty: &Type) -> bool {
        subtype(ty).is_some_and(T::accepts)
    }
}

impl<T: ToSql> ToSql for Multirange<T> {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Failure> {
        let ty = subtype(ty).ok_or("not a multirange type")?;
        out.put_i32(i32::try_from(self.0.len())?);
        for part in &self.0 {
            range::with_length(out, |out| range::write(part, ty, out))?;
        }
        Ok(IsNull::No)
    }

    fn accepts(ty: &Type) -> bool {
        subtype(ty).is_some_and(T::accepts)
    }

    postgres_types::to_sql_checked!();
}
