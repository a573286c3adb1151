//! Whether a default can be a value of its column's type.

use super::super::Lowered;
use super::super::world::{ColumnWork, World, at};
use crate::diagnostic::{Diagnostic, code};
use crate::quote;
use crate::schema::{Name, Type};
use crate::source::FileId;
use crate::syntax::tree::ExprText;

/// A literal default that no value of the type is written as.
pub(super) fn default_fits(
    column: &ColumnWork<'_>,
    file: FileId,
    default: &ExprText,
    world: &World<'_>,
    lowered: &mut Lowered<'_>,
) {
    if column.broken || column.ty.array {
        return;
    }
    let text = default.text.trim();
    let string = text
        .strip_prefix('\'')
        .and_then(|t| t.strip_suffix('\''))
        .filter(|inner| !inner.replace("''", "").contains('\''));
    let place = at(file, default.span);
    if let (Some(value), Some(labels)) = (
        string,
        column.needs.as_ref().and_then(|id| world.enums.get(id)),
    ) {
        if labels.iter().all(|l| **l != *value) {
            let near = crate::expr::nearest(value, labels.iter().map(|l| l.as_str()));
            let mut fault = Diagnostic::error(
                code::UNKNOWN_LABEL,
                format!("`{value}` is no label of the enum `{}`", column.ty.name),
                place,
            )
            .help(format!("it has: {}", joined(labels)));
            if let Some(near) = near {
                fault = fault
                    .help(format!("did you mean '{near}'?"))
                    .suggest(place, quote::literal(near));
            }
            lowered.faults.push(fault);
        }
        return;
    }
    let numeric = column.ty.number().is_some();
    let boolean = column.ty.is("boolean");
    let is_number = text.parse::<f64>().is_ok();
    let is_boolean = ["true", "false"]
        .iter()
        .any(|w| text.eq_ignore_ascii_case(w));
    let wrong = match string {
        Some(value) if numeric => {
            let word = value.trim().to_ascii_lowercase();
            word.parse::<f64>().is_err()
                && !["nan", "infinity", "-infinity"].contains(&word.as_str())
        }
        Some(value) if boolean => ![
            "t", "f", "true", "false", "y", "n", "yes", "no", "on", "off", "1", "0",
        ]
        .contains(&value.trim().to_ascii_lowercase().as_str()),
        Some(value) if column.ty.is("uuid") => {
            value.chars().filter(char::is_ascii_hexdigit).count() != 32
        }
        Some(value) if column.ty.is("jsonb") || column.ty.is("json") => !looks_like_json(value),
        Some(_) => false,
        None if is_number => boolean || column.ty.is("uuid") || is_text_or_time(&column.ty),
        None if is_boolean => numeric || column.ty.is("uuid") || is_time(&column.ty),
        None => false,
    };
    if wrong {
        lowered.faults.push(
            Diagnostic::error(
                code::DEFAULT_TYPE,
                format!("the default of `{}` is no {}", column.name, column.ty),
                place,
            )
            .label(format!("expected a value of type {}", column.ty))
            .help("write a value of the column's type, or change the type"),
        );
    }
}

pub(super) fn joined(labels: &[Name]) -> String {
    labels
        .iter()
        .map(|l| l.as_str())
        .collect::<Vec<_>>()
        .join(", ")
}

pub(super) fn is_time(ty: &Type) -> bool {
    [
        "date",
        "timestamp with time zone",
        "timestamp without time zone",
        "interval",
    ]
    .iter()
    .any(|t| ty.is(t))
}

/// A number is assigned to text by a cast, but never to a time or to JSON.
pub(super) fn is_text_or_time(ty: &Type) -> bool {
    is_time(ty) || ty.is("jsonb") || ty.is("json")
}

/// Whether the text can be JSON, from its first and last character.
pub(super) fn looks_like_json(text: &str) -> bool {
    let text = text.trim();
    match text.chars().next() {
        Some('{') => text.ends_with('}'),
        Some('[') => text.ends_with(']'),
        Some('"') => text.len() > 1 && text.ends_with('"'),
        Some('-' | '0'..='9') => text.parse::<f64>().is_ok(),
        _ => matches!(text, "true" | "false" | "null"),
    }
}
