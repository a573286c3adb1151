//! SQL for a value within a document: a parameter, a field, an item.
//!
//! It owns where `->`, `->>` and `-` need parentheses: `-` binds tighter than `->`, and `::` than
//! both. Never does it judge a value.

use crate::quote::literal;

/// How to get at a value.
#[derive(Clone)]
pub(super) struct Value {
    sql: String,
    /// The same as text, where an operator gives it.
    text: Option<String>,
    /// Whether any operator may stand behind it.
    is_name: bool,
}

impl Value {
    /// A name: the parameter, or a column of FROM.
    pub(super) fn name(name: &str) -> Self {
        Value {
            sql: name.to_owned(),
            text: None,
            is_name: true,
        }
    }

    /// An argument, or the left side of a comparison, `in`, `?` or `->`.
    pub(super) fn sql(&self) -> &str {
        &self.sql
    }

    /// The left side of anything.
    pub(super) fn operand(&self) -> String {
        match self.is_name {
            true => self.sql.clone(),
            false => format!("({})", self.sql),
        }
    }

    /// The text of a string or a number; null where the value is JSON's null or missing.
    pub(super) fn text(&self) -> String {
        match &self.text {
            Some(text) => text.clone(),
            None => format!("{} #>> '{{}}'", self.sql),
        }
    }

    /// A field.
    pub(super) fn field(&self, key: &str) -> Self {
        let key = literal(key);
        Value {
            sql: format!("{} -> {key}", self.sql),
            text: Some(format!("{} ->> {key}", self.sql)),
            is_name: false,
        }
    }

    /// The object without a key.
    pub(super) fn without(&self, key: &str) -> Self {
        Value {
            sql: format!("{} - {}", self.operand(), literal(key)),
            text: None,
            is_name: false,
        }
    }
}
