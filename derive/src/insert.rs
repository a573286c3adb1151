//! `#[derive(Insert)]`.

use proc_macro2::TokenStream;
use quote::quote;
use syn::DeriveInput;

use crate::attr::{Attrs, Form};
use crate::context::Context;
use crate::row::{Column, columns, inside_option};

pub(crate) fn derive(context: &Context, input: &DeriveInput) -> Option<TokenStream> {
    let attrs = Attrs::parse(context, &input.attrs, &[("row", Form::Path)]);
    let allowed = [
        ("column", Form::Text),
        ("default", Form::Flag),
        ("through_text", Form::Text),
    ];
    let columns = columns(context, input, "Insert", &allowed)?;
    let Some(row) = attrs.path("row") else {
        context.error(
            &input.ident,
            "name the row it becomes: `#[pilaster(row = Deal)]`",
        );
        return None;
    };
    for column in columns.iter().filter(|c| c.attrs.has("default")) {
        if inside_option(column.ty).is_none() {
            let message = "a column left to its default is an `Option`";
            context.error(column.ty, message);
        }
    }

    let ident = &input.ident;
    let (impl_generics, type_generics, condition) = input.generics.split_for_impl();
    let (most, values) = (columns.len(), columns.iter().map(value));
    let (new, params) = (new(input, &columns), params(&columns));
    Some(quote! {
        #[automatically_derived]
        impl #impl_generics ::pilaster::Insert for #ident #type_generics #condition {
            type Row = #row;

            fn values(&self) -> ::std::vec::Vec<(
                ::pilaster::Column,
                ::pilaster::__private::BoxedParam<'_>,
            )> {
                let mut values: ::std::vec::Vec<(
                    ::pilaster::Column,
                    ::pilaster::__private::BoxedParam<'_>,
                )> = ::std::vec::Vec::with_capacity(#most);
                #(#values)*
                values
            }

            #params
        }
        #new
    })
}

fn value(column: &Column) -> TokenStream {
    let (field, constant) = (column.ident, column.constant());
    if column.attrs.has("default") {
        return quote! {
            if let ::core::option::Option::Some(value) = &self.#field {
                values.push((#constant, value));
            }
        };
    }
    quote!(values.push((#constant, &self.#field));)
}

/// The values alone, with a bit for each default that is given; as many as there are bits for.
fn params(columns: &[Column]) -> Option<TokenStream> {
    let mut bits = 0..64_u32;
    let mut pushed = Vec::new();
    for column in columns {
        let field = column.ident;
        pushed.push(if column.attrs.has("default") {
            let bit = bits.next()?;
            quote! {
                if let ::core::option::Option::Some(value) = &self.#field {
                    out.push(value);
                    given |= 1 << #bit;
                }
            }
        } else {
            quote!(out.push(&self.#field);)
        });
    }
    let mutable = (bits.start > 0).then(|| quote!(mut));
    Some(quote! {
        fn params<'pilaster>(
            &'pilaster self,
            out: &mut ::std::vec::Vec<::pilaster::__private::BoxedParam<'pilaster>>,
        ) -> ::core::option::Option<u64> {
            let #mutable given = 0_u64;
            #(#pushed)*
            ::core::option::Option::Some(given)
        }
    })
}

/// A constructor that takes what neither the database nor null can stand in for.
fn new(input: &DeriveInput, columns: &[Column]) -> TokenStream {
    let ident = &input.ident;
    let visibility = &input.vis;
    let (impl_generics, type_generics, condition) = input.generics.split_for_impl();
    let (optional, required): (Vec<_>, Vec<_>) = columns
        .iter()
        .partition(|c| c.attrs.has("default") || inside_option(c.ty).is_some());
    let (optional, names) = (
        optional.iter().map(|c| c.ident),
        required.iter().map(|c| c.ident),
    );
    let parameters = required
        .iter()
        .map(|c| (c.ident, c.ty))
        .map(|(name, ty)| quote!(#name: #ty));
    quote! {
        #[automatically_derived]
        impl #impl_generics #ident #type_generics #condition {
            /// A new row of the columns that must be given; all others are left to the database.
            #[allow(clippy::too_many_arguments, clippy::new_without_default)]
            #visibility fn new(#(#parameters),*) -> Self {
                Self { #(#names,)* #(#optional: ::core::option::Option::None),* }
            }
        }
    }
}
