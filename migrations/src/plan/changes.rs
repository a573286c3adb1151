//! From two schemas and the renames between them to a plan: the passes in their order.

use model::Schema;

use super::diff::Pairs;
use super::rename::{self, Renamed};
use super::work::Work;
use super::{Options, Plan, Unplannable, fate};

/// What a rule may look at.
#[derive(Clone, Copy)]
pub(super) struct Context<'a> {
    /// What is, with renames carried out.
    pub(super) from: &'a Schema,
    /// What is wanted.
    pub(super) to: &'a Schema,
    /// The server and the manner.
    pub(super) options: &'a Options,
}

pub(super) fn between(
    from: &Schema,
    to: &Schema,
    renames: &[Renamed],
    options: &Options,
) -> Result<Plan, Vec<Unplannable>> {
    let (renamed, mut steps) = rename::carry_out(from, to, renames, options);
    let from = renamed.as_ref().unwrap_or(from);
    let context = Context { from, to, options };
    let pairs = Pairs::of(from, to);
    let fates = fate::of(&context, &pairs);
    let (more, faults) = Work::new(&context, &pairs, fates).steps();
    if !faults.is_empty() {
        return Err(faults);
    }
    steps.extend(more);
    Ok(Plan { steps })
}
