//! `#[derive(Id)]`: a key that is no other table's.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Data, DeriveInput, Fields};

use crate::context::Context;

pub(crate) fn derive(context: &Context, input: &DeriveInput) -> Option<TokenStream> {
    let field = match &input.data {
        Data::Struct(data) => match &data.fields {
            Fields::Unnamed(fields) if fields.unnamed.len() == 1 => fields.unnamed.first(),
            _ => None,
        },
        _ => None,
    };
    let Some(field) = field else {
        let message = "`Id` needs a struct around one value: `struct DealId(pub i64);`";
        context.error(&input.ident, message);
        return None;
    };
    let (ident, ty) = (&input.ident, &field.ty);
    Some(quote! {
        #[automatically_derived]
        impl<'a> ::pilaster::__private::FromSql<'a> for #ident {
            fn from_sql(
                ty: &::pilaster::__private::Type,
                raw: &'a [u8],
            ) -> ::core::result::Result<Self, ::pilaster::__private::Failure> {
                <#ty as ::pilaster::__private::FromSql>::from_sql(ty, raw).map(Self)
            }

            fn accepts(ty: &::pilaster::__private::Type) -> bool {
                <#ty as ::pilaster::__private::FromSql>::accepts(ty)
            }
        }

        #[automatically_derived]
        impl ::pilaster::__private::ToSql for #ident {
            fn to_sql(
                &self,
                ty: &::pilaster::__private::Type,
                out: &mut ::pilaster::__private::BytesMut,
            ) -> ::core::result::Result<
                ::pilaster::__private::IsNull,
                ::pilaster::__private::Failure,
            > {
                ::pilaster::__private::ToSql::to_sql(&self.0, ty, out)
            }

            fn accepts(ty: &::pilaster::__private::Type) -> bool {
                <#ty as ::pilaster::__private::ToSql>::accepts(ty)
            }

            ::pilaster::postgres_types::to_sql_checked!();
        }

        #[automatically_derived]
        impl ::core::fmt::Display for #ident {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                ::core::fmt::Display::fmt(&self.0, f)
            }
        }

        #[automatically_derived]
        impl ::core::str::FromStr for #ident {
            type Err = <#ty as ::core::str::FromStr>::Err;

            fn from_str(text: &str) -> ::core::result::Result<Self, Self::Err> {
                ::core::str::FromStr::from_str(text).map(Self)
            }
        }

        #[automatically_derived]
        impl<'de> ::pilaster::serde::Deserialize<'de> for #ident {
            fn deserialize<D: ::pilaster::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::core::result::Result<Self, D::Error> {
                ::pilaster::serde::Deserialize::deserialize(deserializer).map(Self)
            }
        }

        #[automatically_derived]
        impl ::pilaster::serde::Serialize for #ident {
            fn serialize<S: ::pilaster::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                ::pilaster::serde::Serialize::serialize(&self.0, serializer)
            }
        }
    })
}
