//! Schemas that other people wrote, each put through a stage of Pilaster on real servers.
//!
//! Owns how a corpus is laid out and how a case is judged. It never changes the corpus, and never
//! judges by what Pilaster says alone where another witness can be had.

mod case;
mod compare;
mod database;
mod majors;
mod plan;
mod pull;
mod read;
mod suite;

pub use case::{Case, Expect, cases};
pub use compare::{differences, is_only_local};
pub use database::{Scratch, Side};
pub use majors::check as majors;
pub use plan::{check as plan, witness};
pub use pull::check as pull;
pub use read::check as read;
pub use suite::check as suite;

/// Why a case failed; each entry is a line a person can act on.
pub type Failures = Vec<String>;

/// One way to judge a case: given a place for both of its sides, what is wrong.
pub type Check = fn(&Case, &mut Scratch) -> Result<(), Failures>;

/// The stages by name, in the order in which they build on each other.
pub const STAGES: &[(&str, Check)] = &[
    ("read", read),
    ("majors", majors),
    ("plan", plan),
    ("pull", pull),
    ("suite", suite),
];
