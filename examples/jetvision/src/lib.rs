//! JetVision: leads from Apollo, aircraft from Avinode, and an assistant that works with both.
//!
//! Everything in [`schema`] is generated from the files in `model/`; [`repositories`] hold the
//! questions that the product asks, [`service`] what its operators ask. What the generated types do
//! by themselves (create, find, change, delete) is not wrapped once more.

pub mod factories;
pub mod repositories;
#[warn(clippy::pedantic)]
#[allow(clippy::doc_markdown)] // its words are the model's
pub mod schema;
pub mod service;
pub mod story;
