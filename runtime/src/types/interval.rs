//! `interval`: three counts that never become each other.

use std::fmt;

use bytes::{BufMut, BytesMut};
use postgres_types::{FromSql, IsNull, ToSql, Type};

use super::{Failure, end, take};

/// An `interval`. A month has no fixed number of days, nor a day of hours, so PostgreSQL keeps the
/// three apart, and so does this type; they are equal only where all three are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Interval {
    /// Months, years included.
    pub months: i32,
    /// Days, weeks included.
    pub days: i32,
    /// Microseconds, hours and minutes included.
    pub microseconds: i64,
}

/// ISO 8601, as the server prints with `IntervalStyle = iso_8601`.
impl fmt::Display for Interval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if *self == Interval::default() {
            return f.write_str("PT0S");
        }
        f.write_str("P")?;
        let date = [
            (self.months / 12, 'Y'),
            (self.months % 12, 'M'),
            (self.days, 'D'),
        ];
        for (count, unit) in date.into_iter().filter(|(count, _)| *count != 0) {
            write!(f, "{count}{unit}")?;
        }
        if self.microseconds == 0 {
            return Ok(());
        }
        let (seconds, fraction) = (self.microseconds / 1_000_000, self.microseconds % 1_000_000);
        f.write_str("T")?;
        for (count, unit) in [(seconds / 3600, 'H'), (seconds / 60 % 60, 'M')] {
            if count != 0 {
                write!(f, "{count}{unit}")?;
            }
        }
        let seconds = seconds % 60;
        if fraction != 0 {
            let sign = if self.microseconds < 0 { "-" } else { "" };
            let fraction = format!("{:06}", fraction.unsigned_abs());
            write!(
                f,
                "{sign}{}.{}S",
                seconds.unsigned_abs(),
                fraction.trim_end_matches('0')
            )?;
        } else if seconds != 0 {
            write!(f, "{seconds}S")?;
        }
        Ok(())
    }
}

impl<'a> FromSql<'a> for Interval {
    fn from_sql(_: &Type, mut raw: &'a [u8]) -> Result<Self, Failure> {
        let microseconds = i64::from_be_bytes(take(&mut raw)?);
        let days = i32::from_be_bytes(take(&mut raw)?);
        let months = i32::from_be_bytes(take(&mut raw)?);
        end(raw).map(|()| Interval {
            months,
            days,
            microseconds,
        })
    }

    postgres_types::accepts!(INTERVAL);
}

impl ToSql for Interval {
    fn to_sql(&self, _: &Type, out: &mut BytesMut) -> Result<IsNull, Failure> {
        out.put_i64(self.microseconds);
        out.put_i32(self.days);
        out.put_i32(self.months);
        Ok(IsNull::No)
    }

    postgres_types::accepts!(INTERVAL);
    postgres_types::to_sql_checked!();
}
