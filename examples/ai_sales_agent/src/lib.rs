//! AI Sales Agent: prospects, sequences and campaigns, for many organisations, in three regions.
//!
//! Everything in [`schema`] is generated from the files in `model/`. The other modules are what the
//! product's guide calls its database utilities.

pub mod acting;
pub mod analytics;
pub mod health;
pub mod languages;
pub mod pagination;
pub mod regions;
pub mod retention;
#[warn(clippy::pedantic)]
#[allow(clippy::doc_markdown)] // its words are the model's
pub mod schema;
pub mod sign_in;
pub mod story;
