//! Tailfire: travel agencies, their trips, what is in them, and how they are paid.
//!
//! Everything in [`schema`] is generated from the model; [`environment`] makes a database of
//! production or of another environment, [`catalog`] connects the latter to the former, and
//! [`story`] walks a trip through both.

pub mod catalog;
pub mod environment;
#[warn(clippy::pedantic)]
#[allow(clippy::doc_markdown)] // its words are the model's
pub mod schema;
pub mod story;
