//! The emitters, from schemas written by hand.

mod build;
mod everything;
mod json_schema;
mod rust;
mod speed;
mod typescript;
