//! JSON documents that a shape accepts, and documents it must refuse, each broken in one place.
//!
//! Derived from the shape alone, never from the function that enforces it.

use model::schema::{Field, Node, Presence, Schema, ShapeType, UnknownKeys};
use model::{Id, Kind};
use serde_json::{Map, Value, json};

/// A document that must be refused, and what is wrong with it.
#[derive(Clone, Debug)]
pub(crate) struct Broken {
    /// Such as `parking.type that is a number`.
    pub(crate) what: String,
    pub(crate) document: Value,
}

/// Nesting at which optional parts are left out, so that recursive shapes end.
const DEEPEST: usize = 6;

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
enum Fill {
    Full,
    Least,
    Null,
}

#[derive(Clone, Copy)]
struct Maker<'a> {
    schema: &'a Schema,
    fill: Fill,
}

impl Maker<'_> {
    fn shape(&self, schema: &str, name: &str) -> Option<&ShapeType> {
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
    fn make(&self, ty: &ShapeType, depth: usize) -> Option<Value> {
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
                    Some(pattern) => super::pattern::sample(pattern).into_iter().next()?,
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

    /// Values of the wrong kind, and values of the right kind broken in one place.
    fn broken(&self, ty: &ShapeType, depth: usize) -> Vec<Broken> {
        if depth > DEEPEST {
            return Vec::new();
        }
        let mut found = Found(self.broken_kind(ty));
        match ty {
            ShapeType::Object { fields, unknown } => {
                let Some(Value::Object(whole)) = self.make(ty, depth) else {
                    return found.0;
                };
                for field in fields {
                    let with = |value: Value| {
                        let mut object = whole.clone();
                        object.insert(field.name.to_string(), value);
                        Value::Object(object)
                    };
                    let mut inner = self.broken(&field.ty, depth + 1);
                    if field.presence == Presence::Optional {
                        inner.retain(|b| !b.document.is_null());
                    } else {
                        let mut object = whole.clone();
                        object.remove(field.name.as_str());
                        found.add(&format!("no {}", field.name), Value::Object(object));
                    }
                    found.inside(&field.name, inner, &with);
                }
                let with_other = |value: Value| {
                    let mut object = whole.clone();
                    object.insert("somethingElse".to_owned(), value);
                    Value::Object(object)
                };
                match unknown {
                    UnknownKeys::Refused => {
                        found.add("an unknown key", with_other(json!(1)));
                    }
                    UnknownKeys::Kept => {}
                    UnknownKeys::Typed(ty) => {
                        found.inside("another key", self.broken(ty, depth + 1), &with_other);
                    }
                }
            }
            ShapeType::Map(value) => {
                found.inside(
                    "a value",
                    self.broken(value, depth + 1),
                    &|v| json!({ "key": v }),
                );
            }
            ShapeType::Array {
                items,
                min_items,
                max_items,
            } => {
                let least = min_items.unwrap_or(0).saturating_sub(1) as usize;
                let filler = self.make(items, depth + 1);
                found.inside("an item", self.broken(items, depth + 1), &|v| {
                    let mut all = vec![filler.clone().unwrap_or(Value::Null); least];
                    all.push(v);
                    Value::Array(all)
                });
                let of = |count: u32| {
                    Value::Array(vec![filler.clone().unwrap_or_default(); count as usize])
                };
                if let Some(least) = min_items.filter(|&least| least > 0) {
                    found.add(&format!("{} items", least - 1), of(least - 1));
                }
                if let Some(most) = max_items.filter(|&most| most < 1_000 && filler.is_some()) {
                    found.add(&format!("{} items", most + 1), of(most + 1));
                }
            }
            ShapeType::Nullable(inner) => {
                let mut inner = self.broken(inner, depth);
                inner.retain(|b| !b.document.is_null());
                return inner;
            }
            ShapeType::Tagged { tag, variants } => {
                for (value, body) in variants {
                    let tagged = |inner: Value| match inner {
                        Value::Object(mut object) => {
                            object.insert(tag.to_string(), json!(value.as_ref()));
                            Value::Object(object)
                        }
                        other => other,
                    };
                    let inner = self.broken(body, depth + 1);
                    let objects = inner
                        .into_iter()
                        .filter(|b| b.document.is_object())
                        .collect();
                    found.inside(value, objects, &tagged);
                }
                found.add(
                    &format!("an unknown {tag}"),
                    json!({ tag.as_str(): "no such" }),
                );
                found.add(&format!("no {tag}"), json!({}));
            }
            ShapeType::Shape(schema, name) => {
                let Some(body) = self.shape(schema, name).cloned() else {
                    return Vec::new();
                };
                return self.broken(&body, depth + 1);
            }
            _ => {}
        }
        found.0
    }

    /// Values that are not of the kind at all, or outside its limits.
    fn broken_kind(&self, ty: &ShapeType) -> Vec<Broken> {
        let wrong: Vec<(&str, Value)> = match ty {
            // A union refuses what every branch refuses; which that is, only a solver could say.
            ShapeType::Any
            | ShapeType::Nullable(_)
            | ShapeType::Union(_)
            | ShapeType::Shape(..) => {
                return Vec::new();
            }
            ShapeType::Boolean => vec![("a string", json!("true")), ("null", Value::Null)],
            ShapeType::Text { .. } => vec![("a number", json!(1)), ("null", Value::Null)],
            ShapeType::Integer { .. } => vec![
                ("a string", json!("1")),
                ("a fraction", json!(1.5)),
                ("null", Value::Null),
            ],
            ShapeType::Double | ShapeType::Numeric => {
                vec![("a boolean", json!(true)), ("null", Value::Null)]
            }
            ShapeType::Uuid | ShapeType::Date | ShapeType::Timestamptz | ShapeType::Timestamp => {
                vec![
                    ("another text", json!("yesterday")),
                    ("a number", json!(1)),
                    ("null", Value::Null),
                ]
            }
            ShapeType::Literal(_) => vec![("something else", json!({ "else": 1 }))],
            ShapeType::Enum(_) | ShapeType::DatabaseEnum(..) => vec![
                ("an unknown value", json!("no such value")),
                ("a number", json!(1)),
                ("null", Value::Null),
            ],
            ShapeType::Object { .. } | ShapeType::Map(_) | ShapeType::Tagged { .. } => {
                vec![
                    ("an array", json!([])),
                    ("a string", json!("{}")),
                    ("null", Value::Null),
                ]
            }
            ShapeType::Array { .. } => vec![("an object", json!({})), ("null", Value::Null)],
        };
        let mut found: Vec<Broken> = wrong
            .into_iter()
            .map(|(what, document)| Broken {
                what: format!("that is {what}"),
                document,
            })
            .collect();
        found.extend(
            limits(ty)
                .into_iter()
                .map(|(what, document)| Broken { what, document }),
        );
        found
    }
}

/// Values just outside a scalar's limits.
fn limits(ty: &ShapeType) -> Vec<(String, Value)> {
    match ty {
        ShapeType::Text {
            min_length,
            max_length,
            pattern,
        } => {
            let mut found = Vec::new();
            if pattern.is_none() {
                if let Some(least) = min_length.filter(|&l| l > 0) {
                    found.push((
                        format!("of {} characters", least - 1),
                        "x".repeat(least as usize - 1),
                    ));
                }
                if let Some(most) = max_length.filter(|&m| m < 10_000) {
                    found.push((
                        format!("of {} characters", most + 1),
                        "x".repeat(most as usize + 1),
                    ));
                }
            } else {
                found.push((
                    "that matches no pattern".to_owned(),
                    "\u{1}?\u{1}".to_owned(),
                ));
            }
            found
                .into_iter()
                .map(|(what, text)| (what, json!(text)))
                .collect()
        }
        ShapeType::Integer { bits, min, max } => {
            let low = min.unwrap_or(if *bits == 64 {
                i64::MIN
            } else {
                -(1 << (bits - 1))
            });
            let high = max.unwrap_or(if *bits == 64 {
                i64::MAX
            } else {
                (1 << (bits - 1)) - 1
            });
            [low.checked_sub(1), high.checked_add(1)]
                .into_iter()
                .flatten()
                .map(|value| (format!("that is {value}"), json!(value)))
                .collect()
        }
        _ => Vec::new(),
    }
}

fn join(prefix: &str, what: &str) -> String {
    // `parking` + `type that is a number` → `parking.type that is a number`.
    let separator = if what.starts_with("that ") || what.starts_with("of ") {
        " "
    } else {
        "."
    };
    let inner = what.starts_with("no ") || what.starts_with("an unknown key");
    if inner {
        format!("{prefix} with {what}")
    } else {
        format!("{prefix}{separator}{what}")
    }
}

/// Broken documents as they are found.
struct Found(Vec<Broken>);

impl Found {
    fn add(&mut self, what: &str, document: Value) {
        self.0.push(Broken {
            what: what.to_owned(),
            document,
        });
    }

    /// Adds documents that are broken within `place`, each wrapped into the whole.
    fn inside(&mut self, place: &str, inner: Vec<Broken>, wrap: &dyn Fn(Value) -> Value) {
        self.0.extend(inner.into_iter().map(|b| Broken {
            what: join(place, &b.what),
            document: wrap(b.document),
        }));
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
