//! Range types. This module never brings a range to canonical form: the server does, so `[1,3]` of
//! integers comes back as `[1,4)`.

use std::fmt::{self, Display};
use std::ops::Bound;

use bytes::{BufMut, BytesMut};
use postgres_types::{FromSql, IsNull, Kind, ToSql, Type};

use super::{Failure, end, take};

/// A value of a range type over `T`.
///
/// ```
/// use pilaster::Range;
/// let days: Range<i32> = (1..10).into();
/// assert!(days.contains(&1) && !days.contains(&10));
/// assert_eq!(days.to_string(), "[1,10)");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Range<T> {
    /// The range that holds nothing.
    Empty,
    /// Everything between a lower and an upper bound.
    Between(Bound<T>, Bound<T>),
}

const EMPTY: u8 = 0x01;
const LOWER_INCLUSIVE: u8 = 0x02;
const UPPER_INCLUSIVE: u8 = 0x04;
const LOWER_UNBOUNDED: u8 = 0x08;
const UPPER_UNBOUNDED: u8 = 0x10;

impl<T> Range<T> {
    /// The range that holds everything.
    pub const fn unbounded() -> Self {
        Range::Between(Bound::Unbounded, Bound::Unbounded)
    }

    /// Whether it is the empty range.
    pub const fn is_empty(&self) -> bool {
        matches!(self, Range::Empty)
    }

    /// The lower bound; `None` where the range is empty.
    pub fn lower(&self) -> Option<Bound<&T>> {
        match self {
            Range::Empty => None,
            Range::Between(lower, _) => Some(lower.as_ref()),
        }
    }

    /// The upper bound; `None` where the range is empty.
    pub fn upper(&self) -> Option<Bound<&T>> {
        match self {
            Range::Empty => None,
            Range::Between(_, upper) => Some(upper.as_ref()),
        }
    }
}

impl<T: PartialOrd> Range<T> {
    /// Whether the value lies within.
    pub fn contains(&self, value: &T) -> bool {
        use std::ops::RangeBounds;
        match self {
            Range::Empty => false,
            Range::Between(lower, upper) => (lower.as_ref(), upper.as_ref()).contains(value),
        }
    }
}

impl<T> From<std::ops::Range<T>> for Range<T> {
    fn from(range: std::ops::Range<T>) -> Self {
        Range::Between(Bound::Included(range.start), Bound::Excluded(range.end))
    }
}

impl<T> From<std::ops::RangeInclusive<T>> for Range<T> {
    fn from(range: std::ops::RangeInclusive<T>) -> Self {
        let (start, end) = range.into_inner();
        Range::Between(Bound::Included(start), Bound::Included(end))
    }
}

impl<T> From<std::ops::RangeFrom<T>> for Range<T> {
    fn from(range: std::ops::RangeFrom<T>) -> Self {
        Range::Between(Bound::Included(range.start), Bound::Unbounded)
    }
}

impl<T> From<std::ops::RangeTo<T>> for Range<T> {
    fn from(range: std::ops::RangeTo<T>) -> Self {
        Range::Between(Bound::Unbounded, Bound::Excluded(range.end))
    }
}

/// The server's text form; a bound is quoted where it holds anything but letters, digits and `-:.+`.
impl<T: Display> Display for Range<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Range::Between(lower, upper) = self else {
            return f.write_str("empty");
        };
        let bound = |bound: &Bound<T>| match bound {
            Bound::Included(value) | Bound::Excluded(value) => quoted(&value.to_string()),
            Bound::Unbounded => String::new(),
        };
        let open = if matches!(lower, Bound::Included(_)) {
            '['
        } else {
            '('
        };
        let close = if matches!(upper, Bound::Included(_)) {
            ']'
        } else {
            ')'
        };
        write!(f, "{open}{},{}{close}", bound(lower), bound(upper))
    }
}

fn quoted(text: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "-:.+".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        return text.to_owned();
    }
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\"\""))
}

/// The subtype of a range type.
fn subtype(ty: &Type) -> Option<&Type> {
    match ty.kind() {
        Kind::Range(subtype) => Some(subtype),
        _ => None,
    }
}

pub(super) fn read<'a, T: FromSql<'a>>(ty: &Type, mut raw: &'a [u8]) -> Result<Range<T>, Failure> {
    let [flags] = take(&mut raw)?;
    if flags & EMPTY != 0 {
        return end(raw).map(|()| Range::Empty);
    }
    let mut bound = |unbounded: u8, inclusive: u8| -> Result<Bound<T>, Failure> {
        if flags & unbounded != 0 {
            return Ok(Bound::Unbounded);
        }
        let length = usize::try_from(i32::from_be_bytes(take(&mut raw)?))?;
        let (value, rest) = raw
            .split_at_checked(length)
            .ok_or("the range is too short")?;
        raw = rest;
        let value = T::from_sql(ty, value)?;
        Ok(if flags & inclusive != 0 {
            Bound::Included(value)
        } else {
            Bound::Excluded(value)
        })
    };
    let lower = bound(LOWER_UNBOUNDED, LOWER_INCLUSIVE)?;
    let upper = bound(UPPER_UNBOUNDED, UPPER_INCLUSIVE)?;
    end(raw)?;
    Ok(Range::Between(lower, upper))
}

pub(super) fn write<T: ToSql>(
    range: &Range<T>,
    ty: &Type,
    out: &mut BytesMut,
) -> Result<(), Failure> {
    let Range::Between(lower, upper) = range else {
        out.put_u8(EMPTY);
        return Ok(());
    };
    let flag = |bound: &Bound<T>, inclusive, unbounded| match bound {
        Bound::Included(_) => inclusive,
        Bound::Excluded(_) => 0,
        Bound::Unbounded => unbounded,
    };
    out.put_u8(
        flag(lower, LOWER_INCLUSIVE, LOWER_UNBOUNDED)
            | flag(upper, UPPER_INCLUSIVE, UPPER_UNBOUNDED),
    );
    for bound in [lower, upper] {
        if let Bound::Included(value) | Bound::Excluded(value) = bound {
            with_length(out, |out| match value.to_sql(ty, out)? {
                IsNull::No => Ok(()),
                IsNull::Yes => Err("a bound of a range cannot be null".into()),
            })?;
        }
    }
    Ok(())
}

/// Writes a value behind its length, which is known only afterwards.
pub(super) fn with_length(
    out: &mut BytesMut,
    write: impl FnOnce(&mut BytesMut) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let start = out.len();
    out.put_i32(0);
    write(out)?;
    let length = i32::try_from(out.len() - start - 4)?;
    out[start..start + 4].copy_from_slice(&length.to_be_bytes());
    Ok(())
}

impl<'a, T: FromSql<'a>> FromSql<'a> for Range<T> {
    fn from_sql(ty: &Type, raw: &'a [u8]) -> Result<Self, Failure> {
        read(subtype(ty).ok_or("not a range type")?, raw)
    }

    fn accepts(ty: &Type) -> bool {
        subtype(ty).is_some_and(T::accepts)
    }
}

impl<T: ToSql> ToSql for Range<T> {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Failure> {
        write(self, subtype(ty).ok_or("not a range type")?, out)?;
        Ok(IsNull::No)
    }

    fn accepts(ty: &Type) -> bool {
        subtype(ty).is_some_and(T::accepts)
    }

    postgres_types::to_sql_checked!();
}
