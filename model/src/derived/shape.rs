//! `json` shapes: one immutable function a shape, and a check on every column that has one.
//!
//! A function accepts exactly what the generated Rust type reads; the rules are those of
//! [`ShapeType`]. PostgreSQL may evaluate the sides of AND in any order, so whatever would fail on
//! another kind of value stands inside a CASE.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rustc_hash::FxHashSet;

use super::{function, node};
use crate::names;
use crate::quote::{ident, literal, qualified};
use crate::schema::{
    Check, Constraint, ConstraintBody, Expr, Field, Id, Kind, Name, Node, Object, Parallel,
    Presence, Ref, Schema, ShapeType, UnknownKeys, Volatility,
};

/// The checks of all columns, and the functions they call.
pub(super) fn checks(
    schema: &Schema,
    default_schema: &Name,
    unchecked: &FxHashSet<Id>,
) -> Vec<Node> {
    let mut writer = Writer {
        schema,
        default_schema,
        unchecked,
        helpers: BTreeSet::new(),
    };
    let mut nodes = Vec::new();
    let mut wanted: Vec<Id> = Vec::new();
    for column in schema.of_kind(Kind::Column).filter(|n| !n.external) {
        let Some(object) = column.object.as_column() else {
            continue;
        };
        let Some(documents) = object.documents.0.as_ref().filter(|_| !object.inherited) else {
            continue;
        };
        if let ShapeType::Shape(of, name) = documents {
            let shape = Id::in_schema(Kind::Shape, of.clone(), name.clone());
            if !unchecked.contains(&shape) && schema.contains(&shape) {
                nodes.push(check(column, object.not_null, &shape, function_id(&shape)));
                wanted.push(shape);
            }
        } else if *documents != ShapeType::Any {
            // What is written around a name is the column's own, and so is its function.
            let name = names::object_name(&column.id.name, Some(&column.id.part), "is_valid");
            let id = Id::new(Kind::Function, column.id.schema.clone(), name, "jsonb");
            let mut named = BTreeSet::new();
            named_in(documents, &mut named);
            nodes.push(check(column, object.not_null, &column.id, id.clone()));
            let says = format!(
                "Whether a document is one of {}.{}.",
                column.id.name, column.id.part
            );
            nodes.push(writer.function(&column.id, id, documents, &named, false, &says));
            wanted.extend(named);
        }
    }
    let calls = calls(schema);
    let mut reached: BTreeSet<Id> = BTreeSet::new();
    while let Some(shape) = wanted.pop() {
        if !unchecked.contains(&shape) && reached.insert(shape.clone()) {
            wanted.extend(calls.get(&shape).into_iter().flatten().cloned());
        }
    }
    for shape in &reached {
        let Some(object) = schema.get(shape).and_then(|n| n.object.as_shape()) else {
            continue;
        };
        let none = BTreeSet::new();
        let direct = calls.get(shape).unwrap_or(&none);
        let circle = direct
            .iter()
            .any(|next| next != shape && reaches(next, shape, &calls));
        let says = format!("Whether a document has the shape {}.", shape.name);
        let direct = direct
            .iter()
            .filter(|next| !circle || !reaches(next, shape, &calls));
        let direct = direct.filter(|next| *next != shape).cloned().collect();
        let id = function_id(shape);
        nodes.push(writer.function(shape, id, &object.body, &direct, circle, &says));
    }
    let source = nodes.iter().find_map(|n| n.derived_from.clone());
    nodes.extend(
        source
            .into_iter()
            .flat_map(|source| writer.helpers(&source)),
    );
    nodes
}

/// The shapes that each shape names.
fn calls(schema: &Schema) -> BTreeMap<Id, BTreeSet<Id>> {
    let shapes = schema
        .of_kind(Kind::Shape)
        .filter_map(|n| Some((n, n.object.as_shape()?)));
    shapes
        .map(|(node, shape)| {
            let mut named = BTreeSet::new();
            named_in(&shape.body, &mut named);
            (node.id.clone(), named)
        })
        .collect()
}

