//! Dates and times as strings: one exact form each, so that a regular expression and this code
//! agree. A leap second (`:60`) is refused, because PostgreSQL turns it into the next minute.

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, SecondsFormat, Utc};
use serde::de::Error as _;
use serde::ser::Error as _;
use serde::{Deserialize, Deserializer, Serializer};

use super::JsonType;

const DATE: &str = "dddd-dd-dd";
const TIMESTAMP: &str = "dddd-dd-ddTdd:dd:dd";
const OFFSET: &str = "dd:dd";

/// `YYYY-MM-DD`, a day that exists, from year 1 to 9999.
impl JsonType for NaiveDate {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        date(&text).ok_or_else(|| D::Error::custom("expected a date, YYYY-MM-DD"))
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        representable(self.year()).map_err(S::Error::custom)?;
        serializer.collect_str(&self.format("%Y-%m-%d"))
    }
}

/// `YYYY-MM-DDTHH:MM:SS`, with a fraction of one to nine digits or without.
impl JsonType for NaiveDateTime {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        timestamp(&text).ok_or_else(|| {
            D::Error::custom("expected a time without an offset, YYYY-MM-DDTHH:MM:SS")
        })
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        representable(self.year()).map_err(S::Error::custom)?;
        let text = self.and_utc().to_rfc3339_opts(SecondsFormat::AutoSi, true);
        serializer.serialize_str(text.trim_end_matches('Z'))
    }
}

/// A timestamp followed by `Z` or an offset, `+HH:MM` or `-HH:MM`, below 24 hours.
impl JsonType for DateTime<Utc> {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        timestamptz(&text)
            .ok_or_else(|| D::Error::custom("expected a time with an offset, YYYY-MM-DDTHH:MM:SSZ"))
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        representable(self.year()).map_err(S::Error::custom)?;
        serializer.serialize_str(&self.to_rfc3339_opts(SecondsFormat::AutoSi, true))
    }
}

fn date(text: &str) -> Option<NaiveDate> {
    follows(DATE, text)
        .then(|| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok())?
        .filter(|date| date.year() >= 1)
}

fn timestamp(text: &str) -> Option<NaiveDateTime> {
    let (seconds, fraction) = text.split_at_checked(TIMESTAMP.len())?;
    let fraction_fits = match fraction.strip_prefix('.') {
        Some(digits) => {
            (1..=9).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit())
        }
        None => fraction.is_empty(),
    };
    if !follows(TIMESTAMP, seconds) || !fraction_fits || seconds.ends_with(":60") {
        return None;
    }
    NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f")
        .ok()
        .filter(|timestamp| timestamp.year() >= 1)
}

fn timestamptz(text: &str) -> Option<DateTime<Utc>> {
    if let Some(utc) = text.strip_suffix('Z') {
        return timestamp(utc).map(|time| time.and_utc());
    }
    let (local, offset) = text.split_at_checked(text.len().checked_sub(OFFSET.len() + 1)?)?;
    let (sign, digits) = offset.split_at_checked(1)?;
    if !matches!(sign, "+" | "-") || !follows(OFFSET, digits) {
        return None;
    }
    let (hours, minutes) = digits.split_once(':')?;
    let (hours, minutes): (i64, i64) = (hours.parse().ok()?, minutes.parse().ok()?);
    if hours > 23 || minutes > 59 {
        return None;
    }
    let east = chrono::Duration::minutes(hours * 60 + minutes);
    let local = timestamp(local)?;
    let utc = if sign == "+" {
        local.checked_sub_signed(east)
    } else {
        local.checked_add_signed(east)
    };
    utc.map(|time| time.and_utc())
}

/// Whether each `d` of the pattern is a digit and everything else stands as it is.
fn follows(pattern: &str, text: &str) -> bool {
    pattern.len() == text.len()
        && pattern.bytes().zip(text.bytes()).all(|(p, t)| match p {
            b'd' => t.is_ascii_digit(),
            _ => p == t,
        })
}

fn representable(year: i32) -> Result<(), String> {
    if (1..=9999).contains(&year) {
        return Ok(());
    }
    Err(format!("the year {year} has no form of four digits"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_has_one_form() {
        assert!(date("2024-02-29").is_some());
        for wrong in [
            "2023-02-29",
            "2024-2-29",
            "+2024-02-29",
            "2024-02-29 ",
            "0000-01-01",
            "12024-01-01",
        ] {
            assert_eq!(date(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_timestamptz_has_an_offset_and_a_t() {
        let noon = timestamptz("2024-05-01T12:00:00Z");
        assert!(noon.is_some());
        assert_eq!(timestamptz("2024-05-01T14:00:00.000+02:00"), noon);
        for wrong in [
            "2024-05-01T12:00:00",
            "2024-05-01 12:00:00Z",
            "2024-05-01t12:00:00z",
            "2024-05-01T12:00Z",
            "2024-05-01T23:59:60Z",
            "2024-05-01T24:00:00Z",
            "2024-05-01T12:00:00.Z",
            "2024-05-01T12:00:00.1234567890Z",
            "2024-05-01T12:00:00+0200",
            "2024-05-01T12:00:00+24:00",
            "2024-05-01T12:00:00ü02:00",
        ] {
            assert_eq!(timestamptz(wrong), None, "{wrong}");
        }
    }
}
