//! What the model knows and no catalog does: JSON shapes, state machines, seed rows.

use std::sync::Arc;

use super::{Expr, Name};

/// A `json` shape: what a JSONB value may hold. Named by its id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shape {
    /// The shape itself: most often an object.
    pub body: ShapeType,
    /// Whether documents of older versions are read as it: `reads`. Then the body is a union of
    /// the shape's own object and of the older shapes.
    pub reads: bool,
}

impl Shape {
    /// The shape's own object and the older versions that are read as it; `None` where there are
    /// no versions.
    pub fn versions(&self) -> Option<(&ShapeType, &[ShapeType])> {
        match &self.body {
            ShapeType::Union(all) if self.reads => all.split_first(),
            _ => None,
        }
    }
}

/// The type of a JSON value.
///
/// The check in the database and the Rust type accept the same documents. What each variant accepts
/// is said of the document as `jsonb` prints it, which is what Rust reads: `1e2` is stored as `100`,
/// and of a key that comes twice the last is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ShapeType {
    /// Any JSON value, null included. (A number that neither a 64-bit integer nor an `f64` holds is
    /// accepted by the database; Rust reads the nearest `f64`, or fails beyond 1.8e308.)
    Any,
    /// `true` or `false`.
    Boolean,
    /// A string. Lengths count characters (`char_length`). The pattern is PostgreSQL's (`~`), so only
    /// the database judges it.
    Text {
        /// The least number of characters.
        min_length: Option<u32>,
        /// The greatest number of characters.
        max_length: Option<u32>,
        /// A regular expression that must match.
        pattern: Option<Arc<str>>,
    },
    /// A whole number in the range of PostgreSQL's `smallint` (16), `integer` (32) or `bigint` (64).
    /// It has no point and no exponent: `1.0` is refused, because serde refuses it, so the text
    /// matches `^-?[0-9]+$`.
    Integer {
        /// 16, 32 or 64.
        bits: u8,
        /// The least value.
        min: Option<i64>,
        /// The greatest value.
        max: Option<i64>,
    },
    /// A number that Rust reads as `f64`: any JSON number whose absolute value is at most
    /// 1.7976931348623157e308. It is rounded to the nearest.
    Double,
    /// A JSON number, never a string, of any precision; every digit is kept.
    Numeric,
    /// A string of 36 characters:
    /// `^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$`.
    Uuid,
    /// A string that holds a date, `^[0-9]{4}-[0-9]{2}-[0-9]{2}$`: a day that exists, in the years
    /// 0001 to 9999.
    Date,
    /// A string that holds an RFC 3339 time with an offset: a [`ShapeType::Timestamp`] followed by
    /// `Z` or `[+-]HH:MM`, hours up to 23 and minutes up to 59. `T` and `Z` are capitals. Rust keeps
    /// the instant, not the offset.
    Timestamptz,
    /// A string that holds a date and time without an offset: a [`ShapeType::Date`], `T`,
    /// `HH:MM:SS` up to `23:59:59`, and at most nine decimals behind a point. No leap second
    /// (`:60`), because PostgreSQL turns it into the next minute.
    Timestamp,
    /// Exactly this string, number, boolean or null, as JSON text. Equal as `jsonb` compares, so
    /// `1.0` is the literal `1`.
    Literal(Arc<str>),
    /// One of these strings, and nothing but a string.
    Enum(Vec<Arc<str>>),
    /// An object; never an array of its values.
    Object {
        /// Its fields in order.
        fields: Vec<Field>,
        /// What other keys may hold.
        unknown: UnknownKeys,
    },
    /// An object from any key to a value of one type.
    Map(Box<ShapeType>),
    /// An array.
    Array {
        /// The type of its items.
        items: Box<ShapeType>,
        /// The least number of items.
        min_items: Option<u32>,
        /// The greatest number of items.
        max_items: Option<u32>,
    },
    /// A value or JSON null.
    Nullable(Box<ShapeType>),
    /// An object whose field `tag`, a string, says which of the variants it is. The variant judges
    /// the object without that key, so a closed one does not refuse it.
    Tagged {
        /// The name of the tag's field.
        tag: Name,
        /// Tag value and the object's other fields, an [`ShapeType::Object`] or a reference to one.
        variants: Vec<(Arc<str>, ShapeType)>,
    },
    /// One of several types, tried in order: the value must be one of them.
    Union(Vec<ShapeType>),
    /// Another shape, by schema and name.
    Shape(Name, Name),
    /// An enum type of the database, by schema and name: one of its labels.
    DatabaseEnum(Name, Name),
}

/// A field of an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// The key, exactly as it stands in the document.
    pub name: Name,
    /// Its type.
    pub ty: ShapeType,
    /// Whether it may be missing.
    pub presence: Presence,
    /// Its doc comment.
    pub doc: Option<Arc<str>>,
    /// The key's former name.
    pub was: Option<Name>,
    /// The value an older document is read with where the key is missing, as JSON text.
    pub default: Option<Arc<str>>,
}

/// Whether a field may be missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// The key must be there. (Its value may be null only where the type is
    /// [`ShapeType::Nullable`], [`ShapeType::Any`] or the literal.) A default is for migrations.
    Required,
    /// The key may be missing, or hold null; both are read as `None`, or as the default where there
    /// is one.
    Optional,
}

/// What keys that an object does not name may hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UnknownKeys {
    /// They are refused.
    Refused,
    /// They may hold anything, and are kept.
    Kept,
    /// They hold a value of this type, and are kept.
    Typed(Box<ShapeType>),
}

/// Which changes of a column are allowed. The column is the id's `part`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transitions {
    /// All states, in the order they are first named; a `*` has been expanded over the column's
    /// values where they are known.
    pub states: Vec<Arc<str>>,
    /// Allowed changes, from and to. Staying is always allowed.
    pub edges: Vec<(Arc<str>, Arc<str>)>,
    /// The states a new row may be in; empty for any.
    pub initial: Vec<Arc<str>>,
    /// States in which a row can no longer be edited, each with the columns that may still change.
    pub frozen: Vec<(Arc<str>, Vec<Name>)>,
}

/// Rows that belong to the model. The table is the id's `name`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seed {
    /// Reference rows are kept as the model says; sample rows are inserted where they are missing.
    pub kind: SeedKind,
    /// The columns given.
    pub columns: Vec<Name>,
    /// The columns that tell whether a row is there already: the primary key unless stated.
    pub key: Vec<Name>,
    /// One expression a column, for each row.
    pub rows: Vec<Vec<Expr>>,
}

/// What happens to a seed row that is there already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SeedKind {
    /// It is brought to what the model says.
    Reference,
    /// It is left alone.
    Sample,
}