fn named_in(ty: &ShapeType, found: &mut BTreeSet<Id>) {
    match ty {
        ShapeType::Shape(schema, name) => {
            found.insert(Id::in_schema(Kind::Shape, schema.clone(), name.clone()));
        }
        ShapeType::Object { fields, unknown } => {
            fields.iter().for_each(|f| named_in(&f.ty, found));
            if let UnknownKeys::Typed(ty) = unknown {
                named_in(ty, found);
            }
        }
        ShapeType::Map(ty) | ShapeType::Nullable(ty) => named_in(ty, found),
        ShapeType::Array { items, .. } => named_in(items, found),
        ShapeType::Tagged { variants, .. } => variants.iter().for_each(|(_, t)| named_in(t, found)),
        ShapeType::Union(members) => members.iter().for_each(|t| named_in(t, found)),
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

fn function_id(shape: &Id) -> Id {
    let name = names::object_name(&snake(&shape.name), None, "is_valid");
    Id::new(Kind::Function, shape.schema.clone(), name, "jsonb")
}

/// `DealSpaces` as `deal_spaces`.
fn snake(name: &str) -> String {
    let mut snake = String::new();
    let chars: Vec<char> = name.chars().collect();
    for (i, c) in chars.iter().enumerate() {
        let begins = c.is_uppercase()
            && i > 0
            && (!chars[i - 1].is_uppercase() || chars.get(i + 1).is_some_and(|n| n.is_lowercase()))
            && chars[i - 1] != '_';
        if begins {
            snake.push('_');
        }
        snake.extend(c.to_lowercase());
    }
    snake
}

fn check(column: &Node, not_null: bool, shape: &Id, function: Id) -> Node {
    let table = Id::table(column.id.schema.clone(), column.id.name.clone());
    let name = ident(&column.id.part);
    let call = qualified(&function.schema, &function.name);
    let (mut text, mut refs) = (String::new(), Vec::new());
    let mut add = |text: &mut String, piece: &str, id: &Id| {
        let start = text.len() as u32;
        text.push_str(piece);
        refs.push(Ref {
            start,
            end: text.len() as u32,
            id: id.clone(),
        });
    };
    if !not_null {
        add(&mut text, &name, &column.id);
        text.push_str(" is null or ");
    }
    let own = ident(&function.name);
    text.push_str(&call[..call.len() - own.len()]);
    add(&mut text, &own, &function);
    text.push('(');
    add(&mut text, &name, &column.id);
    text.push(')');
    let condition = Expr {
        text: text.into(),
        refs,
        opaque: false,
    };
    let body = ConstraintBody::Check(Check {
        condition,
        no_inherit: false,
    });
    let constraint = names::object_name(&table.name, Some(&column.id.part), "shape");
    let id = table.within(Kind::Constraint, constraint);
    let mut node = node(id, Object::Constraint(Constraint::new(body)), shape);
    node.needs.extend([function, column.id.clone()]);
    node.origin = column.origin;
    node
}

/// The texts that hold a date or time, judged by functions of their own.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Helper {
    Date,
    Timestamp,
    Timestamptz,
}

impl Helper {
    fn name(self) -> &'static str {
        match self {
            Helper::Date => "json_date_is_valid",
            Helper::Timestamp => "json_timestamp_is_valid",
            Helper::Timestamptz => "json_timestamptz_is_valid",
        }
    }
}

struct Writer<'a> {
    schema: &'a Schema,
    default_schema: &'a Name,
    unchecked: &'a FxHashSet<Id>,
    helpers: BTreeSet<Helper>,
}

