//! JSON Schema documents (2020-12): one for each `json` shape, whole in itself.
//!
//! A document accepts what the database and the Rust type accept, but for one thing that JSON Schema
//! cannot say: it takes `1.0` for an integer. Patterns that mean something to PostgreSQL alone are
//! left out.

use std::collections::BTreeSet;

use model::schema::{Field, Presence, ShapeType, UnknownKeys};
use model::{Id, Kind, Name, Node, Schema};
use serde_json::{Map, Value, json};

use crate::files::{Files, MARK};

const UUID: &str = "^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$";
/// A day that exists, whether or not a validator asserts `format`: the days of each month, and the
/// last of February in leap years.
const DATE: &str = "(?!0000)(?:[0-9]{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])\
|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|02-(?:0[1-9]|1[0-9]|2[0-8]))\
|(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)-02-29)";
const TIME: &str = "T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,9})?";
const OFFSET: &str = "(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])";

/// The document of every shape of the model, as `Name.schema.json`; of a shape outside `public` as
/// `schema.Name.schema.json`.
pub fn json_schema(schema: &Schema) -> Files {
    let mut files = Files::default();
    for node in schema.of_kind(Kind::Shape).filter(|node| !node.external) {
        let document = Document {
            schema,
            root: &node.id,
        };
        let path = format!("{}.schema.json", key(&node.id));
        let text = serde_json::to_string_pretty(&document.render(node)).unwrap_or_default();
        files.insert(path, text + "\n");
    }
    files
}

/// One document; other shapes are in its `$defs`.
struct Document<'a> {
    schema: &'a Schema,
    root: &'a Id,
}

