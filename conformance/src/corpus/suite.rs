//! The stage `suite`: the checks that follow from a schema pass on a database made by its author.
//!
//! A check that stays undecided is noted with its reason and is no failure; a check that fails is,
//! because the catalog the checks were derived from is the very one they ask.

use std::sync::Arc;
use std::time::Instant;

use super::read::load;
use super::{Case, Failures, Scratch};
use crate::checks::checks;
use crate::rows::{Bench, Stop};

/// Runs every check of the case's newer side on it.
///
/// # Errors
///
/// The checks that failed or could not be carried out, a line each.
pub fn check(case: &Case, scratch: &mut Scratch) -> Result<(), Failures> {
    let (_, side) = scratch.sides();
    let script = case.new.as_deref().unwrap_or(&case.old);
    load(side, case.before.as_deref(), script).map_err(|error| vec![error])?;
    let schema = Arc::new(side.read().map_err(|error| vec![error])?.schema);
    let client = side.session().map_err(|error| vec![error])?;
    let mut bench = Bench::new(client, Arc::clone(&schema), "public".into()).may_alter();
    let (mut failures, mut undecided) = (Failures::new(), Vec::new());
    let checks = checks(&schema);
    let start = Instant::now();
    for check in &checks {
        match check.run(&mut bench) {
            Ok(()) => {}
            Err(Stop::Failed(why)) => failures.push(format!("failed: {}: {why}", check.name)),
            Err(Stop::Fault(why)) => failures.push(format!("fault: {}: {why}", check.name)),
            Err(Stop::Undecided(why)) => {
                undecided.push(format!("undecided: {}: {why}", check.name))
            }
        }
    }
    let passed = checks.len() - failures.len() - undecided.len();
    scratch.note(format!(
        "{passed} passed, {} failed, {} undecided in {} ms",
        failures.len(),
        undecided.len(),
        start.elapsed().as_millis()
    ));
    undecided.into_iter().for_each(|line| scratch.note(line));
    if failures.is_empty() {
        Ok(())
    } else {
        Err(failures)
    }
}
