//! The stage `pull`: a database as a model, and the model as a database that is the same.
//!
//! Judged three times: by the model read back, by the catalog of the new database, and by pg_dump's
//! text. Never asks the plan whether the two are equal without asking a server as well.

use migrations::catalog::in_short;
use migrations::plan::{Options, plan};
use migrations::render;
use model::{Schema, Sources, Style, print_in, restored};

use super::compare::{differences, unmodelled};
use super::plan::{apply, planned, witness};
use super::read::load;
use super::{Case, Failures, Scratch};

/// Pulls each side of a case and makes another database of what was pulled.
///
/// # Errors
///
/// What is wrong, a line each, beginning with the side.
pub fn check(case: &Case, scratch: &mut Scratch) -> Result<(), Failures> {
    let mut failures = Failures::new();
    let sides = [("old", Some(&case.old)), ("new", case.new.as_ref())];
    for (name, script) in sides {
        let Some(script) = script else { continue };
        let judged = side(case, script, scratch);
        let failed = judged.err().unwrap_or_default();
        failures.extend(failed.into_iter().map(|line| format!("{name}: {line}")));
    }
    if failures.is_empty() {
        Ok(())
    } else {
        Err(failures)
    }
}

fn side(case: &Case, script: &std::path::Path, scratch: &mut Scratch) -> Result<(), Failures> {
    let only = |line: String| vec![line];
    let (one, other) = scratch.sides();
    load(one, case.before.as_deref(), script).map_err(only)?;
    let have = one.read().map_err(only)?;
    let mut failures = unmodelled(&have.unmodelled);
    let text = model::print(&have.schema);
    let pulled = read(&text).map_err(|faults| vec![format!("{faults}\nthe model was:\n{text}")])?;
    for id in model::differs(&have.schema, &text) {
        let (was, is) = (have.schema.get(&id), pulled.get(&id));
        failures.push(format!(
            "printed, differs: {} {id}: {:?} against {:?}",
            id.kind.word(),
            was.map(|n| (&n.object, &n.comment, &n.privileges, &n.owner)),
            is.map(|n| (&n.object, &n.comment, &n.privileges, &n.owner))
        ));
    }
    if !failures.is_empty() {
        failures.push(format!("the model was:\n{text}"));
        return Err(failures);
    }
    // What was pulled is the database, to the plan as well.
    let options = Options {
        server_version: have.version,
        ..Options::default()
    };
    for (way, from, to) in [
        ("from the model", &pulled, &have.schema),
        ("to the model", &have.schema, &pulled),
    ] {
        match plan(from, to, &options) {
            Ok(plan) if plan.is_empty() => {}
            Ok(plan) => failures.push(format!("{way}: {}", render::standalone(&plan))),
            Err(faults) => failures.extend(faults.iter().map(|f| format!("{way}: {}", f.reason))),
        }
    }
    if !failures.is_empty() {
        failures.push(format!("the model was:\n{text}"));
        return Err(failures);
    }
    other.fresh().map_err(only)?;
    other.share_roles(one).map_err(only)?;
    let empty = other.read().map_err(only)?;
    let style = Style {
        mixins: true,
        templates: true,
        platform: None,
    };
    let short = print_in(&restored(&in_short(have.schema.clone())), &style);
    let pulled =
        read(&short).map_err(|faults| vec![format!("{faults}\nthe model was:\n{short}")])?;
    let wanted = migrations::catalog::Catalog {
        schema: pulled,
        ..have.clone()
    };
    apply(other, &planned(&empty, &wanted)?)?;
    let now = other.read().map_err(only)?;
    failures.extend(
        differences(&have.schema, &now.schema)
            .iter()
            .map(|(id, what)| format!("afterwards {} {id} {what}", id.kind.word())),
    );
    if failures.is_empty() {
        let (was, is) = (one.dump().map_err(only)?, other.dump().map_err(only)?);
        failures.extend(witness(&settled(&was), &settled(&is)));
    }
    if failures.is_empty() {
        return Ok(());
    }
    failures.push(format!("the model was:\n{text}"));
    Err(failures)
}

fn read(text: &str) -> Result<Schema, String> {
    let mut sources = Sources::new();
    sources.add("pulled", text);
    let (model, diagnostics) = model::load(&sources);
    if diagnostics.has_errors() {
        return Err(diagnostics.render(&sources, model::Color::Never));
    }
    Ok(model.schema)
}

/// The dump with each line in the form that the server prints once it has read the line itself, and
/// storage parameters in order: the catalog keeps the order they were set in, and it says nothing.
fn settled(dump: &str) -> String {
    let lines = dump.lines().map(|line| {
        let line = migrations::catalog::settled(line);
        let Some((head, rest)) = line.split_once(" WITH (") else {
            return line.into_owned();
        };
        let Some((list, tail)) = rest.split_once(')') else {
            return line.into_owned();
        };
        let mut list: Vec<&str> = list.split(", ").collect();
        list.sort_unstable();
        format!("{head} WITH ({}){tail}", list.join(", "))
    });
    lines.collect::<Vec<_>>().join("\n")
}
