//! `macaddr` and `macaddr8`.

use std::fmt;
use std::str::FromStr;

use bytes::{BufMut, BytesMut};

use super::text::{InvalidText, scalar};
use super::{Failure, end, take};

/// A `macaddr`: six bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MacAddr(pub [u8; 6]);

/// A `macaddr8`: eight bytes, in EUI-64 form.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MacAddr8(pub [u8; 8]);

macro_rules! mac {
    ($type:ident, $bytes:literal, $wanted:literal) => {
        impl $type {
            fn read(mut raw: &[u8]) -> Result<Self, Failure> {
                let bytes = take(&mut raw)?;
                end(raw).map(|()| $type(bytes))
            }

            fn write(&self, out: &mut BytesMut) {
                out.put_slice(&self.0);
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let bytes: Vec<String> = self.0.iter().map(|b| format!("{b:02x}")).collect();
                f.write_str(&bytes.join(":"))
            }
        }

        impl FromStr for $type {
            type Err = InvalidText;

            /// Reads pairs of hexadecimal digits between colons or hyphens.
            fn from_str(text: &str) -> Result<Self, InvalidText> {
                let invalid = || InvalidText::new($wanted, text);
                let mut bytes = [0; $bytes];
                let mut pairs = text.split([':', '-']);
                for byte in &mut bytes {
                    let pair = pairs.next().filter(|p| p.len() == 2).ok_or_else(invalid)?;
                    *byte = u8::from_str_radix(pair, 16).map_err(|_| invalid())?;
                }
                if pairs.next().is_some() {
                    Err(invalid())
                } else {
                    Ok($type(bytes))
                }
            }
        }
    };
}

mac!(MacAddr, 6, "a macaddr");
mac!(MacAddr8, 8, "a macaddr8");
scalar!(MacAddr: MACADDR);
scalar!(MacAddr8: MACADDR8);
