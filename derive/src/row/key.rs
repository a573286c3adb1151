//! The primary key: `Table`, and the constant to upsert by.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{DeriveInput, Ident};

use super::Column;

pub(super) fn derive(input: &DeriveInput, columns: &[Column]) -> Option<TokenStream> {
    let key: Vec<&Column> = columns
        .iter()
        .filter(|c| c.attrs.has("primary_key"))
        .collect();
    let ident = &input.ident;
    let (impl_generics, type_generics, condition) = input.generics.split_for_impl();
    let fields: Vec<_> = key.iter().map(|c| c.ident).collect();
    let types = key.iter().map(|c| c.ty);
    let constants = key.iter().map(|c| c.constant());
    let visibility = &input.vis;
    let by = fields.iter().map(|field| {
        let name = field.to_string();
        name.strip_prefix("r#").unwrap_or(&name).to_uppercase()
    });
    let by = std::iter::once("BY".to_owned())
        .chain(by)
        .collect::<Vec<_>>();
    let by = Ident::new(&by.join("_"), input.ident.span());
    let (ty, value, params) = match fields.as_slice() {
        [] => return None,
        [field] => {
            let value = quote!(::core::clone::Clone::clone(&self.#field));
            (
                quote!(#(#types)*),
                value,
                quote!(key as ::pilaster::__private::BoxedParam<'_>),
            )
        }
        _ => {
            let places = (0..fields.len()).map(syn::Index::from);
            let value = quote!((#(::core::clone::Clone::clone(&self.#fields)),*));
            let params = quote!(#(&key.#places as ::pilaster::__private::BoxedParam<'_>),*);
            (quote!((#(#types),*)), value, params)
        }
    };
    Some(quote! {
        #[automatically_derived]
        impl #impl_generics ::pilaster::Table for #ident #type_generics #condition {
            type Key = #ty;
            const KEY: &'static [::pilaster::Column] = &[#(#constants),*];

            fn key(&self) -> Self::Key {
                #value
            }

            fn key_params(
                key: &Self::Key,
            ) -> ::std::vec::Vec<::pilaster::__private::BoxedParam<'_>> {
                ::std::vec![#params]
            }
        }

        #[allow(dead_code)]
        impl #impl_generics #ident #type_generics #condition {
            /// The primary key.
            #visibility const #by: ::pilaster::Unique<Self, #ty> =
                ::pilaster::Unique::new(<Self as ::pilaster::Table>::KEY, |key| {
                    <Self as ::pilaster::Table>::key_params(key)
                });
        }
    })
}