impl Document<'_> {
    fn render(&self, node: &Node) -> Value {
        let mut document = Map::new();
        document.insert(
            "$schema".into(),
            "https://json-schema.org/draft/2020-12/schema".into(),
        );
        document.insert(
            "$comment".into(),
            format!("{MARK}: change the model, not this file.").into(),
        );
        document.insert("title".into(), node.id.name.as_str().into());
        extend(&mut document, self.definition(node));
        let mut definitions = Map::new();
        for id in self.referenced() {
            if let Some(node) = self.schema.get(&id) {
                definitions.insert(key(&id), self.definition(node));
            }
        }
        if !definitions.is_empty() {
            document.insert("$defs".into(), definitions.into());
        }
        document.into()
    }

    /// A shape with its comment.
    fn definition(&self, node: &Node) -> Value {
        let mut definition = Map::new();
        describe(&mut definition, node.comment.as_deref());
        if let Some(shape) = node.object.as_shape() {
            extend(&mut definition, self.value(&shape.body));
        }
        definition.into()
    }

    /// The shapes that the root refers to, however deep, without itself.
    fn referenced(&self) -> BTreeSet<Id> {
        let (mut found, mut next) = (BTreeSet::new(), vec![self.root.clone()]);
        while let Some(id) = next.pop() {
            let shape = self.schema.get(&id).and_then(|node| node.object.as_shape());
            let mut ids = Vec::new();
            if let Some(shape) = shape {
                references(&shape.body, &mut ids);
            }
            next.extend(
                ids.into_iter()
                    .filter(|id| id != self.root && found.insert(id.clone())),
            );
        }
        found
    }

    fn value(&self, ty: &ShapeType) -> Value {
        match ty {
            ShapeType::Any => json!({}),
            ShapeType::Boolean => json!({ "type": "boolean" }),
            ShapeType::Text {
                min_length,
                max_length,
                pattern,
            } => {
                let mut text = typed("string");
                limit(&mut text, "minLength", *min_length);
                limit(&mut text, "maxLength", *max_length);
                if let Some(pattern) = pattern {
                    // PostgreSQL's own escapes and classes mean nothing elsewhere.
                    let portable = !["\\m", "\\M", "\\y", "\\Y", "\\A", "\\Z", "[[", "(?", "***"]
                        .iter()
                        .any(|own| pattern.contains(own));
                    let name = if portable { "pattern" } else { "$comment" };
                    text.insert(name.into(), pattern.as_ref().into());
                }
                text.into()
            }
            ShapeType::Integer { bits, min, max } => {
                let (least, greatest) = match bits {
                    16 => (i16::MIN.into(), i16::MAX.into()),
                    32 => (i32::MIN.into(), i32::MAX.into()),
                    _ => (i64::MIN, i64::MAX),
                };
                let (min, max) = (min.unwrap_or(least), max.unwrap_or(greatest));
                json!({ "type": "integer", "minimum": min, "maximum": max })
            }
            ShapeType::Double => {
                json!({ "type": "number", "minimum": f64::MIN, "maximum": f64::MAX })
            }
            ShapeType::Numeric => json!({ "type": "number" }),
            ShapeType::Uuid => json!({ "type": "string", "format": "uuid", "pattern": UUID }),
            ShapeType::Date => {
                json!({ "type": "string", "format": "date", "pattern": format!("^{DATE}$") })
            }
            ShapeType::Timestamptz => {
                let pattern = format!("^{DATE}{TIME}{OFFSET}$");
                json!({ "type": "string", "format": "date-time", "pattern": pattern })
            }
            ShapeType::Timestamp => {
                json!({ "type": "string", "pattern": format!("^{DATE}{TIME}$") })
            }
            ShapeType::Literal(text) => json!({ "const": parse(text) }),
            ShapeType::Enum(labels) => {
                let labels: Vec<&str> = labels.iter().map(AsRef::as_ref).collect();
                json!({ "enum": labels })
            }
            ShapeType::Object { fields, unknown } => self.object(fields, unknown, None),
            ShapeType::Map(values) => {
                json!({ "type": "object", "additionalProperties": self.value(values) })
            }
            ShapeType::Array {
                items,
                min_items,
                max_items,
            } => {
                let mut array = typed("array");
                array.insert("items".into(), self.value(items));
                limit(&mut array, "minItems", *min_items);
                limit(&mut array, "maxItems", *max_items);
                array.into()
            }
            ShapeType::Nullable(inner) => nullable(self.value(inner)),
            ShapeType::Tagged { tag, variants } => {
                let variants = variants
                    .iter()
                    .map(|(label, ty)| self.variant(tag, label, ty));
                json!({ "oneOf": variants.collect::<Vec<_>>() })
            }
            ShapeType::Union(types) => {
                let types: Vec<Value> = types.iter().map(|ty| self.value(ty)).collect();
                json!({ "anyOf": types })
            }
            ShapeType::Shape(schema, name) => {
                let id = shape_id(schema, name);
                if id == *self.root {
                    return json!({ "$ref": "#" });
                }
                json!({ "$ref": format!("#/$defs/{}", pointer(&key(&id))) })
            }
            ShapeType::DatabaseEnum(schema, name) => {
                let id = Id::in_schema(Kind::Enum, schema.clone(), name.clone());
                let labels = self.schema.get(&id).and_then(|node| node.object.as_enum());
                match labels {
                    Some(object) => {
                        let labels: Vec<&str> = object.labels.iter().map(AsRef::as_ref).collect();
                        json!({ "enum": labels })
                    }
                    None => json!({ "type": "string" }),
                }
            }
        }
    }

    /// A variant with its tag; a shape is written out, because a closed one would refuse the tag.
    fn variant(&self, tag: &str, label: &str, ty: &ShapeType) -> Value {
        match ty {
            ShapeType::Object { fields, unknown } => {
                self.object(fields, unknown, Some((tag, label)))
            }
            ShapeType::Shape(schema, name) => {
                let shape = self.schema.get(&shape_id(schema, name));
                match shape
                    .and_then(|node| node.object.as_shape())
                    .map(|shape| &shape.body)
                {
                    Some(body @ ShapeType::Object { .. }) => self.variant(tag, label, body),
                    _ => self.value(ty),
                }
            }
            _ => self.value(ty),
        }
    }

    fn object(&self, fields: &[Field], unknown: &UnknownKeys, tag: Option<(&str, &str)>) -> Value {
        let (mut properties, mut required) = (Map::new(), Vec::<Value>::new());
        if let Some((name, label)) = tag {
            properties.insert(name.into(), json!({ "const": label }));
            required.push(name.into());
        }
        for field in fields {
            let mut property = Map::new();
            describe(&mut property, field.doc.as_deref());
            let value = self.value(&field.ty);
            match field.presence {
                Presence::Required => {
                    required.push(field.name.as_str().into());
                    extend(&mut property, value);
                }
                Presence::Optional => extend(&mut property, nullable(value)),
            }
            if let Some(default) = &field.default {
                property.insert("default".into(), parse(default));
            }
            properties.insert(field.name.as_str().into(), property.into());
        }
        let mut object = typed("object");
        object.insert("properties".into(), properties.into());
        if !required.is_empty() {
            object.insert("required".into(), required.into());
        }
        match unknown {
            UnknownKeys::Refused => {
                object.insert("additionalProperties".into(), false.into());
            }
            UnknownKeys::Kept => {}
            UnknownKeys::Typed(ty) => {
                object.insert("additionalProperties".into(), self.value(ty));
            }
        }
        object.into()
    }
}

