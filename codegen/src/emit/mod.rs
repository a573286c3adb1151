//! The emitters: a [`Schema`](model::Schema) in, files out.
//!
//! They read a schema and nothing else, and touch no disk. What they write is formatted already:
//! no formatter runs over it.

pub mod docs;
pub mod json_schema;
pub mod rust;
pub mod typescript;
pub(crate) use model::rust::words;

pub use docs::docs;
pub use json_schema::json_schema;
pub use rust::{Options, rust};
pub use typescript::typescript;
