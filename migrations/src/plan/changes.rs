//! From two schemas and the renames between them to a plan: the passes in their order.

use model::schema::{ConstraintBody, Id, Kind, Name, Schema};
use rustc_hash::{FxHashMap, FxHashSet};

use super::diff::Pairs;
use super::documents::{Documents, Way};
use super::needs::{Side, needs};
use super::reattached::reattached;
use super::rename::{self, Carried, Renamed};
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
    /// What is looked up for many objects, and gathered once.
    pub(super) gathered: &'a Gathered<'a>,
    /// What becomes of documents whose shape changes.
    pub(super) documents: &'a Documents,
}

/// What is looked up for many objects: to look through a schema for each would not be linear.
#[derive(Debug, Default)]
pub(super) struct Gathered<'a> {
    /// The tables that foreign keys of `from` refer to.
    pub(super) referred_before: FxHashSet<&'a Id>,
    /// Those of `to`.
    pub(super) referred_after: FxHashSet<&'a Id>,
    /// The indexes of `to` that others are attached to.
    pub(super) attached_to: FxHashSet<&'a Id>,
    /// The partitions that leave their parent for a while.
    pub(super) reattached: FxHashSet<Id>,
    /// What the columns were called that have another name now.
    renamed: FxHashMap<Id, Name>,
}

impl<'a> Gathered<'a> {
    fn of(from: &'a Schema, to: &'a Schema, renamed: FxHashMap<Id, Name>) -> Self {
        let referred = |schema: &'a Schema| {
            let constraints = schema.of_kind(Kind::Constraint);
            let keys = constraints.filter_map(|node| match &node.object.as_constraint()?.body {
                ConstraintBody::ForeignKey(key) => Some(&key.target),
                _ => None,
            });
            keys.collect()
        };
        let indexes = to.of_kind(Kind::Index);
        let parents = indexes.filter_map(|node| node.object.as_index()?.parent.as_ref());
        Gathered {
            referred_before: referred(from),
            referred_after: referred(to),
            attached_to: parents.collect(),
            reattached: reattached(from, to),
            renamed,
        }
    }
}

impl Context<'_> {
    /// The column's name as the indexes that are there already know it: PostgreSQL leaves the names of
    /// an index's columns as they were when it was built, and makes up others from them.
    pub(super) fn name_in_indexes<'n>(&'n self, table: &Id, column: &'n Name) -> &'n Name {
        if self.gathered.renamed.is_empty() {
            return column;
        }
        let id = table.within(Kind::Column, column.clone());
        self.gathered.renamed.get(&id).unwrap_or(column)
    }

    /// What the object of the pair at `place` needs on that side: places of pairs.
    pub(super) fn needs(&self, side: Side, place: usize) -> Vec<usize> {
        let mut places = Vec::new();
        self.needs_into(side, place, &mut places);
        places
    }

    /// The same, into a vector that is there already.
    pub(super) fn needs_into(&self, side: Side, place: usize, places: &mut Vec<usize>) {
        let schema = match side {
            Side::From => self.from,
            Side::To => self.to,
        };
        needs(schema, self.pairs, side, place, places);
    }
}

pub(super) fn between(
    from: &Schema,
    to: &Schema,
    renames: &[Renamed],
    way: Way,
    options: &Options,
) -> Result<Plan, Vec<Unplannable>> {
    let Carried {
        schema,
        mut steps,
        columns,
    } = rename::carry_out(from, to, renames, options)?;
    let from = schema.as_ref().unwrap_or(from);
    let pairs = Pairs::of(from, to);
    let parents = to.tables().flat_map(|(_, table)| table.parents()).collect();
    let gathered = Gathered::of(from, to, columns);
    let documents = Documents::between(from, to, way);
    let context = Context {
        from,
        to,
        options,
        pairs: &pairs,
        parents: &parents,
        gathered: &gathered,
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
