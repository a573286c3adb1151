//! The typed columns, paths and unique keys of a row: `Deal::STAGE`, `Deal::requirements()`,
//! `Deal::BY_EMAIL`.

use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};
use syn::{DeriveInput, Ident};

use super::{Column, inside_option};
use crate::attr::Attrs;
use crate::context::Context;

/// What the traits of a row have already.
const TAKEN: &[&str] = &[
    "all",
    "delete",
    "filter",
    "find",
    "from_raw",
    "from_row",
    "into_state",
    "key",
    "key_params",
    "query",
    "select",
    "state",
];

pub(super) fn derive(
    context: &Context,
    input: &DeriveInput,
    columns: &[Column],
    attrs: &Attrs,
) -> TokenStream {
    let ident = &input.ident;
    let (impl_generics, type_generics, condition) = input.generics.split_for_impl();
    let constants = columns.iter().map(|column| constant(input, column));
    let json = columns.iter().filter(|c| c.attrs.has("json"));
    let paths = json.map(|column| path(input, column));
    let unique = attrs.lists("unique").iter();
    let unique = unique.filter_map(|names| unique_key(context, input, columns, names));
    let state = columns.iter().find(|c| c.attrs.has("state"));
    let state = state.map(|column| state_of(input, column));
    quote! {
        #[allow(dead_code)]
        impl #impl_generics #ident #type_generics #condition {
            #(#constants)*
            #(#paths)*
            #(#unique)*
        }
        #state
    }
}

fn constant(input: &DeriveInput, column: &Column) -> TokenStream {
    let (visibility, name, docs) = (&input.vis, column.upper(), column.docs());
    let untyped = column.constant();
    let (ty, null) = match inside_option(column.ty) {
        Some(inner) => (inner, quote!(::pilaster::Nullable)),
        None => (column.ty, quote!(::pilaster::NotNull)),
    };
    quote! {
        #docs
        #visibility const #name: ::pilaster::ColumnOf<Self, #ty, #null> =
            ::pilaster::ColumnOf::new(#untyped);
    }
}

fn path(input: &DeriveInput, column: &Column) -> TokenStream {
    let (visibility, docs, untyped) = (&input.vis, column.docs(), column.constant());
    let plain = column.ident.to_string();
    let name = match TAKEN.contains(&plain.as_str()) {
        true => format_ident!("{plain}_path"),
        false => column.ident.clone(),
    };
    let ty = inside_option(column.ty).unwrap_or(column.ty);
    quote! {
        #docs
        #visibility fn #name() -> <#ty as ::pilaster::Navigate>::Paths<Self> {
            ::pilaster::Navigate::at(::pilaster::Path::<Self, #ty>::new(#untyped))
        }
    }
}

fn unique_key(
    context: &Context,
    input: &DeriveInput,
    columns: &[Column],
    names: &[Ident],
) -> Option<TokenStream> {
    let mut key = Vec::new();
    for name in names {
        match columns.iter().find(|column| column.ident == name) {
            Some(column) => key.push(column),
            None => context.error(name, format_args!("the struct has no field `{name}`")),
        }
    }
    if key.len() != names.len() {
        return None;
    }
    let upper = key.iter().map(|column| column.upper().to_string());
    let upper: Vec<String> = std::iter::once("BY".to_owned()).chain(upper).collect();
    let name = Ident::new(&upper.join("_"), input.ident.span());
    let visibility = &input.vis;
    let constants = key.iter().map(|column| column.constant());
    let types: Vec<_> = key
        .iter()
        .map(|column| inside_option(column.ty).unwrap_or(column.ty))
        .collect();
    let (ty, params) = match types.as_slice() {
        [ty] => (
            quote!(#ty),
            quote!(key as ::pilaster::__private::BoxedParam<'_>),
        ),
        _ => {
            let places = (0..types.len()).map(syn::Index::from);
            (
                quote!((#(#types),*)),
                quote!(#(&key.#places as ::pilaster::__private::BoxedParam<'_>),*),
            )
        }
    };
    Some(quote! {
        /// A unique key.
        #visibility const #name: ::pilaster::Unique<Self, #ty> = ::pilaster::Unique::new(
            &[#(#constants),*],
            |key| ::std::vec![#params],
        );
    })
}

fn state_of(input: &DeriveInput, column: &Column) -> TokenStream {
    let (ident, field, untyped) = (&input.ident, column.ident, column.constant());
    let (impl_generics, type_generics, condition) = input.generics.split_for_impl();
    let ty = column.ty;
    quote_spanned! {field.span()=>
        #[automatically_derived]
        impl #impl_generics ::pilaster::Stateful for #ident #type_generics #condition {
            type States = #ty;
            const STATE: ::pilaster::Column = #untyped;

            fn state(&self) -> Self::States {
                self.#field
            }
        }
    }
}
