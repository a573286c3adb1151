//! `#[derive(Refusal)]`: an error with a variant for each constraint.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Data, DeriveInput, Fields, Ident};

use crate::attr::{Attrs, Form};
use crate::context::Context;
use crate::row::relation;

/// A variant that stands for a constraint.
struct Rule<'a> {
    variant: &'a Ident,
    /// Schema, table and name of the constraint.
    constraint: (String, String, String),
}

pub(crate) fn derive(context: &Context, input: &DeriveInput) -> Option<TokenStream> {
    let attrs = Attrs::parse(context, &input.attrs, &[("table", Form::Text)]);
    let Data::Enum(data) = &input.data else {
        context.error(&input.ident, "`Refusal` needs an enum");
        return None;
    };
    let Some(table) = attrs.text("table") else {
        let message = "name the table: `#[pilaster(table = \"public.deals\")]`";
        context.error(&input.ident, message);
        return None;
    };
    let allowed = [("constraint", Form::Text), ("table", Form::Text)];
    let (mut rules, mut rest) = (Vec::new(), None);
    for variant in &data.variants {
        if !matches!(&variant.fields, Fields::Unnamed(fields) if fields.unnamed.len() == 1) {
            context.error(variant, "a variant holds the error itself: `Other(Error)`");
        }
        let attrs = Attrs::parse(context, &variant.attrs, &allowed);
        let Some(name) = attrs.text("constraint") else {
            if rest.replace(&variant.ident).is_some() {
                let message = "one variant holds what no constraint refused";
                context.error(&variant.ident, message);
            }
            continue;
        };
        let (schema, of) = relation(&attrs.text("table").unwrap_or(table).value());
        rules.push(Rule {
            variant: &variant.ident,
            constraint: (schema, of, name.value()),
        });
    }
    let Some(rest) = rest else {
        let message = "add a variant for what no constraint refused: `Other(pilaster::Error)`";
        context.error(&input.ident, message);
        return None;
    };
    Some(expand(&input.ident, &rules, rest))
}

fn expand(ident: &Ident, rules: &[Rule], rest: &Ident) -> TokenStream {
    let variants: Vec<_> = rules.iter().map(|rule| rule.variant).collect();
    let schemas = rules.iter().map(|rule| &rule.constraint.0);
    let tables = rules.iter().map(|rule| &rule.constraint.1);
    let names: Vec<_> = rules.iter().map(|rule| &rule.constraint.2).collect();
    quote! {
        #[automatically_derived]
        impl #ident {
            /// The error as the server gave it.
            pub fn as_error(&self) -> &::pilaster::Error {
                match self {
                    #(Self::#variants(error) => error,)*
                    Self::#rest(error) => error,
                }
            }
        }

        #[automatically_derived]
        impl ::core::convert::From<::pilaster::Error> for #ident {
            fn from(error: ::pilaster::Error) -> Self {
                const RULES: &[::pilaster::__private::Rule<#ident>] =
                    &[#((#schemas, #tables, #names, #ident::#variants)),*];
                ::pilaster::__private::told_apart(error, RULES).unwrap_or_else(Self::#rest)
            }
        }

        #[automatically_derived]
        impl ::core::convert::From<::pilaster::postgres::Error> for #ident {
            fn from(error: ::pilaster::postgres::Error) -> Self {
                ::core::convert::From::from(::pilaster::Error::from(error))
            }
        }

        #[automatically_derived]
        impl ::core::convert::From<#ident> for ::pilaster::Error {
            fn from(error: #ident) -> Self {
                match error {
                    #(#ident::#variants(error) => error,)*
                    #ident::#rest(error) => error,
                }
            }
        }

        #[automatically_derived]
        impl ::core::fmt::Display for #ident {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                match self {
                    #(Self::#variants(_) => f.write_str(::core::concat!("refused by `", #names, "`")),)*
                    Self::#rest(error) => ::core::fmt::Display::fmt(error, f),
                }
            }
        }

        #[automatically_derived]
        impl ::core::error::Error for #ident {
            fn source(&self) -> ::core::option::Option<&(dyn ::core::error::Error + 'static)> {
                ::core::option::Option::Some(self.as_error())
            }
        }

        #[automatically_derived]
        impl ::pilaster::Refused for #ident {}

        #[automatically_derived]
        impl ::pilaster::Retry for #ident {
            fn is_retryable(&self) -> bool {
                self.as_error().is_retryable()
            }
        }
    }
}
