//! Every example of LANGUAGE.md, put to a real server: up, read back, up again from scratch, down.
//!
//! It judges no text: what an example means is what the server's catalog says afterwards.

use std::collections::BTreeSet;
use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};

use conformance::server::{Database, Server};
use libtest_mimic::{Arguments, Failed, Trial};
use migrations::catalog::{self, ReadOptions};
use migrations::plan::{Options, Plan, Unplannable, plan, plan_down};
use migrations::{apply, render};
use model::quote::{ident, literal};
use model::schema::{Object, Schema};
use model::{Color, Id, Kind, Name, Sources};

/// What the page calls external, beside Supabase's own.
const ELSEWHERE: &str = "create type public.geometry as (x float8, y float8)";

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    // Roles belong to the server, so the examples that make any take turns.
    let turns = Arc::new(Mutex::new(()));
    let trials = examples().into_iter().map(|example| {
        let turns = Arc::clone(&turns);
        Trial::test(example.name.clone(), move || example.holds(&turns))
    });
    libtest_mimic::run(&arguments, trials.collect()).exit_code()
}

/// One block of the page.
struct Example {
    name: String,
    line: usize,
    text: String,
}

/// The examples, each named by its section and what it begins with.
fn examples() -> Vec<Example> {
    let page = include_str!("../../model/LANGUAGE.md");
    let (mut found, mut heading, mut current) = (Vec::new(), "", None::<(usize, String)>);
    for (number, line) in page.lines().enumerate() {
        match &mut current {
            None if line == "```pilaster" => current = Some((number + 2, String::new())),
            None => heading = line.strip_prefix("## ").unwrap_or(heading),
            Some(_) if line == "```" => {
                let (line, text) = current.take().unwrap_or_default();
                let begins = text.lines().find(|line| !line.starts_with("//"));
                let subject = begins.unwrap_or_default().trim_end_matches(['{', ' ']);
                let name = format!("{heading}: {subject}");
                found.push(Example { name, line, text });
            }
            Some((_, text)) => {
                text.push_str(line);
                text.push('\n');
            }
        }
    }
    found
}

impl Example {
    fn holds(&self, turns: &Mutex<()>) -> Result<(), Failed> {
        let schema = self.read(&self.text)?;
        let laid_out = model::fmt(&self.text).map_err(|_| "fmt finds faults")?;
        if model::fmt(&laid_out).as_ref() != Ok(&laid_out) {
            return Err("fmt changes what it has laid out itself".into());
        }
        self.read(&laid_out)?;

        let about_roles = schema.of_kind(Kind::Role).next().is_some();
        let _turn = about_roles.then(|| turns.lock().unwrap_or_else(PoisonError::into_inner));
        let options = ReadOptions {
            roles: about_roles,
            ..ReadOptions::default()
        };
        let once = self.round(&schema, &options)?;
        let again = self.round(&schema, &options)?;
        let second = planned(plan(&once, &again, &Options::default()))?;
        match second.is_empty() {
            true => Ok(()),
            false => Err(format!("the second plan is not empty:\n{second}").into()),
        }
    }

    fn read(&self, text: &str) -> Result<Schema, Failed> {
        let mut sources = Sources::new();
        sources.add(format!("LANGUAGE.md from line {}", self.line), text);
        let (model, diagnostics) = model::load(&sources);
        match diagnostics.has_errors() {
            true => Err(diagnostics.render(&sources, Color::Never).into()),
            false => Ok(model.schema),
        }
    }

    /// What an empty database holds after the way up, and that the way down leaves it as it was.
    fn round(&self, schema: &Schema, options: &ReadOptions) -> Result<Schema, Failed> {
        let empty = Schema::default();
        let up = planned(plan(&empty, schema, &Options::default()))?;
        let down = planned(plan_down(&empty, schema, &Options::default()))?;
        let _roles = Roles(schema);
        let database = platform(schema)?;
        let mut client = database.connect()?;

        let before = catalog::read(&mut client, options)?.schema;
        apply::script(&mut client, &up).map_err(|error| format!("{error}\n{up}"))?;
        let after = catalog::read(&mut client, options)?;
        if let Some(lost) = after.unmodelled.first() {
            return Err(format!("not read back: {lost:?}").into());
        }
        same_names(schema, &before, &after.schema)?;

        apply::script(&mut client, &down).map_err(|error| format!("{error}\n{down}"))?;
        let left = catalog::read(&mut client, options)?.schema;
        let rest = planned(plan(&before, &left, &Options::default()))?;
        match rest.is_empty() {
            true => Ok(after.schema),
            false => Err(format!("the way down\n{down}\nleaves\n{rest}").into()),
        }
    }
}

/// Drops the roles that an example has made and, because it failed, not dropped.
struct Roles<'a>(&'a Schema);

impl Drop for Roles<'_> {
    fn drop(&mut self) {
        let Ok(mut client) = Server::shared().connect() else {
            return;
        };
        for role in self.0.of_kind(Kind::Role).filter(|node| !node.external) {
            let name = ident(&role.id.name);
            // What fails here has failed before, and was told then.
            let _ = client.batch_execute(&format!("drop role if exists {name}"));
        }
    }
}

/// The server has given every object the name that the model gave it, and made no other.
fn same_names(model: &Schema, before: &Schema, after: &Schema) -> Result<(), Failed> {
    let wanted = model.nodes().filter(|node| match node.id.kind {
        Kind::Raw | Kind::Shape | Kind::Transitions | Kind::Seed => false,
        _ => !node.external,
    });
    let wanted: BTreeSet<&Id> = wanted.map(|node| &node.id).collect();
    let there: BTreeSet<&Id> = after.nodes().map(|node| &node.id).collect();
    let made = after.nodes().filter(|node| {
        let parent = match &node.object {
            Object::Constraint(constraint) => constraint.inherited,
            Object::Index(index) => index.parent.is_some(),
            _ => false,
        };
        !parent && !before.contains(&node.id)
    });
    let made: BTreeSet<&Id> = made.map(|node| &node.id).collect();
    let line = |sign| move |id: &&Id| format!("{sign} {} {id}\n", id.kind.word());
    let missing = wanted.difference(&there).map(line('-'));
    let extra = made.difference(&wanted).map(line('+'));
    let lines: String = missing.chain(extra).collect();
    match lines.is_empty() {
        true => Ok(()),
        false => Err(format!("the catalog's names are others:\n{lines}").into()),
    }
}

/// A database with what the example calls external.
fn platform(schema: &Schema) -> Result<Database, Failed> {
    let database = Server::shared().database()?;
    let external: Vec<_> = schema.nodes().filter(|node| node.external).collect();
    if !external.is_empty() {
        let mut client = database.connect()?;
        let roles = external.iter().filter(|node| node.id.kind == Kind::Role);
        for role in roles {
            client.batch_execute(&make_role(&role.id.name))?;
        }
        client.batch_execute(model::platform::supabase_sql())?;
        client.batch_execute(ELSEWHERE)?;
    }
    Ok(database)
}

/// Makes a role where it is not there, also where others are about to.
fn make_role(name: &Name) -> String {
    let (name, text) = (ident(name), literal(name));
    format!(
        "begin; select pg_advisory_xact_lock(hashtext('pilaster.platform')); \
         do $$ begin if not exists (select from pg_roles where rolname = {text}) \
         then create role {name}; end if; end $$; commit"
    )
}

/// The script of a plan.
fn planned(plan: Result<Plan, Vec<Unplannable>>) -> Result<String, Failed> {
    let plan = plan.map_err(|problems| {
        let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
        lines.join("\n")
    })?;
    Ok(render::script(&plan))
}
