//! `drift`: how a live database differs from the model, object by object, with the statements that
//! would bring it back. Nothing is applied.

use std::path::Path;

use migrations::plan::{Action, Change, Step};
use serde::Serialize;

use super::one_project;
use crate::args::{Drift, Format};
use crate::console::Console;
use crate::deparsed::both;
use crate::derived::between;
use crate::failure::{Exit, Outcome};
use crate::source::{Source, database_url};

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
}

#[derive(Serialize)]
struct Named {
    kind: &'static str,
    name: String,
}

impl From<&model::Id> for Named {
    fn from(id: &model::Id) -> Self {
        Named {
            kind: id.kind.word(),
            name: id.to_string(),
        }
    }
}

pub(super) fn run(console: &Console, config: Option<&Path>, args: &Drift) -> Outcome {
    console.accepts("drift", &[Format::Human, Format::Json])?;
    let wanted = match &args.model {
        Some(source) => Source::parse(source)?,
        None => Source::Model(one_project(config)?.model),
    };
    let live = Source::Database(database_url(args.database.url.as_deref())?);
    let pair = both(&live, &wanted, console)?;
    let plan = between(&pair.from, &pair.to, false)?;
    let report = Report {
        compared: pair.way.as_deref(),
        differences: &plan.steps,
        missing: pair.missing.iter().map(Named::from).collect(),
        undecided: pair.undecided.iter().map(Named::from).collect(),
    };
    if console.is_json() {
        console.json(&report);
    } else {
        human(console, &report);
    }
    let same = report.differences.is_empty() && report.missing.is_empty();
    Ok(if same { Exit::Fine } else { Exit::Different })
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
    for step in report.differences {
        console.say(difference(step));
    }
    for named in &report.undecided {
        console.say(format!(
            "? {} {}: the texts differ, and whether the meanings do could not be decided",
            named.kind, named.name
        ));
    }
    let count = report.differences.len() + report.missing.len();
    console.say(match (count, report.undecided.len()) {
        (0, 0) => "the database is as the model says".to_owned(),
        (0, 1) => "nothing differs that could be decided; 1 object could not".to_owned(),
        (0, n) => format!("nothing differs that could be decided; {n} objects could not"),
        (1, _) => "1 difference".to_owned(),
        (n, _) => format!("{n} differences"),
    });
}

/// One difference: what it is, which side has what, and the way back.
fn difference(step: &Step) -> String {
    let what = format!("{} {}", step.id.kind.word(), step.id);
    let mut text = match step.action {
        Action::Create => format!("- {what} is in the model, and not in the database\n"),
        Action::Drop => format!("+ {what} is in the database, and not in the model\n"),
        Action::Alter | Action::Replace | Action::Rename { .. } => {
            format!("~ {what} differs\n")
        }
    };
    if !matches!(step.action, Action::Create | Action::Drop) {
        step.changes
            .iter()
            .for_each(|change| text += &sides(change));
    }
    for statement in &step.statements {
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
