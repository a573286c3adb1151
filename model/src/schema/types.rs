//! Types: references to them, and the ones a schema defines.

use std::fmt;
use std::sync::Arc;

use super::{Expr, Name};

/// A reference to a type with its modifiers, in the server's own spelling.
///
/// Built-in types have no schema and carry the manual's name (`character varying`, `integer`,
/// `timestamp with time zone`); every other type carries its schema. So a type read from the model
/// and the same type read by `format_type` with an empty `search_path` are equal.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Type {
    /// The schema of a type that is not built in.
    pub schema: Option<Name>,
    /// The name: for built-in types the canonical one, never an alias such as `int4`.
    pub name: Name,
    /// The text between the parentheses, without blanks: `10,2` or `255`. In
    /// `timestamp(3) with time zone` it is `3`, although it stands inside the name.
    pub modifiers: Option<Name>,
    /// Whether it is an array. PostgreSQL keeps no number of dimensions.
    pub array: bool,
}

/// An enum type: its labels in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enum {
    /// The labels, in sort order.
    pub labels: Vec<Arc<str>>,
}

/// A domain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Domain {
    /// The type underneath.
    pub base: Type,
    /// Whether null is refused.
    pub not_null: bool,
    /// The default.
    pub default: Option<Expr>,
    /// A collation other than the base type's, as `schema.name`.
    pub collation: Option<(Name, Name)>,
    /// Its checks, by name.
    pub checks: Vec<DomainCheck>,
}

/// One check of a domain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DomainCheck {
    /// The constraint's name.
    pub name: Name,
    /// The condition, on `VALUE`.
    pub condition: Expr,
    /// Whether it has been validated.
    pub validated: bool,
    /// A comment on the constraint.
    pub comment: Option<Arc<str>>,
}

/// A composite type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Composite {
    /// Its attributes in order.
    pub attributes: Vec<Attribute>,
}

/// An attribute of a composite type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribute {
    /// Its name.
    pub name: Name,
    /// Its type.
    pub ty: Type,
    /// A collation other than the type's.
    pub collation: Option<(Name, Name)>,
    /// A comment on the attribute.
    pub comment: Option<Arc<str>>,
}

/// A range type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Range {
    /// The type of its bounds.
    pub subtype: Type,
    /// `schema.name` of an operator class other than the default.
    pub operator_class: Option<(Name, Name)>,
    /// A collation other than the subtype's.
    pub collation: Option<(Name, Name)>,
    /// The canonicalization function, `schema.name`.
    pub canonical: Option<(Name, Name)>,
    /// The subtype difference function, `schema.name`.
    pub subtype_diff: Option<(Name, Name)>,
    /// The name of its multirange type.
    pub multirange: Name,
}

impl Type {
    /// A built-in type by its canonical name.
    ///
    /// ```
    /// assert_eq!(model::schema::Type::builtin("integer").to_string(), "integer");
    /// ```
    pub fn builtin(name: &str) -> Self {
        Type {
            schema: None,
            name: Name::from(name),
            modifiers: None,
            array: false,
        }
    }

    /// A type of a schema.
    pub fn user(schema: impl Into<Name>, name: impl Into<Name>) -> Self {
        Type {
            schema: Some(schema.into()),
            name: name.into(),
            modifiers: None,
            array: false,
        }
    }

    /// The same type with modifiers, given without parentheses.
    pub fn with_modifiers(mut self, modifiers: &str) -> Self {
        self.modifiers = Some(Name::from(modifiers));
        self
    }

    /// An array of this type.
    pub fn array_of(mut self) -> Self {
        self.array = true;
        self
    }

    /// The element type of an array, the type itself otherwise.
    pub fn element(&self) -> Type {
        Type {
            array: false,
            ..self.clone()
        }
    }

    /// PostgreSQL's own types of numbers, from the narrowest to the widest.
    pub const NUMBERS: [&'static str; 6] = [
        "smallint",
        "integer",
        "bigint",
        "numeric",
        "real",
        "double precision",
    ];

    /// The place among [`Type::NUMBERS`]; none for what is no number.
    ///
    /// ```
    /// use model::schema::Type;
    /// assert!(Type::builtin("integer").number() < Type::builtin("numeric").number());
    /// assert_eq!(Type::builtin("text").number(), None);
    /// ```
    pub fn number(&self) -> Option<usize> {
        Self::NUMBERS.iter().position(|name| self.is(name))
    }

    /// Whether this is the built-in type of that canonical name, whatever its modifiers.
    pub fn is(&self, name: &str) -> bool {
        self.schema.is_none() && self.name == *name && !self.array
    }
}

/// The server's spelling, unquoted: for messages. SQL quotes the names where it must.
impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(schema) = &self.schema {
            write!(f, "{schema}.")?;
        }
        match (
            &self.modifiers,
            self.schema
                .is_none()
                .then(|| self.name.split_once(' '))
                .flatten(),
        ) {
            // An interval's precision stands behind its fields: `interval day to second(3)`.
            (Some(m), Some((head, tail))) if matches!(head, "timestamp" | "time") => {
                write!(f, "{head}({m}) {tail}")?
            }
            (Some(m), _) => write!(f, "{}({m})", self.name)?,
            (None, _) => f.write_str(&self.name)?,
        }
        if self.array {
            f.write_str("[]")
        } else {
            Ok(())
        }
    }
}
