//! What a set of JSON values has in common, as a type of the language.
//!
//! A narrow type is only ever guessed where every value has it.

use std::collections::{BTreeMap, BTreeSet};

use model::syntax::quoted_name;
use serde_json::Value;

/// More keys than that, each in few objects, are keys of a map.
const KEYS: usize = 12;
/// Strings that come back at least that often, in at most [`LABELS`] forms, are labels.
const TIMES: usize = 4;
const LABELS: usize = 6;

/// What was seen in one place.
#[derive(Debug, Default)]
pub(super) struct Guess {
    seen: usize,
    nulls: usize,
    booleans: usize,
    numbers: usize,
    /// Numbers with a point or out of 64 bits.
    fractions: usize,
    /// Whether all whole numbers fit 32 bits.
    wide: bool,
    strings: usize,
    texts: BTreeSet<String>,
    kinds: Kinds,
    objects: usize,
    fields: BTreeMap<String, Guess>,
    arrays: usize,
    items: Option<Box<Guess>>,
}

/// What all strings so far were.
#[derive(Debug)]
struct Kinds {
    uuid: bool,
    date: bool,
    time: bool,
}

impl Default for Kinds {
    fn default() -> Self {
        Kinds {
            uuid: true,
            date: true,
            time: true,
        }
    }
}

impl Guess {
    pub(super) fn see(&mut self, value: &Value) {
        self.seen += 1;
        match value {
            Value::Null => self.nulls += 1,
            Value::Bool(_) => self.booleans += 1,
            Value::Number(number) => {
                self.numbers += 1;
                match number.as_i64() {
                    Some(n) => self.wide |= i32::try_from(n).is_err(),
                    None => self.fractions += 1,
                }
            }
            Value::String(text) => {
                self.strings += 1;
                self.kinds.uuid &= is_uuid(text);
                self.kinds.date &= is_date(text);
                self.kinds.time &= is_time(text);
                if self.texts.len() <= LABELS {
                    self.texts.insert(text.clone());
                }
            }
            Value::Array(items) => {
                self.arrays += 1;
                let guess = self.items.get_or_insert_default();
                items.iter().for_each(|item| guess.see(item));
            }
            Value::Object(fields) => {
                self.objects += 1;
                for (key, value) in fields {
                    self.fields.entry(key.clone()).or_default().see(value);
                }
            }
        }
    }

    /// The type, where the values have one that says something.
    pub(super) fn shape(&self) -> Option<String> {
        let shape = self.of("");
        (shape != "any").then_some(shape)
    }

    fn of(&self, indent: &str) -> String {
        let kinds = [
            self.booleans,
            self.numbers,
            self.strings,
            self.arrays,
            self.objects,
        ];
        match kinds.iter().filter(|count| **count > 0).count() {
            1 => self.one(indent),
            _ => "any".to_owned(),
        }
    }

    fn one(&self, indent: &str) -> String {
        if self.booleans > 0 {
            return "boolean".to_owned();
        }
        if self.numbers > 0 {
            let word = match (self.fractions > 0, self.wide) {
                (true, _) => "double",
                (false, true) => "bigint",
                (false, false) => "integer",
            };
            return word.to_owned();
        }
        if self.strings > 0 {
            return self.string();
        }
        if self.arrays > 0 {
            let items = self.items.as_deref();
            let inner = items.map_or("any".to_owned(), |items| items.nullable(indent));
            return match inner.contains(" | ") {
                true => format!("({inner})[]"),
                false => format!("{inner}[]"),
            };
        }
        self.object(indent)
    }

    /// The type, with `| null` where null was among the values.
    fn nullable(&self, indent: &str) -> String {
        let own = self.of(indent);
        match self.nulls > 0 && own != "any" {
            true => format!("{own} | null"),
            false => own,
        }
    }

    fn string(&self) -> String {
        if self.kinds.uuid {
            return "uuid".to_owned();
        }
        if self.kinds.date {
            return "date".to_owned();
        }
        if self.kinds.time {
            return "timestamptz".to_owned();
        }
        let is_word = |text: &String| {
            !text.is_empty() && text.len() <= 30 && !text.contains(char::is_whitespace)
        };
        let few = self.texts.len() <= LABELS && self.strings >= self.texts.len() * TIMES;
        if few && self.texts.len() > 1 && self.texts.iter().all(is_word) {
            let labels = self
                .texts
                .iter()
                .map(|t| format!("'{}'", t.replace('\'', "''")));
            return labels.collect::<Vec<_>>().join(" | ");
        }
        "text".to_owned()
    }

