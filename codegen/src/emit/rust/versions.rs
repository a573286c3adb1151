//! Versions of a shape: what old documents become when they are read.

use std::collections::BTreeMap;

use model::schema::{Field, Presence, Shape, ShapeType};
use model::{Id, Kind, Schema};

use super::format;
use super::item::Item;

/// What older versions' documents become: attributes of the struct and of its fields.
pub(super) fn upcasts(
    schema: &Schema,
    names: &BTreeMap<Id, String>,
    shape: &Shape,
    item: &mut Item,
) {
    let Some((ShapeType::Object { fields, .. }, older)) = shape.versions() else {
        return;
    };
    let id = |ty: &ShapeType| match ty {
        ShapeType::Shape(schema, name) => {
            Some(Id::in_schema(Kind::Shape, schema.clone(), name.clone()))
        }
        _ => None,
    };
    let ids: Vec<Id> = older.iter().filter_map(id).collect();
    let names = ids.iter().filter_map(|id| names.get(id));
    let names: Vec<&str> = names.map(String::as_str).collect();
    let argument = format!("reads({})", names.join(", "));
    item.attributes.extend(format::attribute(&[argument], 0));
    let before = |field: &Field| {
        let key = [Some(&field.name), field.was.as_ref()];
        let shapes = ids.iter().filter_map(|id| schema.get(id));
        let shapes = shapes.filter_map(|node| node.object.as_shape());
        let bodies = shapes.map(|s| s.versions().map_or(&s.body, |(own, _)| own));
        let all: Vec<&Field> = bodies
            .filter_map(|body| match body {
                ShapeType::Object { fields, .. } => Some(fields),
                _ => None,
            })
            .flatten()
            .filter(|old| key.contains(&Some(&old.name)))
            .collect();
        all
    };
    let is_array = |ty: &ShapeType| matches!(ty, ShapeType::Array { .. });
    for (field, member) in fields.iter().zip(&mut item.members) {
        let mut args = Vec::new();
        if let Some(was) = &field.was {
            args.push(format!("was = {}", format::literal(was)));
        }
        if let (Presence::Required, Some(default)) = (field.presence, &field.default) {
            args.push(format!("filled = {}", format::literal(default)));
        }
        if is_array(&field.ty) && before(field).iter().any(|old| !is_array(&old.ty)) {
            args.push("wrapped".to_owned());
        }
        member.attributes.extend(format::attribute(&args, 4));
    }
}
