//! `#[derive(PgEnum)]`, and the labels that `Json` shares with it.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Data, DataEnum, DeriveInput, Fields, Ident, LitStr, Variant};

use crate::attr::{Attrs, Form};
use crate::context::Context;
use crate::states;

/// A variant with its label.
pub(crate) struct Label<'a> {
    pub(crate) ident: &'a Ident,
    pub(crate) label: LitStr,
    pub(crate) attrs: Attrs,
}

/// The labels of an enum's variants, each once.
pub(crate) fn labels<'a>(context: &Context, data: &'a DataEnum) -> Vec<Label<'a>> {
    let mut seen = std::collections::BTreeSet::new();
    let label = |variant: &'a Variant| {
        let allowed = [("label", Form::Text), ("to", Form::List)];
        let attrs = Attrs::parse(context, &variant.attrs, &allowed);
        let ident = &variant.ident;
        let label = attrs.text("label").cloned();
        let label =
            label.unwrap_or_else(|| LitStr::new(&snake_case(&ident.to_string()), ident.span()));
        if !seen.insert(label.value()) {
            context.error(
                ident,
                format_args!("the label `{}` has a variant already", label.value()),
            );
        }
        Label {
            ident,
            label,
            attrs,
        }
    };
    data.variants.iter().map(label).collect()
}

/// `InProgress` as `in_progress`.
fn snake_case(name: &str) -> String {
    let mut text = String::new();
    for (index, c) in name.chars().enumerate() {
        if c.is_uppercase() && index > 0 {
            text.push('_');
        }
        text.extend(c.to_lowercase());
    }
    text
}

pub(crate) fn derive(context: &Context, input: &DeriveInput) -> Option<TokenStream> {
    let Data::Enum(data) = &input.data else {
        context.error(&input.ident, "`PgEnum` needs an enum");
        return None;
    };
    let attrs = Attrs::parse(context, &input.attrs, &[("states", Form::Text)]);
    for variant in data
        .variants
        .iter()
        .filter(|v| !matches!(v.fields, Fields::Unit))
    {
        context.error(variant, "a label holds no fields");
    }
    let labels = labels(context, data);
    let common = expand_labels(&input.ident, &labels);
    let json = expand_json(&input.ident);
    let ident = &input.ident;
    let states = states::expand(context, &input.vis, ident, &labels, attrs.text("states"));
    Some(quote! {
        #common
        #json
        #states

        #[automatically_derived]
        impl<'a> ::pilaster::__private::FromSql<'a> for #ident {
            fn from_sql(
                _: &::pilaster::__private::Type,
                raw: &'a [u8],
            ) -> ::core::result::Result<
                Self,
                ::pilaster::__private::Failure,
            > {
                let label = ::core::str::from_utf8(raw)?;
                ::core::result::Result::Ok(<Self as ::pilaster::PgEnum>::from_label(label)?)
            }

            fn accepts(ty: &::pilaster::__private::Type) -> bool {
                ::pilaster::__private::holds_labels(ty)
            }
        }

        #[automatically_derived]
        impl ::pilaster::__private::ToSql for #ident {
            fn to_sql(
                &self,
                _: &::pilaster::__private::Type,
                out: &mut ::pilaster::__private::BytesMut,
            ) -> ::core::result::Result<
                ::pilaster::__private::IsNull,
                ::pilaster::__private::Failure,
            > {
                out.extend_from_slice(::pilaster::PgEnum::as_str(*self).as_bytes());
                ::core::result::Result::Ok(::pilaster::__private::IsNull::No)
            }

            fn accepts(ty: &::pilaster::__private::Type) -> bool {
                ::pilaster::__private::holds_labels(ty)
            }

            ::pilaster::postgres_types::to_sql_checked!();
        }
    })
}

/// `PgEnum`, `Display` and `FromStr`.
pub(crate) fn expand_labels(ident: &Ident, labels: &[Label]) -> TokenStream {
    let name = ident.to_string();
    let variants: Vec<_> = labels.iter().map(|l| l.ident).collect();
    let labels: Vec<_> = labels.iter().map(|l| &l.label).collect();
    quote! {
        #[automatically_derived]
        impl ::pilaster::PgEnum for #ident {
            const ALL: &'static [Self] = &[#(Self::#variants),*];

            fn as_str(self) -> &'static str {
                match self {
                    #(Self::#variants => #labels),*
                }
            }

            fn from_label(
                label: &str,
            ) -> ::core::result::Result<Self, ::pilaster::UnknownLabel> {
                match label {
                    #(#labels => ::core::result::Result::Ok(Self::#variants),)*
                    _ => ::core::result::Result::Err(::pilaster::UnknownLabel {
                        enumeration: #name,
                        label: ::std::borrow::ToOwned::to_owned(label),
                    }),
                }
            }
        }

        #[automatically_derived]
        impl ::core::fmt::Display for #ident {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.pad(::pilaster::PgEnum::as_str(*self))
            }
        }

        #[automatically_derived]
        impl ::core::str::FromStr for #ident {
            type Err = ::pilaster::UnknownLabel;

            fn from_str(label: &str) -> ::core::result::Result<Self, Self::Err> {
                <Self as ::pilaster::PgEnum>::from_label(label)
            }
        }
    }
}

/// `JsonType` and serde for labels.
pub(crate) fn expand_json(ident: &Ident) -> TokenStream {
    let serde = crate::json::expand_serde(ident);
    let places = crate::json::places::leaf(ident);
    quote! {
        #places

        #[automatically_derived]
        impl ::pilaster::JsonType for #ident {
            fn read<'de, D: ::pilaster::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::core::result::Result<Self, D::Error> {
                ::pilaster::__private::read_label(deserializer)
            }

            fn write<S: ::pilaster::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                serializer.serialize_str(::pilaster::PgEnum::as_str(*self))
            }
        }
        #serde
    }
}