/// The shapes that a type names.
fn references(ty: &ShapeType, ids: &mut Vec<Id>) {
    match ty {
        ShapeType::Shape(schema, name) => ids.push(shape_id(schema, name)),
        ShapeType::Nullable(inner) | ShapeType::Map(inner) => references(inner, ids),
        ShapeType::Array { items, .. } => references(items, ids),
        ShapeType::Object { fields, unknown } => {
            fields.iter().for_each(|field| references(&field.ty, ids));
            if let UnknownKeys::Typed(ty) = unknown {
                references(ty, ids);
            }
        }
        ShapeType::Tagged { variants, .. } => {
            variants.iter().for_each(|(_, ty)| references(ty, ids));
        }
        ShapeType::Union(types) => types.iter().for_each(|ty| references(ty, ids)),
        ShapeType::Any
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

fn shape_id(schema: &Name, name: &Name) -> Id {
    Id::in_schema(Kind::Shape, schema.clone(), name.clone())
}

/// The name of a shape among the others.
fn key(id: &Id) -> String {
    match id.schema.as_str() {
        "public" => id.name.to_string(),
        schema => format!("{schema}.{}", id.name),
    }
}

/// A name inside a JSON pointer.
fn pointer(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

fn typed(name: &str) -> Map<String, Value> {
    Map::from_iter([("type".to_owned(), name.into())])
}

fn limit(to: &mut Map<String, Value>, name: &str, value: Option<u32>) {
    if let Some(value) = value {
        to.insert(name.into(), value.into());
    }
}

fn describe(to: &mut Map<String, Value>, text: Option<&str>) {
    if let Some(text) = text {
        to.insert("description".into(), text.into());
    }
}

fn extend(to: &mut Map<String, Value>, value: Value) {
    if let Value::Object(entries) = value {
        to.extend(entries);
    }
}

fn parse(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_default()
}

/// What `schema` accepts, and null. One that accepts everything accepts null already.
fn nullable(schema: Value) -> Value {
    match schema {
        Value::Object(schema) if schema.is_empty() => schema.into(),
        Value::Object(mut schema) if schema.get("type").is_some_and(Value::is_string) => {
            if let Some(ty) = schema.get_mut("type") {
                *ty = json!([ty.take(), "null"]);
            }
            schema.into()
        }
        schema => json!({ "anyOf": [schema, { "type": "null" }] }),
    }
}
