//! Errors told apart by the constraint that was violated. No message's text is read.

use crate::Error;

/// A constraint by its table and name: what a variant of a `Refusal` stands for.
#[doc(hidden)]
pub type Rule<E> = (&'static str, &'static str, &'static str, fn(Error) -> E);

/// The variant of the constraint that the server named, or the error as it was.
#[doc(hidden)]
pub fn told_apart<E>(error: Error, rules: &[Rule<E>]) -> Result<E, Error> {
    let Some(name) = error.constraint() else {
        return Err(error);
    };
    let (schema, table) = (error.schema(), error.table());
    let rule = rules.iter().find(|(in_schema, of, rule, _)| {
        // Functions that raise on behalf of a rule name it, and not always its table.
        *rule == name
            && table.is_none_or(|table| table == *of)
            && (in_schema.is_empty() || schema.is_none_or(|schema| schema == *in_schema))
    });
    match rule {
        Some((.., variant)) => Ok(variant(error)),
        None => Err(error),
    }
}
