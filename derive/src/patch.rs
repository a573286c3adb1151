//! `#[derive(Patch)]`.

use proc_macro2::TokenStream;
use quote::quote;
use syn::DeriveInput;

use crate::attr::{Attrs, Form};
use crate::context::Context;
use crate::row::{columns, inside_option};

pub(crate) fn derive(context: &Context, input: &DeriveInput) -> Option<TokenStream> {
    let attrs = Attrs::parse(context, &input.attrs, &[("row", Form::Path)]);
    let allowed = [("column", Form::Text), ("through_text", Form::Text)];
    let columns = columns(context, input, "Patch", &allowed)?;
    let Some(row) = attrs.path("row") else {
        context.error(
            &input.ident,
            "name the row it changes: `#[pilaster(row = Deal)]`",
        );
        return None;
    };
    for column in columns.iter().filter(|c| inside_option(c.ty).is_none()) {
        let message = "a field of a patch is an `Option`: `None` leaves the column as it is";
        context.error(column.ty, message);
    }

    let ident = &input.ident;
    let (impl_generics, type_generics, condition) = input.generics.split_for_impl();
    let fields = columns.iter().map(|c| c.ident);
    let constants = columns.iter().map(|c| c.constant());
    Some(quote! {
        #[automatically_derived]
        impl #impl_generics ::pilaster::Patch for #ident #type_generics #condition {
            type Row = #row;

            fn changes(&self) -> ::std::vec::Vec<(
                ::pilaster::Column,
                ::pilaster::__private::BoxedParam<'_>,
            )> {
                let mut changes: ::std::vec::Vec<(
                    ::pilaster::Column,
                    ::pilaster::__private::BoxedParam<'_>,
                )> = ::std::vec::Vec::new();
                #(if let ::core::option::Option::Some(value) = &self.#fields {
                    changes.push((#constants, value));
                })*
                changes
            }
        }
    })
}
