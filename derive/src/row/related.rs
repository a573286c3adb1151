//! Foreign keys as constants of both sides: `Email::DEAL` and `Deal::EMAILS`.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{DeriveInput, Ident, LitStr, Path};

use super::{Column, inside_option};
use crate::context::Context;

pub(super) fn derive(
    context: &Context,
    input: &DeriveInput,
    columns: &[Column],
) -> Vec<TokenStream> {
    let mut relations = Vec::new();
    for column in columns {
        match column.attrs.path("references") {
            Some(parent) => relations.push(relation(input, column, parent)),
            None => {
                for word in ["one", "many"] {
                    if let Some(word) = column.attrs.word(word) {
                        context.error(word, "say what the column refers to: `references = Deal`");
                    }
                }
            }
        }
    }
    relations
}

fn relation(input: &DeriveInput, column: &Column, parent: &Path) -> TokenStream {
    let (child, visibility, field) = (&input.ident, &input.vis, column.ident);
    let (key, value) = match inside_option(column.ty) {
        Some(inner) => (inner, quote!(::core::clone::Clone::clone(&child.#field))),
        None => (
            column.ty,
            quote!(::core::option::Option::Some(::core::clone::Clone::clone(&child.#field))),
        ),
    };
    let untyped = column.constant();
    let ty = quote!(::pilaster::Relation<#child, #parent, #key>);
    let made = quote! {
        ::pilaster::Relation::new(
            #untyped,
            <#parent as ::pilaster::Table>::KEY[0],
            |child| #value,
            |parent| ::pilaster::Table::key(parent),
        )
    };
    let constant = |of: TokenStream, name: Option<&LitStr>, docs: String| {
        let name = name?;
        let name = Ident::new(&name.value().to_uppercase(), name.span());
        Some(quote! {
            #[allow(dead_code)]
            impl #of {
                #[doc = #docs]
                #visibility const #name: #ty = #made;
            }
        })
    };
    let name = column.name().value();
    let one = constant(
        quote!(#child),
        column.attrs.text("one"),
        format!("What `{name}` refers to."),
    );
    let many = constant(
        quote!(#parent),
        column.attrs.text("many"),
        format!("The rows of [`{child}`] that refer here by `{name}`."),
    );
    quote!(#one #many)
}
