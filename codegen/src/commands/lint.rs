//! `lint`: advice on the model. Advice is not a fault: the exit code is 0 unless a rule is denied.

use std::path::Path;

use crate::args::{Format, Lint};
use crate::config::{Project, projects};
use crate::console::Console;
use crate::failure::{Exit, Failure, Outcome};
use crate::lint::{RULES, Rule, lint, unknown_rule};
use crate::report::{Finding, findings};
use crate::source::read_model;

pub(super) fn run(console: &Console, config: Option<&Path>, args: &Lint) -> Outcome {
    console.accepts("lint", &[Format::Human, Format::Json])?;
    let names = args.deny.iter().chain(&args.allow).chain(&args.only);
    for name in names.filter(|name| *name != "all") {
        if let Some(help) = unknown_rule(name) {
            return Err(Failure::input(
                format_args!("there is no lint rule `{name}`"),
                help,
            ));
        }
    }
    if args.rules {
        list(console);
        return Ok(Exit::Fine);
    }
    let mut all: Vec<Finding> = Vec::new();
    let mut denied = 0;
    for project in projects(config)? {
        let read = read_model(&project.model, console)?;
        let mut found = lint(&read.model.schema, rules(args, &project));
        found.extend(read.warnings);
        denied += found
            .iter()
            .filter(|d| is_denied(d.code, args, &project))
            .count();
        if !console.is_json() && !found.is_empty() {
            console.say(found.render(&read.sources, console.color()));
        }
        all.extend(findings(&found, &read.sources));
    }
    if console.is_json() {
        console.json(&serde_json::json!({ "findings": all, "denied": denied }));
    } else {
        console.say(match all.len() {
            0 => "nothing to advise".to_owned(),
            n => format!("{n} to consider, {denied} denied; `accept RULE 'reason'` silences one"),
        });
    }
    Ok(if denied > 0 {
        Exit::Different
    } else {
        Exit::Fine
    })
}

fn rules(args: &Lint, project: &Project) -> Vec<&'static Rule> {
    let names = |list: &[String], rule: &Rule| list.iter().any(|name| name == rule.name);
    RULES
        .iter()
        .filter(|rule| args.only.is_empty() || names(&args.only, rule))
        .filter(|rule| !names(&args.allow, rule) && !names(&project.lint.allow, rule))
        .collect()
}

fn is_denied(code: &str, args: &Lint, project: &Project) -> bool {
    let denied = args.deny.iter().chain(&project.lint.deny);
    denied.into_iter().any(|name| name == "all" || name == code)
}

fn list(console: &Console) {
    if console.is_json() {
        let rules: Vec<_> = RULES
            .iter()
            .map(|rule| serde_json::json!({ "name": rule.name, "why": rule.why }))
            .collect();
        console.json(&serde_json::json!({ "rules": rules }));
        return;
    }
    for rule in RULES {
        console.say(format!("{}\n    {}\n\n", rule.name, rule.why));
    }
}
