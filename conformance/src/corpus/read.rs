//! The stage `read`: both sides load, read the same twice, and differ exactly where they should.

use std::path::Path;

use migrations::catalog::Catalog;

use super::compare::{differences, unmodelled};
use super::{Case, Expect, Failures, Scratch, Side};

/// Loads one side of a case into a fresh database.
pub(super) fn load(side: &mut Side, before: Option<&Path>, script: &Path) -> Result<(), String> {
    side.fresh()?;
    if let Some(before) = before {
        side.run(before)
            .map_err(|error| format!("pre.sql does not load: {error}"))?;
    }
    side.run(script).map_err(|error| {
        let name = script.file_name().unwrap_or_default().to_string_lossy();
        format!("{name} does not load: {error}")
    })
}

/// Judges a case by the catalog alone.
///
/// # Errors
///
/// What is wrong, a line each.
pub fn check(case: &Case, scratch: &mut Scratch) -> Result<(), Failures> {
    let (old_side, new_side) = scratch.sides();
    let before = case.before.as_deref();
    let mut failures = Failures::new();
    let old = twice(old_side, before, &case.old, &mut failures)?;
    if let Some(script) = &case.new {
        let new = twice(new_side, before, script, &mut failures)?;
        let found = differences(&old.schema, &new.schema);
        match case.expect {
            Some(Expect::Differs) if found.is_empty() => {
                failures.push("the sides differ, and nothing is found".to_owned());
            }
            Some(Expect::Same) => failures.extend(
                found
                    .iter()
                    .map(|(id, what)| format!("no difference: {} {id} {what}", id.kind.word())),
            ),
            _ => {}
        }
    }
    if failures.is_empty() {
        Ok(())
    } else {
        Err(failures)
    }
}

fn twice(
    side: &mut Side,
    before: Option<&Path>,
    script: &Path,
    failures: &mut Failures,
) -> Result<Catalog, Failures> {
    load(side, before, script).map_err(|error| vec![error])?;
    let first = side.read().map_err(|error| vec![error])?;
    let second = side.read().map_err(|error| vec![error])?;
    failures.extend(unmodelled(&first.unmodelled));
    failures.extend(
        differences(&first.schema, &second.schema)
            .iter()
            .map(|(id, what)| format!("read twice, differs: {} {id} {what}", id.kind.word())),
    );
    Ok(first)
}
