//! `pull`: a live database as a model. Not there yet, and it says so.

use super::not_yet;
use crate::args::{Format, Pull};
use crate::console::Console;
use crate::failure::Outcome;

pub(super) fn run(console: &Console, _args: &Pull) -> Outcome {
    console.accepts("pull", &[Format::Human])?;
    not_yet("pull")
}
