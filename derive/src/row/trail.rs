//! The trail of an audited row: `deal.trail()`.

use proc_macro2::TokenStream;
use quote::quote;
use syn::DeriveInput;

use super::Column;
use crate::attr::Attrs;
use crate::context::Context;

pub(super) fn derive(
    context: &Context,
    input: &DeriveInput,
    columns: &[Column],
    attrs: &Attrs,
) -> Option<TokenStream> {
    let audited = attrs.audited("audited")?;
    let mut key = Vec::new();
    for name in &audited.key {
        match columns.iter().find(|column| column.ident == name) {
            Some(column) => key.push(column),
            None => context.error(name, format_args!("the struct has no field `{name}`")),
        }
    }
    let (line, condition, visibility) = (&audited.line, &audited.condition, &input.vis);
    let constants = key.iter().map(|column| column.constant());
    let fields = key.iter().map(|column| column.ident);
    let ident = &input.ident;
    let (impl_generics, type_generics, where_clause) = input.generics.split_for_impl();
    Some(quote! {
        #[allow(dead_code)]
        impl #impl_generics #ident #type_generics #where_clause {
            /// What was written down of this row, in order: each insert, update and deletion.
            #visibility fn trail(&self) -> ::pilaster::Query<#line> {
                ::pilaster::__private::lines(
                    #condition,
                    ::std::vec![#((
                        #constants,
                        ::std::sync::Arc::new(::core::clone::Clone::clone(&self.#fields))
                            as ::pilaster::__private::Kept,
                    )),*],
                )
            }
        }
    })
}
