//! JSONB documents as Rust types, accepted exactly where the model's shape accepts them.
//!
//! This module owns what a JSON text may be for each type of a shape; the check in the database
//! follows the same rules, which stand at `ShapeType` in the crate `model`. It never buffers a
//! document through `serde_json::Value`, which would round numbers.

mod document;
pub(crate) mod expand;
mod primitive;
mod time;
pub(crate) mod upcast;

pub use document::Json;
use postgres_types::private::BytesMut;
use postgres_types::{IsNull, Type};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A type that stands for a JSON value in a document with a shape. Derived by `Json` and `PgEnum`.
///
/// serde's own implementations accept more than a shape does: a struct from an array, a unit
/// variant from an object, a UUID in braces, a date without its zeros. This trait is exact, and
/// `#[derive(Json)]` gives `Serialize` and `Deserialize` by way of it.
pub trait JsonType: Sized {
    /// Reads the value.
    ///
    /// # Errors
    ///
    /// Where the JSON is not a value of this type.
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error>;

    /// Writes the value.
    ///
    /// # Errors
    ///
    /// Where JSON has no form for the value (NaN, a year beyond 9999), or the serializer fails.
    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error>;
}

/// Carries a [`JsonType`] through interfaces that ask for serde's traits.
pub(crate) struct Typed<T>(pub(crate) T);

impl<'de, T: JsonType> Deserialize<'de> for Typed<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::read(deserializer).map(Typed)
    }
}

impl<T: JsonType> Serialize for Typed<&T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.write(serializer)
    }
}

/// The value of a JSON text.
///
/// # Errors
///
/// Where the text is no JSON, or not a value of this type.
///
/// ```
/// let sizes: Vec<i32> = pilaster::json::from_str("[4, 6]")?;
/// assert!(pilaster::json::from_str::<Vec<i32>>("[4.0]").is_err());
/// # Ok::<(), pilaster::serde_json::Error>(())
/// ```
pub fn from_str<T: JsonType>(text: &str) -> serde_json::Result<T> {
    serde_json::from_str::<Typed<T>>(text).map(|typed| typed.0)
}

/// The JSON text of a value.
///
/// # Errors
///
/// Where JSON has no form for the value.
pub fn to_string<T: JsonType>(value: &T) -> serde_json::Result<String> {
    serde_json::to_string(&Typed(value))
}

/// An error as the conversions of `postgres_types` want it.
#[doc(hidden)]
pub type Failure = Box<dyn std::error::Error + Sync + Send>;

/// The version of the binary form of `jsonb`: a byte before the text.
const VERSION: u8 = 1;

/// Whether that type holds a document.
#[doc(hidden)]
pub fn is_jsonb(ty: &Type) -> bool {
    matches!(*ty, Type::JSONB | Type::JSON)
}

/// Reads a `jsonb` or `json` value.
#[doc(hidden)]
pub fn from_jsonb<T: JsonType>(ty: &Type, raw: &[u8]) -> Result<T, Failure> {
    let text = match (ty, raw) {
        (&Type::JSONB, [VERSION, text @ ..]) => text,
        (&Type::JSONB, _) => return Err("the jsonb is of an unknown version".into()),
        _ => raw,
    };
    Ok(serde_json::from_slice::<Typed<T>>(text)?.0)
}

/// Writes a `jsonb` or `json` value.
#[doc(hidden)]
pub fn to_jsonb<T: JsonType>(value: &T, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Failure> {
    use bytes::BufMut;
    if *ty == Type::JSONB {
        out.put_u8(VERSION);
    }
    serde_json::to_writer(out.writer(), &Typed(value))?;
    Ok(IsNull::No)
}
