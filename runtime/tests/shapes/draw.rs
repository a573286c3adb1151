//! JSON documents drawn for a shape: valid ones, and ones that are nearly so.
//!
//! It knows the shape and never the check or the Rust type. Documents are written as text, because
//! `1`, `1.0` and `1e0`, or a key that comes twice, are told apart by one of the two.

#[path = "scalars.rs"]
mod scalars;

use model::schema::{Field, Presence, Schema, ShapeType, UnknownKeys};
use model::{Id, Kind};
use serde_json::Value;

/// SplitMix64: the same seed gives the same documents on every machine.
pub(crate) struct Draw<'a> {
    state: u64,
    schema: &'a Schema,
    /// One value of so many is not of its type; 0 for none.
    wrong: u64,
}

const NUMBERS: [&str; 44] = [
    "0",
    "-0",
    "0.0",
    "-0.0",
    "1",
    "-1",
    "1.0",
    "1.5",
    "1e0",
    "1E+2",
    "10e-1",
    "5",
    "6",
    "7",
    "9",
    "10",
    "-3",
    "-4",
    "32767",
    "32768",
    "-32768",
    "-32769",
    "2147483647",
    "2147483648",
    "-2147483648",
    "-2147483649",
    "9223372036854775807",
    "9223372036854775808",
    "-9223372036854775808",
    "-9223372036854775809",
    "18446744073709551616",
    "0.1",
    "123456789012345678901234567890.123456789",
    "5e-324",
    "1e-400",
    "1.7976931348623157e308",
    "-1.7976931348623157e308",
    "1.7976931348623158e308",
    "1.797693134862315807e308",
    "1.797693134862315808e308",
    "-1.79769313486231581e308",
    "1e309",
    "-1e400",
    "1e22",
];
const TEXTS: [&str; 16] = [
    "",
    "a",
    "ab",
    "abc",
    "abcd",
    "abcde",
    "abcdef",
    "ä",
    "日本",
    "😀😀😀😀",
    "e\u{301}",
    "a b",
    "it's",
    "\"\\/\u{8}\n\t",
    "true",
    "null",
];
const KEYS: [&str; 12] = [
    "", "a", "b", "kind", "name", "size", "extra", "flag", "größe", "a key", "Name", "at",
];

impl<'a> Draw<'a> {
    pub(crate) fn new(schema: &'a Schema, seed: u64) -> Self {
        Draw {
            state: seed,
            schema,
            wrong: 0,
        }
    }

