//! PostgreSQL's types as Rust's. Nothing here rounds: a type without a Rust counterpart travels as
//! text.

use model::schema::Type;
use model::{Id, Kind, Name, Schema};

use super::item::RustType;
use super::name::Names;

/// A column's Rust type, and the type it is cast from and to where it travels as text.
pub(super) struct ColumnType {
    pub(super) ty: RustType,
    pub(super) through_text: Option<String>,
}

/// Looks types up in a schema.
pub(super) struct Types<'a> {
    schema: &'a Schema,
    enums: std::collections::BTreeMap<Id, String>,
}

impl<'a> Types<'a> {
    pub(super) fn new(schema: &'a Schema, names: &Names) -> Self {
        let enums = schema.of_kind(Kind::Enum);
        let enums = enums.filter_map(|n| Some((n.id.clone(), names.of(&n.id)?.to_owned())));
        Types {
            schema,
            enums: enums.collect(),
        }
    }

    /// The Rust enum of an enum type of the model.
    pub(super) fn enumeration(&self, schema: &Name, name: &Name) -> Option<RustType> {
        let id = Id::in_schema(Kind::Enum, schema.clone(), name.clone());
        self.enums.get(&id).map(|name| RustType::imported(name))
    }

    /// Whether it is an enum type of the model.
    pub(super) fn is_enumeration(&self, ty: &Type) -> bool {
        let schema = ty.schema.as_ref();
        schema.is_some_and(|schema| self.enumeration(schema, &ty.name).is_some())
    }

    /// The Rust type of a column's type.
    pub(super) fn column(&self, ty: &Type) -> ColumnType {
        // An array of a domain has the domain's elements on the wire, which only text hides.
        let element = ty.element();
        let known = match (self.domain(&element), ty.array) {
            (Some(_), true) => None,
            (Some(base), false) => return self.column(&base),
            (None, _) => self.element(&element),
        };
        let (element, through_text) = match known {
            Some(known) => (known, None),
            None => (RustType::plain("String"), Some(model::quote::type_name(ty))),
        };
        let ty = if ty.array {
            element.inside("Vec")
        } else {
            element
        };
        ColumnType { ty, through_text }
    }

    /// What a domain is over.
    fn domain(&self, ty: &Type) -> Option<Type> {
        let id = Id::in_schema(Kind::Domain, ty.schema.clone()?, ty.name.clone());
        Some(self.schema.get(&id)?.object.as_domain()?.base.clone())
    }

    /// The type underneath every domain, to see whether a column is text.
    pub(super) fn base(&self, ty: &Type) -> Type {
        match self.domain(ty) {
            Some(base) => self.base(&base),
            None => ty.clone(),
        }
    }

    /// A type that is no array and no domain; `None` where it can only travel as text.
    fn element(&self, ty: &Type) -> Option<RustType> {
        let Some(schema) = &ty.schema else {
            return builtin(&ty.name);
        };
        if let Some(known) = self.enumeration(schema, &ty.name) {
            return Some(known);
        }
        if self.is_vector(ty) {
            return Some(RustType::imported("pilaster::Vector"));
        }
        // The server's own drivers know these extension types by name: their binary form is text.
        if matches!(
            ty.name.as_str(),
            "citext" | "ltree" | "lquery" | "ltxtquery"
        ) {
            return Some(RustType::plain("String"));
        }
        // A multirange of the model's own stays text: the driver is not told of what it holds.
        let range = Id::in_schema(Kind::Range, schema.clone(), ty.name.clone());
        let range = self.schema.get(&range)?.object.as_range()?;
        Some(self.subtype(&range.subtype)?.inside("pilaster::Range"))
    }

    /// Whether it is pgvector's `vector`, and no type of the model's own under that name.
    pub(super) fn is_vector(&self, ty: &Type) -> bool {
        ty.name == *"vector"
            && self
                .schema
                .of_kind(Kind::Extension)
                .any(|e| e.id.name == *"vector")
    }

    fn subtype(&self, ty: &Type) -> Option<RustType> {
        let known = self.column(ty);
        known.through_text.is_none().then_some(known.ty)
    }
}

fn builtin(name: &str) -> Option<RustType> {
    model::rust::builtin(name).map(of_path)
}

/// A type by its full path; what its angle brackets hold is imported as well.
fn of_path(path: &str) -> RustType {
    let inner = path.strip_suffix('>').and_then(|path| path.split_once('<'));
    match inner {
        Some((outer, inner)) if outer.contains("::") => of_path(inner).inside(outer),
        _ if path.contains("::") => RustType::imported(path),
        _ => RustType::plain(path),
    }
}
