//! PostgreSQL's values that neither the standard library, chrono nor uuid has a type for.
//!
//! Each travels in the server's binary form and prints as the server prints it. None of them
//! rounds: what a type cannot hold is an error.

mod bit;
mod interval;
mod mac;
mod multirange;
mod net;
mod numeric;
mod point;
mod range;
mod text;
mod time;
mod vector;

pub use bit::Bit;
pub use interval::Interval;
pub use mac::{MacAddr, MacAddr8};
pub use multirange::Multirange;
pub use net::{Cidr, Inet};
pub use numeric::Numeric;
pub use point::Point;
pub use range::Range;
pub use text::InvalidText;
pub use time::{Time, TimeTz};
pub use vector::{Distance, Vector};

/// An error as the conversions of `postgres_types` want it.
type Failure = Box<dyn std::error::Error + Sync + Send>;

/// Takes the next `N` bytes of a binary value, which the server cut to the right length.
fn take<const N: usize>(raw: &mut &[u8]) -> Result<[u8; N], Failure> {
    let (head, tail) = raw
        .split_first_chunk::<N>()
        .ok_or("the binary value is too short")?;
    *raw = tail;
    Ok(*head)
}

/// Refuses bytes that are left over.
fn end(raw: &[u8]) -> Result<(), Failure> {
    if raw.is_empty() {
        Ok(())
    } else {
        Err("the binary value is too long".into())
    }
}
