//! Shapes as conditions: what a document must be, rule by rule as at [`ShapeType`].
//!
//! Whatever would fail on another kind of value stands behind a guard. How a condition is laid out
//! is not decided here.

use std::collections::BTreeSet;
use std::sync::Arc;

use rustc_hash::FxHashSet;

use super::function_id;
use super::layout::Condition::{self, Each, Guard, List, Plain, Switch, True, Type};
use super::scalar::Scalar;
use super::value::Value;
use crate::quote::{literal, qualified};
use crate::schema::{Field, Id, Kind, Name, Presence, Schema, ShapeType, UnknownKeys};

/// What conditions are made of, and what they call.
pub(super) struct Conditions<'a> {
    schema: &'a Schema,
    default_schema: &'a Name,
    unchecked: &'a FxHashSet<Id>,
    /// The functions of dates and scalars that were called.
    pub(super) scalars: BTreeSet<Scalar>,
}

impl<'a> Conditions<'a> {
    pub(super) fn new(
        schema: &'a Schema,
        default_schema: &'a Name,
        unchecked: &'a FxHashSet<Id>,
    ) -> Self {
        Conditions {
            schema,
            default_schema,
            unchecked,
            scalars: BTreeSet::new(),
        }
    }

    /// The condition on a document that is not SQL's null.
    pub(super) fn of(&mut self, ty: &ShapeType) -> Condition {
        self.on(ty, &Value::name("value"), 0)
    }

    /// `depth` tells nested items apart.
    fn on(&mut self, ty: &ShapeType, value: &Value, depth: usize) -> Condition {
        let typed = |kind| Type(value.sql().to_owned(), kind);
        let string = || typed("string");
        match ty {
            ShapeType::Any => True,
            ShapeType::Boolean => typed("boolean"),
            ShapeType::Text {
                min_length,
                max_length,
                pattern,
            } => {
                let length = format!("char_length({})", value.text());
                let pattern = pattern.as_ref().map(|p| matches(value, p));
                let length = between(&length, *min_length, *max_length);
                Condition::all([string()].into_iter().chain(length).chain(pattern))
            }
            ShapeType::Integer { bits, min, max } => integer(value, *bits, *min, *max),
            ShapeType::Double => self.call(Scalar::Double, value.sql()),
            ShapeType::Numeric => typed("number"),
            ShapeType::Uuid => {
                let pattern = "^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$";
                Condition::all([string(), matches(value, pattern)])
            }
            ShapeType::Date => Condition::all([string(), self.call(Scalar::Date, &value.text())]),
            ShapeType::Timestamp => {
                Condition::all([string(), self.call(Scalar::Timestamp, &value.text())])
            }
            ShapeType::Timestamptz => {
                Condition::all([string(), self.call(Scalar::Timestamptz, &value.text())])
            }
            ShapeType::Literal(json) => Plain(format!("{} = {}", value.sql(), literal(json))),
            ShapeType::Enum(labels) => one_of(value, labels),
            ShapeType::DatabaseEnum(schema, name) => {
                let id = Id::in_schema(Kind::Enum, schema.clone(), name.clone());
                match self.schema.get(&id).and_then(|n| n.object.as_enum()) {
                    Some(labels) => one_of(value, &labels.labels),
                    None => string(),
                }
            }
            ShapeType::Object { fields, unknown } => {
                let inner = self.entries(fields, unknown, None, value, depth);
                guard("object", value, inner)
            }
            ShapeType::Map(ty) => {
                let inner = self.each_entry(ty, value.sql(), depth);
                guard("object", value, inner)
            }
            ShapeType::Array {
                items,
                min_items,
                max_items,
            } => {
                let length = format!("jsonb_array_length({})", value.sql());
                let length = between(&length, *min_items, *max_items);
                let each = self.each_item(items, value, depth);
                let inner = Condition::all(length.into_iter().chain([each]));
                guard("array", value, inner)
            }
            ShapeType::Nullable(ty) => {
                let null = Plain(format!("{} = 'null'", value.sql()));
                Condition::any(vec![null, self.on(ty, value, depth)])
            }
            ShapeType::Tagged { tag, variants } => {
                let cases = variants.iter().map(|(label, ty)| {
                    let then = match ty {
                        ShapeType::Object { fields, unknown } => {
                            self.entries(fields, unknown, Some(tag), value, depth)
                        }
                        other => self.on(other, &value.without(tag), depth),
                    };
                    (json_literal(label), then)
                });
                let cases = cases.collect();
                let switch = Switch(value.field(tag).sql().to_owned(), cases);
                guard("object", value, switch)
            }
            ShapeType::Union(members) => {
                let members = members.iter().map(|m| self.on(m, value, depth));
                Condition::any(members.collect())
            }
            ShapeType::Shape(schema, name) => {
                let id = Id::in_schema(Kind::Shape, schema.clone(), name.clone());
                if self.unchecked.contains(&id) {
                    return True;
                }
                let function = function_id(&id);
                let function = qualified(&function.schema, &function.name);
                Plain(format!("{function}({})", value.sql()))
            }
        }
    }

    fn call(&mut self, scalar: Scalar, argument: &str) -> Condition {
        self.scalars.insert(scalar);
        Plain(scalar.call(self.default_schema, argument))
    }

