//! `query!` and `#[derive(Row)]` on a query: SQL that is resolved against the model while Rust is
//! compiled. No database is asked.

mod call;
mod project;
mod row;
mod rust;

use std::sync::Arc;

use model::query::{Output, Query, Value};
use proc_macro2::{Group, Span, TokenStream, TokenTree};
use quote::quote;
use syn::LitStr;

use crate::context::Context;
use project::Project;
use rust::{Rust, Typed};

pub(crate) use call::{Call, expand};
pub(crate) use row::derive;

/// A statement that was checked.
struct Checked {
    project: Arc<Project>,
    query: Query,
}

impl Checked {
    /// Checks a statement against the model of the project that its text stands in.
    fn new(context: &Context, sql: &LitStr) -> Option<Checked> {
        let source = sql.span().unwrap().local_file();
        let project = match Project::of(source) {
            Ok(project) => project,
            Err(message) => {
                context.error(sql, message);
                return None;
            }
        };
        let text = sql.value();
        let model = &project.model;
        match model::query::check(&model.schema, &model.default_schema, &text) {
            Ok(query) => Some(Checked { project, query }),
            Err(faults) => {
                for fault in faults {
                    context.error(sql, fault.render(&text));
                }
                None
            }
        }
    }

    /// Says that what is expanded depends on the model's files.
    fn depends(&self) -> TokenStream {
        let files = self.project.files.iter().map(|file| {
            let file = file.canonicalize().unwrap_or(file.clone());
            let file = file.to_string_lossy().into_owned();
            quote!(
                const _: &[u8] = ::core::include_bytes!(#file);
            )
        });
        quote!(#(#files)*)
    }
}

/// How a parameter is sent: one of that type, or null.
fn param(
    rust: &Rust,
    number: usize,
    value: &Value,
    given: TokenStream,
) -> Result<TokenStream, String> {
    let plain = Value {
        nullable: false,
        ..value.clone()
    };
    let of = match rust.typed(&plain)? {
        Typed::Column(of) => of,
        Typed::Path(_) => return Err(format!("`${number}` is a part of a document: cast it")),
    };
    Ok(match value.nullable {
        true => quote!(::pilaster::__private::param_or_null(#of, #given)),
        false => quote!(::pilaster::__private::param(#of, #given)),
    })
}

/// The same tokens as if they stood at a place, so that the compiler points there.
fn moved(tokens: TokenStream, span: Span) -> TokenStream {
    let moved = tokens.into_iter().map(|mut token| {
        if let TokenTree::Group(group) = &token {
            let inside = moved(group.stream(), span);
            token = TokenTree::Group(Group::new(group.delimiter(), inside));
        }
        token.set_span(span);
        token
    });
    moved.collect()
}

/// Where in a statement a column is, for an error about it.
fn at(output: &Output, sql: &str) -> String {
    let text = sql.get(output.start..output.end).unwrap_or_default();
    match text.is_empty() || text == output.name {
        true => format!("`{}`", output.name),
        false => format!("`{}` (`{text}`)", output.name),
    }
}

/// A place in the call itself, for what is expanded.
fn here() -> Span {
    Span::call_site()
}
