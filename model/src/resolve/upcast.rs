//! What is seen of a shape that reads older ones once all shapes are there: each of their documents
//! becomes one of the new shape.

use super::Output;
use crate::diagnostic::{Diagnostic, code};
use crate::schema::{Field, Id, Kind, Presence, Schema, Shape, ShapeType};

/// Reports what no document of an older version could be given.
pub(super) fn every_version_is_read(out: &mut Output<'_>) {
    let schema = out.builder.so_far();
    let mut faults = Vec::new();
    for node in schema.of_kind(Kind::Shape) {
        let (Some(shape), Some(place)) = (node.object.as_shape(), node.origin) else {
            continue;
        };
        for (says, help) in missing(schema, shape) {
            let message = format!("{says}, and `{}` reads it", node.id.name);
            faults.push(Diagnostic::error(code::UPCAST, message, place).help(help));
        }
    }
    faults.into_iter().for_each(|fault| out.fault(fault));
}

fn missing(schema: &Schema, shape: &Shape) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let Some((ShapeType::Object { fields, .. }, older)) = shape.versions() else {
        return found;
    };
    for version in older {
        let ShapeType::Shape(_, name) = version else {
            // An unknown name has been reported.
            continue;
        };
        let Some(old) = fields_of(schema, version) else {
            let says = format!("`{name}` is no object");
            found.push((says, "name a shape that is an object".to_owned()));
            continue;
        };
        for field in fields {
            if let Some(fault) = fault(schema, field, before(field, fields, old), name) {
                found.push(fault);
            }
        }
    }
    found
}

/// The field that a field's value comes from: of its own name, or of its former one where nothing
/// else has that now.
fn before<'a>(field: &Field, fields: &[Field], old: &'a [Field]) -> Option<&'a Field> {
    let named = |name: &str| old.iter().find(|f| *f.name == *name);
    named(&field.name).or_else(|| {
        let was = field.was.as_ref()?;
        let free = fields.iter().all(|other| other.name != *was);
        free.then(|| named(was))?
    })
}

fn fault(
    schema: &Schema,
    field: &Field,
    before: Option<&Field>,
    version: &str,
) -> Option<(String, String)> {
    let name = &field.name;
    let filled = field.default.is_some() || field.presence == Presence::Optional;
    let null = |ty: &ShapeType| matches!(ty, ShapeType::Nullable(_) | ShapeType::Any);
    let Some(old) = before else {
        let help =
            format!("write `{name} … was OLD_KEY` or `default …`, or let it be missing: `?`");
        return (!filled).then(|| (format!("`{version}` has no `{name}`"), help));
    };
    if !becomes(schema, &old.ty, &field.ty) {
        let says = format!("`{}` of `{version}` is of another type", old.name);
        let help = "keep the type, or make it an array of what it was; for another, a new key with `default …`";
        return Some((says, help.to_owned()));
    }
    let may_lack = old.presence == Presence::Optional || null(&old.ty);
    if may_lack && !filled && !null(&field.ty) {
        let says = format!("`{}` of `{version}` may be missing or null", old.name);
        return Some((
            says,
            "give it a `default …`, or let it be missing: `?`".to_owned(),
        ));
    }
    None
}

/// Whether every value of the old type is one of the new, or becomes one in an array.
fn becomes(schema: &Schema, old: &ShapeType, new: &ShapeType) -> bool {
    use ShapeType as T;
    match (old, new) {
        _ if old == new => true,
        (_, T::Any) => true,
        (T::Nullable(old), T::Nullable(new)) => becomes(schema, old, new),
        (T::Nullable(old), new) => becomes(schema, old, new),
        (old, T::Nullable(new)) => becomes(schema, old, new),
        (
            T::Text { .. },
            T::Text {
                min_length: None,
                max_length: None,
                pattern: None,
            },
        ) => true,
        (
            T::Enum(_) | T::Uuid | T::Date | T::Timestamp | T::Timestamptz,
            T::Text {
                min_length: None,
                max_length: None,
                pattern: None,
            },
        ) => true,
        (T::Enum(old), T::Enum(new)) => old.iter().all(|label| new.contains(label)),
        (
            T::Integer { bits, .. },
            T::Integer {
                bits: wider,
                min: None,
                max: None,
            },
        ) => bits <= wider,
        (T::Integer { .. }, T::Numeric) => true,
        (T::Shape(..), T::Shape(schema_name, name)) => {
            let id = Id::in_schema(Kind::Shape, schema_name.clone(), name.clone());
            let shape = schema.get(&id).and_then(|node| node.object.as_shape());
            let older = shape.and_then(Shape::versions).map(|(_, older)| older);
            older.is_some_and(|older| older.contains(old))
        }
        (
            T::Array { items: old, .. },
            T::Array {
                items: new,
                min_items: None,
                max_items: None,
            },
        ) => becomes(schema, old, new) && !wraps(old, new),
        (
            old,
            T::Array {
                items,
                min_items,
                max_items,
            },
        ) => {
            min_items.is_none_or(|n| n <= 1)
                && max_items.is_none_or(|n| n >= 1)
                && !matches!(old, T::Array { .. } | T::Any | T::Union(_))
                && becomes(schema, old, items)
        }
        _ => false,
    }
}

/// Whether the new type is an array of the old.
fn wraps(old: &ShapeType, new: &ShapeType) -> bool {
    let is_array = |ty: &ShapeType| matches!(ty, ShapeType::Array { .. });
    is_array(new) && !is_array(old)
}

/// The fields of a shape that is an object, or has versions of one.
fn fields_of<'a>(schema: &'a Schema, ty: &ShapeType) -> Option<&'a [Field]> {
    let ShapeType::Shape(of, name) = ty else {
        return None;
    };
    let id = Id::in_schema(Kind::Shape, of.clone(), name.clone());
    let shape = schema.get(&id)?.object.as_shape()?;
    match shape.versions().map_or(&shape.body, |(own, _)| own) {
        ShapeType::Object { fields, .. } => Some(fields),
        _ => None,
    }
}