impl Writer<'_> {
    /// The function that judges one type. `calls` are the shapes whose functions must be there.
    ///
    /// A SQL body is checked when it is made, so functions that call each other in a `circle` have
    /// bodies in PL/pgSQL, where names are looked up at the first call.
    fn function(
        &mut self,
        source: &Id,
        id: Id,
        body: &ShapeType,
        calls: &BTreeSet<Id>,
        circle: bool,
        says: &str,
    ) -> Node {
        let before = std::mem::take(&mut self.helpers);
        let condition = self.condition(body, "value", 1, 0);
        let used = std::mem::replace(&mut self.helpers, before);
        let (language, text) = if circle {
            ("plpgsql", format!("\nbegin\n  return {condition};\nend\n"))
        } else {
            ("sql", format!("\n  select {condition}\n"))
        };
        let (id, mut routine) = function(id, "value jsonb", "boolean", language, text);
        routine.volatility = Volatility::Immutable;
        routine.parallel = Parallel::Safe;
        let mut made = node(id, Object::Routine(routine), source);
        made.comment = Some(says.into());
        let checked = calls
            .iter()
            .filter(|called| !self.unchecked.contains(called));
        made.needs.extend(checked.map(function_id));
        made.needs.extend(used.iter().map(|h| self.helper_id(*h)));
        made.origin = self.schema.get(source).and_then(|n| n.origin);
        self.helpers.extend(used);
        made
    }

    fn helper_id(&self, helper: Helper) -> Id {
        Id::new(
            Kind::Function,
            self.default_schema.clone(),
            helper.name(),
            "text",
        )
    }

    fn call(&mut self, helper: Helper, text: &str) -> String {
        self.helpers.insert(helper);
        format!("{}({text})", qualified(self.default_schema, helper.name()))
    }

    /// The helpers that were called, and those that they call.
    fn helpers(&mut self, source: &Id) -> Vec<Node> {
        if self.helpers.contains(&Helper::Timestamptz) {
            self.helpers.insert(Helper::Timestamp);
        }
        if self.helpers.contains(&Helper::Timestamp) {
            self.helpers.insert(Helper::Date);
        }
        let called = |helper: Helper| qualified(self.default_schema, helper.name());
        let make = |helper: Helper| {
            let (text, says) = match helper {
                Helper::Date => (
                    "\n  select case\n    when value ~ '^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$' and left(value, 4) <> '0000'\n      then right(value, 2)::integer <= extract(day from make_date(left(value, 4)::integer, substr(value, 6, 2)::integer, 1) + interval '1 month - 1 day')\n    else false\n  end\n"
                        .to_owned(),
                    "Whether a text is a day that exists, as YYYY-MM-DD.",
                ),
                Helper::Timestamp => (
                    format!(
                        "\n  select value ~ '^.{{10}}T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]([.][0-9]{{1,9}})?$'\n    and {}(left(value, 10))\n",
                        called(Helper::Date)
                    ),
                    "Whether a text is a date and time without an offset, as YYYY-MM-DDTHH:MM:SS.",
                ),
                Helper::Timestamptz => (
                    format!(
                        "\n  select value ~ '(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])$'\n    and {}(regexp_replace(value, '(Z|[+-][0-9]{{2}}:[0-9]{{2}})$', ''))\n",
                        called(Helper::Timestamp)
                    ),
                    "Whether a text is a time of RFC 3339 with its offset.",
                ),
            };
            let (id, mut routine) =
                function(self.helper_id(helper), "value text", "boolean", "sql", text);
            routine.volatility = Volatility::Immutable;
            routine.parallel = Parallel::Safe;
            let mut made = node(id, Object::Routine(routine), source);
            made.comment = Some(says.into());
            made.needs.extend(match helper {
                Helper::Date => None,
                Helper::Timestamp => Some(self.helper_id(Helper::Date)),
                Helper::Timestamptz => Some(self.helper_id(Helper::Timestamp)),
            });
            made
        };
        self.helpers.iter().map(|h| make(*h)).collect()
    }

    /// A condition on a document that is not SQL's null; it is never null itself. `depth` tells
    /// nested items apart.
    fn condition(&mut self, ty: &ShapeType, value: &str, indent: usize, depth: usize) -> String {
        let string = || format!("jsonb_typeof({value}) = 'string'");
        let text = format!("{value} #>> '{{}}'");
        match ty {
            ShapeType::Any => "true".to_owned(),
            ShapeType::Boolean => format!("jsonb_typeof({value}) = 'boolean'"),
            ShapeType::Text {
                min_length,
                max_length,
                pattern,
            } => {
                let mut all = vec![string()];
                let length = format!("char_length({text})");
                all.extend(between(&length, *min_length, *max_length));
                all.extend(
                    pattern
                        .as_ref()
                        .map(|p| format!("({text}) ~ {}", literal(p))),
                );
                joined(all, " and ")
            }
            ShapeType::Integer { bits, min, max } => {
                let (least, most) = match bits {
                    16 => (i64::from(i16::MIN), i64::from(i16::MAX)),
                    32 => (i64::from(i32::MIN), i64::from(i32::MAX)),
                    _ => (i64::MIN, i64::MAX),
                };
                let least = min.map_or(least, |m| m.max(least));
                let most = max.map_or(most, |m| m.min(most));
                number(
                    value,
                    &format!(
                        "{value}::text ~ '^-?[0-9]+$' and {value}::numeric between {least} and {most}"
                    ),
                )
            }
            ShapeType::Double => number(
                value,
                &format!("abs({value}::numeric) <= 1.7976931348623157e308"),
            ),
            ShapeType::Numeric => format!("jsonb_typeof({value}) = 'number'"),
            ShapeType::Uuid => {
                let pattern = "^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$";
                format!("({} and ({text}) ~ {})", string(), literal(pattern))
            }
            ShapeType::Date => format!("({} and {})", string(), self.call(Helper::Date, &text)),
            ShapeType::Timestamp => {
                format!("({} and {})", string(), self.call(Helper::Timestamp, &text))
            }
            ShapeType::Timestamptz => {
                format!(
                    "({} and {})",
                    string(),
                    self.call(Helper::Timestamptz, &text)
                )
            }
            ShapeType::Literal(json) => format!("{value} = {}", literal(json)),
            ShapeType::Enum(labels) => one_of(value, labels),
            ShapeType::DatabaseEnum(schema, name) => {
                let id = Id::in_schema(Kind::Enum, schema.clone(), name.clone());
                match self.schema.get(&id).and_then(|n| n.object.as_enum()) {
                    Some(labels) => one_of(value, &labels.labels),
                    None => string(),
                }
            }
            ShapeType::Object { fields, unknown } => {
                self.object(fields, unknown, None, value, indent, depth)
            }
            ShapeType::Map(ty) => {
                let rest = self.each(ty, value, indent, depth);
                guarded("object", value, &rest)
            }
            ShapeType::Array {
                items,
                min_items,
                max_items,
            } => {
                let mut all: Vec<String> = between(
                    &format!("jsonb_array_length({value})"),
                    *min_items,
                    *max_items,
                )
                .into_iter()
                .collect();
                if **items != ShapeType::Any {
                    let item = format!("item{}", number_of(depth));
                    let inner = format!("{item}.value");
                    let condition = self.condition(items, &inner, indent + 1, depth + 1);
                    all.push(format!(
                        "not exists (select from jsonb_array_elements({value}) as {item} (value) where not ({condition}))"
                    ));
                }
                match all.is_empty() {
                    true => format!("jsonb_typeof({value}) = 'array'"),
                    false => guarded("array", value, &all.join(" and ")),
                }
            }
            ShapeType::Nullable(ty) => {
                let inner = self.condition(ty, value, indent, depth);
                format!("({value} = 'null' or {inner})")
            }
            ShapeType::Tagged { tag, variants } => self.tagged(tag, variants, value, indent, depth),
            ShapeType::Union(members) => {
                let all = members
                    .iter()
                    .map(|m| self.condition(m, value, indent, depth))
                    .collect();
                joined(all, " or ")
            }
            ShapeType::Shape(schema, name) => {
                let id = Id::in_schema(Kind::Shape, schema.clone(), name.clone());
                if self.unchecked.contains(&id) {
                    return "true".to_owned();
                }
                let function = function_id(&id);
                format!("{}({value})", qualified(&function.schema, &function.name))
            }
        }
    }

    /// Every value of an object has the type.
    fn each(&mut self, ty: &ShapeType, value: &str, indent: usize, depth: usize) -> String {
        if *ty == ShapeType::Any {
            return "true".to_owned();
        }
        let entry = format!("entry{}", number_of(depth));
        let inner = format!("{entry}.value");
        let condition = self.condition(ty, &inner, indent + 1, depth + 1);
        format!(
            "not exists (select from jsonb_each({value}) as {entry} (key, value) where not ({condition}))"
        )
    }

    /// `tag` is a key that another condition has judged.
    fn object(
        &mut self,
        fields: &[Field],
        unknown: &UnknownKeys,
        tag: Option<&Name>,
        value: &str,
        indent: usize,
        depth: usize,
    ) -> String {
        let mut all = Vec::new();
        for field in fields {
            let key = literal(&field.name);
            let inner = format!("({value} -> {key})");
            let condition = self.condition(&field.ty, &inner, indent + 1, depth);
            all.push(match (field.presence, condition == "true") {
                (Presence::Required, true) => format!("{value} ? {key}"),
                (Presence::Required, false) => format!("{value} ? {key} and {condition}"),
                (Presence::Optional, true) => continue,
                (Presence::Optional, false) => {
                    format!("({inner} is null or {inner} = 'null' or {condition})")
                }
            });
        }
        let keys: Vec<String> = fields
            .iter()
            .map(|f| &f.name)
            .chain(tag)
            .map(|n| literal(n))
            .collect();
        let rest = match keys.is_empty() {
            true => value.to_owned(),
            false => format!("{value} - array[{}]", keys.join(", ")),
        };
        match unknown {
            UnknownKeys::Refused => all.push(format!("{rest} = '{{}}'")),
            UnknownKeys::Kept => {}
            UnknownKeys::Typed(ty) => all.push(self.each(ty, &rest, indent, depth)),
        }
        if all.is_empty() {
            return format!("jsonb_typeof({value}) = 'object'");
        }
        let pad = "  ".repeat(indent + 2);
        guarded_lines("object", value, &all.join(&format!("\n{pad}and ")), indent)
    }

    fn tagged(
        &mut self,
        tag: &Name,
        variants: &[(Arc<str>, ShapeType)],
        value: &str,
        indent: usize,
        depth: usize,
    ) -> String {
        let key = literal(tag);
        let pad = "  ".repeat(indent + 2);
        let mut text = format!("case {value} -> {key}");
        for (label, ty) in variants {
            let condition = match ty {
                ShapeType::Object { fields, unknown } => {
                    self.object(fields, unknown, Some(tag), value, indent + 2, depth)
                }
                other => self.condition(other, &format!("({value} - {key})"), indent + 2, depth),
            };
            let json = literal(&crate::resolve::json_string(label));
            text.push_str(&format!("\n{pad}  when {json} then {condition}"));
        }
        text.push_str(&format!("\n{pad}  else false\n{pad}end"));
        guarded_lines("object", value, &text, indent)
    }
}

