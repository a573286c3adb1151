//! `#[derive(Row)]`.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Data, DeriveInput, Field, Fields, Ident, LitStr, Type};

use crate::attr::{Attrs, Form};
use crate::context::Context;

/// A field that is a column.
pub(crate) struct Column<'a> {
    pub(crate) ident: &'a Ident,
    pub(crate) ty: &'a Type,
    pub(crate) attrs: Attrs,
}

impl Column<'_> {
    /// The column's name: `column`, or the field's.
    pub(crate) fn name(&self) -> LitStr {
        self.attrs.text("column").cloned().unwrap_or_else(|| {
            let name = self.ident.to_string();
            LitStr::new(name.strip_prefix("r#").unwrap_or(&name), self.ident.span())
        })
    }

    /// The column as `pilaster::Column`.
    pub(crate) fn constant(&self) -> TokenStream {
        let name = self.name();
        let through_text = match self.attrs.text("through_text") {
            Some(ty) => quote!(::core::option::Option::Some(#ty)),
            None => quote!(::core::option::Option::None),
        };
        quote!(::pilaster::Column { name: #name, through_text: #through_text })
    }
}

/// The named fields of a struct as columns.
pub(crate) fn columns<'a>(
    context: &Context,
    input: &'a DeriveInput,
    derive: &str,
    allowed: &[(&str, Form)],
) -> Option<Vec<Column<'a>>> {
    let fields = match &input.data {
        Data::Struct(data) => match &data.fields {
            Fields::Named(fields) => Some(&fields.named),
            _ => None,
        },
        _ => None,
    };
    let Some(fields) = fields else {
        context.error(
            &input.ident,
            format_args!("`{derive}` needs a struct with named fields"),
        );
        return None;
    };
    let column = |field: &'a Field| {
        let attrs = Attrs::parse(context, &field.attrs, allowed);
        Some(Column {
            ident: field.ident.as_ref()?,
            ty: &field.ty,
            attrs,
        })
    };
    let columns: Vec<Column> = fields.iter().filter_map(column).collect();
    let mut names = std::collections::BTreeSet::new();
    for column in &columns {
        if !names.insert(column.name().value()) {
            let name = column.name().value();
            context.error(
                column.ident,
                format_args!("the column `{name}` has a field already"),
            );
        }
    }
    Some(columns)
}

/// What is inside `Option<…>`, as it is written.
pub(crate) fn inside_option(ty: &Type) -> Option<&Type> {
    let Type::Path(path) = ty else { return None };
    let last = path.path.segments.last().filter(|s| s.ident == "Option")?;
    match &last.arguments {
        syn::PathArguments::AngleBracketed(arguments) => match arguments.args.first() {
            Some(syn::GenericArgument::Type(inner)) => Some(inner),
            _ => None,
        },
        _ => None,
    }
}

pub(crate) fn derive(context: &Context, input: &DeriveInput) -> Option<TokenStream> {
    let attrs = Attrs::parse(context, &input.attrs, &[("table", Form::Text)]);
    let allowed = [
        ("column", Form::Text),
        ("primary_key", Form::Flag),
        ("through_text", Form::Text),
    ];
    let columns = columns(context, input, "Row", &allowed)?;
    let Some(table) = attrs.text("table") else {
        let message = "name the table or view: `#[pilaster(table = \"public.deals\")]`";
        context.error(&input.ident, message);
        return None;
    };
    let (schema, relation) = relation(&table.value());
    for column in columns.iter().filter(|c| c.attrs.has("primary_key")) {
        if inside_option(column.ty).is_some() {
            context.error(column.ty, "a primary key's column is never null");
        }
    }

    let ident = &input.ident;
    let type_name = ident.to_string();
    let fields = columns.iter().map(|c| c.ident);
    let names = columns.iter().map(Column::name);
    let constants = columns.iter().map(Column::constant);
    let (impl_generics, type_generics, condition) = input.generics.split_for_impl();
    let key = key(input, &columns);
    Some(quote! {
        #[automatically_derived]
        impl #impl_generics ::pilaster::Row for #ident #type_generics #condition {
            const RELATION: (&'static str, &'static str) = (#schema, #relation);
            const COLUMNS: &'static [::pilaster::Column] = &[#(#constants),*];

            fn from_row(row: &::pilaster::postgres::Row) -> ::pilaster::Result<Self> {
                ::core::result::Result::Ok(Self {
                    #(#fields: ::pilaster::__private::column(row, #type_name, #names)?),*
                })
            }
        }
        #key
    })
}

/// `schema.name`, or a name alone. A name with a dot or a quote in it is quoted as in SQL.
fn relation(text: &str) -> (String, String) {
    let (mut schema, mut name) = (String::new(), String::new());
    let mut inside_quotes = false;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if inside_quotes && chars.next_if_eq(&'"').is_some() => name.push('"'),
            '"' => inside_quotes = !inside_quotes,
            '.' if !inside_quotes && schema.is_empty() => schema = std::mem::take(&mut name),
            _ => name.push(c),
        }
    }
    (schema, name)
}

fn key(input: &DeriveInput, columns: &[Column]) -> Option<TokenStream> {
    let key: Vec<&Column> = columns
        .iter()
        .filter(|c| c.attrs.has("primary_key"))
        .collect();
    let ident = &input.ident;
    let (impl_generics, type_generics, condition) = input.generics.split_for_impl();
    let fields: Vec<_> = key.iter().map(|c| c.ident).collect();
    let types = key.iter().map(|c| c.ty);
    let constants = key.iter().map(|c| c.constant());
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
    })
}
