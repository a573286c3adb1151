//! What a shape's type says by itself: what it holds, its bounds, and the words it is named by.
//! Only its size is looked up in a schema.

use std::collections::BTreeSet;

use model::schema::{Field, ShapeType};
use model::{Id, Kind, Schema};

use super::super::words::{camel, camel_singular};

/// The shapes a value holds without an array or a map between.
pub(super) fn holds(ty: &ShapeType, ids: &mut BTreeSet<Id>) {
    match ty {
        ShapeType::Shape(schema, name) => {
            ids.insert(Id::in_schema(Kind::Shape, schema.clone(), name.clone()));
        }
        ShapeType::Nullable(inner) => holds(inner, ids),
        ShapeType::Object { fields, .. } => fields.iter().for_each(|f| holds(&f.ty, ids)),
        ShapeType::Tagged { variants, .. } => variants.iter().for_each(|(_, ty)| holds(ty, ids)),
        ShapeType::Union(types) => types.iter().for_each(|ty| holds(ty, ids)),
        ShapeType::Map(_)
        | ShapeType::Array { .. }
        | ShapeType::Any
        | ShapeType::Boolean
        | ShapeType::Text { .. }
        | ShapeType::Integer { .. }
        | ShapeType::Double
        | ShapeType::Numeric
        | ShapeType::Uuid
        | ShapeType::Date
        | ShapeType::Timestamptz
        | ShapeType::Timestamp
        | ShapeType::Literal(_)
        | ShapeType::Enum(_)
        | ShapeType::DatabaseEnum(..) => {}
    }
}

/// The bounds that the derive enforces. A pattern is PostgreSQL's, and the database's alone.
pub(super) fn bounds(ty: &ShapeType) -> Vec<String> {
    let (min, max) = match ty {
        ShapeType::Text {
            min_length,
            max_length,
            ..
        } => (min_length.map(i64::from), max_length.map(i64::from)),
        ShapeType::Integer { min, max, .. } => (*min, *max),
        ShapeType::Array {
            min_items,
            max_items,
            ..
        } => (min_items.map(i64::from), max_items.map(i64::from)),
        ShapeType::Nullable(inner) => return bounds(inner),
        _ => (None, None),
    };
    let bound = |name: &str, value: Option<i64>| value.map(|v| format!("{name} = {v}"));
    bound("min", min)
        .into_iter()
        .chain(bound("max", max))
        .collect()
}

/// The name of what is nested in a field: in the singular where the field holds several.
pub(super) fn nested_name(field: &Field) -> String {
    fn several(ty: &ShapeType) -> bool {
        match ty {
            ShapeType::Array { .. } | ShapeType::Map(_) => true,
            ShapeType::Nullable(inner) => several(inner),
            _ => false,
        }
    }
    if several(&field.ty) {
        camel_singular(&field.name)
    } else {
        camel(&field.name)
    }
}

/// The variant of a union that has no tag.
pub(super) fn variant_name(ty: &ShapeType) -> String {
    match ty {
        ShapeType::Any => "Any".to_owned(),
        ShapeType::Boolean => "Boolean".to_owned(),
        ShapeType::Text { .. } => "Text".to_owned(),
        ShapeType::Integer { .. } => "Integer".to_owned(),
        ShapeType::Double => "Double".to_owned(),
        ShapeType::Numeric => "Numeric".to_owned(),
        ShapeType::Uuid => "Uuid".to_owned(),
        ShapeType::Date => "Date".to_owned(),
        ShapeType::Timestamptz => "Timestamptz".to_owned(),
        ShapeType::Timestamp => "Timestamp".to_owned(),
        ShapeType::Literal(json) => match camel(json) {
            name if name.is_empty() => "Literal".to_owned(),
            name => name,
        },
        ShapeType::Enum(_) => "Label".to_owned(),
        ShapeType::Object { .. } => "Object".to_owned(),
        ShapeType::Map(_) => "Map".to_owned(),
        ShapeType::Array { .. } => "Array".to_owned(),
        ShapeType::Nullable(inner) => variant_name(inner),
        ShapeType::Tagged { .. } => "Tagged".to_owned(),
        ShapeType::Union(_) => "Union".to_owned(),
        ShapeType::Shape(_, name) | ShapeType::DatabaseEnum(_, name) => name.to_string(),
    }
}

pub(super) fn kind_of(ty: &ShapeType) -> &'static str {
    match ty {
        ShapeType::Object { .. } => "An object",
        ShapeType::Enum(_) => "One of several strings",
        ShapeType::Literal(_) => "A literal",
        ShapeType::Text { .. } => "A text of limited length",
        ShapeType::Integer { .. } => "A whole number of a range",
        ShapeType::Array { .. } => "A list of limited length",
        _ => "One of several values",
    }
}

/// The name, or the name with the first number that is free.
pub(super) fn free(taken: &mut BTreeSet<String>, name: &str) -> String {
    let mut candidates =
        std::iter::once(name.to_owned()).chain((2..).map(|n| format!("{name}_{n}")));
    candidates
        .find(|candidate| taken.insert(candidate.clone()))
        .unwrap_or_default()
}

/// About how many bytes a value takes, for clippy's view of enums.
pub(super) fn size(schema: &Schema, ty: &ShapeType, depth: u8) -> usize {
    match ty {
        ShapeType::Boolean | ShapeType::Enum(_) | ShapeType::DatabaseEnum(..) => 1,
        ShapeType::Literal(_) => 0,
        ShapeType::Integer { .. } | ShapeType::Double | ShapeType::Date => 8,
        ShapeType::Uuid | ShapeType::Timestamp | ShapeType::Timestamptz => 16,
        ShapeType::Text { .. } | ShapeType::Map(_) | ShapeType::Array { .. } => 24,
        ShapeType::Any | ShapeType::Numeric => 72,
        ShapeType::Nullable(inner) => size(schema, inner, depth),
        ShapeType::Object { fields, .. } => {
            24 + fields
                .iter()
                .map(|f| 8 + size(schema, &f.ty, depth))
                .sum::<usize>()
        }
        ShapeType::Tagged { variants, .. } => variants
            .iter()
            .map(|(_, ty)| size(schema, ty, depth))
            .max()
            .unwrap_or(0),
        ShapeType::Union(types) => types
            .iter()
            .map(|ty| size(schema, ty, depth))
            .max()
            .unwrap_or(0),
        ShapeType::Shape(at, name) => {
            let id = Id::in_schema(Kind::Shape, at.clone(), name.clone());
            let shape = schema.get(&id).and_then(|node| node.object.as_shape());
            match shape {
                Some(shape) if depth < 8 => size(schema, &shape.body, depth + 1),
                _ => 8,
            }
        }
    }
}
