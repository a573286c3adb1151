//! `migrate baseline`: a database that holds the schema already is taken into the history.
//!
//! It never runs a migration on that database, and records nothing where the catalog differs.

use std::path::Path;

use conformance::suite::verify::{compare, reached};
use migrations::apply::{Migrator, Patience};
use serde_json::json;

use super::verify::{ground, stopped};
use super::{Opened, Use, failure, one_project, open, remember};
use crate::args::MigrateTo;
use crate::console::Console;
use crate::failure::{Exit, Outcome};
use crate::source::{database_url, read_database};

pub(super) fn run(console: &Console, config: Option<&Path>, to: &MigrateTo) -> Outcome {
    let Opened {
        history,
        mut client,
        pooled,
        ..
    } = open(console, config, to, Use::Migrate)?;
    let project = one_project(config)?;
    let due = history
        .migrations()
        .iter()
        .filter(|m| to.to.is_none_or(|to| m.number <= to));
    let names: Vec<String> = due.map(|m| m.folder_name()).collect();
    let ground = ground(console, &project, &history, None)?;
    let wanted = reached(&ground, names.len()).map_err(stopped)?;
    let live = read_database(&database_url(to.database.url.as_deref())?, &[], console)?;
    let differences = compare(&live, &wanted);
    if !differences.is_empty() {
        if console.is_json() {
            console.json(&json!({ "recorded": [], "differences": differences }));
        } else {
            let last = names.last().map_or("an empty history", String::as_str);
            console.say(format!(
                "not recorded: the database is not what {last} reaches"
            ));
            for difference in &differences {
                console.say(format!("  {difference}"));
            }
            console.note(
                "bring the database there, or say --to N for an earlier migration; `pilaster drift` \
                 shows the statements",
            );
        }
        return Ok(Exit::Different);
    }
    Migrator::new(&mut client, &history)
        .through_a_pooler(pooled)
        .baseline(to.to, &mut |_| {})
        .map_err(|e| failure(&e))?;
    if to.to.is_none() && !pooled {
        remember(console, config, to, Patience::default().silence)?;
    }
    if console.is_json() {
        console.json(&json!({ "recorded": names, "differences": [] }));
    } else if names.is_empty() {
        console.say("there are no migrations to record");
    }
    for name in names.iter().filter(|_| !console.is_json()) {
        console.say(format!("recorded {name} as applied"));
    }
    Ok(Exit::Fine)
}
