//! The emitters, from schemas written by hand.

mod build;
mod everything;
mod rust;
