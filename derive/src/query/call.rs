//! `query!("select …", a, b)`.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{Expr, LitStr, Path, Token};

use super::rust::{Rust, Typed};
use super::{Checked, at, here, moved, param};
use crate::context::Context;

/// What is written between the parentheses.
pub(crate) struct Call {
    module: Option<Path>,
    /// The struct that a row becomes.
    into: Option<Path>,
    sql: LitStr,
    params: Punctuated<Expr, Token![,]>,
}

impl Parse for Call {
    fn parse(input: ParseStream) -> syn::Result<Self> {
        let module = match input.peek(Token![in]) {
            true => {
                input.parse::<Token![in]>()?;
                let module = input.parse()?;
                input.parse::<Token![,]>()?;
                Some(module)
            }
            false => None,
        };
        let into = match input.peek(LitStr) {
            true => None,
            false => {
                let into = input.parse()?;
                input.parse::<Token![,]>()?;
                Some(into)
            }
        };
        let sql = input.parse()?;
        if !input.is_empty() {
            input.parse::<Token![,]>()?;
        }
        Ok(Call {
            module,
            into,
            sql,
            params: Punctuated::parse_terminated(input)?,
        })
    }
}

pub(crate) fn expand(context: &Context, call: &Call) -> Option<TokenStream> {
    let checked = Checked::new(context, &call.sql)?;
    let rust = Rust::new(&checked.project, call.module.as_ref());
    let (query, sql) = (&checked.query, call.sql.value());
    if query.params.len() != call.params.len() {
        let message = format!(
            "the statement has {} parameter{}, {} given",
            query.params.len(),
            if query.params.len() == 1 { "" } else { "s" },
            match call.params.len() {
                1 => "1 is".to_owned(),
                n => format!("{n} are"),
            },
        );
        match call.params.iter().nth(query.params.len()) {
            Some(extra) => context.error(extra, message),
            None => context.error(&call.sql, message),
        }
        return None;
    }
    let mut params = Vec::new();
    for (at, (value, given)) in query.params.iter().zip(&call.params).enumerate() {
        let name = format_ident!("p{at}");
        match param(&rust, at + 1, value, quote!(#name)) {
            Ok(param) => params.push(moved(param, given.span())),
            Err(message) => context.error(given, message),
        }
    }
    let names = names(context, call, &checked)?;
    let mut reads = Vec::new();
    for (place, (output, field)) in query.columns.iter().zip(&names).enumerate() {
        let name = &output.column;
        let read = match (&output.given, &output.value) {
            (Some(ty), _) => match syn::parse_str::<syn::Type>(ty) {
                Ok(ty) => {
                    quote!(::pilaster::__private::column::<#ty>(row, "a query", #name, #place)?)
                }
                Err(_) => {
                    context.error(&call.sql, format_args!("`{ty}` is not a Rust type"));
                    continue;
                }
            },
            (None, Some(value)) => match rust.typed(value) {
                Ok(Typed::Column(of)) => {
                    quote!(::pilaster::__private::value(row, #name, #place, #of)?)
                }
                Ok(Typed::Path(path)) => {
                    quote!(::pilaster::__private::inside_of(row, "a query", #name, #place, &#path)?)
                }
                Err(message) => {
                    let column = at(output, &sql);
                    context.error(&call.sql, format_args!("{column}: {message}"));
                    continue;
                }
            },
            (None, None) => continue,
        };
        reads.push(quote!(#field: #read));
    }
    let depends = checked.depends();
    let literal = &call.sql;
    let statement = if query.columns.is_empty() {
        quote!({
            #depends
            ::pilaster::Statement::<()>::new(
                #literal,
                ::std::vec![#(#params),*],
                |_| ::core::result::Result::Ok(()),
            )
        })
    } else {
        let (record, into) = match &call.into {
            Some(path) => (quote!(), quote!(#path)),
            None => record(&names),
        };
        quote!({
            #depends
            #record
            ::pilaster::Statement::new(
                #literal,
                ::std::vec![#(#params),*],
                |row| ::core::result::Result::Ok(#into { #(#reads),* }),
            )
        })
    };
    if call.params.is_empty() {
        return Some(statement);
    }
    // What is borrowed for a parameter lives as long as the statement around the macro.
    let given = call.params.iter();
    let names = (0..call.params.len()).map(|at| format_ident!("p{at}"));
    Some(quote!(match (#(#given,)*) { (#(#names,)*) => #statement }))
}

/// A struct for rows that have none of their own: each field of the type that is read into it.
fn record(names: &[Ident]) -> (TokenStream, TokenStream) {
    let types: Vec<Ident> = (0..names.len()).map(|n| format_ident!("T{n}")).collect();
    let record = quote! {
        #[derive(Clone, Debug, PartialEq)]
        #[allow(dead_code)]
        struct Record<#(#types),*> {
            #(#names: #types),*
        }
    };
    (record, quote!(Record))
}

/// The fields, by the names of the columns.
fn names(context: &Context, call: &Call, checked: &Checked) -> Option<Vec<Ident>> {
    let mut names = Vec::new();
    for output in &checked.query.columns {
        let name = &output.name;
        if syn::parse_str::<Ident>(name).is_ok() {
            names.push(Ident::new(name, here()));
        } else if syn::parse_str::<Ident>(&format!("r#{name}")).is_ok() {
            names.push(Ident::new_raw(name, here()));
        } else {
            let column = at(output, &call.sql.value());
            let message = format!("{column} can't be a field's name: give one, `… as name`");
            context.error(&call.sql, message);
        }
    }
    (names.len() == checked.query.columns.len()).then_some(names)
}
