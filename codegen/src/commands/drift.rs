//! `drift`: how a live database differs from the model, object by object, with the statements that
//! would bring it back. Nothing is applied.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use migrations::apply::SCHEMA;
use migrations::catalog::{LEFT_OUT, Marks, PLATFORM_SCHEMAS};
use migrations::known::prepare;
use migrations::plan::{Action, Change, Step};
use model::Id;
use serde::Serialize;

use super::one_project;
use crate::args::{Drift, Format};
use crate::console::Console;
use crate::deparsed::{Pair, both, live_and};
use crate::derived::between;
use crate::failure::{Exit, Failure, Outcome};
use crate::known::{self, State};
use crate::memory::in_small_pages;
use crate::source::{Source, connect, database_url};

/// What is reported, in the form that programs read.
#[derive(Serialize)]
struct Report<'a> {
    /// How the model was put into the server's words.
    compared: Option<&'a str>,
    /// Each step that would bring the database back to the model.
    differences: &'a [Step],
    /// External objects that the database lacks.
    missing: Vec<Named>,
    /// Objects whose texts differ, where no server could say whether their meanings do.
    undecided: Vec<Named>,
    /// What the database holds beside that, and no model can, or the role may not read.
    notes: &'a [String],
}

/// A rule by which something of a database is no part of a model.
#[derive(Serialize)]
struct Rule {
    what: String,
    why: &'static str,
}

#[derive(Serialize)]
struct Named {
    kind: &'static str,
    name: String,
}

impl From<&Id> for Named {
    fn from(id: &Id) -> Self {
        Named {
            kind: id.kind.word(),
            name: id.to_string(),
        }
    }
}

pub(super) fn run(console: &Console, config: Option<&Path>, args: &Drift) -> Outcome {
    console.accepts("drift", &[Format::Human, Format::Json])?;
    in_small_pages();
    if args.rules {
        return Ok(rules(console));
    }
    let wanted = match &args.model {
        Some(source) => Source::parse(source)?,
        None => Source::Model(one_project(config)?.model),
    };
    let url = database_url(args.database.url.as_deref())?;
    let mut client = connect(&url)?;
    if args.record {
        prepare(&mut client).map_err(|e| Failure::database("make the place of the record", e))?;
    }
    let mut found = known::recall(&mut client, &wanted)?;
    if let Some(known) = &found
        && let Some(then) = &known.fingerprint
        && *then == known::fingerprint_of(&mut client, &known.roles)?
    {
        let way = format!(
            "nothing in the catalog has changed since {}, when it was as the model says",
            known.at
        );
        return Ok(tell(
            console,
            &Pair::default(),
            &[],
            &known.notes,
            Some(&way),
        ));
    }
    if let Some(known) = &mut found {
        known::complete(&mut client, known)?;
        if args.record {
            // What is kept rests on nothing that was kept.
            known.marks = Marks::default();
        }
    }
    // Before the catalog is read: what changes in between is then seen the next time.
    let now = match args.record {
        true => {
            let roles = known::declared(&wanted.schema(console)?);
            Some(State::now(&mut client, &roles)?)
        }
        false => None,
    };
    let (pair, notes) = match &wanted {
        Source::Database(_) => (both(&Source::Database(url), &wanted, console)?, Vec::new()),
        _ => live_and(&url, &mut client, &wanted, found.as_ref(), Some(console))?,
    };
    let plan = between(&pair.from, &pair.to, false)?;
    let clean = plan.steps.is_empty() && pair.missing.is_empty();
    if args.record {
        let now = now.filter(|_| clean);
        if !known::keep(&mut client, &wanted, &pair, now, notes.clone())? {
            console.note("nothing is recorded: not everything could be decided");
        }
    }
    let way = pair.way.clone();
    Ok(tell(console, &pair, &plan.steps, &notes, way.as_deref()))
}

