//! The shape that a function judges: the inverse of what lays a condition out.
//!
//! It reads what this crate writes and nothing else; `None` is the answer to all other texts.

use std::collections::BTreeMap;

use super::columns_check;
use super::reader::Reader;
use crate::derived::shape::function_id;
use crate::names;
use crate::print::unescaped;
use crate::quote::{literal, qualified};
use crate::schema::{Body, Id, Kind, Schema, ShapeType, UnknownKeys};

/// The shapes, and the columns whose documents have one.
pub(super) fn read(schema: &Schema) -> (BTreeMap<Id, ShapeType>, BTreeMap<Id, ShapeType>) {
    let mut shapes = BTreeMap::new();
    let mut called = BTreeMap::new();
    for node in schema.of_kind(Kind::Function) {
        let says = node.comment.as_deref().unwrap_or("");
        let name = says
            .strip_prefix("Whether a document has the shape ")
            .and_then(|name| name.strip_suffix('.'));
        let Some(name) = name else { continue };
        let id = Id::in_schema(Kind::Shape, node.id.schema.clone(), name);
        if function_id(&id) == node.id {
            called.insert(qualified(&node.id.schema, &node.id.name), id);
        }
    }
    for id in called.values() {
        if let Some(body) = function(schema, &function_id(id), &called) {
            shapes.insert(id.clone(), body);
        }
    }
    let mut documents = BTreeMap::new();
    for node in schema.of_kind(Kind::Column) {
        let is_jsonb = node.object.as_column().is_some_and(|c| c.ty.is("jsonb"));
        let Some(check) = is_jsonb.then(|| columns_check(schema, &node.id)).flatten() else {
            continue;
        };
        let calls = |function: &str| {
            let mut words = Reader::new(function).words;
            let column = crate::quote::ident(&node.id.part);
            words.push(&column);
            let call = words.join(" ");
            check == call || check == format!("{column} is null or {call}")
        };
        let shape = called.iter().find(|(function, _)| calls(function));
        if let Some((_, id)) = shape {
            let ty = ShapeType::Shape(id.schema.clone(), id.name.clone());
            documents.insert(node.id.clone(), ty);
            continue;
        }
        let own = names::object_name(&node.id.name, Some(&node.id.part), "is_valid");
        let own = Id::new(Kind::Function, node.id.schema.clone(), own, "jsonb");
        if calls(&qualified(&own.schema, &own.name))
            && let Some(ty) = function(schema, &own, &called)
        {
            documents.insert(node.id.clone(), ty);
        }
    }
    (shapes, documents)
}

fn function(schema: &Schema, id: &Id, called: &BTreeMap<String, Id>) -> Option<ShapeType> {
    let Body::Text(body) = &schema.get(id)?.object.as_routine()?.body else {
        return None;
    };
    let mut reader = Conditions {
        text: Reader::new(&body.text),
        called,
    };
    let in_circle = reader.text.eats("begin return");
    if !in_circle {
        reader.text.expect("select")?;
    }
    let ty = reader.any(&["value".to_owned()])?;
    if in_circle {
        reader.text.expect("; end")?;
    }
    reader.text.rest().is_empty().then_some(ty)
}

pub(super) type Value = [String];

/// The words of a value's text.
pub(super) fn as_text(value: &Value) -> Vec<String> {
    let mut words = value.to_vec();
    match words.len().checked_sub(2).map(|at| (at, &*words[at])) {
        Some((at, "->")) => words[at] = "->>".to_owned(),
        _ => words.extend(["#>>".to_owned(), "'{}'".to_owned()]),
    }
    words
}

pub(super) fn operand(value: &Value) -> Vec<String> {
    if value.len() == 1 || (value.len() == 3 && value[1] == ".") {
        return value.to_vec();
    }
    let mut words = vec!["(".to_owned()];
    words.extend(value.iter().cloned());
    words.push(")".to_owned());
    words
}

pub(super) fn field_of(value: &Value, key: &str) -> Vec<String> {
    let mut words = value.to_vec();
    words.extend(["->".to_owned(), literal(key)]);
    words
}

pub(super) struct Conditions<'t> {
    pub(super) text: Reader<'t>,
    pub(super) called: &'t BTreeMap<String, Id>,
}

