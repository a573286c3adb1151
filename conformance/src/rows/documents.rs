//! JSON documents that a shape accepts.
//!
//! Derived from the shape alone, never from the function that enforces it.

use model::schema::{Field, Node, Presence, Schema, ShapeType, UnknownKeys};
use model::{Id, Kind};
use serde_json::{Map, Value, json};

use super::broken::Broken;

/// Nesting at which optional parts are left out, so that recursive shapes end.
pub(super) const DEEPEST: usize = 6;

/// What a column's documents may be.
#[derive(Clone, Debug)]
pub(crate) struct Typed(pub(crate) ShapeType);

impl Typed {
    /// Documents that must be accepted, as JSON text: everything given, nothing optional given,
    /// and optional parts null.
    pub(crate) fn valid(&self, schema: &Schema) -> Vec<String> {
        let mut found = Vec::new();
        for fill in [Fill::Full, Fill::Least, Fill::Null] {
            if let Some(document) = (Maker { schema, fill }).make(&self.0, 0) {
                let text = document.to_string();
                if !found.contains(&text) {
                    found.push(text);
                }
            }
        }
        found
    }

    /// Documents that must be refused.
    pub(crate) fn broken(&self, schema: &Schema) -> Vec<Broken> {
        let maker = Maker {
            schema,
            fill: Fill::Full,
        };
        maker.broken(&self.0, 0)
    }
}

#[derive(Clone, Copy, PartialEq)]
pub(super) enum Fill {
    Full,
    Least,
    Null,
}

#[derive(Clone, Copy)]
pub(super) struct Maker<'a> {
    pub(super) schema: &'a Schema,
    pub(super) fill: Fill,
}

impl Maker<'_> {
    pub(super) fn shape(&self, schema: &str, name: &str) -> Option<&ShapeType> {
        let node: &Node = self.schema.get(&Id::in_schema(Kind::Shape, schema, name))?;
        Some(&node.object.as_shape()?.body)
    }

    fn labels(&self, schema: &str, name: &str) -> Vec<String> {
        let node = self.schema.get(&Id::in_schema(Kind::Enum, schema, name));
        let labels = node
            .and_then(|n| n.object.as_enum())
            .map(|e| e.labels.as_slice());
        labels
            .unwrap_or_default()
            .iter()
            .map(|l| l.to_string())
            .collect()
    }

    /// A document of the type; `None` where none can be made (an endless required recursion).
    pub(super) fn make(&self, ty: &ShapeType, depth: usize) -> Option<Value> {
        if depth > 2 * DEEPEST {
            return None;
        }
        Some(match ty {
            ShapeType::Any => json!({ "any": [1, "two", null] }),
            ShapeType::Boolean => json!(true),
            ShapeType::Text {
                min_length,
                max_length,
                pattern,
            } => {
                let text = match pattern {
                    Some(pattern) => super::pattern::samples(pattern, 0).pop()?,
                    None => "text".to_owned(),
                };
                json!(fit(text, *min_length, *max_length))
            }
            ShapeType::Integer { min, max, .. } => {
                json!(1.max(min.unwrap_or(i64::MIN)).min(max.unwrap_or(i64::MAX)))
            }
            ShapeType::Double => json!(1.5),
            ShapeType::Numeric => json!(12.25),
            ShapeType::Uuid => json!("6f1c1a52-3c0e-4d3b-9d5e-0a6d1c2b3e4f"),
            ShapeType::Date => json!("2026-03-02"),
            ShapeType::Timestamptz => json!("2026-03-02T11:06:00Z"),
            ShapeType::Timestamp => json!("2026-03-02T11:06:00"),
            ShapeType::Literal(text) => serde_json::from_str(text).ok()?,
            ShapeType::Enum(values) => json!(values.first()?.as_ref()),
            ShapeType::Object { fields, unknown } => self.object(fields, unknown, depth)?,
            ShapeType::Map(value) => match (self.fill, self.make(value, depth + 1)) {
                (Fill::Full, Some(value)) => json!({ "key": value }),
                _ => json!({}),
            },
            ShapeType::Array {
                items,
                min_items,
                max_items,
            } => {
                let least = min_items.unwrap_or(0) as usize;
                let wished = if self.fill == Fill::Full && depth < DEEPEST {
                    1
                } else {
                    0
                };
                let count = least
                    .max(wished)
                    .min(max_items.map_or(usize::MAX, |m| m as usize));
                let item = self.make(items, depth + 1);
                if count > 0 && item.is_none() && least == 0 {
                    json!([])
                } else {
                    Value::Array(
                        (0..count)
                            .map(|_| item.clone())
                            .collect::<Option<Vec<_>>>()?,
                    )
                }
            }
            ShapeType::Nullable(inner) => match self.fill {
                Fill::Null => Value::Null,
                _ => self.make(inner, depth + 1).unwrap_or(Value::Null),
            },
            ShapeType::Tagged { tag, variants } => {
                let (value, body) = variants.first()?;
                self.tagged(tag, value, body, depth)?
            }
            ShapeType::Union(types) => types.iter().find_map(|ty| self.make(ty, depth + 1))?,
            ShapeType::Shape(schema, name) => {
                self.make(&self.shape(schema, name)?.clone(), depth + 1)?
            }
            ShapeType::DatabaseEnum(schema, name) => json!(self.labels(schema, name).first()?),
        })
    }

    fn tagged(&self, tag: &str, value: &str, body: &ShapeType, depth: usize) -> Option<Value> {
        let mut object = Map::from_iter([(tag.to_owned(), json!(value))]);
        if let Value::Object(rest) = self.make(body, depth + 1)? {
            object.extend(rest);
        }
        Some(Value::Object(object))
    }

    fn object(&self, fields: &[Field], unknown: &UnknownKeys, depth: usize) -> Option<Value> {
        let mut object = Map::new();
        for field in fields {
            let value = match (field.presence, self.fill) {
                (Presence::Optional, Fill::Least) => continue,
                (Presence::Optional, Fill::Null) => Some(Value::Null),
                (Presence::Optional, Fill::Full) if depth >= DEEPEST => continue,
                _ => self.make(&field.ty, depth + 1),
            };
            match (value, field.presence) {
                (Some(value), _) => drop(object.insert(field.name.to_string(), value)),
                (None, Presence::Optional) => {}
                (None, Presence::Required) => return None,
            }
        }
        let other = match unknown {
            UnknownKeys::Refused => None,
            UnknownKeys::Kept => Some(json!([1])),
            UnknownKeys::Typed(ty) => self.make(ty, depth + 1),
        };
        if let (Fill::Full, Some(other)) = (self.fill, other) {
            object.insert("somethingElse".to_owned(), other);
        }
        Some(Value::Object(object))
    }
}

/// A text brought within limits of length.
fn fit(mut text: String, min: Option<u32>, max: Option<u32>) -> String {
    while text.chars().count() < min.unwrap_or(0) as usize {
        text.push('x');
    }
    match max {
        Some(max) => text.chars().take(max as usize).collect(),
        None => text,
    }
}
