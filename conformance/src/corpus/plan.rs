//! The stage `plan`: from either side to the other, applied by psql, and judged three times: by the
//! catalog, by a second plan, and by pg_dump's text.
//!
//! Never judges a side that does not load: that is what the stage `read` is for.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use migrations::catalog::{Catalog, settled};
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

/// The line with the list between those two sorted.
fn in_order(line: &str, open: &str, close: &str) -> String {
    let place = line.find(open).map(|at| at + open.len());
    let Some((start, length)) = place.and_then(|at| Some((at, line[at..].find(close)?))) else {
        return line.to_owned();
    };
    let mut list: Vec<&str> = line[start..start + length].split(", ").collect();
    list.sort_unstable();
    let (before, after) = (&line[..start], &line[start + length..]);
    format!("{before}{}{after}", list.join(", "))
}

/// The lines that one dump has more often than the other. The order of columns decides where lines
/// stand and which end with a comma, so neither counts; nor does the order of storage
/// parameters or of what statistics are kept on, nor which of two spellings of one array of literals the server happens to keep.
pub fn witness(have: &str, want: &str) -> Vec<String> {
    let mut lines: BTreeMap<String, i32> = BTreeMap::new();
    for (text, step) in [(have, 1), (want, -1)] {
        for line in text.lines() {
            let line = settled(line.trim().trim_end_matches(','));
            let line = in_order(&line, " WITH (", ")");
            let line = match line.split(' ').nth(1) {
                Some("STATISTICS") => in_order(&line, " ON ", " FROM "),
                // pg_dump lists the roles of a policy as they happened to be made.
                Some("POLICY") if line.contains(" USING (") => in_order(&line, " TO ", " USING ("),
                Some("POLICY") => in_order(&line, " TO ", " WITH CHECK ("),
                _ => line,
            };
            *lines.entry(line).or_default() += step;
        }
    }
    let odd = lines.into_iter().filter(|(_, count)| *count != 0);
    odd.map(|(line, count)| match count {
        1.. => format!("pg_dump has and should not: {line}"),
        _ => format!("pg_dump should have: {line}"),
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::witness;

    #[test]
    fn the_order_of_columns_and_parameters_does_not_count() {
        let have =
            "  a int,\n  b int\nCREATE INDEX i ON t USING btree (a) WITH (x='1', y='2') WHERE b;";
        let want =
            "  b int,\n  a int\nCREATE INDEX i ON t USING btree (a) WITH (y='2', x='1') WHERE b;";
        assert_eq!(witness(have, want), Vec::<String>::new());
        assert_eq!(witness(have, &want.replace("'2'", "'3'")).len(), 2);
    }
}
