//! What is known of a type without a server: a domain's base, whether it refuses null, its length.
//!
//! Never decides whether a text is a value of a type.

use model::quote::{literal, type_name};
use model::schema::{Schema, Type};

/// The text as a literal of that type.
pub(crate) fn cast(text: &str, ty: &Type) -> String {
    format!("{}::{}", literal(text), type_name(ty))
}

/// The type that values are drawn from: a domain's base, as deep as it goes.
pub(crate) fn base_type(schema: &Schema, ty: &Type) -> Type {
    let mut ty = ty.clone();
    while let Some(domain) = domain_of(schema, &ty) {
        let array = ty.array;
        ty = domain.base.clone();
        ty.array |= array;
    }
    ty
}

pub(crate) fn domain_of<'a>(schema: &'a Schema, ty: &Type) -> Option<&'a model::schema::Domain> {
    let owner = ty.schema.as_ref()?;
    let id = model::Id::in_schema(model::Kind::Domain, owner.clone(), ty.name.clone());
    schema.get(&id)?.object.as_domain()
}

/// Whether the column refuses null, by itself or by its domain.
pub(crate) fn refuses_null(schema: &Schema, column: &model::schema::Column) -> bool {
    let mut ty = column.ty.clone();
    let mut refuses = column.not_null;
    while let Some(domain) = (!ty.array).then(|| domain_of(schema, &ty)).flatten() {
        refuses |= domain.not_null;
        ty = domain.base.clone();
    }
    refuses
}

/// The number of characters a type of limited length holds.
pub(crate) fn length_limit(ty: &Type) -> Option<usize> {
    if ty.array {
        return None;
    }
    match ty.name.as_str() {
        "name" => Some(63),
        "character" | "character varying" => ty.modifiers.as_ref()?.parse().ok(),
        _ => None,
    }
}
