//! Rows for the checks: made from the schema alone, chosen by the server.
//!
//! A row is never assumed to satisfy a constraint: candidates come from types, shapes and the
//! literals that checks mention, and the server picks those for which the checks hold (or for
//! which exactly one does not).

mod bench;
mod candidates;
pub(crate) mod documents;
mod maker;
mod pattern;
mod solve;
pub(crate) mod words;

pub(crate) use bench::TextRow;
pub use bench::{Bench, Refusal, Stop};
pub(crate) use candidates::{base_type, cast, domain_of, length_limit};
pub(crate) use maker::{Wish, foreign_key, held, rows_can_be_made, this_row};
pub(crate) use solve::{conditions, null_of};
