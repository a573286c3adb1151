//! `#[derive(Row)]`.

mod key;
mod part;
mod related;
mod trail;
mod typed;

pub(crate) use part::method;

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Attribute, Data, DeriveInput, Field, Fields, Ident, LitStr, Type};

use crate::attr::{Attrs, Form};
use crate::context::Context;

/// A field that is a column.
pub(crate) struct Column<'a> {
    pub(crate) ident: &'a Ident,
    pub(crate) ty: &'a Type,
    pub(crate) attrs: Attrs,
    docs: Vec<&'a Attribute>,
}

impl Column<'_> {
    /// The column's name: `column`, or the field's.
    pub(crate) fn name(&self) -> LitStr {
        self.attrs.text("column").cloned().unwrap_or_else(|| {
            let name = self.ident.to_string();
            LitStr::new(name.strip_prefix("r#").unwrap_or(&name), self.ident.span())
        })
    }

    /// The name of its constant.
    pub(crate) fn upper(&self) -> Ident {
        let name = self.ident.to_string();
        let name = name.strip_prefix("r#").unwrap_or(&name).to_uppercase();
        Ident::new(&name, self.ident.span())
    }

    /// Its documentation.
    pub(crate) fn docs(&self) -> TokenStream {
        if self.docs.is_empty() {
            let text = format!("The column `{}`.", self.name().value());
            return quote!(#[doc = #text]);
        }
        let docs = &self.docs;
        quote!(#(#docs)*)
    }

    /// The column as `pilaster::Column`.
    pub(crate) fn constant(&self) -> TokenStream {
        let name = self.name();
        match self.attrs.text("through_text") {
            Some(ty) => quote!(::pilaster::Column::through_text(#name, #ty)),
            None => match self.attrs.text("type_schema") {
                Some(schema) => quote!(::pilaster::Column::of_type_in(#name, #schema)),
                None => quote!(::pilaster::Column::new(#name)),
            },
        }
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
            docs: field
                .attrs
                .iter()
                .filter(|a| a.path().is_ident("doc"))
                .collect(),
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
    let on_struct = [
        ("append_only", Form::Flag),
        ("audited", Form::Audited),
        ("error", Form::Path),
        ("foreign_key", Form::ForeignKey),
        ("module", Form::Path),
        ("of", Form::Path),
        ("params", Form::TypedNames),
        ("query", Form::Text),
        ("table", Form::Text),
        ("unique", Form::List),
    ];
    let attrs = Attrs::parse(context, &input.attrs, &on_struct);
    if let Some(of) = attrs.path("of") {
        return part::derive(context, input, of);
    }
    if let Some(sql) = attrs.text("query") {
        return crate::query::derive(context, input, &attrs, sql);
    }
    for word in ["module", "params"] {
        if let Some(word) = attrs.word(word) {
            context.error(word, "this belongs to a query: `query = \"select …\"`");
        }
    }
    let allowed = [
        ("column", Form::Text),
        ("json", Form::Flag),
        ("many", Form::Text),
        ("one", Form::Text),
        ("primary_key", Form::Flag),
        ("references", Form::Path),
        ("soft_delete", Form::Flag),
        ("state", Form::Flag),
        ("through_text", Form::Text),
        ("type_schema", Form::Text),
    ];
    let columns = columns(context, input, "Row", &allowed)?;
    let Some(table) = attrs.text("table") else {
        let message = "name the table or view, `#[pilaster(table = \"public.deals\")]`, the row it is a \
                       part of, `#[pilaster(of = Deal)]`, or a query, `#[pilaster(query = \"select …\")]`";
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
    let places = 0..columns.len();
    let constants = columns.iter().map(Column::constant);
    let deleted = columns.iter().find(|c| c.attrs.has("soft_delete"));
    let deleted = deleted.map(|column| {
        let constant = column.constant();
        quote! {
            const DELETED: ::core::option::Option<::pilaster::Column> =
                ::core::option::Option::Some(#constant);
        }
    });
    let (impl_generics, type_generics, condition) = input.generics.split_for_impl();
    let changeable = (!attrs.has("append_only")).then(|| {
        quote! {
            #[automatically_derived]
            impl #impl_generics ::pilaster::Changeable for #ident #type_generics #condition {}
        }
    });
    let error = match attrs.path("error") {
        Some(error) => quote!(#error),
        None => quote!(::pilaster::Error),
    };
    let key = key::derive(input, &columns);
    let typed = typed::derive(context, input, &columns, &attrs);
    let trail = trail::derive(context, input, &columns, &attrs);
    let related = related::derive(context, input, &columns, &attrs);
    Some(quote! {
        #[automatically_derived]
        impl #impl_generics ::pilaster::Row for #ident #type_generics #condition {
            type Of = Self;
            type Error = #error;
            const RELATION: (&'static str, &'static str) = (#schema, #relation);
            const COLUMNS: &'static [::pilaster::Column] = &[#(#constants),*];
            #deleted

            fn list() -> ::std::borrow::Cow<'static, str> {
                static LIST: ::std::sync::OnceLock<::std::string::String> =
                    ::std::sync::OnceLock::new();
                let list = || ::pilaster::__private::select_list(Self::COLUMNS);
                ::std::borrow::Cow::Borrowed(LIST.get_or_init(list))
            }

            fn from_raw(row: ::pilaster::RawRow<'_>) -> ::pilaster::Result<Self> {
                ::core::result::Result::Ok(Self {
                    #(#fields: ::pilaster::__private::column(row, #type_name, #names, #places)?),*
                })
            }
        }
        #changeable
        #key
        #typed
        #trail
        #(#related)*
    })
}

/// `schema.name`, or a name alone. A name with a dot or a quote in it is quoted as in SQL.
pub(crate) fn relation(text: &str) -> (String, String) {
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
