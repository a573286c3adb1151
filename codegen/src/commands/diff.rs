//! `diff`: the plan between any two sources. Nothing needs to be allowed to look.

use migrations::concerned::count_in_plan;
use migrations::plan::Plan;

use crate::args::{Diff, Format};
use crate::console::Console;
use crate::deparsed::both;
use crate::derived::between;
use crate::failure::{Exit, Outcome};
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
    let mut plan = between(&pair.from, &pair.to, !args.offline)?;
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

/// The plan in the format asked for.
pub(super) fn show(console: &Console, plan: &Plan) {
    match console.format {
        Format::Json => console.json(plan),
        Format::Sql => console.say(migrations::render::standalone(plan)),
        Format::Human | Format::Junit | Format::Html => console.say(steps::summary(plan, console)),
    }
}