    fn object(&self, indent: &str) -> String {
        if self.fields.is_empty() {
            return "map<any>".to_owned();
        }
        let rare = |guess: &Guess| guess.seen * 2 <= self.objects;
        let ids = self.fields.len() > 1 && self.fields.keys().all(|key| is_key(key));
        if ids || (self.fields.len() > KEYS && self.fields.values().all(rare)) {
            return format!("map<{}>", self.values(indent));
        }
        let inner = format!("{indent}  ");
        let mut text = String::from("{\n");
        for (key, guess) in &self.fields {
            let missing = guess.seen < self.objects;
            let ty = match missing {
                true => {
                    let own = guess.of(&inner);
                    match own.contains(" | ") {
                        true => format!("({own})?"),
                        false => format!("{own}?"),
                    }
                }
                false => guess.nullable(&inner),
            };
            text.push_str(&format!("{inner}{} {ty},\n", quoted_name(key)));
        }
        format!("{text}{indent}}}")
    }

    /// The type that all values of a map have.
    fn values(&self, indent: &str) -> String {
        let mut all: Vec<String> = self.fields.values().map(|g| g.nullable(indent)).collect();
        all.dedup();
        match &all[..] {
            [one] => one.clone(),
            _ => "any".to_owned(),
        }
    }
}

/// Whether a key says which thing it is of, and not what it says of it.
fn is_key(key: &str) -> bool {
    is_uuid(key) || is_date(key) || (!key.is_empty() && key.bytes().all(|b| b.is_ascii_digit()))
}

fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

/// `0` stands for a digit; everything else for itself.
fn fits(text: &str, form: &str) -> bool {
    text.len() == form.len()
        && text
            .bytes()
            .zip(form.bytes())
            .all(|(byte, wanted)| match wanted {
                b'0' => byte.is_ascii_digit(),
                _ => byte == wanted,
            })
}

fn is_date(text: &str) -> bool {
    fits(text, "0000-00-00")
}

/// A time of RFC 3339, with its offset.
fn is_time(text: &str) -> bool {
    let Some((date, rest)) = text.split_once('T') else {
        return false;
    };
    let Some(time) = rest.get(..8).filter(|time| fits(time, "00:00:00")) else {
        return false;
    };
    let rest = &rest[time.len()..];
    let digits = rest.strip_prefix('.').map_or(rest, |decimals| {
        decimals.trim_start_matches(|c: char| c.is_ascii_digit())
    });
    let offset = digits.strip_prefix(['+', '-']);
    is_date(date) && (digits == "Z" || offset.is_some_and(|offset| fits(offset, "00:00")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(documents: &[&str]) -> String {
        let mut guess = Guess::default();
        for document in documents {
            guess.see(&serde_json::from_str(document).unwrap());
        }
        let shape = guess.shape().unwrap_or_else(|| "nothing".to_owned());
        shape.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn a_field_is_optional_where_it_misses_and_nullable_where_it_is_null() {
        let both = [
            r#"{"a": 1, "b": "x", "c": null}"#,
            r#"{"a": 3000000000, "c": 1.5}"#,
        ];
        assert_eq!(check(&both), "{ a bigint, b text?, c double | null, }");
    }

    #[test]
    fn a_format_counts_only_where_every_string_has_it() {
        let time = r#""2026-01-02T03:04:05.678Z""#;
        assert_eq!(
            check(&[time, r#""2026-01-02T03:04:05+02:00""#]),
            "timestamptz"
        );
        assert_eq!(check(&[time, r#""2026-01-02""#]), "text");
        assert_eq!(check(&[r#""2026-01-02""#]), "date");
        assert_eq!(
            check(&[r#""0d9c8a6e-6d5f-4a57-8d2b-0a3b4c5d6e7f""#]),
            "uuid"
        );
    }

    #[test]
    fn few_words_that_come_back_are_labels() {
        let words = ["\"open\"", "\"closed\""].repeat(4);
        assert_eq!(check(&words), "'closed' | 'open'");
        assert_eq!(check(&words[..4]), "text");
        assert_eq!(check(&["\"an open door\"", "\"x\""].repeat(9)), "text");
    }

    #[test]
    fn keys_that_name_things_make_a_map() {
        assert_eq!(check(&[r#"{"1": ["a"], "2": ["b"]}"#]), "map<text[]>");
        assert_eq!(
            check(&[r#"{"one": ["a"], "two": [null, "b"]}"#]),
            "{ one text[], two (text | null)[], }"
        );
    }

    #[test]
    fn what_has_nothing_in_common_gets_no_shape() {
        assert_eq!(check(&["1", "\"a\""]), "nothing");
        assert_eq!(check(&["[]", "[1, {}]"]), "any[]");
    }
}
