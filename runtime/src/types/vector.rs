//! `vector`, of the extension pgvector: the numbers that a model makes of a text or a picture, and
//! the distances between them.

use std::fmt;
use std::str::FromStr;

use bytes::{BufMut, BytesMut};
use postgres_types::{FromSql, IsNull, ToSql, Type};
use serde::{Deserialize, Serialize};

use super::{Failure, InvalidText, end, take};

/// A `vector`: as many numbers as its column says.
///
/// ```
/// use pilaster::Vector;
///
/// let meaning = Vector::from(vec![0.5, 0.25]);
/// assert_eq!(meaning.to_string(), "[0.5,0.25]");
/// assert_eq!("[0.5, 0.25]".parse(), Ok(meaning));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Vector(pub Vec<f32>);

/// How far two vectors are from each other. Each has an operator class of its own: an index of
/// another one does not help.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Distance {
    /// In a straight line (`<->`, `vector_l2_ops`).
    Euclidean,
    /// By the inner product, the greatest first (`<#>`, `vector_ip_ops`).
    InnerProduct,
    /// By the angle between them (`<=>`, `vector_cosine_ops`).
    Cosine,
}

impl Distance {
    /// The operator that measures it.
    pub const fn operator(self) -> &'static str {
        match self {
            Distance::Euclidean => "<->",
            Distance::InnerProduct => "<#>",
            Distance::Cosine => "<=>",
        }
    }
}

impl From<Vec<f32>> for Vector {
    fn from(numbers: Vec<f32>) -> Self {
        Vector(numbers)
    }
}

impl fmt::Display for Vector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[")?;
        for (at, number) in self.0.iter().enumerate() {
            let comma = if at > 0 { "," } else { "" };
            write!(f, "{comma}{number}")?;
        }
        f.write_str("]")
    }
}

impl FromStr for Vector {
    type Err = InvalidText;

    fn from_str(text: &str) -> Result<Self, InvalidText> {
        let inside = |text: &str| {
            let inside = text.trim().strip_prefix('[')?.strip_suffix(']')?;
            let numbers = inside.split(',').map(|number| number.trim().parse().ok());
            numbers.collect::<Option<Vec<f32>>>()
        };
        inside(text)
            .map(Vector)
            .ok_or_else(|| InvalidText::new("a vector", text))
    }
}

/// The extension's type has another number in each database, so it is known by its name.
fn is_vector(ty: &Type) -> bool {
    ty.name() == "vector"
}

impl<'a> FromSql<'a> for Vector {
    fn from_sql(_: &Type, mut raw: &'a [u8]) -> Result<Self, Failure> {
        let length = u16::from_be_bytes(take(&mut raw)?);
        let _unused: [u8; 2] = take(&mut raw)?;
        let numbers = (0..length).map(|_| Ok(f32::from_be_bytes(take(&mut raw)?)));
        let numbers = numbers.collect::<Result<_, Failure>>()?;
        end(raw).map(|()| Vector(numbers))
    }

    fn accepts(ty: &Type) -> bool {
        is_vector(ty)
    }
}

impl ToSql for Vector {
    fn to_sql(&self, _: &Type, out: &mut BytesMut) -> Result<IsNull, Failure> {
        // The extension's own limit is 16,000.
        let length =
            u16::try_from(self.0.len()).map_err(|_| "a vector of more than 65,535 numbers")?;
        out.put_u16(length);
        out.put_u16(0);
        for number in &self.0 {
            out.put_f32(*number);
        }
        Ok(IsNull::No)
    }

    fn accepts(ty: &Type) -> bool {
        is_vector(ty)
    }

    postgres_types::to_sql_checked!();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let mut bytes = BytesMut::new();
        let vector = Vector(vec![1.0, -0.5, f32::MIN_POSITIVE]);
        vector.to_sql(&Type::UNKNOWN, &mut bytes).expect("it fits");
        assert_eq!(bytes[..4], [0, 3, 0, 0]);
        let read = Vector::from_sql(&Type::UNKNOWN, &bytes).expect("it is whole");
        assert_eq!(read, vector);
        assert!(Vector::from_sql(&Type::UNKNOWN, &bytes[..9]).is_err());
        assert!("1,2".parse::<Vector>().is_err());
    }
}
