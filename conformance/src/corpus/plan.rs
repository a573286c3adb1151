//! The stage `plan`: from either side to the other, applied by psql, and judged three times: by the
//! catalog, by a second plan, and by pg_dump's text.
//!
//! Never judges a side that does not load: that is what the stage `read` is for.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use migrations::catalog::Catalog;
use migrations::plan::{Options, plan};
use migrations::render;

use super::compare::differences;
use super::read::load;
use super::{Case, Failures, Scratch, Side};

/// Judges a case in both directions.
///
/// # Errors
///
/// What is wrong, a line each, beginning with the direction.
pub fn check(case: &Case, scratch: &mut Scratch) -> Result<(), Failures> {
    let Some(new) = &case.new else {
        return Ok(());
    };
    let rows = case.rows.as_deref();
    let before = case.before.as_deref();
    let mut failures = Failures::new();
    let (one, other) = scratch.sides();
    for (way, from, to, rows) in [("up", &case.old, new, rows), ("down", new, &case.old, None)] {
        let judged = direction(one, other, before, from, to, rows);
        let failed = judged.err().unwrap_or_default();
        failures.extend(failed.into_iter().map(|line| format!("{way}: {line}")));
    }
    if failures.is_empty() {
        Ok(())
    } else {
        Err(failures)
    }
}

fn direction(
    one: &mut Side,
    other: &mut Side,
    before: Option<&Path>,
    from: &Path,
    to: &Path,
    rows: Option<&Path>,
) -> Result<(), Failures> {
    let only = |line: String| vec![line];
    load(one, before, from).map_err(only)?;
    load(other, before, to).map_err(only)?;
    if let Some(rows) = rows {
        one.run(rows)
            .map_err(|error| only(format!("seed.sql does not load: {error}")))?;
    }
    one.share_roles(other).map_err(only)?;
    let have = one.read().map_err(only)?;
    let want = other.read().map_err(only)?;
    let script = planned(&have, &want)?;
    apply(one, &script)?;
    let now = one.read().map_err(only)?;
    let mut failures: Failures = differences(&now.schema, &want.schema)
        .iter()
        .map(|(id, what)| format!("afterwards {} {id} {what}", id.kind.word()))
        .collect();
    let again = planned(&now, &want)?;
    if !again.trim().is_empty() {
        failures.push(format!("a second plan has more to do:\n{again}"));
    }
    if failures.is_empty() {
        failures.extend(witness(
            &one.dump().map_err(only)?,
            &other.dump().map_err(only)?,
        ));
    }
    if failures.is_empty() {
        return Ok(());
    }
    failures.push(format!("the script was:\n{script}"));
    Err(failures)
}

pub(super) fn planned(have: &Catalog, want: &Catalog) -> Result<String, Failures> {
    let options = Options {
        server_version: have.version,
        ..Options::default()
    };
    match plan(&have.schema, &want.schema, &options) {
        Ok(plan) if plan.is_empty() => Ok(String::new()),
        Ok(plan) => Ok(render::standalone(&plan)),
        Err(faults) => Err(faults
            .iter()
            .map(|fault| {
                format!(
                    "no way: {} {} {}",
                    fault.id.kind.word(),
                    fault.id,
                    fault.reason
                )
            })
            .collect()),
    }
}

pub(super) fn apply(side: &Side, script: &str) -> Result<(), Failures> {
    let failed = |error: std::io::Error| vec![format!("failed to keep the script: {error}")];
    let file = tempfile::Builder::new()
        .suffix(".sql")
        .tempfile()
        .map_err(failed)?;
    fs::write(file.path(), script).map_err(failed)?;
    side.run(file.path()).map_err(|error| {
        vec![
            format!("the script fails: {error}"),
            format!("the script was:\n{script}"),
        ]
    })
}

/// The lines that one dump has more often than the other. The order of columns decides where lines
/// stand and which end with a comma, so neither counts.
pub fn witness(have: &str, want: &str) -> Vec<String> {
    let mut lines: BTreeMap<&str, i32> = BTreeMap::new();
    for (text, step) in [(have, 1), (want, -1)] {
        for line in text.lines() {
            *lines.entry(line.trim().trim_end_matches(',')).or_default() += step;
        }
    }
    let odd = lines.into_iter().filter(|(_, count)| *count != 0);
    odd.map(|(line, count)| match count {
        1.. => format!("pg_dump has and should not: {line}"),
        _ => format!("pg_dump should have: {line}"),
    })
    .collect()
}
