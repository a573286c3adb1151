//! `numeric`: decimals of any precision, with NaN and the infinities.
//!
//! This module never computes: it holds, compares, prints and parses what the server computed.

mod binary;
mod convert;
mod parse;

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

/// A `numeric`, exactly as PostgreSQL holds it: base-10000 digits, a weight and a scale.
///
/// Comparison and hashing are by value, as in SQL: `1.0` equals `1.00`, NaN equals NaN and is
/// greater than everything else. The scale is kept and shows when printed.
///
/// In serde it is a string, because most readers of JSON numbers keep 17 digits at best; a string or
/// a number is read. Inside a JSONB shape it is a JSON number of any precision; see
/// [`JsonType`](crate::JsonType).
///
/// ```
/// use pilaster::Numeric;
/// let price: Numeric = "12345678901234567890.10".parse()?;
/// assert_eq!(price.to_string(), "12345678901234567890.10");
/// assert_eq!(price, "12345678901234567890.1".parse()?);
/// assert!(price < Numeric::NAN);
/// # Ok::<(), pilaster::InvalidText>(())
/// ```
#[derive(Clone)]
pub struct Numeric(Form);

/// Variants in the server's order of values; finite ones compare by [`Finite`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Form {
    NegativeInfinity,
    Finite(Finite),
    Infinity,
    NaN,
}

/// A finite value. `digits` has no zero at either end, and zero has no digits, weight 0 and no
/// sign; so equal values have equal fields but for the scale.
#[derive(Clone, Debug, Default)]
struct Finite {
    negative: bool,
    /// The power of 10000 of the first digit.
    weight: i16,
    /// Decimal places shown.
    scale: u16,
    /// Each 0 to 9999.
    digits: Vec<i16>,
}

impl Numeric {
    /// Zero.
    pub const ZERO: Numeric = Numeric(Form::Finite(Finite {
        negative: false,
        weight: 0,
        scale: 0,
        digits: Vec::new(),
    }));
    /// Not a number.
    pub const NAN: Numeric = Numeric(Form::NaN);
    /// Infinity (PostgreSQL 14).
    pub const INFINITY: Numeric = Numeric(Form::Infinity);
    /// Negative infinity (PostgreSQL 14).
    pub const NEGATIVE_INFINITY: Numeric = Numeric(Form::NegativeInfinity);

    /// Whether it is neither NaN nor an infinity.
    pub fn is_finite(&self) -> bool {
        matches!(self.0, Form::Finite(_))
    }

    /// Whether it is NaN.
    pub fn is_nan(&self) -> bool {
        matches!(self.0, Form::NaN)
    }

    /// The number of decimal places it is shown with; `None` where it is not finite.
    pub fn scale(&self) -> Option<u16> {
        match &self.0 {
            Form::Finite(value) => Some(value.scale),
            _ => None,
        }
    }
}

impl Finite {
    /// Brings the digits to the one form; see the type.
    fn normalized(mut self) -> Self {
        let leading = self.digits.iter().take_while(|d| **d == 0).count();
        self.digits.drain(..leading);
        self.weight = self.weight.saturating_sub(leading as i16);
        while self.digits.last() == Some(&0) {
            self.digits.pop();
        }
        if self.digits.is_empty() {
            self.weight = 0;
            self.negative = false;
        }
        self
    }

    /// The digit of that power of 10000.
    fn digit(&self, power: i32) -> i16 {
        usize::try_from(i32::from(self.weight) - power)
            .ok()
            .and_then(|index| self.digits.get(index).copied())
            .unwrap_or(0)
    }

    fn magnitude(&self, other: &Self) -> Ordering {
        match (self.digits.is_empty(), other.digits.is_empty()) {
            (true, true) => Ordering::Equal,
            (true, false) => Ordering::Less,
            (false, true) => Ordering::Greater,
            (false, false) => self
                .weight
                .cmp(&other.weight)
                .then_with(|| self.digits.cmp(&other.digits)),
        }
    }
}

impl fmt::Display for Finite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::new();
        if self.weight < 0 || self.digits.is_empty() {
            text.push('0');
        } else {
            for power in (0..=i32::from(self.weight)).rev() {
                let digit = self.digit(power);
                if power == i32::from(self.weight) {
                    text += &digit.to_string();
                } else {
                    text += &format!("{digit:04}");
                }
            }
        }
        if self.scale > 0 {
            text.push('.');
            let end = text.len() + usize::from(self.scale);
            let mut power = -1;
            while text.len() < end {
                text += &format!("{:04}", self.digit(power));
                power -= 1;
            }
            text.truncate(end);
        }
        f.pad_integral(!self.negative, "", &text)
    }
}

impl PartialEq for Finite {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Finite {}

impl PartialOrd for Finite {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Finite {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self.negative, other.negative) {
            (false, false) => self.magnitude(other),
            (true, true) => other.magnitude(self),
            (false, true) => Ordering::Greater,
            (true, false) => Ordering::Less,
        }
    }
}

impl Hash for Finite {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.negative, self.weight, &self.digits).hash(state);
    }
}

impl fmt::Display for Numeric {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Form::NegativeInfinity => f.pad("-Infinity"),
            Form::Finite(value) => value.fmt(f),
            Form::Infinity => f.pad("Infinity"),
            Form::NaN => f.pad("NaN"),
        }
    }
}

impl fmt::Debug for Numeric {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Numeric({self})")
    }
}

impl Default for Numeric {
    fn default() -> Self {
        Numeric::ZERO
    }
}

impl PartialEq for Numeric {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl Eq for Numeric {}

impl PartialOrd for Numeric {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Numeric {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.cmp(&other.0)
    }
}

impl Hash for Numeric {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}