fn reaches(from: &Id, to: &Id, calls: &BTreeMap<Id, BTreeSet<Id>>) -> bool {
    let mut open = vec![from];
    let mut seen = BTreeSet::new();
    while let Some(next) = open.pop() {
        if next == to {
            return true;
        }
        if seen.insert(next) {
            open.extend(calls.get(next).into_iter().flatten());
        }
    }
    false
}

fn number_of(depth: usize) -> String {
    if depth == 0 {
        String::new()
    } else {
        (depth + 1).to_string()
    }
}

/// A condition on numbers that fails on anything else.
fn number(value: &str, condition: &str) -> String {
    guarded("number", value, condition)
}

fn guarded(kind: &str, value: &str, condition: &str) -> String {
    format!("case when jsonb_typeof({value}) = '{kind}' then {condition} else false end")
}

/// The same over several lines.
fn guarded_lines(kind: &str, value: &str, condition: &str, indent: usize) -> String {
    let pad = "  ".repeat(indent);
    format!(
        "case\n{pad}  when jsonb_typeof({value}) = '{kind}' then\n{pad}    {condition}\n{pad}  else false\n{pad}end"
    )
}

fn between(measure: &str, min: Option<u32>, max: Option<u32>) -> Option<String> {
    Some(match (min, max) {
        (Some(min), Some(max)) if min == max => format!("{measure} = {min}"),
        (Some(min), Some(max)) => format!("{measure} between {min} and {max}"),
        (Some(min), None) => format!("{measure} >= {min}"),
        (None, Some(max)) => format!("{measure} <= {max}"),
        (None, None) => return None,
    })
}

fn joined(all: Vec<String>, word: &str) -> String {
    match &all[..] {
        [one] => one.clone(),
        _ => format!("({})", all.join(word)),
    }
}

fn one_of(value: &str, labels: &[Arc<str>]) -> String {
    let all: Vec<String> = labels
        .iter()
        .map(|l| literal(&crate::resolve::json_string(l)))
        .collect();
    format!("{value} in ({})", all.join(", "))
}
