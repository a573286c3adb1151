//! Foreign keys as constants of both sides: `Email::DEAL` and `Deal::EMAILS`.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{DeriveInput, Ident, LitStr, Path};

use super::{Column, inside_option};
use crate::attr::{Attrs, ForeignKey};
use crate::context::Context;

pub(super) fn derive(
    context: &Context,
    input: &DeriveInput,
    columns: &[Column],
    attrs: &Attrs,
) -> Vec<TokenStream> {
    let keys = attrs.foreign_keys("foreign_key").iter();
    let keys = keys.filter_map(|key| composite(context, input, columns, key));
    let mut relations: Vec<TokenStream> = keys.collect();
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
    let (child, field) = (&input.ident, column.ident);
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
            &[#untyped],
            <#parent as ::pilaster::Table>::KEY,
            |child| #value,
            |parent| ::pilaster::Table::key(parent),
        )
    };
    let name = column.name().value();
    let (one, many) = (column.attrs.text("one"), column.attrs.text("many"));
    both(input, parent, (&ty, &made), (one, many), &name)
}

/// The constants of both sides.
fn both(
    input: &DeriveInput,
    parent: &Path,
    (ty, made): (&TokenStream, &TokenStream),
    (one, many): (Option<&LitStr>, Option<&LitStr>),
    columns: &str,
) -> TokenStream {
    let (child, visibility) = (&input.ident, &input.vis);
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
    let one = constant(quote!(#child), one, format!("What `{columns}` refers to."));
    let many = constant(
        quote!(#parent),
        many,
        format!("The rows of [`{child}`] that refer here by `{columns}`."),
    );
    quote!(#one #many)
}

/// A foreign key of several columns.
fn composite(
    context: &Context,
    input: &DeriveInput,
    columns: &[Column],
    key: &ForeignKey,
) -> Option<TokenStream> {
    let mut own = Vec::new();
    for name in &key.columns {
        match columns.iter().find(|column| column.ident == name) {
            Some(column) => own.push(column),
            None => context.error(name, format_args!("the struct has no field `{name}`")),
        }
    }
    if own.len() != key.columns.len() {
        return None;
    }
    if own.len() != key.target.len() || own.len() < 2 {
        let message = "name as many fields on both sides, and more than one: \
                       `foreign_key(a, b, references = Deal(x, y))`";
        context.error(&key.parent, message);
        return None;
    }
    let parent = &key.parent;
    let types = own
        .iter()
        .map(|c| inside_option(c.ty).unwrap_or(c.ty))
        .collect::<Vec<_>>();
    let child = &input.ident;
    let ty = quote!(::pilaster::Relation<#child, #parent, (#(#types),*)>);
    let constants = own.iter().map(|column| column.constant());
    let target = &key.target;
    let upper = target.iter().map(|field| {
        let name = field.to_string();
        Ident::new(&name.trim_start_matches("r#").to_uppercase(), field.span())
    });
    let values = own.iter().map(|column| {
        let field = column.ident;
        match inside_option(column.ty) {
            Some(_) => quote!(::core::clone::Clone::clone(&child.#field)?),
            None => quote!(::core::clone::Clone::clone(&child.#field)),
        }
    });
    let places = (0..own.len()).map(syn::Index::from);
    let made = quote! {
        ::pilaster::Relation::by(
            &[#(#constants),*],
            &[#(<#parent>::#upper.column()),*],
            |child| ::core::option::Option::Some((#(#values),*)),
            |parent| (#(::core::clone::Clone::clone(&parent.#target)),*),
            |keys| ::std::vec![#({
                let values: ::std::vec::Vec<#types> =
                    keys.iter().map(|key| ::core::clone::Clone::clone(&key.#places)).collect();
                ::std::sync::Arc::new(values) as ::pilaster::__private::Kept
            }),*],
        )
    };
    let names: Vec<String> = own.iter().map(|column| column.name().value()).collect();
    let sides = (key.one.as_ref(), key.many.as_ref());
    Some(both(input, parent, (&ty, &made), sides, &names.join(", ")))
}
