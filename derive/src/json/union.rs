//! Enums whose variants hold a type: tagged unions, and unions tried in order.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{DataEnum, DeriveInput, Fields, Type};

use super::expand_type;
use crate::attr::{Attrs, Form};
use crate::context::Context;
use crate::pg_enum::labels;

pub(super) fn derive(
    context: &Context,
    input: &DeriveInput,
    data: &DataEnum,
) -> Option<TokenStream> {
    let attrs = Attrs::parse(context, &input.attrs, &[("tag", Form::Text)]);
    let labels = labels(context, data);
    let mut types: Vec<&Type> = Vec::new();
    for variant in &data.variants {
        match &variant.fields {
            Fields::Unnamed(fields) if fields.unnamed.len() == 1 => {
                types.push(&fields.unnamed[0].ty)
            }
            _ => context.error(
                variant,
                "a variant of a union holds one type: `Text(String)`",
            ),
        }
    }
    if types.len() != labels.len() {
        return None;
    }

    let ident = &input.ident;
    let variants: Vec<_> = labels.iter().map(|l| l.ident).collect();
    let Some(tag) = attrs.text("tag") else {
        let name = ident.to_string();
        let read = quote! {
            let raw = ::pilaster::__private::raw(deserializer)?;
            #(if let ::core::option::Option::Some(value) =
                ::pilaster::__private::alternative::<#types>(&raw)
            {
                return ::core::result::Result::Ok(Self::#variants(value));
            })*
            ::core::result::Result::Err(::pilaster::__private::no_alternative(#name))
        };
        let write = quote! {
            match self {
                #(Self::#variants(value) => ::pilaster::JsonType::write(value, serializer)),*
            }
        };
        return Some(expand_type(ident, read, write));
    };
    let labels: Vec<_> = labels.iter().map(|l| &l.label).collect();
    let read = quote! {
        let raw = ::pilaster::__private::raw(deserializer)?;
        let tag: ::std::string::String = ::pilaster::__private::tag_of(&raw, #tag)?;
        match tag.as_str() {
            #(#labels => ::pilaster::__private::variant(&raw, #tag).map(Self::#variants),)*
            other => ::core::result::Result::Err(
                <D::Error as ::pilaster::serde::de::Error>::unknown_variant(other, &[#(#labels),*]),
            ),
        }
    };
    let write = quote! {
        match self {
            #(Self::#variants(value) => ::pilaster::__private::write_tagged(
                value,
                ::core::option::Option::Some((#tag, #labels)),
                serializer,
            )),*
        }
    };
    Some(expand_type(ident, read, write))
}
