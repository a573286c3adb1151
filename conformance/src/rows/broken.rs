//! JSON documents that a shape must refuse, each broken in one place.
//!
//! Never breaks two things at once: the refusal would not say which was noticed.

use model::schema::{Presence, ShapeType, UnknownKeys};
use serde_json::{Value, json};

use super::documents::{DEEPEST, Maker};

/// A document that must be refused, and what is wrong with it.
#[derive(Clone, Debug)]
pub(crate) struct Broken {
    /// Such as `parking.type that is a number`.
    pub(crate) what: String,
    pub(crate) document: Value,
}

impl Maker<'_> {
    /// Values of the wrong kind, and values of the right kind broken in one place.
    pub(super) fn broken(&self, ty: &ShapeType, depth: usize) -> Vec<Broken> {
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
        // Each function that has a say in it refuses something that the others let through.
        let impossible: &[(&str, &str)] = match ty {
            ShapeType::Date => &[("a day that no month has", "2026-02-30")],
            ShapeType::Timestamp => &[
                ("a day that no month has", "2026-02-30T12:00:00"),
                ("an hour that no day has", "2026-02-28T25:00:00"),
            ],
            ShapeType::Timestamptz => &[
                ("a day that no month has", "2026-02-30T12:00:00Z"),
                ("an hour that no day has", "2026-02-28T25:00:00Z"),
            ],
            _ => &[],
        };
        found.extend(impossible.iter().map(|(what, text)| Broken {
            what: format!("that is {what}"),
            document: json!(text),
        }));
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
