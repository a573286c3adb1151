//! `migrate`: the history, applied, reverted and inspected. Not there yet, and it says so.

use std::path::Path;

use super::not_yet;
use crate::args::{Format, Migrate, MigrateAction};
use crate::console::Console;
use crate::failure::Outcome;

pub(super) fn run(console: &Console, _config: Option<&Path>, args: &Migrate) -> Outcome {
    console.accepts("migrate", &[Format::Human, Format::Json])?;
    not_yet(match args.action {
        MigrateAction::Up(_) => "migrate up",
        MigrateAction::Down(_) => "migrate down",
        MigrateAction::Status(_) => "migrate status",
        MigrateAction::Verify(_) => "migrate verify",
        MigrateAction::Baseline(_) => "migrate baseline",
        MigrateAction::Squash(_) => "migrate squash",
    })
}
