//! `diff`: the plan between any two sources. Nothing needs to be allowed to look.

use migrations::catalog::in_short;
use migrations::concerned::count_in_plan;
use migrations::plan::{Plan, Way, questions};
use model::{Kind, Object, Schema, restored};

use super::migrate::documents::all_unfit;
use crate::args::{Diff, Format};
use crate::console::Console;
use crate::deparsed::both;
use crate::derived::between;
use crate::failure::{Exit, Outcome};
use crate::pull::as_a_model;
use crate::source::{Source, connect};
use crate::steps;

pub(super) fn run(console: &Console, args: &Diff) -> Outcome {
    console.accepts("diff", &[Format::Human, Format::Sql, Format::Json])?;
    let (from, to) = (Source::parse(&args.from)?, Source::parse(&args.to)?);
    let pair = both(&from, &to, console)?;
    if let Some(way) = &pair.way {
        console.note(way);
    }
    for id in &pair.undecided {
        console.note(format!(
            "{} {id}: the texts differ, and whether the meanings do could not be decided",
            id.kind.word()
        ));
    }
    let mut plan = match (&from, &to) {
        (Source::Database(url), Source::Model(_) | Source::History(_)) => {
            // What the functions of a live database say of its shapes.
            let (held, _) = as_a_model(pair.from.clone());
            let said = restored(&in_short(held));
            let live = with_shapes(pair.from, &said);
            let wanted = with_shapes(pair.to, &to.schema(console)?);
            let mut client = connect(url)?;
            let questions = questions(&live, &wanted, Way::Forth);
            for unfit in all_unfit(&mut client, &questions) {
                console.note(unfit.to_string());
            }
            between(&live, &wanted, !args.offline)?
        }
        _ => between(&pair.from, &pair.to, !args.offline)?,
    };
    if let Source::Database(url) = &from
        && plan.hazards().next().is_some()
    {
        count_in_plan(&mut connect(url)?, &mut plan);
    }
    show(console, &plan);
    Ok(if plan.is_empty() {
        Exit::Fine
    } else {
        Exit::Different
    })
}

/// The model in a server's words, with what only its own text says of documents.
fn with_shapes(read: Schema, model: &Schema) -> Schema {
    let mut builder = read.into_builder();
    for node in builder.nodes_mut() {
        let Some(said) = model.get(&node.id) else {
            continue;
        };
        if said.derived_from.is_some() {
            node.derived_from = said.derived_from.clone();
            node.needs = said.needs.clone();
        }
        if let (Object::Column(column), Some(said)) = (&mut node.object, said.object.as_column()) {
            column.documents = said.documents.clone();
        }
    }
    for shape in model.of_kind(Kind::Shape) {
        // What is there already is the same.
        let _ = builder.insert(shape.clone());
    }
    builder.finish()
}

/// The plan in the format asked for.
pub(super) fn show(console: &Console, plan: &Plan) {
    match console.format {
        Format::Json => console.json(plan),
        Format::Sql => console.say(migrations::render::standalone(plan)),
        Format::Human | Format::Junit | Format::Html => console.say(steps::summary(plan, console)),
    }
}
