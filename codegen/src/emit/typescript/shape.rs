//! The type of a value in a document. Lengths, ranges and patterns are the database's alone.

use std::sync::Arc;

use model::schema::{Field, Presence, ShapeType, UnknownKeys};
use model::{Id, Kind, Name};

use super::{array, docs, key, labels, literal};
use crate::emit::rust::name::Names;

/// The type of a value; `indent` is that of the line it begins on.
pub(super) fn value(ty: &ShapeType, names: &Names, indent: &str) -> String {
    match ty {
        ShapeType::Any => "unknown".to_owned(),
        ShapeType::Boolean => "boolean".to_owned(),
        ShapeType::Integer { .. } | ShapeType::Double | ShapeType::Numeric => "number".to_owned(),
        ShapeType::Text { .. }
        | ShapeType::Uuid
        | ShapeType::Date
        | ShapeType::Timestamptz
        | ShapeType::Timestamp => "string".to_owned(),
        // A JSON literal is a literal type.
        ShapeType::Literal(json) => json.to_string(),
        ShapeType::Enum(all) => labels(all.iter().map(AsRef::as_ref)),
        ShapeType::Object { fields, unknown } => object(fields, unknown, names, indent),
        ShapeType::Map(of) => format!("{{ [key: string]: {} }}", value(of, names, indent)),
        ShapeType::Array { items, .. } => array(&value(items, names, indent)),
        ShapeType::Nullable(inner) => format!("{} | null", value(inner, names, indent)),
        ShapeType::Tagged { tag, variants } => {
            let variants = variants
                .iter()
                .map(|(label, ty)| variant(tag, label, ty, names, indent));
            variants.collect::<Vec<_>>().join(" | ")
        }
        ShapeType::Union(types) => {
            let types = types.iter().map(|ty| value(ty, names, indent));
            types.collect::<Vec<_>>().join(" | ")
        }
        ShapeType::Shape(schema, name) => {
            let id = Id::in_schema(Kind::Shape, schema.clone(), name.clone());
            names.of(&id).unwrap_or("unknown").to_owned()
        }
        ShapeType::DatabaseEnum(schema, name) => {
            let id = Id::in_schema(Kind::Enum, schema.clone(), name.clone());
            names.of(&id).unwrap_or("string").to_owned()
        }
    }
}

/// A variant with its tag. The tag stands among the keys, because what other keys may hold is asked of
/// it too.
fn variant(tag: &Name, label: &Arc<str>, ty: &ShapeType, names: &Names, indent: &str) -> String {
    let ShapeType::Object { fields, unknown } = ty else {
        let ty = value(ty, names, indent);
        return format!("({{ {}: {} }} & {ty})", key(tag), literal(label));
    };
    let tag = Field {
        name: tag.clone(),
        ty: ShapeType::Enum(vec![label.clone()]),
        presence: Presence::Required,
        doc: None,
        was: None,
        default: None,
    };
    let all: Vec<Field> = std::iter::once(tag).chain(fields.iter().cloned()).collect();
    object(&all, unknown, names, indent)
}

fn object(fields: &[Field], unknown: &UnknownKeys, names: &Names, indent: &str) -> String {
    if fields.is_empty() && *unknown == UnknownKeys::Refused {
        // `{}` would be anything but null.
        return "Record<string, never>".to_owned();
    }
    let inner = format!("{indent}  ");
    let mut text = String::from("{\n");
    let mut types = Vec::new();
    for field in fields {
        docs(&mut text, field.doc.as_deref(), &inner);
        let ty = value(&field.ty, names, &inner);
        // A key that may be missing may hold null as well.
        let (mark, ty) = match field.presence {
            Presence::Required => ("", ty),
            Presence::Optional if ty.ends_with(" | null") => ("?", ty),
            Presence::Optional => ("?", format!("{ty} | null")),
        };
        text.push_str(&format!("{inner}{}{mark}: {ty};\n", key(&field.name)));
        types.push((ty, field.presence == Presence::Optional));
    }
    let rest = match unknown {
        UnknownKeys::Refused => None,
        UnknownKeys::Kept => Some("unknown".to_owned()),
        UnknownKeys::Typed(ty) => {
            // An index signature holds for the named keys too.
            let mut all = vec![value(ty, names, &inner)];
            for (ty, optional) in types {
                all.push(ty);
                if optional {
                    all.push("undefined".to_owned());
                }
            }
            let mut seen = std::collections::BTreeSet::new();
            all.retain(|ty| seen.insert(ty.clone()));
            Some(all.join(" | "))
        }
    };
    if let Some(rest) = rest {
        text.push_str(&format!("{inner}[key: string]: {rest};\n"));
    }
    text + indent + "}"
}
