//! What the expansion of `#[derive(Json)]` calls. It never sees a field's meaning, only its key.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::value::StringDeserializer;
use serde::de::{DeserializeSeed, Error, IgnoredAny, IntoDeserializer, MapAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

use super::{JsonType, Typed, from_str};
use crate::{Numeric, PgEnum};

/// An object: what [`JsonType`] writes between the braces.
pub trait JsonObject: JsonType {
    /// Writes every entry.
    fn write_entries<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error>;
}

impl<T: JsonObject> JsonObject for Box<T> {
    fn write_entries<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        (**self).write_entries(map)
    }
}

/// A key of an object.
pub enum Key {
    /// The number of the field.
    Known(usize),
    /// Any other key.
    Other(String),
}

/// Reads a key without keeping it where it is a field's.
struct Keys(&'static [&'static str]);

impl<'de> DeserializeSeed<'de> for Keys {
    type Value = Key;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Key, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Keys {
    type Value = Key;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E: Error>(self, key: &str) -> Result<Key, E> {
        Ok(match self.0.iter().position(|name| *name == key) {
            Some(field) => Key::Known(field),
            None => Key::Other(key.to_owned()),
        })
    }
}

/// The next key of an object whose fields have these names.
pub fn next_key<'de, A: MapAccess<'de>>(
    map: &mut A,
    names: &'static [&'static str],
) -> Result<Option<Key>, A::Error> {
    map.next_key_seed(Keys(names))
}

/// The value of the key just read; a key that comes twice is refused.
pub fn next_value<'de, A: MapAccess<'de>, T: JsonType>(
    map: &mut A,
    name: &'static str,
    slot: &mut Option<T>,
) -> Result<(), A::Error> {
    if slot.is_some() {
        return Err(A::Error::duplicate_field(name));
    }
    let value: Typed<T> = map
        .next_value()
        .map_err(|e| A::Error::custom(At(name, e)))?;
    *slot = Some(value.0);
    Ok(())
}