impl Conditions<'_> {
    /// Whether `before`, the value and `behind` come next; then they are read.
    pub(super) fn eat(&mut self, before: &str, value: &[String], behind: &str) -> bool {
        let blank = |text: &&str| !text.is_empty();
        let mut words: Vec<&str> = before.split(' ').filter(blank).collect();
        words.extend(value.iter().map(String::as_str));
        words.extend(behind.split(' ').filter(blank));
        self.text.eat(&words)
    }

    /// What stands between `or`s.
    pub(super) fn any(&mut self, value: &Value) -> Option<ShapeType> {
        if self.eat("", value, "= 'null' or") {
            return Some(ShapeType::Nullable(Box::new(self.any(value)?)));
        }
        let mut members = vec![self.all(value)?];
        while self.text.eat(&["or"]) {
            members.push(self.all(value)?);
        }
        match members.len() {
            1 => members.pop(),
            _ => Some(ShapeType::Union(members)),
        }
    }

    /// One type: conditions on the same value, in the order in which they are written.
    pub(super) fn all(&mut self, value: &Value) -> Option<ShapeType> {
        if self.text.eat(&["("]) {
            let ty = self.any(value)?;
            self.text.expect(")")?;
            return Some(ty);
        }
        if self.eat("case when jsonb_typeof (", value, ") = 'object' then") {
            let ty = self.object(value)?;
            self.text.expect("else false end")?;
            return Some(ty);
        }
        if self.eat("case when jsonb_typeof (", value, ") = 'array' then") {
            let ty = self.array(value)?;
            self.text.expect("else false end")?;
            return Some(ty);
        }
        if self.eat("jsonb_typeof (", value, ") =") {
            return self.of_kind(value);
        }
        if self.eat("", value, "between") {
            return self.integer(value);
        }
        if self.eat("", value, "in (") {
            let labels = self.text.strings()?;
            self.text.expect(")")?;
            let labels: Option<Vec<_>> =
                labels.iter().map(|l| Some(unescaped(l)?.into())).collect();
            return Some(ShapeType::Enum(labels?));
        }
        if self.eat("", value, "=") {
            return Some(ShapeType::Literal(self.text.string()?));
        }
        let function = self.call(value)?;
        if function.ends_with("json_double_is_valid") {
            return Some(ShapeType::Double);
        }
        let id = self.called.get(&function)?;
        Some(ShapeType::Shape(id.schema.clone(), id.name.clone()))
    }

    /// The function that is called with the value.
    pub(super) fn call(&mut self, argument: &[String]) -> Option<String> {
        let mut function = String::new();
        while self.text.word() != "(" {
            function.push_str(self.text.next()?);
        }
        self.eat("(", argument, ")").then_some(function)
    }

    /// Behind `jsonb_typeof(…) =`.
    fn of_kind(&mut self, value: &Value) -> Option<ShapeType> {
        let kind = self.text.string()?;
        match &*kind {
            "boolean" => Some(ShapeType::Boolean),
            "number" => Some(ShapeType::Numeric),
            "array" => Some(ShapeType::Array {
                items: Box::new(ShapeType::Any),
                min_items: None,
                max_items: None,
            }),
            "object" => Some(ShapeType::Object {
                fields: Vec::new(),
                unknown: UnknownKeys::Kept,
            }),
            "string" => self.string(value),
            _ => None,
        }
    }

    fn string(&mut self, value: &Value) -> Option<ShapeType> {
        let text = as_text(value);
        let start = self.text.at;
        if self.text.eat(&["and"]) {
            for (name, ty) in [
                ("json_date_is_valid", ShapeType::Date),
                ("json_timestamp_is_valid", ShapeType::Timestamp),
                ("json_timestamptz_is_valid", ShapeType::Timestamptz),
            ] {
                let at = self.text.at;
                if self.call(&text).is_some_and(|f| f.ends_with(name)) {
                    return Some(ty);
                }
                self.text.at = at;
            }
            self.text.at = start;
        }
        let (mut min_length, mut max_length) = (None, None);
        if self.eat("and char_length (", &text, ")") {
            (min_length, max_length) = self.limits()?;
        }
        let mut pattern = None;
        if self.eat("and", &text, "~") {
            let found = self.text.string()?;
            if &*found == "^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$" {
                return Some(ShapeType::Uuid);
            }
            pattern = Some(found);
        }
        Some(ShapeType::Text {
            min_length,
            max_length,
            pattern,
        })
    }

    /// Behind a length.
    fn limits(&mut self) -> Option<(Option<u32>, Option<u32>)> {
        Some(match self.text.next()? {
            "=" => {
                let n = self.text.number()?;
                (Some(n), Some(n))
            }
            "between" => {
                let least = self.text.number()?;
                self.text.expect("and")?;
                (Some(least), Some(self.text.number()?))
            }
            ">=" => (Some(self.text.number()?), None),
            "<=" => (None, Some(self.text.number()?)),
            _ => return None,
        })
    }

    fn integer(&mut self, value: &Value) -> Option<ShapeType> {
        let least: i64 = self.text.string()?.parse().ok()?;
        self.text.expect("and")?;
        let most: i64 = self.text.string()?.parse().ok()?;
        let text = as_text(value);
        self.eat("and", &text, "~ '^-?[0-9]+$'").then_some(())?;
        let small = (i64::from(i16::MIN), i64::from(i16::MAX));
        let usual = (i64::from(i32::MIN), i64::from(i32::MAX));
        let (bits, range) = if least == small.0 || most == small.1 {
            (16, small)
        } else if least < usual.0 || most > usual.1 {
            (64, (i64::MIN, i64::MAX))
        } else {
            (32, usual)
        };
        Some(ShapeType::Integer {
            bits,
            min: (least != range.0).then_some(least),
            max: (most != range.1).then_some(most),
        })
    }

    fn array(&mut self, value: &Value) -> Option<ShapeType> {
        let (mut min_items, mut max_items) = (None, None);
        let mut items = ShapeType::Any;
        let mut more = true;
        if self.eat("jsonb_array_length (", value, ")") {
            (min_items, max_items) = self.limits()?;
            more = self.text.eat(&["and"]);
        }
        if more {
            let from = "not exists ( select from jsonb_array_elements (";
            self.eat(from, value, ") as").then_some(())?;
            items = self.each("( value )")?;
        }
        Some(ShapeType::Array {
            items: Box::new(items),
            min_items,
            max_items,
        })
    }

    /// From the name of an item on, up to the parenthesis that closes NOT EXISTS.
    pub(super) fn each(&mut self, columns: &str) -> Option<ShapeType> {
        let item = self.text.next()?.to_owned();
        self.text.expect(columns)?;
        self.text.expect("where")?;
        let value = [item, ".".to_owned(), "value".to_owned()];
        let ty = if self.text.eat(&["not"]) {
            self.all(&value)?
        } else {
            self.eat("jsonb_typeof (", &value, ") <>").then_some(())?;
            self.of_kind(&value)?
        };
        self.text.expect(")")?;
        Some(ty)
    }

    pub(super) fn entries_of(&mut self, object: &[String]) -> Option<ShapeType> {
        let from = "not exists ( select from jsonb_each (";
        self.eat(from, object, ") as").then_some(())?;
        self.each("( key , value )")
    }
}