    /// The fields and the other keys of an object; `tag` is a key that has been judged already.
    fn entries(
        &mut self,
        fields: &[Field],
        unknown: &UnknownKeys,
        tag: Option<&Name>,
        value: &Value,
        depth: usize,
    ) -> Condition {
        let required = fields.iter().filter(|f| f.presence == Presence::Required);
        let required: Vec<String> = required.map(|f| literal(&f.name)).collect();
        // A missing key makes what is asked of its value null, and this false, hence the whole.
        let mut all = match &required[..] {
            [] => Vec::new(),
            [key] => vec![Plain(format!("{} ? {key}", value.sql()))],
            _ => vec![List(format!("{} ?& array[", value.sql()), required, "]")],
        };
        for field in fields {
            let inner = value.field(&field.name);
            all.push(match (field.presence, &field.ty) {
                (Presence::Required, ty) => self.on(ty, &inner, depth),
                (Presence::Optional, ty) => {
                    let ty = match ty {
                        ShapeType::Nullable(ty) => ty,
                        ty => ty,
                    };
                    let condition = self.on(ty, &inner, depth);
                    Condition::any(vec![is_absent(ty, &inner), condition])
                }
            });
        }
        let keys = fields.iter().map(|f| &f.name).chain(tag);
        let keys: Vec<String> = keys.map(|name| literal(name)).collect();
        let (start, end) = match &keys[..] {
            [] => (value.sql().to_owned(), ""),
            [_] => (format!("{} - ", value.operand()), ""),
            _ => (format!("{} - array[", value.operand()), "]"),
        };
        match unknown {
            UnknownKeys::Kept => {}
            UnknownKeys::Refused => {
                let end = if end.is_empty() {
                    " = '{}'"
                } else {
                    "] = '{}'"
                };
                all.push(List(start, keys, end));
            }
            UnknownKeys::Typed(ty) => {
                let rest = format!("{start}{}{end}", keys.join(", "));
                all.push(self.each_entry(ty, &rest, depth));
            }
        }
        Condition::all(all)
    }

    fn each_entry(&mut self, ty: &ShapeType, object: &str, depth: usize) -> Condition {
        let entry = numbered("entry", depth);
        let condition = self.on(ty, &Value::name(&format!("{entry}.value")), depth + 1);
        let from = format!("jsonb_each({object}) as {entry} (key, value)");
        each(from, condition)
    }

    fn each_item(&mut self, ty: &ShapeType, array: &Value, depth: usize) -> Condition {
        let item = numbered("item", depth);
        let condition = self.on(ty, &Value::name(&format!("{item}.value")), depth + 1);
        let array = array.sql();
        each(
            format!("jsonb_array_elements({array}) as {item} (value)"),
            condition,
        )
    }
}

fn each(from: String, condition: Condition) -> Condition {
    match condition {
        True => True,
        condition => Each(from, Box::new(condition)),
    }
}

/// A condition that only values of the kind are asked.
fn guard(kind: &'static str, value: &Value, condition: Condition) -> Condition {
    let value = value.sql().to_owned();
    match condition {
        True => Type(value, kind),
        condition => Guard(value, kind, Box::new(condition)),
    }
}

/// A key that is missing or holds null. `->>` makes both SQL's null, but writes the value out.
fn is_absent(ty: &ShapeType, value: &Value) -> Condition {
    let is_large = match ty {
        ShapeType::Object { .. }
        | ShapeType::Map(_)
        | ShapeType::Array { .. }
        | ShapeType::Tagged { .. }
        | ShapeType::Union(_)
        | ShapeType::Shape(..)
        | ShapeType::Any => true,
        ShapeType::Nullable(inner) => return is_absent(inner, value),
        ShapeType::Boolean
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
        | ShapeType::DatabaseEnum(..) => false,
    };
    Plain(match is_large {
        true => format!("coalesce({}, 'null') = 'null'", value.sql()),
        false => format!("{} is null", value.text()),
    })
}

fn matches(value: &Value, pattern: &str) -> Condition {
    Plain(format!("{} ~ {}", value.text(), literal(pattern)))
}

/// A whole number without a point, in its range. `jsonb` puts all numbers above every string and
/// null and below every boolean, array and object, so what lies between two numbers is a number.
fn integer(value: &Value, bits: u8, min: Option<i64>, max: Option<i64>) -> Condition {
    let (least, most) = match bits {
        16 => (i64::from(i16::MIN), i64::from(i16::MAX)),
        32 => (i64::from(i32::MIN), i64::from(i32::MAX)),
        _ => (i64::MIN, i64::MAX),
    };
    let least = min.map_or(least, |m| m.max(least));
    let most = max.map_or(most, |m| m.min(most));
    let range = format!("{} between '{least}' and '{most}'", value.sql());
    Condition::all([Plain(range), matches(value, "^-?[0-9]+$")])
}

fn between(measure: &str, min: Option<u32>, max: Option<u32>) -> Option<Condition> {
    Some(Plain(match (min, max) {
        (Some(min), Some(max)) if min == max => format!("{measure} = {min}"),
        (Some(min), Some(max)) => format!("{measure} between {min} and {max}"),
        (Some(min), None) => format!("{measure} >= {min}"),
        (None, Some(max)) => format!("{measure} <= {max}"),
        (None, None) => return None,
    }))
}

fn one_of(value: &Value, labels: &[Arc<str>]) -> Condition {
    let labels: Vec<String> = labels.iter().map(|label| json_literal(label)).collect();
    match &labels[..] {
        [one] => Plain(format!("{} = {one}", value.sql())),
        _ => List(format!("{} in (", value.sql()), labels, ")"),
    }
}

/// A string as a literal of JSON.
fn json_literal(text: &str) -> String {
    literal(&crate::resolve::json_string(text))
}

fn numbered(name: &str, depth: usize) -> String {
    match depth {
        0 => name.to_owned(),
        _ => format!("{name}{}", depth + 1),
    }
}
