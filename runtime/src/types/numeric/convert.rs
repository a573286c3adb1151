//! From and to Rust's own numbers, and serde.

use std::fmt;

use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Finite, Form, Numeric};

macro_rules! from_integers {
    ($($integer:ty),*) => {$(
        impl From<$integer> for Numeric {
            fn from(value: $integer) -> Self {
                Numeric::from_magnitude(value.unsigned_abs().into(), value < 0)
            }
        }
    )*};
}

macro_rules! from_unsigned {
    ($($integer:ty),*) => {$(
        impl From<$integer> for Numeric {
            fn from(value: $integer) -> Self {
                Numeric::from_magnitude(value.into(), false)
            }
        }
    )*};
}

from_integers!(i8, i16, i32, i64, i128);
from_unsigned!(u8, u16, u32, u64, u128);

impl Numeric {
    fn from_magnitude(mut rest: u128, negative: bool) -> Self {
        let mut digits = Vec::new();
        while rest > 0 {
            digits.push((rest % 10_000) as i16);
            rest /= 10_000;
        }
        digits.reverse();
        let weight = digits.len().saturating_sub(1) as i16;
        Numeric(Form::Finite(
            Finite {
                negative,
                weight,
                scale: 0,
                digits,
            }
            .normalized(),
        ))
    }

    /// The shortest decimal that reads back as the same `f64`.
    ///
    /// ```
    /// assert_eq!(pilaster::Numeric::from_f64(0.1).to_string(), "0.1");
    /// ```
    pub fn from_f64(value: f64) -> Self {
        if value.is_nan() {
            return Numeric::NAN;
        }
        // Every finite f64 has at most 309 digits before the point and 325 after it.
        value.to_string().parse().unwrap_or(Numeric::NAN)
    }

    /// The value as an `i64`, where it is whole and in range.
    pub fn to_i64(&self) -> Option<i64> {
        let Form::Finite(value) = &self.0 else {
            return None;
        };
        let fraction = value.digits.len() as i32 > i32::from(value.weight) + 1;
        if fraction {
            return None;
        }
        Finite {
            scale: 0,
            ..value.clone()
        }
        .to_string()
        .parse()
        .ok()
    }

    /// The nearest `f64`.
    pub fn to_f64(&self) -> f64 {
        match &self.0 {
            Form::NegativeInfinity => f64::NEG_INFINITY,
            Form::Infinity => f64::INFINITY,
            Form::NaN => f64::NAN,
            Form::Finite(value) => value.to_string().parse().unwrap_or(f64::NAN),
        }
    }
}

impl Serialize for Numeric {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Numeric {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct NumericVisitor;

        impl Visitor<'_> for NumericVisitor {
            type Value = Numeric;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a numeric as a string or a number")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Numeric, E> {
                text.parse().map_err(E::custom)
            }

            fn visit_i64<E: Error>(self, value: i64) -> Result<Numeric, E> {
                Ok(value.into())
            }

            fn visit_u64<E: Error>(self, value: u64) -> Result<Numeric, E> {
                Ok(value.into())
            }

            fn visit_f64<E: Error>(self, value: f64) -> Result<Numeric, E> {
                Ok(Numeric::from_f64(value))
            }
        }

        deserializer.deserialize_any(NumericVisitor)
    }
}

/// Inside a JSONB shape: a JSON number of any precision.
impl crate::JsonType for Numeric {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<serde_json::value::RawValue>::deserialize(deserializer)?;
        let text = raw.get();
        if !text.starts_with(|c: char| c == '-' || c.is_ascii_digit()) {
            return Err(D::Error::custom("expected a number"));
        }
        text.parse().map_err(D::Error::custom)
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if !self.is_finite() {
            let problem = format!("JSON has no number for {self}");
            return Err(serde::ser::Error::custom(problem));
        }

        let raw = serde_json::value::RawValue::from_string(self.to_string());
        raw.map_err(serde::ser::Error::custom)?
            .serialize(serializer)
    }
}
