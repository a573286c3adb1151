//! `docs`: the schema as pages and diagrams. Not there yet, and it says so.

use std::path::Path;

use super::not_yet;
use crate::args::{Docs, Format};
use crate::console::Console;
use crate::failure::Outcome;

pub(super) fn run(console: &Console, _config: Option<&Path>, _args: &Docs) -> Outcome {
    console.accepts("docs", &[Format::Human])?;
    not_yet("docs")
}
