//! `time` and `time with time zone`. chrono's time cannot hold 24:00:00; PostgreSQL's can.

use std::fmt;
use std::str::FromStr;

use bytes::{BufMut, BytesMut};
use chrono::{NaiveTime, Timelike};

use super::text::{InvalidText, scalar};
use super::{Failure, end, take};

/// A `time`: microseconds since midnight, 24:00:00 included.
///
/// ```
/// use pilaster::{Time, chrono::NaiveTime};
/// let closing: Time = "24:00:00".parse()?;
/// assert_eq!(NaiveTime::try_from(closing).ok(), None);
/// # Ok::<(), pilaster::InvalidText>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time(i64);

/// A `time with time zone`: a time and the seconds its zone lies east of UTC.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct TimeTz {
    /// The time there.
    pub time: Time,
    /// Seconds east of UTC.
    pub offset: i32,
}

const DAY: i64 = 86_400_000_000;

impl Time {
    /// That many microseconds after midnight; `None` beyond 24:00:00.
    pub fn from_microseconds(microseconds: i64) -> Option<Self> {
        (0..=DAY)
            .contains(&microseconds)
            .then_some(Time(microseconds))
    }

    /// Microseconds since midnight.
    pub fn microseconds(self) -> i64 {
        self.0
    }

    fn read(mut raw: &[u8]) -> Result<Self, Failure> {
        let microseconds = i64::from_be_bytes(take(&mut raw)?);
        end(raw)?;
        Time::from_microseconds(microseconds).ok_or_else(|| "the time is out of range".into())
    }

    fn write(&self, out: &mut BytesMut) {
        out.put_i64(self.0);
    }
}

impl TimeTz {
    fn read(mut raw: &[u8]) -> Result<Self, Failure> {
        let time = Time::read(&take::<8>(&mut raw)?)?;
        // The server counts seconds west of UTC.
        let west = i32::from_be_bytes(take(&mut raw)?);
        end(raw)?;
        Ok(TimeTz {
            time,
            offset: west.checked_neg().ok_or("the offset is out of range")?,
        })
    }

    fn write(&self, out: &mut BytesMut) {
        self.time.write(out);
        out.put_i32(self.offset.saturating_neg());
    }
}

/// The fraction of a microsecond that chrono may hold and PostgreSQL cannot is cut off.
impl From<NaiveTime> for Time {
    fn from(time: NaiveTime) -> Self {
        let seconds = i64::from(time.num_seconds_from_midnight());
        Time(seconds * 1_000_000 + i64::from(time.nanosecond() / 1_000))
    }
}

impl TryFrom<Time> for NaiveTime {
    type Error = InvalidText;

    /// Fails for 24:00:00 alone.
    fn try_from(time: Time) -> Result<Self, InvalidText> {
        let (seconds, rest) = (time.0 / 1_000_000, time.0 % 1_000_000);
        NaiveTime::from_num_seconds_from_midnight_opt(seconds as u32, rest as u32 * 1_000)
            .ok_or_else(|| InvalidText::new("a time before midnight", &time.to_string()))
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (seconds, rest) = (self.0 / 1_000_000, self.0 % 1_000_000);
        write!(
            f,
            "{:02}:{:02}:{:02}",
            seconds / 3600,
            seconds / 60 % 60,
            seconds % 60
        )?;
        if rest != 0 {
            write!(f, ".{}", format!("{rest:06}").trim_end_matches('0'))?;
        }
        Ok(())
    }
}

impl fmt::Display for TimeTz {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let offset = self.offset.unsigned_abs();
        let sign = if self.offset < 0 { '-' } else { '+' };
        write!(f, "{}{sign}{:02}", self.time, offset / 3600)?;
        if !offset.is_multiple_of(3600) {
            write!(f, ":{:02}", offset / 60 % 60)?;
        }
        if !offset.is_multiple_of(60) {
            write!(f, ":{:02}", offset % 60)?;
        }
        Ok(())
    }
}

impl FromStr for Time {
    type Err = InvalidText;

    /// Reads `HH:MM`, `HH:MM:SS` and `HH:MM:SS.ffffff`.
    fn from_str(text: &str) -> Result<Self, InvalidText> {
        let invalid = || InvalidText::new("a time", text);
        if let Some(rest) = text.strip_prefix("24:00") {
            let zeros = rest.chars().all(|c| matches!(c, ':' | '.' | '0'));
            return if zeros { Ok(Time(DAY)) } else { Err(invalid()) };
        }
        text.parse::<NaiveTime>()
            .or_else(|_| NaiveTime::parse_from_str(text, "%H:%M"))
            .map(Time::from)
            .map_err(|_| invalid())
    }
}

impl FromStr for TimeTz {
    type Err = InvalidText;

    /// Reads a time and its offset, `+HH`, `+HH:MM` or `+HH:MM:SS`.
    fn from_str(text: &str) -> Result<Self, InvalidText> {
        let invalid = || InvalidText::new("a time with time zone", text);
        let at = text.rfind(['+', '-']).ok_or_else(invalid)?;
        let (time, zone) = text.split_at(at);
        let mut offset = 0;
        let mut parts = zone[1..].split(':');
        for unit in [3600, 60, 1] {
            let part = parts.next().unwrap_or("0");
            offset += part.parse::<u8>().map_err(|_| invalid()).map(i32::from)? * unit;
        }
        if zone.starts_with('-') {
            offset = -offset;
        }
        if parts.next().is_some() {
            Err(invalid())
        } else {
            Ok(TimeTz {
                time: time.parse()?,
                offset,
            })
        }
    }
}

scalar!(Time: TIME);
scalar!(TimeTz: TIMETZ);
