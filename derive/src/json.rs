//! `#[derive(Json)]`: which kind of shape a type is, and what every kind gets.

mod object;
pub(crate) mod places;
mod union;

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Data, DeriveInput, Fields, Ident};

use crate::attr::{Attrs, Form};
use crate::context::Context;
use crate::pg_enum;

/// `min` and `max`, wherever a bound may stand.
const BOUNDS: [(&str, Form); 2] = [("min", Form::Integer), ("max", Form::Integer)];

pub(crate) fn derive(context: &Context, input: &DeriveInput) -> Option<TokenStream> {
    if !input.generics.params.is_empty() {
        context.error(&input.generics, "a shape's type has no parameters");
        return None;
    }
    let body = match &input.data {
        Data::Struct(data) => match &data.fields {
            Fields::Named(fields) => object::derive(context, input, fields)?,
            Fields::Unnamed(fields) if fields.unnamed.len() == 1 => {
                let attrs = Attrs::parse(context, &input.attrs, &BOUNDS);
                let body = transparent(input, &attrs);
                let places = places::around(&input.ident, &fields.unnamed[0].ty);
                quote!(#body #places)
            }
            Fields::Unit => {
                let (body, places) = (literal(context, input)?, places::leaf(&input.ident));
                quote!(#body #places)
            }
            Fields::Unnamed(fields) => {
                context.error(fields, "a shape that stands for another has one field");
                return None;
            }
        },
        Data::Enum(data)
            if data
                .variants
                .iter()
                .all(|v| matches!(v.fields, Fields::Unit)) =>
        {
            Attrs::parse(context, &input.attrs, &[]);
            let labels = pg_enum::labels(context, data);
            let labels = pg_enum::expand_labels(&input.ident, &labels);
            let json = pg_enum::expand_json(&input.ident);
            let sql = expand_sql(&input.ident);
            return Some(quote!(#labels #json #sql));
        }
        Data::Enum(data) => {
            let body = union::derive(context, input, data)?;
            let places = places::leaf(&input.ident);
            quote!(#body #places)
        }
        Data::Union(_) => {
            context.error(&input.ident, "`Json` needs a struct or an enum");
            return None;
        }
    };
    let (serde, sql) = (expand_serde(&input.ident), expand_sql(&input.ident));
    Some(quote!(#body #serde #sql))
}

/// `struct X(T);`.
fn transparent(input: &DeriveInput, attrs: &Attrs) -> TokenStream {
    let ident = &input.ident;
    let read = quote!(::pilaster::JsonType::read(deserializer)?);
    let read = bounded(read, &ident.to_string(), attrs);
    expand_type(
        ident,
        quote!(::core::result::Result::Ok(Self(#read))),
        quote!(::pilaster::JsonType::write(&self.0, serializer)),
    )
}

/// `struct X;` with a literal.
fn literal(context: &Context, input: &DeriveInput) -> Option<TokenStream> {
    let attrs = Attrs::parse(context, &input.attrs, &[("literal", Form::Text)]);
    let Some(literal) = attrs.text("literal") else {
        let message = "a struct without fields is a literal: `#[pilaster(literal = \"1\")]`";
        context.error(&input.ident, message);
        return None;
    };
    let read = quote! {
        let raw = ::pilaster::__private::raw(deserializer)?;
        if ::pilaster::__private::is_literal(&raw, #literal) {
            ::core::result::Result::Ok(Self)
        } else {
            ::core::result::Result::Err(::pilaster::__private::not_literal(#literal))
        }
    };
    let write = quote!(::pilaster::__private::write_literal(#literal, serializer));
    Some(expand_type(&input.ident, read, write))
}

/// A value that was read, refused beyond its bounds.
fn bounded(read: TokenStream, name: &str, attrs: &Attrs) -> TokenStream {
    let (min, max) = (attrs.integer("min"), attrs.integer("max"));
    if min.is_none() && max.is_none() {
        return read;
    }
    let (min, max) = (min.unwrap_or(i64::MIN), max.unwrap_or(i64::MAX));
    quote!(::pilaster::__private::within(#read, #name, #min, #max)?)
}

/// `JsonType` from the bodies of its two functions.
fn expand_type(ident: &Ident, read: TokenStream, write: TokenStream) -> TokenStream {
    quote! {
        #[automatically_derived]
        impl ::pilaster::JsonType for #ident {
            fn read<'de, D: ::pilaster::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::core::result::Result<Self, D::Error> {
                #read
            }

            fn write<S: ::pilaster::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                #write
            }
        }
    }
}

/// serde by way of `JsonType`.
pub(crate) fn expand_serde(ident: &Ident) -> TokenStream {
    quote! {
        #[automatically_derived]
        impl<'de> ::pilaster::serde::Deserialize<'de> for #ident {
            fn deserialize<D: ::pilaster::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::core::result::Result<Self, D::Error> {
                ::pilaster::JsonType::read(deserializer)
            }
        }

        #[automatically_derived]
        impl ::pilaster::serde::Serialize for #ident {
            fn serialize<S: ::pilaster::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                ::pilaster::JsonType::write(self, serializer)
            }
        }
    }
}

/// `ToSql` and `FromSql` for `jsonb` and `json`.
fn expand_sql(ident: &Ident) -> TokenStream {
    quote! {
        #[automatically_derived]
        impl<'a> ::pilaster::__private::FromSql<'a> for #ident {
            fn from_sql(
                ty: &::pilaster::__private::Type,
                raw: &'a [u8],
            ) -> ::core::result::Result<
                Self,
                ::pilaster::__private::Failure,
            > {
                ::pilaster::__private::from_jsonb(ty, raw)
            }

            fn accepts(ty: &::pilaster::__private::Type) -> bool {
                ::pilaster::__private::is_jsonb(ty)
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
                ::pilaster::__private::to_jsonb(self, ty, out)
            }

            fn accepts(ty: &::pilaster::__private::Type) -> bool {
                ::pilaster::__private::is_jsonb(ty)
            }

            ::pilaster::postgres_types::to_sql_checked!();
        }
    }
}
