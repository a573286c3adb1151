//! The stage `majors`: one script on two servers, of two majors, reads the same.
//!
//! Never compares the two sides of a case with each other.

use model::Kind;

use super::compare::differences;
use super::read::load;
use super::{Case, Failures, Scratch};

/// Loads each side of a case on both servers and compares what they then hold.
///
/// # Errors
///
/// What differs, a line each.
pub fn check(case: &Case, scratch: &mut Scratch) -> Result<(), Failures> {
    let (one, other) = scratch.sides();
    let before = case.before.as_deref();
    let mut failures = Failures::new();
    for script in [Some(&case.old), case.new.as_ref()].into_iter().flatten() {
        let mut held = Vec::new();
        for side in [&mut *one, &mut *other] {
            load(side, before, script).map_err(|error| vec![error])?;
            held.push(side.read().map_err(|error| vec![error])?.schema);
        }
        if let [first, second] = held.as_slice() {
            let found = differences(first, second);
            // Each major brings its own versions of the extensions.
            let lines = found
                .iter()
                .filter(|(id, _)| id.kind != Kind::Extension)
                .map(|(id, what)| format!("{} {id} {what}", id.kind.word()));
            failures.extend(lines);
        }
    }
    if failures.is_empty() {
        Ok(())
    } else {
        Err(failures)
    }
}
