//! A struct of one's own that is a part of a generated row. Each field is checked against the
//! generated row's column by the compiler, at the field; no database is asked.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{DeriveInput, Ident, LitStr, Path};

use super::{Column, columns};
use crate::attr::Form;
use crate::context::Context;

pub(super) fn derive(context: &Context, input: &DeriveInput, of: &Path) -> Option<TokenStream> {
    let allowed = [
        ("column", Form::Text),
        ("path", Form::Text),
        ("primary_key", Form::Flag),
    ];
    let columns = columns(context, input, "Row", &allowed)?;
    let type_name = input.ident.to_string();
    let (mut constants, mut reads) = (Vec::new(), Vec::new());
    for (place, column) in columns.iter().enumerate() {
        let (field, ty) = (column.ident, column.ty);
        let read = match column.attrs.text("path") {
            Some(path) => {
                let keys: Vec<String> = path.value().split('.').map(str::to_owned).collect();
                let Some((first, rest)) = keys.split_first().filter(|(_, rest)| !rest.is_empty())
                else {
                    let message = "a path is a column and keys: `path = \"requirements.parking\"`";
                    context.error(path, message);
                    continue;
                };
                let name = column.name();
                constants.push(quote!(::pilaster::Column::inside(#name, #first, &[#(#rest),*])));
                let place_of = steps(of, path, &keys);
                quote_spanned! {ty.span()=>
                    ::pilaster::__private::place_of(row, #type_name, #name, #place, &#place_of)?
                }
            }
            None => {
                let constant = constant(column);
                let other = at(of, constant.span());
                constants.push(quote!(#other::#constant.column()));
                quote_spanned! {ty.span()=>
                    ::pilaster::__private::column_of::<_, _, _, #ty>(
                        row, #type_name, #place, #other::#constant,
                    )?
                }
            }
        };
        reads.push(quote!(#field: #read));
    }

    let key = key(input, of, &columns);
    let ident = &input.ident;
    let (impl_generics, type_generics, condition) = input.generics.split_for_impl();
    Some(quote! {
        #[automatically_derived]
        impl #impl_generics ::pilaster::Row for #ident #type_generics #condition {
            type Of = #of;
            type Error = <#of as ::pilaster::Row>::Error;
            const RELATION: (&'static str, &'static str) = <#of as ::pilaster::Row>::RELATION;
            const COLUMNS: &'static [::pilaster::Column] = &[#(#constants),*];
            const DELETED: ::core::option::Option<::pilaster::Column> =
                <#of as ::pilaster::Row>::DELETED;

            fn from_raw(row: ::pilaster::RawRow<'_>) -> ::pilaster::Result<Self> {
                ::core::result::Result::Ok(Self { #(#reads),* })
            }
        }
        #key
    })
}

/// The key of the row, where the part has all of it.
fn key(input: &DeriveInput, of: &Path, columns: &[Column]) -> Option<TokenStream> {
    let fields = columns.iter().filter(|c| c.attrs.has("primary_key"));
    let fields: Vec<&Ident> = fields.map(|column| column.ident).collect();
    let value = match fields.as_slice() {
        [] => return None,
        [field] => quote!(::core::clone::Clone::clone(&self.#field)),
        _ => quote!((#(::core::clone::Clone::clone(&self.#fields)),*)),
    };
    let ident = &input.ident;
    let (impl_generics, type_generics, condition) = input.generics.split_for_impl();
    Some(quote! {
        #[automatically_derived]
        impl #impl_generics ::pilaster::Table for #ident #type_generics #condition {
            type Key = <#of as ::pilaster::Table>::Key;
            const KEY: &'static [::pilaster::Column] = <#of as ::pilaster::Table>::KEY;

            fn key(&self) -> Self::Key {
                #value
            }

            fn key_params(
                key: &Self::Key,
            ) -> ::std::vec::Vec<::pilaster::__private::BoxedParam<'_>> {
                <#of as ::pilaster::Table>::key_params(key)
            }
        }
    })
}

/// The constant of the generated row: named as the field, or as `column` says, which is the name of
/// the other's field.
fn constant(column: &Column) -> Ident {
    match column.attrs.text("column") {
        Some(name) => Ident::new(&name.value().to_uppercase(), name.span()),
        None => column.upper(),
    }
}

/// The other row's name as if it stood at a field, so that the compiler points there.
fn at(of: &Path, span: Span) -> TokenStream {
    let tokens = of.to_token_stream().into_iter();
    let moved = tokens.map(|mut token| {
        token.set_span(span);
        token
    });
    moved.collect()
}

/// `Deal::requirements().parking()`.
fn steps(of: &Path, path: &LitStr, keys: &[String]) -> TokenStream {
    let mut names = keys.iter().map(|key| method(key, path.span()));
    let first = names.next();
    let of = at(of, path.span());
    quote_spanned!(path.span()=> #of::#first() #(.#names())*)
}

/// The function of a key, as the emitter names it: `dogFriendly` is `dog_friendly`.
pub(crate) fn method(key: &str, span: Span) -> Ident {
    let mut name = String::new();
    for c in key.chars() {
        if c.is_uppercase() && !name.is_empty() && !name.ends_with('_') {
            name.push('_');
        }
        name.extend(
            c.to_lowercase()
                .map(|c| if c.is_alphanumeric() { c } else { '_' }),
        );
    }
    if matches!(name.as_str(), "self" | "super" | "crate") {
        name.push('_');
    }
    match syn::parse_str::<Ident>(&name) {
        Ok(_) => Ident::new(&name, span),
        Err(_) => Ident::new_raw(&name, span),
    }
}
