//! Starts a PostgreSQL server and asks it whether a database conforms to its model.

pub mod access;
pub mod checks;
pub mod corpus;
pub mod reach;
mod roles;
mod rows;
pub mod server;
pub mod suite;

pub use checks::{Check, Family, checks};
pub use rows::{Bench, Refusal, Stop};
pub use suite::{Ground, Subject};
