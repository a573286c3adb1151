//! TripSage: travel plans that an assistant helps to make.
//!
//! Everything in [`schema`] is generated from the model; [`vault`] seals the keys that travellers
//! bring, [`changelog`] tells the model's versions from its history, and [`story`] walks a trip
//! through all of it on a server that [`ground`] finds.

pub mod changelog;
pub mod ground;
#[warn(clippy::pedantic)]
#[allow(clippy::doc_markdown)] // its words are the model's
pub mod schema;
pub mod story;
pub mod vault;
