//! Reading a decimal text as the server reads it.

use std::str::FromStr;

use super::{Finite, Form, Numeric};
use crate::types::InvalidText;

/// The most decimal places PostgreSQL keeps, and the most digits before the point.
const MAX_SCALE: i64 = 16_383;
const MAX_INTEGER_DIGITS: i64 = 131_072;

impl FromStr for Numeric {
    type Err = InvalidText;

    /// Reads what PostgreSQL's `numeric` reads: digits with a point and an exponent, `NaN`,
    /// `Infinity` and `inf` in any case.
    fn from_str(text: &str) -> Result<Self, InvalidText> {
        let invalid = || InvalidText::new("a numeric", text);
        let trimmed = text.trim_ascii();
        let (negative, unsigned) = match trimmed.as_bytes().first() {
            Some(b'-') => (true, &trimmed[1..]),
            Some(b'+') => (false, &trimmed[1..]),
            _ => (false, trimmed),
        };
        match unsigned.to_ascii_lowercase().as_str() {
            "nan" if trimmed == unsigned => return Ok(Numeric::NAN),
            "infinity" | "inf" if negative => return Ok(Numeric::NEGATIVE_INFINITY),
            "infinity" | "inf" => return Ok(Numeric::INFINITY),
            _ => {}
        }
        let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse().map_err(|_| invalid())?),
            None => (unsigned, 0i32),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let decimals: Vec<u8> = whole.bytes().chain(fraction.bytes()).collect();
        if decimals.is_empty() || !decimals.iter().all(u8::is_ascii_digit) {
            return Err(invalid());
        }
        let scale = (fraction.len() as i64 - i64::from(exponent)).max(0);
        let point = whole.len() as i64 + i64::from(exponent);
        let zeros = decimals.iter().take_while(|d| **d == b'0').count();
        let significant = &decimals[zeros..];
        let point = point - zeros as i64;
        if scale > MAX_SCALE || (!significant.is_empty() && point > MAX_INTEGER_DIGITS) {
            return Err(invalid());
        }
        let scale = scale as u16;
        Ok(Numeric(Form::Finite(
            finite(negative, significant, point, scale).normalized(),
        )))
    }
}

/// Groups decimal digits by four around the point, which stands before `decimals[point]`.
fn finite(negative: bool, decimals: &[u8], point: i64, scale: u16) -> Finite {
    if decimals.is_empty() {
        return Finite {
            scale,
            ..Finite::default()
        };
    }
    // How many zeros bring the first group to four decimals.
    let padding = (4 - point.rem_euclid(4)) % 4;
    let padded = std::iter::repeat_n(b'0', padding as usize).chain(decimals.iter().copied());
    let padded: Vec<u8> = padded.collect();
    let digits = padded.chunks(4).map(|group| {
        (0..4).fold(0, |sum, i| {
            sum * 10 + i16::from(group.get(i).unwrap_or(&b'0') - b'0')
        })
    });
    let weight = (point + padding) / 4 - 1;
    Finite {
        negative,
        weight: weight as i16,
        scale,
        digits: digits.collect(),
    }
}
