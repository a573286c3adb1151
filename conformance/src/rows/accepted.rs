//! Values of types that only the server knows: composites, ranges, extensions, arrays of domains.
//!
//! Never trusts a candidate: each is cast to the type, and what the server refuses is dropped.

use model::quote::{literal, type_name};
use model::schema::{Schema, Type};
use model::{Id, Kind};

use super::answer::Stop;
use super::bench::Bench;
use super::types::{base_type, domain_of};

/// Texts that some type or other reads.
const ANY: &[&str] = &[
    "a",
    "1",
    "{}",
    "(1,1)",
    "0/0",
    "1.5",
    "[1,2]",
    "POINT(0 0)",
    "10.0.0.1",
    "978-0-393-04002-9",
    "{1:0.5}/3",
    "2026-01-01",
    "word",
    "",
];

/// Whether candidates of that type are no more than guesses.
pub(super) fn needs_the_server(schema: &Schema, ty: &Type) -> bool {
    let of_domains = ty.array && domain_of(schema, &ty.element()).is_some();
    let base = base_type(schema, ty).element();
    let known = base.schema.as_ref().is_none_or(|owner| {
        schema.contains(&Id::in_schema(Kind::Enum, owner.clone(), base.name.clone()))
    });
    of_domains || !known || base.name.starts_with("reg") || UNSURE.contains(&base.name.as_str())
}

/// Built-in types for which the suite has no literal of its own.
const UNSURE: &[&str] = &[
    "jsonpath",
    "txid_snapshot",
    "pg_snapshot",
    "xid",
    "xid8",
    "tid",
    "cid",
];

impl Bench {
    /// Those of the candidates that the server takes for values of the type; of the texts that are
    /// tried with any type where it takes none.
    pub(super) fn accepted(&mut self, ty: &Type, found: Vec<String>) -> Result<Vec<String>, Stop> {
        let name = type_name(ty);
        let mut taken = Vec::new();
        for value in found {
            if self.attempt(&format!("SELECT ({value})::{name}"))?.is_ok() {
                taken.push(value);
            }
        }
        if !taken.is_empty() {
            return Ok(taken);
        }
        if let Some(known) = self.values.get(&name) {
            return Ok(known.clone());
        }
        for text in ANY {
            let text = if ty.array {
                format!("{{{text}}}")
            } else {
                (*text).to_owned()
            };
            let value = format!("{}::{name}", literal(&text));
            if self.attempt(&format!("SELECT {value}"))?.is_ok() {
                taken.push(value);
            }
        }
        self.values.insert(name, taken.clone());
        Ok(taken)
    }

    /// Whether `NOT NULL` on a column of that name has been set aside.
    pub(super) fn is_nullable_now(&self, column: &str) -> bool {
        self.aside.iter().any(|o| o.name == column)
    }
}
