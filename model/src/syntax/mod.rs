//! Text → tokens → syntax tree.
//!
//! Parsing never fails and never panics: what cannot be read is reported and left out.

pub mod tree;