    /// A document: valid, or with a fault here and there.
    pub(crate) fn document(&mut self, ty: &ShapeType) -> String {
        self.wrong = *self.pick(&[0, 0, 4, 15, 60]);
        self.value(ty, 0)
    }

    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit.max(1)
    }

    fn one_in(&mut self, count: u64) -> bool {
        self.below(count) == 0
    }

    fn pick<'t, T>(&mut self, list: &'t [T]) -> &'t T {
        &list[self.below(list.len() as u64) as usize]
    }

    /// Whether this value is to be wrong.
    fn errs(&mut self) -> bool {
        self.wrong > 0 && self.below(self.wrong) == 0
    }

    fn value(&mut self, ty: &ShapeType, depth: u32) -> String {
        let ty = &self.resolved(ty);
        if *ty != ShapeType::Any && self.errs() {
            return self.wrong(ty, depth);
        }
        match ty {
            ShapeType::Any | ShapeType::Shape(..) => self.any(depth),
            ShapeType::Boolean => (*self.pick(&["true", "false"])).to_owned(),
            ShapeType::Text {
                min_length,
                max_length,
                pattern,
            } => {
                let (min, max) = (min_length.unwrap_or(0), max_length.unwrap_or(9));
                let length = u64::from(min) + self.below(u64::from(max - min) + 1);
                let letters: Vec<char> = match pattern {
                    Some(_) => "ab-".chars().collect(),
                    None => "aZ9 \"\\\n'äß日😀\u{301}\u{7f}\u{1}".chars().collect(),
                };
                let text: String = (0..length).map(|_| *self.pick(&letters)).collect();
                self.string(&text)
            }
            ShapeType::Integer { bits, min, max } => {
                let most = i64::MAX >> (64 - bits);
                let (min, max) = (min.unwrap_or(-most - 1), max.unwrap_or(most));
                let span = (max as u64).wrapping_sub(min as u64).wrapping_add(1);
                let any = match span {
                    0 => self.next() as i64,
                    span => (min as u64).wrapping_add(self.below(span)) as i64,
                };
                let small = (self.below(20) as i64 - 10).clamp(min, max);
                self.pick(&[min, max, any, small]).to_string()
            }
            ShapeType::Double => match self.one_in(4) {
                true => (*self.pick(&NUMBERS[..36])).to_owned(),
                false => self.decimal(300),
            },
            ShapeType::Numeric => match self.one_in(4) {
                true => (*self.pick(&NUMBERS)).to_owned(),
                false => self.decimal(2000),
            },
            ShapeType::Uuid => {
                let digits = format!("{:016x}{:016x}", self.next(), self.next());
                let parts = [
                    &digits[..8],
                    &digits[8..12],
                    &digits[12..16],
                    &digits[16..20],
                    &digits[20..],
                ];
                let text = parts.join("-");
                match self.one_in(3) {
                    true => self.string(&text.to_uppercase()),
                    false => self.string(&text),
                }
            }
            ShapeType::Date => {
                let text = self.date();
                self.string(&text)
            }
            ShapeType::Timestamp => {
                let text = self.timestamp();
                self.string(&text)
            }
            ShapeType::Timestamptz => {
                let offset = match self.one_in(2) {
                    true => "Z".to_owned(),
                    false => {
                        let sign = *self.pick(&['+', '-']);
                        format!("{sign}{:02}:{:02}", self.below(24), self.below(60))
                    }
                };
                let text = self.timestamp() + &offset;
                self.string(&text)
            }
            ShapeType::Literal(json) => match (&**json, self.one_in(2)) {
                ("1", true) => (*self.pick(&["1.0", "1.00", "1e0", "10e-1"])).to_owned(),
                _ => json.to_string(),
            },
            ShapeType::Enum(labels) => {
                let label = self.pick(labels).clone();
                self.string(&label)
            }
            ShapeType::DatabaseEnum(schema, name) => {
                let id = Id::in_schema(Kind::Enum, schema.clone(), name.clone());
                let node = self.schema.get(&id).expect("an enum of the model");
                let labels = &node.object.as_enum().expect("an enum").labels;
                let label = self.pick(labels).clone();
                self.string(&label)
            }
            ShapeType::Object { fields, unknown } => {
                let entries = self.entries(fields, unknown, depth);
                self.object(entries)
            }
            ShapeType::Map(ty) => {
                let count = self.below(if depth > 4 { 1 } else { 4 });
                let entries = (0..count).map(|_| {
                    let key = (*self.pick(&KEYS)).to_owned();
                    (key, self.value(ty, depth + 1))
                });
                let entries = entries.collect();
                self.object(entries)
            }
            ShapeType::Array {
                items,
                min_items,
                max_items,
            } => {
                let min = u64::from(min_items.unwrap_or(0));
                let max = u64::from(max_items.unwrap_or(3));
                let max = if depth > 4 { min } else { max };
                let mut count = min + self.below(max - min + 1);
                if self.errs() {
                    count = *self.pick(&[min.saturating_sub(1), max + 1]);
                }
                let items: Vec<String> = (0..count).map(|_| self.value(items, depth + 1)).collect();
                format!("[{}]", items.join(","))
            }
            ShapeType::Nullable(ty) => match self.one_in(3) {
                true => "null".to_owned(),
                false => self.value(ty, depth),
            },
            ShapeType::Tagged { tag, variants } => {
                let (label, ty) = self.pick(variants).clone();
                let mut entries = match self.resolved(&ty) {
                    ShapeType::Object { fields, unknown } => self.entries(&fields, &unknown, depth),
                    _ => Vec::new(),
                };
                let tag_value = match self.errs() {
                    true => self.wrong(&ShapeType::Enum(vec![label]), depth),
                    false => self.string(&label),
                };
                if !self.errs() {
                    let at = self.below(entries.len() as u64 + 1) as usize;
                    entries.insert(at, (tag.to_string(), tag_value));
                }
                self.object(entries)
            }
            ShapeType::Union(members) => {
                let member = self.pick(members).clone();
                self.value(&member, depth)
            }
        }
    }

    fn resolved(&self, ty: &ShapeType) -> ShapeType {
        let ShapeType::Shape(schema, name) = ty else {
            return ty.clone();
        };
        let id = Id::in_schema(Kind::Shape, schema.clone(), name.clone());
        let node = self.schema.get(&id).expect("a shape of the model");
        node.object.as_shape().expect("a shape").body.clone()
    }

    fn entries(
        &mut self,
        fields: &[Field],
        unknown: &UnknownKeys,
        depth: u32,
    ) -> Vec<(String, String)> {
        let mut entries = Vec::new();
        for field in fields {
            let absent = match field.presence {
                Presence::Required => self.errs(),
                Presence::Optional => depth > 4 || self.one_in(2),
            };
            if !absent {
                entries.push((field.name.to_string(), self.value(&field.ty, depth + 1)));
            } else if field.presence == Presence::Optional && self.one_in(2) {
                entries.push((field.name.to_string(), "null".to_owned()));
            }
        }
        let others = match unknown {
            UnknownKeys::Refused => u64::from(self.errs()),
            UnknownKeys::Kept | UnknownKeys::Typed(_) => self.below(3),
        };
        for _ in 0..others {
            let key = (*self.pick(&KEYS)).to_owned();
            if fields.iter().any(|field| *field.name == *key) {
                continue;
            }
            let value = match unknown {
                UnknownKeys::Typed(ty) => self.value(ty, depth + 1),
                UnknownKeys::Kept | UnknownKeys::Refused => self.any(depth + 1),
            };
            entries.push((key, value));
        }
        if self.errs() && !entries.is_empty() {
            // The last of a key that comes twice is kept.
            let (key, _) = self.pick(&entries).clone();
            let value = self.any(depth + 1);
            entries.insert(0, (key, value));
        }
        for at in (1..entries.len()).rev() {
            let twice = entries[..at].iter().any(|(key, _)| *key == entries[at].0);
            let other = self.below(at as u64 + 1) as usize;
            if !twice {
                entries.swap(at, other);
            }
        }
        entries
    }

    fn object(&mut self, entries: Vec<(String, String)>) -> String {
        let entries = entries
            .into_iter()
            .map(|(key, value)| format!("{}:{value}", self.string(&key)));
        let entries: Vec<String> = entries.collect();
        format!("{{{}}}", entries.join(", "))
    }

    /// A value that is not of the type, or only just.
    fn wrong(&mut self, ty: &ShapeType, depth: u32) -> String {
        self.wrong = 0;
        let value = self.value(ty, depth);
        self.wrong = *self.pick(&[4, 20, 60]);
        match self.below(6) {
            0 => (*self.pick(&NUMBERS)).to_owned(),
            1 => {
                let text = *self.pick(&TEXTS);
                self.string(text)
            }
            2 => self.any(depth),
            // As serde's own derive would take it.
            3 => match self.below(4) {
                0 => format!("[{value}]"),
                1 => format!("{{{}: null}}", self.key_of(&value)),
                2 => self.string(&value),
                _ => match serde_json::from_str::<Value>(&value) {
                    Ok(Value::Object(map)) => Value::from_iter(map.into_values()).to_string(),
                    Ok(Value::Array(list)) => list.first().map_or(value, Value::to_string),
                    _ => value,
                },
            },
            _ => self.mutated(&value),
        }
    }

    /// A value as the key of an object.
    fn key_of(&mut self, value: &str) -> String {
        match value.starts_with('"') {
            true => value.to_owned(),
            false => self.string(value),
        }
    }

    /// Any value, of numbers that a double holds.
    fn any(&mut self, depth: u32) -> String {
        match self.below(if depth > 4 { 5 } else { 7 }) {
            0 => "null".to_owned(),
            1 => (*self.pick(&["true", "false"])).to_owned(),
            2 => (*self.pick(&NUMBERS[..32])).to_owned(),
            3 | 4 => {
                let text = *self.pick(&TEXTS);
                self.string(text)
            }
            5 => {
                let items: Vec<String> = (0..self.below(3)).map(|_| self.any(depth + 1)).collect();
                format!("[{}]", items.join(","))
            }
            _ => {
                let entries = (0..self.below(3)).map(|_| {
                    let key = (*self.pick(&KEYS)).to_owned();
                    (key, self.any(depth + 1))
                });
                let entries = entries.collect();
                self.object(entries)
            }
        }
    }
}
