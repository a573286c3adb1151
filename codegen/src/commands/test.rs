//! `test`: the conformance suite for a project's model.

use std::path::Path;
use std::sync::Arc;

use conformance::server::{Kind, Server, Wanted};
use conformance::suite::{self, Answer, Counts, Ground, Migration, Subject, Test as Check};
use serde_json::Value;

use crate::args::{self, Format, Test};
use crate::config::{Project, ServerKind, projects};
use crate::console::Console;
use crate::failure::{Exit, Failure, Outcome};
use crate::source::{read_history, read_model, url};

pub(super) fn run(console: &Console, config: Option<&Path>, args: &Test) -> Outcome {
    if args.mutate {
        return super::mutate::run(console, config, args);
    }
    console.accepts("test", &[Format::Human, Format::Json, Format::Junit])?;
    let mut reports = Vec::new();
    let mut failed = 0;
    let mut found = 0;
    for project in projects(config)? {
        let subject = subject(&project, console)?;
        let mut tests = suite::tests(&subject, args.filter.as_deref());
        if args.url.is_some() {
            tests.retain(|test| matches!(test, Check::Bench(_)));
        }
        found += tests.len();
        if args.list {
            tests.iter().for_each(|test| console.say(test.name()));
            continue;
        }
        if tests.is_empty() {
            continue;
        }
        let answers = answers(console, args, &project, subject, &tests)?;
        failed += Counts::of(&answers).failed;
        reports.push((project.name, answers));
    }
    if let (0, Some(text)) = (found, &args.filter) {
        return Err(Failure::input(
            format_args!("no check's name holds `{text}`"),
            "`pilaster test --list` names them",
        ));
    }
    if !args.list {
        show(console, &reports);
    }
    Ok(if failed > 0 {
        Exit::Different
    } else {
        Exit::Fine
    })
}

pub(super) fn subject(project: &Project, console: &Console) -> Outcome<Subject> {
    let read = read_model(&project.model, console)?;
    let (model, sources) = (read.model, read.sources);
    let history = read_history(&project.migrations)?;
    let migrations = history.migrations().iter().map(|migration| Migration {
        name: migration.folder_name(),
        up: migration.up.clone(),
        down: migration.down.clone(),
    });
    let supabase = model
        .platform
        .as_ref()
        .is_some_and(|platform| *platform == *"supabase");
    Ok(Subject {
        name: project.name.clone(),
        default_schema: model.default_schema.clone(),
        schema: Arc::new(model.schema),
        platform: if supabase {
            model::platform::supabase_sql().to_owned()
        } else {
            String::new()
        },
        sources: Some(Arc::new(sources)),
        migrations: migrations.collect(),
    })
}

fn answers(
    console: &Console,
    args: &Test,
    project: &Project,
    subject: Subject,
    tests: &[Check],
) -> Outcome<Vec<Answer>> {
    let ground = ground(
        console,
        (args.url.as_deref(), args.server),
        project,
        subject,
    )?;
    let bar = console.progress(tests.len(), &project.name);
    let answers = suite::run(&ground, tests, |_| bar.inc(1));
    bar.finish_and_clear();
    Ok(answers)
}

/// The database that was given, or a server that is found.
pub(super) fn ground(
    console: &Console,
    (address, server): (Option<&str>, Option<args::Server>),
    project: &Project,
    subject: Subject,
) -> Outcome<Ground> {
    Ok(match address {
        Some(text) => {
            let url = url(text)?;
            console.note(format!("checking {url} as it stands"));
            Ground::given(subject, url)
        }
        None => {
            let server = Server::start(&wanted(server, project, &subject)?)
                .map_err(|e| Failure::database("start a server", e))?;
            console.note(server.describe());
            Ground::new(subject, server)
        }
    })
}

/// What the command line says, or else the environment, or else the project's file.
pub(super) fn wanted(
    server: Option<args::Server>,
    project: &Project,
    subject: &Subject,
) -> Outcome<Wanted> {
    let mut wanted = Wanted::from_env().map_err(|e| Failure::input(e, "unset the variable"))?;
    let settings = project.test.server.map(|kind| match kind {
        ServerKind::Docker => Kind::Docker,
        ServerKind::Local => Kind::Local,
        ServerKind::Download => Kind::Download,
    });
    let given = server.map(|kind| match kind {
        args::Server::Docker => Kind::Docker,
        args::Server::Local => Kind::Local,
        args::Server::Download => Kind::Download,
    });
    wanted.kind = given.or(wanted.kind).or(settings);
    if let Some(image) = &project.test.image {
        wanted.image.clone_from(image);
    }
    let extensions = subject.schema.of_kind(model::Kind::Extension);
    wanted.extensions = extensions
        .filter(|node| !node.external)
        .map(|node| node.id.name.to_string())
        .collect();
    Ok(wanted)
}

fn show(console: &Console, reports: &[(String, Vec<Answer>)]) {
    match console.format {
        Format::Json => {
            let project = |(name, answers): &(String, Vec<Answer>)| {
                let mut report: Value =
                    serde_json::from_str(&suite::json(answers)).unwrap_or_default();
                report["project"] = Value::from(name.as_str());
                report
            };
            let all: Vec<_> = reports.iter().map(project).collect();
            console.json(&serde_json::json!({ "projects": all }));
        }
        Format::Junit => {
            console.say("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>");
            for (name, answers) in reports {
                let text = suite::junit(name, answers);
                // Each suite is a document of its own; here they are parts of one.
                console.say(text.split_once("?>\n").map_or(&*text, |(_, rest)| rest));
            }
            console.say("</testsuites>");
        }
        Format::Human | Format::Sql | Format::Html => {
            for (name, answers) in reports {
                if reports.len() > 1 {
                    console.say(format!("\n{name}"));
                }
                console.say(suite::human(answers));
            }
        }
    }
}