/// Tells what was found; the exit code says whether anything differs.
fn tell(
    console: &Console,
    pair: &Pair,
    steps: &[Step],
    notes: &[String],
    way: Option<&str>,
) -> Exit {
    let report = Report {
        compared: way,
        differences: steps,
        missing: pair.missing.iter().map(Named::from).collect(),
        undecided: pair.undecided.iter().map(Named::from).collect(),
        notes,
    };
    notes.iter().for_each(|line| console.note(line));
    if console.is_json() {
        console.json(&report);
    } else {
        human(console, &report);
    }
    match report.differences.is_empty() && report.missing.is_empty() {
        true => Exit::Fine,
        false => Exit::Different,
    }
}

/// The rules by which objects are left out, each with its reason.
fn rules(console: &Console) -> Exit {
    let mut rules: Vec<Rule> = LEFT_OUT
        .iter()
        .map(|rule| Rule {
            what: rule.what.to_owned(),
            why: rule.why,
        })
        .collect();
    rules.push(Rule {
        what: format!("the schemas {}", PLATFORM_SCHEMAS.join(", ")),
        why: "hosted platforms make them and migrate them by themselves",
    });
    rules.push(Rule {
        what: format!("the schema {SCHEMA}"),
        why: "it holds the tool's own records",
    });
    if console.is_json() {
        console.json(&rules);
    } else {
        console.say("a pull and a drift leave out");
        for rule in &rules {
            console.say(format!("- {}\n    {}", rule.what, rule.why));
        }
    }
    Exit::Fine
}

fn human(console: &Console, report: &Report<'_>) {
    if let Some(way) = report.compared {
        console.note(way);
    }
    for named in &report.missing {
        console.say(format!(
            "! external {} {} is not there",
            named.kind, named.name
        ));
    }
    let objects = by_object(report.differences);
    for steps in &objects {
        console.say(difference(steps));
    }
    for named in &report.undecided {
        console.say(format!(
            "? {} {}: the texts differ, and whether the meanings do could not be decided",
            named.kind, named.name
        ));
    }
    let count = objects.len() + report.missing.len();
    console.say(match (count, report.undecided.len()) {
        (0, 0) => "the database is as the model says".to_owned(),
        (0, 1) => "nothing differs that could be decided; 1 object could not".to_owned(),
        (0, n) => format!("nothing differs that could be decided; {n} objects could not"),
        (1, _) => "1 difference".to_owned(),
        (n, _) => format!("{n} differences"),
    });
}

/// The steps of each object together, in the order of the first of each.
fn by_object(steps: &[Step]) -> Vec<Vec<&Step>> {
    let mut objects: Vec<Vec<&Step>> = Vec::new();
    let mut places: HashMap<&Id, usize> = HashMap::new();
    for step in steps {
        let place = *places.entry(&step.id).or_insert(objects.len());
        match objects.get_mut(place) {
            Some(object) => object.push(step),
            None => objects.push(vec![step]),
        }
    }
    objects
}

/// One object: what differs, which side has what, and the way back.
fn difference(steps: &[&Step]) -> String {
    let Some(first) = steps.first() else {
        return String::new();
    };
    let what = format!("{} {}", first.id.kind.word(), first.id);
    let all = |action: &Action| steps.iter().all(|step| step.action == *action);
    let mut text = if all(&Action::Create) {
        format!("- {what} is in the model, and not in the database\n")
    } else if all(&Action::Drop) {
        format!("+ {what} is in the database, and not in the model\n")
    } else {
        format!("~ {what} differs\n")
    };
    if text.starts_with('~') {
        let mut told: Vec<String> = steps.iter().flat_map(|s| &s.changes).map(sides).collect();
        // What is made anew has a step for its end and one for its beginning.
        let mut seen = HashSet::new();
        told.retain(|line| seen.insert(line.clone()));
        told.iter().for_each(|line| text += line);
    }
    for statement in steps.iter().flat_map(|step| &step.statements) {
        let sql = statement.sql.replace('\n', "\n      ");
        text += &format!("    back: {sql};\n");
    }
    text
}

fn sides(change: &Change) -> String {
    let value = |v: &Option<String>| v.clone().unwrap_or_else(|| "none".to_owned());
    format!(
        "    {}: the database has {}, the model has {}\n",
        change.attribute,
        value(&change.before),
        value(&change.after)
    )
}
