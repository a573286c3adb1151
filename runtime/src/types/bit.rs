//! `bit` and `bit varying`.

use std::fmt;
use std::str::FromStr;

use bytes::{BufMut, BytesMut};

use super::text::{InvalidText, scalar};
use super::{Failure, end, take};

/// A string of bits, of the `bit` and `bit varying` types.
///
/// ```
/// let flags: pilaster::Bit = "10110".parse()?;
/// assert_eq!((flags.len(), flags.get(0), flags.get(1)), (5, Some(true), Some(false)));
/// # Ok::<(), pilaster::InvalidText>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Bit(Vec<bool>);

impl Bit {
    /// The number of bits.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The bit at that place, counted from the left and from zero.
    pub fn get(&self, index: usize) -> Option<bool> {
        self.0.get(index).copied()
    }

    /// The bits from left to right.
    pub fn iter(&self) -> impl Iterator<Item = bool> {
        self.0.iter().copied()
    }

    fn read(mut raw: &[u8]) -> Result<Self, Failure> {
        let length = usize::try_from(i32::from_be_bytes(take(&mut raw)?))?;
        let (bytes, rest) = raw
            .split_at_checked(length.div_ceil(8))
            .ok_or("too few bits")?;
        end(rest)?;
        Ok((0..length)
            .map(|i| bytes[i / 8] & (0x80 >> (i % 8)) != 0)
            .collect())
    }

    fn write(&self, out: &mut BytesMut) {
        // PostgreSQL's own limit is 83,886,080 bits.
        out.put_i32(self.0.len() as i32);
        for bits in self.0.chunks(8) {
            let byte = bits
                .iter()
                .enumerate()
                .fold(0, |byte, (i, bit)| byte | (u8::from(*bit) << (7 - i)));
            out.put_u8(byte);
        }
    }
}

impl FromIterator<bool> for Bit {
    fn from_iter<I: IntoIterator<Item = bool>>(bits: I) -> Self {
        Bit(bits.into_iter().collect())
    }
}

impl fmt::Display for Bit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text: String = self.iter().map(|bit| if bit { '1' } else { '0' }).collect();
        f.pad(&text)
    }
}

impl FromStr for Bit {
    type Err = InvalidText;

    fn from_str(text: &str) -> Result<Self, InvalidText> {
        text.chars()
            .map(|c| match c {
                '0' => Some(false),
                '1' => Some(true),
                _ => None,
            })
            .collect::<Option<_>>()
            .ok_or_else(|| InvalidText::new("a string of bits", text))
    }
}

scalar!(Bit: BIT | VARBIT);
