//! Types of the database as Rust's: a column's own where a value comes from one.

use std::path::{Component, Path};

use model::query::{Origin, Value};
use model::rust::name::{Names, fields};
use model::schema::Type;
use model::{Id, Kind};
use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

use super::project::Project;
use crate::row::method;

/// What Rust calls the things of a model.
pub(crate) struct Rust<'a> {
    project: &'a Project,
    names: Names,
    /// The module of the generated code.
    module: TokenStream,
}

/// A value in Rust.
pub(crate) enum Typed {
    /// A `ColumnOf` of its type.
    Column(TokenStream),
    /// A `Path` into a document.
    Path(TokenStream),
}

impl<'a> Rust<'a> {
    pub(crate) fn new(project: &'a Project, module: Option<&syn::Path>) -> Self {
        let module = match module {
            Some(path) => quote!(#path),
            None => module_of(project.rust.as_deref()),
        };
        Rust {
            project,
            names: Names::new(&project.model.schema),
            module,
        }
    }

    /// The type of a value; why not, where no Rust type holds it.
    pub(crate) fn typed(&self, value: &Value) -> Result<Typed, String> {
        if let Some(origin) = &value.origin
            && let Some(row) = self.row(&origin.table)
        {
            return Ok(self.of_origin(origin, &row, value));
        }
        let ty = self.ty(&value.ty)?;
        let item = match value.items_nullable && value.ty.array {
            true => quote!(::std::vec::Vec<::core::option::Option<#ty>>),
            false if value.ty.array => quote!(::std::vec::Vec<#ty>),
            false => ty,
        };
        let column = quote!(::pilaster::__private::typed::<#item>());
        Ok(Typed::Column(match value.nullable {
            true => quote!(#column.outer_joined()),
            false => column,
        }))
    }

    fn of_origin(&self, origin: &Origin, row: &TokenStream, value: &Value) -> Typed {
        let named = fields(&self.project.model.schema, &origin.table);
        let field = named.into_iter().find(|(name, _)| *name == origin.column);
        let field = field.map_or_else(|| origin.column.to_string(), |(_, field)| field);
        if !origin.keys.is_empty() {
            let first = method(&field, Span::call_site());
            let rest = origin.keys.iter().map(|key| method(key, Span::call_site()));
            return Typed::Path(quote!(#row::#first() #(.#rest())*));
        }
        let constant = Ident::new(&field.to_uppercase(), Span::call_site());
        let many = match (origin.array, value.items_nullable) {
            (true, true) => quote!(.many_or_null()),
            (true, false) => quote!(.many()),
            (false, _) => quote!(),
        };
        let null = match value.nullable {
            true => quote!(outer_joined),
            false => quote!(never_null),
        };
        Typed::Column(quote!(#row::#constant #many.#null()))
    }

    /// The row type of a table that has one, or of its parent.
    fn row(&self, table: &Id) -> Option<TokenStream> {
        let node = self.project.model.schema.get(table)?;
        let partition = node.object.as_table()?.partition_of.as_ref();
        if let Some(partition) = partition {
            return self.row(&partition.parent);
        }
        let name = Ident::new(self.names.of(table)?, Span::call_site());
        let module = &self.module;
        Some(quote!(#module::#name))
    }

    /// A type that comes from no column; the element's, for an array.
    fn ty(&self, ty: &Type) -> Result<TokenStream, String> {
        let schema = &self.project.model.schema;
        let id = |kind| {
            let within = ty.schema.clone().unwrap_or_default();
            Id::in_schema(kind, within, ty.name.clone())
        };
        if ty.schema.is_some() {
            if let Some(name) = self.names.of(&id(Kind::Enum)) {
                let (module, name) = (&self.module, Ident::new(name, Span::call_site()));
                return Ok(quote!(#module::#name));
            }
            let domain = schema.get(&id(Kind::Domain));
            if let Some(domain) = domain.and_then(|node| node.object.as_domain())
                && !ty.array
            {
                return self.ty(&domain.base);
            }
            match ty.name.as_str() {
                "vector" => return Ok(quote!(::pilaster::Vector)),
                "citext" | "ltree" => return Ok(quote!(::std::string::String)),
                _ => {}
            }
        }
        let path = match ty.schema {
            None => model::rust::builtin(&ty.name),
            Some(_) => None,
        };
        let path = path.ok_or_else(|| format!("no Rust type holds a {ty}; cast it: `…::text`"))?;
        // What is no path of ours is in the prelude.
        let path = path.replace("pilaster::", "::pilaster::");
        let path = match path.as_str() {
            "String" => "::std::string::String".to_owned(),
            "Vec<u8>" => "::std::vec::Vec<u8>".to_owned(),
            _ => path,
        };
        path.parse::<TokenStream>()
            .map_err(|error| error.to_string())
    }
}

/// The module of generated code, as the crate that is compiled can name it.
fn module_of(rust: Option<&Path>) -> TokenStream {
    let package = std::env::var("CARGO_MANIFEST_DIR").unwrap_or_default();
    let package = Path::new(&package);
    let package = package.canonicalize().unwrap_or(package.to_owned());
    let rust = rust.unwrap_or(Path::new("schema.rs"));
    let whole = rust.canonicalize().unwrap_or(rust.to_owned());
    let Ok(within) = whole.strip_prefix(package.join("src")) else {
        // Beside a test, say: a module of the crate's root.
        let name = within_crate(Path::new(whole.file_stem().unwrap_or_default()));
        return quote!(crate #name);
    };
    let name = within_crate(&within.with_extension(""));
    let env = |name| std::env::var(name).unwrap_or_default();
    let library = env("CARGO_PKG_NAME").replace('-', "_");
    let has_library = package.join("src/lib.rs").is_file();
    let is_library = env("CARGO_BIN_NAME").is_empty() && env("CARGO_CRATE_NAME") == library;
    match has_library && !is_library {
        true => {
            let library = Ident::new(&library, Span::call_site());
            quote!(::#library #name)
        }
        false => quote!(crate #name),
    }
}

/// `::db::schema`, of `db/schema`.
fn within_crate(path: &Path) -> TokenStream {
    let parts = path.components().filter_map(|part| match part {
        Component::Normal(name) => Some(name.to_string_lossy().into_owned()),
        _ => None,
    });
    let parts = parts.filter(|part| part != "mod");
    let parts = parts.map(|part| Ident::new(&part, Span::call_site()));
    quote!(#(::#parts)*)
}
