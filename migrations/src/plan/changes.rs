//! From two schemas and the renames between them to a plan: the passes in their order.

use model::schema::{Id, Node, Schema};
use rustc_hash::FxHashSet;

use super::diff::Pairs;
use super::documents::{Documents, Way};
use super::needs::{Side, needs};
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
    /// Both sides by id.
    pub(super) pairs: &'a Pairs<'a>,
    /// The tables that others inherit from or are partitions of, on the side that is wanted.
    pub(super) parents: &'a FxHashSet<&'a Id>,
    /// What becomes of documents whose shape changes.
    pub(super) documents: &'a Documents,
}

impl Context<'_> {
    /// What a node of that side needs there: places of pairs.
    pub(super) fn needs(&self, side: Side, node: &Node) -> Vec<usize> {
        let schema = match side {
            Side::From => self.from,
            Side::To => self.to,
        };
        needs(schema, self.pairs, side, node)
    }
}

pub(super) fn between(
    from: &Schema,
    to: &Schema,
    renames: &[Renamed],
    way: Way,
    options: &Options,
) -> Result<Plan, Vec<Unplannable>> {
    let (renamed, mut steps) = rename::carry_out(from, to, renames, options)?;
    let from = renamed.as_ref().unwrap_or(from);
    let pairs = Pairs::of(from, to);
    let parents = to.tables().flat_map(|(_, table)| table.parents()).collect();
    let documents = Documents::between(from, to, way);
    let context = Context {
        from,
        to,
        options,
        pairs: &pairs,
        parents: &parents,
        documents: &documents,
    };
    let fates = fate::of(&context, &pairs);
    if fates.iter().all(fate::Fate::is_kept) {
        return Ok(Plan { steps });
    }
    let (more, faults) = Work::new(&context, &pairs, fates).steps();
    if !faults.is_empty() {
        return Err(faults);
    }
    steps.extend(more);
    Ok(Plan { steps })
}
