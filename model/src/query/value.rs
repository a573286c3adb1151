//! What an expression is known to be.

use crate::schema::{Id, Name, Type};

/// A value's type, and where it comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Value {
    /// The type in the database.
    pub ty: Type,
    /// Whether it may be null.
    pub nullable: bool,
    /// Whether an item of it may be null, where it is an array that was made from values.
    pub items_nullable: bool,
    /// The column whose values it holds, unchanged: its Rust type is that column's.
    pub origin: Option<Origin>,
}

/// Where a value comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The table.
    pub table: Id,
    /// Its column.
    pub column: Name,
    /// The keys that lead to it inside the column's document.
    pub keys: Vec<String>,
    /// Whether it is an array of such values.
    pub array: bool,
}

impl Value {
    pub(super) fn new(ty: Type, nullable: bool) -> Self {
        Value {
            ty,
            nullable,
            items_nullable: false,
            origin: None,
        }
    }

    pub(super) fn builtin(name: &str, nullable: bool) -> Self {
        // A name may end in `[]`.
        let ty = match name.strip_suffix("[]") {
            Some(element) => Type::builtin(element).array_of(),
            None => Type::builtin(name),
        };
        Value::new(ty, nullable)
    }

    pub(super) fn or_null(self, nullable: bool) -> Self {
        Value {
            nullable: self.nullable || nullable,
            ..self
        }
    }

    /// The same without its origin: something was done to it.
    pub(super) fn changed(self) -> Self {
        Value {
            origin: None,
            ..self
        }
    }

    /// An array of such values.
    pub(super) fn array(self, nullable: bool) -> Self {
        let origin = self.origin.filter(|o| !o.array && o.keys.is_empty());
        Value {
            ty: self.ty.array_of(),
            nullable,
            items_nullable: self.nullable,
            origin: origin.map(|o| Origin { array: true, ..o }),
        }
    }

    /// An item of such an array.
    pub(super) fn item(self) -> Self {
        let origin = self.origin.filter(|o| o.array);
        Value {
            ty: self.ty.element(),
            nullable: self.items_nullable,
            items_nullable: false,
            origin: origin.map(|o| Origin { array: false, ..o }),
        }
    }
}

/// What an expression turned out to be.
#[derive(Clone, Debug)]
pub(super) enum Found {
    /// Of that type.
    Known(Value),
    /// Of whatever type its surroundings ask for.
    Open(Open),
    /// Of a type that we can't tell, and why.
    Unknown(String),
}

/// What takes its type from its surroundings: a parameter, a string, null, or a choice of these.
#[derive(Clone, Debug, Default)]
pub(super) struct Open {
    pub(super) params: Vec<usize>,
    /// Whether it may be null.
    pub(super) null: bool,
    /// Whether there is a string among it.
    pub(super) text: bool,
}

impl Found {
    pub(super) fn unknown(why: impl Into<String>) -> Self {
        Found::Unknown(why.into())
    }

    pub(super) fn known(name: &str, nullable: bool) -> Self {
        Found::Known(Value::builtin(name, nullable))
    }

    pub(super) fn nullable(&self) -> bool {
        match self {
            Found::Known(value) => value.nullable,
            Found::Open(open) => open.null,
            Found::Unknown(_) => true,
        }
    }

    pub(super) fn or_null(self, nullable: bool) -> Self {
        match self {
            Found::Known(value) => Found::Known(value.or_null(nullable)),
            Found::Open(open) => Found::Open(Open {
                null: open.null || nullable,
                ..open
            }),
            unknown @ Found::Unknown(_) => unknown,
        }
    }

    pub(super) fn value(&self) -> Option<&Value> {
        match self {
            Found::Known(value) => Some(value),
            _ => None,
        }
    }
}
