//! Who gains and loses what by the next migration: a scratch server is asked, where one can be had.
//!
//! What it answers takes the place of what the plan guessed from the change's text. Where no server
//! can be had, or it can't say, the guess stands, and the command says so.

use std::collections::HashSet;
use std::sync::Arc;

use conformance::Stop;
use conformance::reach::{Change, Direction, of_migration};
use conformance::server::{Kind as ServerKind, Server, Wanted};
use conformance::suite::{Ground, Migration, Subject};
use migrations::history::History;
use migrations::plan::{Action, Hazard, HazardKind, Plan, Step};
use model::{Id, Kind, Schema};

use crate::config::Project;
use crate::console::Console;
use crate::source::Read;

/// Replaces the plan's guesses about access by what a server says, and says whether it did.
pub(super) fn refine(
    plan: &mut Plan,
    from: &Schema,
    read: &Read,
    history: &History,
    project: &Project,
    console: &Console,
) -> bool {
    // What is made first of all is nobody's yet.
    if history.migrations().is_empty() {
        return false;
    }
    let touching = touching(plan, [from, &read.model.schema]);
    if touching.is_empty() {
        return false;
    }
    match ask(plan, from, read, history, project) {
        Ok((direction, server)) => {
            let Direction {
                changes,
                answers,
                unsaid,
            } = direction;
            console.note(format!(
                "access before and after: {answers} answers of {server}"
            ));
            for change in &changes {
                console.note(format!("  {change}"));
            }
            for table in unsaid {
                console.note(format!("  not known of personas: {table}"));
            }
            if changes.is_empty() {
                console.note("  nobody gains or loses anything");
            }
            replace(plan, &touching, &changes);
            true
        }
        Err(why) => {
            console.note(format!(
                "who gains and who loses is guessed from the change's text: {}",
                why.lines().next().unwrap_or_default()
            ));
            false
        }
    }
}

/// The places of the steps after which somebody may do more or less with what was there before.
fn touching(plan: &Plan, schemas: [&Schema; 2]) -> Vec<usize> {
    let made: HashSet<&Id> = plan
        .steps
        .iter()
        .filter(|step| step.action == Action::Create && step.id.kind == Kind::Table)
        .map(|step| &step.id)
        .collect();
    // What stands in a table that is made now is nobody's yet.
    let is_new = |id: &Id| {
        made.contains(id)
            || id
                .relation()
                .is_some_and(|relation| made.contains(&relation))
    };
    let definer = |id: &Id| {
        let routine = |s: &&Schema| s.get(id).and_then(|n| n.object.as_routine()).cloned();
        let mut both = schemas.iter().filter_map(routine);
        both.any(|routine| routine.security_definer)
    };
    let says = |sql: &str| {
        let words = ["GRANT ", "REVOKE ", "ROW LEVEL SECURITY", "OWNER TO"];
        words.iter().any(|word| sql.contains(word))
    };
    let touches = |step: &Step| match step.id.kind {
        Kind::Policy | Kind::Role | Kind::View | Kind::DefaultPrivileges => true,
        Kind::Function if definer(&step.id) => true,
        _ => step.statements.iter().any(|s| says(&s.sql)),
    };
    let steps = plan.steps.iter().enumerate();
    steps
        .filter(|(_, step)| touches(step) && !is_new(&step.id))
        .map(|(at, _)| at)
        .collect()
}

fn ask(
    plan: &Plan,
    from: &Schema,
    read: &Read,
    history: &History,
    project: &Project,
) -> Result<(Direction, String), String> {
    let migrations = history.migrations().iter().map(|migration| Migration {
        name: migration.folder_name(),
        up: migration.up.clone(),
        down: migration.down.clone(),
    });
    let subject = Subject {
        schema: Arc::new(from.clone()),
        ..Subject::new(&project.name, read.model.clone(), migrations.collect())
    };
    let mut wanted = Wanted::from_env().map_err(|e| e.to_string())?;
    // Nothing is fetched for this: what the machine has will do, or what the project names.
    let named = project.test.server.map(|kind| match kind {
        crate::config::ServerKind::Docker => ServerKind::Docker,
        crate::config::ServerKind::Local | crate::config::ServerKind::Download => ServerKind::Local,
    });
    wanted.kind = wanted.kind.or(named).or(Some(ServerKind::Local));
    let extensions = from.of_kind(Kind::Extension).filter(|node| !node.external);
    wanted.extensions = extensions.map(|node| node.id.name.to_string()).collect();
    let server = Server::start(&wanted).map_err(|e| e.to_string())?;
    let about = server.describe().to_owned();
    let ground = Ground::new(subject, server);
    match of_migration(&ground, &plan.sql(), &read.model.schema) {
        Ok(direction) => Ok((direction, about)),
        Err(Stop::Failed(why) | Stop::Undecided(why) | Stop::Fault(why)) => Err(why),
    }
}

/// What the server said takes the place of guesses about the same object; a guess about something
/// on which no answer differed stands, because the sample may not have shown it.
fn replace(plan: &mut Plan, touching: &[usize], changes: &[Change]) {
    let is_guess = |h: &Hazard| {
        matches!(
            h.kind,
            HazardKind::WidenedAccess | HazardKind::NarrowedAccess
        )
    };
    for step in &mut plan.steps {
        if changes.iter().any(|change| concerns(step, change)) {
            for statement in &mut step.statements {
                statement.hazards.retain(|hazard| !is_guess(hazard));
            }
        }
    }
    for change in changes {
        let by_itself = |at: &&usize| concerns(&plan.steps[**at], change);
        let own = touching.iter().find(by_itself).copied();
        // What is open to everybody as soon as it is made needs no grant that would say so.
        let any = || plan.steps.iter().position(|step| concerns(step, change));
        let place = own.or_else(any).or(touching.first().copied());
        let statement = place.and_then(|at| plan.steps[at].statements.first_mut());
        let Some(statement) = statement else { continue };
        let both = [
            (HazardKind::WidenedAccess, change.gains()),
            (HazardKind::NarrowedAccess, change.loses()),
        ];
        for (kind, message) in both {
            statement
                .hazards
                .extend(message.map(|message| Hazard { kind, message }));
        }
    }
}

/// Whether a step is about the object of a change.
fn concerns(step: &Step, change: &Change) -> bool {
    let relation = format!(
        "{}.{}",
        model::quote::ident(&step.id.schema),
        model::quote::ident(&step.id.name)
    );
    let own = change.object == relation || change.object.starts_with(&format!("{relation}."));
    let role = step.id.kind == Kind::Role
        && (change.object == *step.id.name
            || change.actor.split(' ').next() == Some(&step.id.name));
    own || role || change.object.starts_with(&format!("{relation}("))
}
