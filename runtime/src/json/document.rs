//! A document of a type that is not ours, so that it cannot be a parameter by itself.

use std::ops::{Deref, DerefMut};

use bytes::BytesMut;
use postgres_types::{FromSql, IsNull, ToSql, Type};

use super::{Failure, JsonType, from_jsonb, is_jsonb, to_jsonb};

/// A `jsonb` or `json` value: an array, a map or a scalar of a shape's types.
///
/// ```
/// use pilaster::Json;
/// let sizes = Json(vec![4, 6]);
/// assert_eq!(sizes.len(), 2);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Json<T>(pub T);

impl<T> Deref for Json<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T> DerefMut for Json<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.0
    }
}

impl<T> From<T> for Json<T> {
    fn from(value: T) -> Self {
        Json(value)
    }
}

impl<'a, T: JsonType> FromSql<'a> for Json<T> {
    fn from_sql(ty: &Type, raw: &'a [u8]) -> Result<Self, Failure> {
        from_jsonb(ty, raw).map(Json)
    }

    fn accepts(ty: &Type) -> bool {
        is_jsonb(ty)
    }
}

impl<T: JsonType + std::fmt::Debug> ToSql for Json<T> {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Failure> {
        to_jsonb(&self.0, ty, out)
    }

    fn accepts(ty: &Type) -> bool {
        is_jsonb(ty)
    }

    postgres_types::to_sql_checked!();
}
