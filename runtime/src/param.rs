//! Parameters as the server infers them. This module never converts a value itself.

use std::error::Error;

use postgres_types::private::BytesMut;
use postgres_types::{Format, IsNull, Kind, ToSql, Type};

/// A parameter that may stand where a domain is expected.
///
/// The server infers a parameter of `INSERT … VALUES ($1)` to be of the column's domain, while its
/// bytes are those of the type underneath; results never show domains.
#[derive(Clone, Copy, Debug)]
pub struct Param<'a>(pub &'a (dyn ToSql + Sync));

impl ToSql for Param<'_> {
    fn to_sql(
        &self,
        ty: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        self.to_sql_checked(ty, out)
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    fn to_sql_checked(
        &self,
        ty: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        self.0.to_sql_checked(underneath(ty), out)
    }

    fn encode_format(&self, ty: &Type) -> Format {
        self.0.encode_format(underneath(ty))
    }
}

fn underneath(ty: &Type) -> &Type {
    match ty.kind() {
        Kind::Domain(base) => underneath(base),
        _ => ty,
    }
}
