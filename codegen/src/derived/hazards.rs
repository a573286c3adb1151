//! Which hazards a migration may carry: those allowed by name, here or in the model.
//!
//! It never judges how bad a hazard is; the plan does.

use migrations::plan::{Action, Hazard, HazardKind, Plan, Step};
use model::{Diagnostic, Diagnostics, Kind, Node, Schema};

use crate::console::Console;
use crate::failure::{Cause, Failure, Outcome};
use crate::source::Read;

/// Stops where the plan carries a hazard that is not allowed.
///
/// # Errors
///
/// [`Cause::Input`](crate::failure::Cause::Input) with a message for each such hazard and the ways to allow it.
pub(super) fn judge(
    plan: &Plan,
    read: &Read,
    allow: &[HazardKind],
    console: &Console,
) -> Outcome<()> {
    let schema = &read.model.schema;
    let mut shown = Diagnostics::new();
    let mut failures = Vec::new();
    for (step, hazard) in plan.hazards() {
        if allow.contains(&hazard.kind) || is_allowed(schema, step, hazard.kind) {
            continue;
        }
        let (name, fact) = (
            hazard.kind.name(),
            format!("{}: {}", step.title, hazard.message),
        );
        match node(schema, step).and_then(|node| node.origin) {
            Some(origin) => {
                shown.push(Diagnostic::error(name, fact, origin).help(ways(step, hazard, true)));
            }
            None => {
                let text = format!(
                    "error[{name}]: {fact}\n  = mend: {}",
                    ways(step, hazard, false)
                );
                failures.push(Failure::of(Cause::Input, text));
            }
        }
    }
    if !shown.is_empty() {
        failures.push(Failure::faults(
            &shown,
            &read.sources,
            console.error_color(),
        ));
    }
    Failure::all(failures).map_or(Ok(()), |failure| {
        Err(failure.with_note("nothing was written"))
    })
}

/// The object a step is about, or the relation it was a part of.
fn node<'a>(schema: &'a Schema, step: &Step) -> Option<&'a Node> {
    let id = &step.id;
    schema
        .get(id)
        .filter(|node| node.origin.is_some())
        .or_else(|| table(schema, step))
}

fn table<'a>(schema: &'a Schema, step: &Step) -> Option<&'a Node> {
    let id = step.id.relation()?;
    schema.relation(&id.schema, &id.name)
}

fn is_allowed(schema: &Schema, step: &Step, kind: HazardKind) -> bool {
    let places = [schema.get(&step.id), table(schema, step)];
    let mut allowed = places
        .into_iter()
        .flatten()
        .flat_map(|node| &node.hints.allow);
    allowed.any(|name| name == kind.name())
}

fn ways(step: &Step, hazard: &Hazard, placed: bool) -> String {
    let name = hazard.kind.name();
    let mut ways = format!("`pilaster generate --allow {name}`");
    if placed {
        ways += &format!(", or `allow {name}` in the model");
    }
    let retypes = step.id.kind == Kind::Column && step.action == Action::Alter;
    if retypes && hazard.kind == HazardKind::TableRewrite {
        ways += "; or in steps that let others work: add a column of the new type, fill it by \
                 `pilaster migrate new`, then drop the old one and give the new one its name with `was`";
    }
    ways
}
