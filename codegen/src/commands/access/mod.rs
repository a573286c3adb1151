//! `access`: who may do what, as it is meant and, with a server, as it is found.
//!
//! What is meant comes from the model's intent and from no policy.

mod html;
mod policies;
mod text;

use std::path::Path;

use conformance::access::matrix;
use serde_json::json;

use crate::args::{Access, Format};
use crate::config::{Project, projects};
use crate::console::Console;
use crate::failure::{Exit, Failure, Outcome};
use crate::matrix::View;
use crate::source::read_model;

pub(super) fn run(console: &Console, config: Option<&Path>, args: &Access) -> Outcome {
    let formats: &[Format] = match args.policies {
        true => &[Format::Human, Format::Json],
        false => &[Format::Human, Format::Json, Format::Html],
    };
    console.accepts("access", formats)?;
    if args.policies {
        return policies::run(console, config);
    }
    let mut views = Vec::new();
    for project in projects(config)? {
        let read = read_model(&project.model, console)?;
        let schema = &read.model.schema;
        if schema.intent().is_empty() {
            return Err(Failure::input(
                format_args!("{} says nothing of who may do what", project.name),
                "declare personas, and an `intent` for each table",
            ));
        }
        let mut view = View::meant(&project.name, schema);
        if args.found || args.url.is_some() || args.server.is_some() {
            found(console, args, &project, &mut view)?;
        }
        views.push(view);
    }
    match console.format {
        Format::Json => console.json(&json!({ "projects": views })),
        Format::Html => console.say(html::page(&views)),
        Format::Human | Format::Sql | Format::Junit => {
            views
                .iter()
                .for_each(|view| console.say(text::matrix(view)));
        }
    }
    Ok(match views.iter().any(View::differs) {
        true => Exit::Different,
        false => Exit::Fine,
    })
}

/// Acts as every persona, and notes what became of it.
fn found(
    console: &Console,
    args: &Access,
    project: &Project,
    view: &mut View,
) -> Result<(), Failure> {
    let subject = super::test::subject(project, console)?;
    let place = (args.url.as_deref(), args.server);
    let ground = super::test::ground(console, place, project, subject)?;
    let failed =
        |error: &dyn std::fmt::Display| Failure::database("act as the personas", error.to_string());
    let mut bench = ground.bench().map_err(|e| failed(&e))?;
    let all = matrix(&mut bench).map_err(|stop| failed(&format!("{stop:?}")))?;
    for (table, answer) in all {
        view.found(&table, &answer);
    }
    Ok(())
}
