//! Rows for the checks: made from the schema alone, chosen by the server.
//!
//! A row is never assumed to satisfy a constraint: candidates come from types, shapes and the
//! literals that checks mention, and the server picks those for which the checks hold (or for
//! which exactly one does not).

mod accepted;
mod answer;
mod aside;
mod bench;
mod broken;
mod candidates;
mod conditions;
pub(crate) mod documents;
mod existing;
mod literals;
mod maker;
mod parents;
mod partition;
mod pattern;
mod solve;
mod types;
mod wish;
pub(crate) mod words;

pub(crate) use answer::TextRow;
pub use answer::{Refusal, Stop};
pub(crate) use aside::triggered;
pub use bench::Bench;
pub(crate) use bench::Manner;

pub(crate) use conditions::{conditions, filled_by};
pub(crate) use existing::free;
pub(crate) use maker::{foreign_key, held, rows_can_be_made, this_row};
pub(crate) use solve::null_of;
pub(crate) use types::{base_type, cast, domain_of, length_limit, refuses_null};
pub(crate) use wish::{Made, Wish};
pub(crate) use words::names;
