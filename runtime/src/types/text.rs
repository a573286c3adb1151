//! Reading and writing values as text: strings in serde, and the error of parsing.

/// A text that is not a value of the type.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not {wanted}")]
pub struct InvalidText {
    /// What is expected, with its article: `a numeric`.
    pub wanted: &'static str,
    /// What was there.
    pub text: String,
}

impl InvalidText {
    pub(crate) fn new(wanted: &'static str, text: &str) -> Self {
        InvalidText {
            wanted,
            text: text.to_owned(),
        }
    }
}

/// Gives a type serde through its text form, and `postgres_types` through inherent `read` and
/// `write`, for the named server types.
macro_rules! scalar {
    ($type:ident: $($pg:ident)|+) => {
        impl<'a> postgres_types::FromSql<'a> for $type {
            fn from_sql(
                _: &postgres_types::Type,
                raw: &'a [u8],
            ) -> Result<Self, $crate::types::Failure> {
                Self::read(raw)
            }

            fn accepts(ty: &postgres_types::Type) -> bool {
                matches!(*ty, $(postgres_types::Type::$pg)|+)
            }
        }

        impl postgres_types::ToSql for $type {
            fn to_sql(
                &self,
                _: &postgres_types::Type,
                out: &mut bytes::BytesMut,
            ) -> Result<postgres_types::IsNull, $crate::types::Failure> {
                self.write(out);
                Ok(postgres_types::IsNull::No)
            }

            fn accepts(ty: &postgres_types::Type) -> bool {
                matches!(*ty, $(postgres_types::Type::$pg)|+)
            }

            postgres_types::to_sql_checked!();
        }

        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

pub(crate) use scalar;
