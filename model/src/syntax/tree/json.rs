//! JSON shapes.

use super::{ExprText, Ident, ObjectClause, QName, Text};
use crate::source::Span;

/// `[unchecked] json NAME …`.
#[derive(Clone, Debug, PartialEq)]
pub struct Json {
    /// Where it stands.
    pub span: Span,
    /// Its doc comment.
    pub docs: Option<String>,
    /// Its name.
    pub name: QName,
    /// Whether no CHECK is to enforce it.
    pub unchecked: bool,
    /// `reads OLDER, …`: the shapes whose documents are read as this one.
    pub reads: Vec<QName>,
    /// What it is. `{ … }` and `by tag { … }` come as [`JsonKind::Object`] and [`JsonKind::Tagged`].
    pub ty: JsonType,
    /// What every object may be told; `was` above all.
    pub clauses: Vec<ObjectClause>,
}

/// The type of a JSON value.
#[derive(Clone, Debug, PartialEq)]
pub struct JsonType {
    /// Where it stands.
    pub span: Span,
    /// What it is.
    pub kind: JsonKind,
}

/// What a JSON type can be.
#[derive(Clone, Debug, PartialEq)]
pub enum JsonKind {
    /// A scalar (`text`, `integer`, `any`, …), another shape, or an enum type of the database.
    Named {
        /// Its name.
        name: QName,
        /// `(1..80)`.
        limits: Option<Limits>,
        /// `matching '…'`.
        matching: Option<Text>,
    },
    /// Exactly this string.
    Text(Text),
    /// Exactly this number, `true`, `false` or `null`, as JSON text.
    Literal(Box<str>),
    /// `type[]`, with limits behind it or not.
    Array(Box<JsonType>, Option<Limits>),
    /// `map<type>`.
    Map(Box<JsonType>),
    /// `a | b`, two or more.
    Union(Vec<JsonType>),
    /// `{ … }`.
    Object(JsonObject),
    /// `by tag { 'a' { … } 'b' Other }`.
    Tagged {
        /// The key that tells the variants apart.
        tag: Ident,
        /// The variants.
        variants: Vec<JsonVariant>,
    },
}

/// `(least..greatest)`; one number alone is both.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limits {
    /// The least.
    pub min: Option<i64>,
    /// The greatest.
    pub max: Option<i64>,
    /// Where it stands, parentheses included.
    pub span: Span,
}

/// The fields of an object, and what becomes of other keys.
#[derive(Clone, Debug, PartialEq)]
pub struct JsonObject {
    /// The fields in order.
    pub fields: Vec<JsonField>,
    /// `...`: other keys are kept, with that type where one is written.
    pub rest: Option<JsonRest>,
}

/// `...` or `... type`.
#[derive(Clone, Debug, PartialEq)]
pub struct JsonRest {
    /// Where it stands.
    pub span: Span,
    /// The type of other keys.
    pub ty: Option<Box<JsonType>>,
}

/// A field of an object.
#[derive(Clone, Debug, PartialEq)]
pub struct JsonField {
    /// Where it stands.
    pub span: Span,
    /// Its doc comment.
    pub docs: Option<String>,
    /// Its key.
    pub name: Ident,
    /// Its type, without `?`.
    pub ty: JsonType,
    /// Whether `?` follows the type: the key may be missing or null.
    pub optional: bool,
    /// `was old_key`.
    pub was: Option<Ident>,
    /// `default …`.
    pub default: Option<ExprText>,
}

/// One variant of a union told apart by a key.
#[derive(Clone, Debug, PartialEq)]
pub struct JsonVariant {
    /// Where it stands.
    pub span: Span,
    /// Its doc comment.
    pub docs: Option<String>,
    /// The key's value.
    pub label: Text,
    /// The other fields: an object or the name of a shape.
    pub ty: JsonType,
}
