//! The spelling people write, from the server's.

use crate::quote;
use crate::schema::Type;

/// The short spelling of a type: `varchar(255)`, `timestamptz`, `float8`'s manual name as it is.
///
/// [`parse_type`](super::parse_type) reads it back to the same type.
///
/// ```
/// use model::{schema::Type, types::short_name};
/// let ty = Type::builtin("timestamp with time zone").with_modifiers("3").array_of();
/// assert_eq!(short_name(&ty), "timestamptz(3)[]");
/// ```
pub fn short_name(ty: &Type) -> String {
    if ty.schema.is_some() {
        return quote::type_name(ty);
    }
    let (head, tail) = match ty.name.as_str() {
        "character varying" => ("varchar", ""),
        "character" => ("char", ""),
        "bit varying" => ("varbit", ""),
        "timestamp with time zone" => ("timestamptz", ""),
        "timestamp without time zone" => ("timestamp", ""),
        "time with time zone" => ("timetz", ""),
        "time without time zone" => ("time", ""),
        name => match name.split_once(' ') {
            Some(("interval", fields)) => ("interval", fields),
            _ => (name, ""),
        },
    };
    let mut short = head.to_owned();
    let modifiers = ty.modifiers.as_deref().map(|m| m.replace(',', ", "));
    match (modifiers, tail) {
        (modifiers, "") => modifiers
            .iter()
            .for_each(|m| short.push_str(&format!("({m})"))),
        // PostgreSQL writes the precision of an interval behind its fields.
        (None, fields) => short.push_str(&format!(" {fields}")),
        (Some(m), fields) => short.push_str(&format!(" {fields}({m})")),
    }
    if ty.array {
        short.push_str("[]");
    }
    short
}