/// An error with the key it was found at.
struct At<E>(&'static str, E);

impl<E: fmt::Display> fmt::Display for At<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`: {}", self.0, self.1)
    }
}

/// Keeps the value of a key that no field has.
pub fn next_rest<'de, A: MapAccess<'de>, T: JsonType>(
    map: &mut A,
    key: String,
    rest: &mut BTreeMap<String, T>,
) -> Result<(), A::Error> {
    let value: Typed<T> = map.next_value()?;
    rest.insert(key, value.0);
    Ok(())
}

/// Refuses a key that no field has.
pub fn unknown<E: Error>(key: &str, names: &'static [&'static str]) -> E {
    E::unknown_field(key, names)
}

/// A field that must be there.
pub fn required<T, E: Error>(slot: Option<T>, name: &'static str) -> Result<T, E> {
    slot.ok_or_else(|| E::missing_field(name))
}

/// A field that is read with a default, given as JSON, where it is missing.
pub fn or_default<T: JsonType, E: Error>(slot: Option<Option<T>>, default: &str) -> Result<T, E> {
    match slot.flatten() {
        Some(value) => Ok(value),
        None => from_str(default).map_err(E::custom),
    }
}

/// Writes one entry.
pub fn write_entry<M: SerializeMap, T: JsonType>(
    map: &mut M,
    key: &str,
    value: &T,
) -> Result<(), M::Error> {
    map.serialize_entry(key, &Typed(value))
}

/// Reads an object with a visitor that takes nothing else.
pub fn read_object<'de, D: Deserializer<'de>, V: Visitor<'de>>(
    deserializer: D,
    visitor: V,
) -> Result<V::Value, D::Error> {
    deserializer.deserialize_map(visitor)
}

/// Writes an object.
pub fn write_object<S: Serializer, T: JsonObject>(
    value: &T,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    write_tagged(value, None, serializer)
}

/// Writes an object behind its tag.
pub fn write_tagged<S: Serializer, T: JsonObject>(
    value: &T,
    tag: Option<(&str, &str)>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(None)?;
    if let Some((name, label)) = tag {
        map.serialize_entry(name, label)?;
    }
    value.write_entries(&mut map)?;
    map.end()
}

/// A value that is read more than once, as its text; numbers keep every digit.
pub fn raw<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Box<RawValue>, D::Error> {
    Box::<RawValue>::deserialize(deserializer)
}

/// The tag of an object.
pub fn tag_of<E: Error>(raw: &RawValue, name: &'static str) -> Result<String, E> {
    struct Tag(&'static str);

    impl<'de> Visitor<'de> for Tag {
        type Value = Option<String>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            write!(f, "an object with the key `{}`", self.0)
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            let mut tag = None;
            while let Some(key) = map.next_key::<String>()? {
                if key == self.0 {
                    tag = Some(map.next_value()?);
                } else {
                    map.next_value::<IgnoredAny>()?;
                }
            }
            Ok(tag)
        }
    }

    let tag = raw.deserialize_map(Tag(name)).map_err(E::custom)?;
    tag.ok_or_else(|| E::missing_field(name))
}

/// The variant behind a tag: the object without that key.
pub fn variant<T: JsonType, E: Error>(raw: &RawValue, tag: &'static str) -> Result<T, E> {
    T::read(WithoutTag(raw, tag)).map_err(E::custom)
}

/// One alternative of a union: `None` where the value is not of it.
pub fn alternative<T: JsonType>(raw: &RawValue) -> Option<T> {
    from_str(raw.get()).ok()
}

/// No alternative of a union fits.
pub fn no_alternative<E: Error>(name: &str) -> E {
    E::custom(format_args!(
        "the value is none of the alternatives of {name}"
    ))
}

/// Whether the value is that literal; numbers are compared by value, as `jsonb` does.
pub fn is_literal(raw: &RawValue, literal: &str) -> bool {
    let number = |text: &str| text.parse::<Numeric>().ok();
    match (number(raw.get()), number(literal)) {
        (Some(value), Some(wanted)) => value == wanted,
        (None, None) => {
            let parse = |text| serde_json::from_str::<serde_json::Value>(text).ok();
            parse(raw.get()) == parse(literal)
        }
        _ => false,
    }
}

/// The value is not the literal.
pub fn not_literal<E: Error>(literal: &str) -> E {
    E::custom(format_args!("expected {literal}"))
}

/// Writes a literal as it stands.
pub fn write_literal<S: Serializer>(literal: &str, serializer: S) -> Result<S::Ok, S::Error> {
    let raw = RawValue::from_string(literal.to_owned()).map_err(serde::ser::Error::custom)?;
    raw.serialize(serializer)
}

/// Reads a label.
pub fn read_label<'de, D: Deserializer<'de>, T: PgEnum>(deserializer: D) -> Result<T, D::Error> {
    T::from_label(&String::deserialize(deserializer)?).map_err(D::Error::custom)
}

/// What a bound counts: a number's value, a text's characters, an array's items.
pub trait Measured {
    /// `None` where there is nothing to count.
    fn measure(&self) -> Option<i64>;
}

macro_rules! measured {
    ($($ty:ty: $value:ident => $measure:expr),* $(,)?) => {$(
        impl Measured for $ty {
            fn measure(&self) -> Option<i64> {
                let $value = self;
                i64::try_from($measure).ok()
            }
        }
    )*};
}

measured!(i16: v => *v, i32: v => *v, i64: v => *v, String: v => v.chars().count());

impl<T> Measured for Vec<T> {
    fn measure(&self) -> Option<i64> {
        i64::try_from(self.len()).ok()
    }
}

impl<T: Measured> Measured for Option<T> {
    fn measure(&self) -> Option<i64> {
        self.as_ref().and_then(T::measure)
    }
}

/// Refuses a value beyond its bounds.
pub fn within<T: Measured, E: Error>(value: T, name: &str, min: i64, max: i64) -> Result<T, E> {
    match value.measure() {
        Some(measure) if measure < min => Err(E::custom(format_args!(
            "`{name}`: {measure} is less than {min}"
        ))),
        Some(measure) if measure > max => Err(E::custom(format_args!(
            "`{name}`: {measure} is more than {max}"
        ))),
        _ => Ok(value),
    }
}

/// Reads an object as if it had not that key.
struct WithoutTag<'a>(&'a RawValue, &'static str);

impl<'de> Deserializer<'de> for WithoutTag<'de> {
    type Error = serde_json::Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        self.0.deserialize_map(Filter(visitor, self.1))
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option
        unit unit_struct newtype_struct seq tuple tuple_struct map struct enum identifier
        ignored_any
    }
}

/// A visitor, or the entries given to it, without that key.
struct Filter<T>(T, &'static str);

impl<'de, V: Visitor<'de>> Visitor<'de> for Filter<V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.expecting(f)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<V::Value, A::Error> {
        self.0.visit_map(Filter(map, self.1))
    }
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Filter<A> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, A::Error> {
        while let Some(key) = self.0.next_key::<String>()? {
            if key == self.1 {
                self.0.next_value::<IgnoredAny>()?;
                continue;
            }
            let key: StringDeserializer<A::Error> = key.into_deserializer();
            return seed.deserialize(key).map(Some);
        }
        Ok(None)
    }

    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, A::Error> {
        self.0.next_value_seed(seed)
    }
}
