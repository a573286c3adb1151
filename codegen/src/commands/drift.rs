//! `drift`: how a live database differs from the model. The plan from the one to the other,
//! unapplied.

use std::path::Path;

use super::{diff, one_project};
use crate::args::{Drift, Format};
use crate::console::Console;
use crate::deparsed::both;
use crate::derived::between;
use crate::failure::{Exit, Outcome};
use crate::source::{Source, database_url};

pub(super) fn run(console: &Console, config: Option<&Path>, args: &Drift) -> Outcome {
    console.accepts("drift", &[Format::Human, Format::Json])?;
    let wanted = match &args.model {
        Some(source) => Source::parse(source)?,
        None => Source::Model(one_project(config)?.model),
    };
    let live = Source::Database(database_url(args.database.url.as_deref())?);
    let (have, want) = both(&live, &wanted, console)?;
    let plan = between(&have, &want, false)?;
    if plan.is_empty() && !console.is_json() {
        console.say("the database is as the model says");
    } else {
        diff::show(console, &plan);
    }
    Ok(if plan.is_empty() {
        Exit::Fine
    } else {
        Exit::Different
    })
}
