//! `#[derive(Row)]` with `query = "select …"`: a struct that the rows of a query become. Each field
//! is checked against its column, at the field.

use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{DeriveInput, LitStr};

use super::rust::{Rust, Typed};
use super::{Checked, at, moved, param};
use crate::attr::{Attrs, Form};
use crate::context::Context;
use crate::row::columns;

pub(crate) fn derive(
    context: &Context,
    input: &DeriveInput,
    attrs: &Attrs,
    sql: &LitStr,
) -> Option<TokenStream> {
    let columns = columns(context, input, "Row", &[("column", Form::Text)])?;
    let checked = Checked::new(context, sql)?;
    let rust = Rust::new(&checked.project, attrs.path("module"));
    let text = sql.value();
    let type_name = input.ident.to_string();
    let mut outputs: BTreeMap<&str, _> = BTreeMap::new();
    for (place, output) in checked.query.columns.iter().enumerate() {
        outputs.insert(&output.name, (place, output));
    }
    let mut reads = Vec::new();
    for column in &columns {
        let (field, ty, name) = (column.ident, column.ty, column.name().value());
        let Some((place, output)) = outputs.remove(name.as_str()) else {
            let all = checked
                .query
                .columns
                .iter()
                .map(|o| format!("`{}`", o.name));
            let all: Vec<String> = all.collect();
            let message = format!(
                "the query has no column `{name}`; it has {}",
                all.join(", ")
            );
            context.error(field, message);
            continue;
        };
        let name = &output.column;
        let read = match (&output.given, &output.value) {
            (None, Some(value)) => match rust.typed(value) {
                Ok(Typed::Column(of)) => {
                    let of = moved(of, field.span());
                    quote_spanned! {ty.span()=>
                    ::pilaster::__private::field::<_, _, _, #ty>(
                        row, #type_name, #name, #place, #of,
                    )?
                    }
                }
                Ok(Typed::Path(path)) => quote_spanned! {ty.span()=>
                    ::pilaster::__private::inside_of(row, #type_name, #name, #place, &#path)?
                },
                Err(message) => {
                    context.error(field, format_args!("{}: {message}", at(output, &text)));
                    continue;
                }
            },
            // The field says the type.
            _ => quote!(::pilaster::__private::column::<#ty>(row, #type_name, #name, #place)?),
        };
        reads.push(quote!(#field: #read));
    }
    for (_, output) in outputs.into_values() {
        let message = format!(
            "no field takes the column {}; add one, or leave it out of the query",
            at(output, &text)
        );
        context.error(sql, message);
    }

    let given = attrs.typed_names("params");
    if given.len() != checked.query.params.len() {
        let message = format!(
            "the query has {} parameter{}: name each with its type, `params(stage: DealStage)`",
            checked.query.params.len(),
            if checked.query.params.len() == 1 {
                ""
            } else {
                "s"
            },
        );
        context.error(sql, message);
        return None;
    }
    let (mut arguments, mut params) = (Vec::new(), Vec::new());
    for (number, ((name, ty), value)) in given.iter().zip(&checked.query.params).enumerate() {
        let trait_name = match value.nullable {
            true => quote!(SendsOrNull),
            false => quote!(Sends),
        };
        match param(&rust, number + 1, value, quote!(#name)) {
            Ok(param) => {
                arguments.push(quote!(#name: impl ::pilaster::#trait_name<'a, #ty>));
                // What the argument may be must be what the column takes, type for type.
                params.push(moved(param, ty.span()));
            }
            Err(message) => context.error(ty, message),
        }
    }
    let depends = checked.depends();
    let (ident, visibility) = (&input.ident, &input.vis);
    let (impl_generics, type_generics, condition) = input.generics.split_for_impl();
    let docs = format!("The rows of this query as `{type_name}`.\n\n```sql\n{text}\n```");
    Some(quote! {
        const _: () = { #depends };
        impl #impl_generics #ident #type_generics #condition {
            #[doc = #docs]
            #visibility fn query<'a>(#(#arguments),*) -> ::pilaster::Statement<'a, Self> {
                ::pilaster::Statement::new(
                    #sql,
                    ::std::vec![#(#params),*],
                    |row| ::core::result::Result::Ok(Self { #(#reads),* }),
                )
            }
        }
    })
}
