//! What must change: two [`Schema`]s become a [`Plan`] of steps.
//!
//! The difference is one walk over the ids of both sides, what a difference becomes is one rule per
//! kind, the order is one topological sort. Nothing here talks to a server or runs a statement.

mod access;
mod address;
mod attributes;
mod changes;
mod diff;
mod documents;
mod fate;
mod needs;
mod order;
mod reattached;
mod rename;
mod rules;
mod step;
mod suspect;
mod work;

pub(crate) use documents::NAMED;
pub use documents::{Question, Way, fits, questions};
pub use rename::Renamed;
pub use rules::set_in_database;
pub use step::{
    Action, Change, Hazard, HazardKind, InTransaction, Lock, Plan, Statement, Step, Unplannable,
};
pub use suspect::{Suspected, detect_likely_renames};

use model::Schema;
use model::schema::Name;

/// What the plan may assume about the server and the way it will be applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// Whether objects that exist are changed in the ways that let others keep working: indexes
    /// concurrently, constraints not valid first, `NOT NULL` by way of a validated check.
    pub online: bool,
    /// The server's version as `server_version_num` says it: 150004 for 15.4.
    pub server_version: u32,
    /// The role that will apply the plan, where it is known: what it creates is its own, so it need
    /// not be made the owner.
    pub applier: Option<Name>,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            online: false,
            server_version: 150_000,
            applier: None,
        }
    }
}

/// The steps that turn a database that is `from` into one that is `to`.
///
/// Renames are taken from the hints of `to` (`was`). Steps come in an order that can be run, and in
/// the same order each time.
///
/// # Errors
///
/// Every difference for which no way is known, each with its reason.
///
/// ```
/// use migrations::plan::{Options, plan};
/// use model::schema::{Builder, Column, Id, Node, Object, Table, Type};
///
/// let mut wanted = Builder::default();
/// wanted.insert(Node::new(Id::table("public", "deals"), Object::Table(Table::default())))?;
/// let notes = Object::Column(Column::new(Type::builtin("text")));
/// wanted.insert(Node::new(Id::column("public", "deals", "notes"), notes))?;
/// let plan = plan(&Default::default(), &wanted.finish(), &Options::default()).unwrap();
/// assert_eq!(plan.steps[0].title, "create table deals");
/// # Ok::<(), model::schema::Duplicate>(())
/// ```
pub fn plan(from: &Schema, to: &Schema, options: &Options) -> Result<Plan, Vec<Unplannable>> {
    let renames = rename::said(from, to);
    let contested = rename::contested(from, to, &renames);
    if !contested.is_empty() {
        return Err(contested);
    }
    changes::between(from, to, &renames, Way::Forth, options)
}

/// The way back: the steps that turn `to` into `from` again, renames reversed, with every step
/// that can't bring back what [`plan`]'s way up did away with labelled as lossy.
///
/// # Errors
///
/// Every difference for which no way is known, each with its reason.
pub fn plan_down(from: &Schema, to: &Schema, options: &Options) -> Result<Plan, Vec<Unplannable>> {
    let renames = rename::reversed(rename::said(from, to));
    let mut plan = changes::between(to, from, &renames, Way::Back, options)?;
    for step in &mut plan.steps {
        step.label_way_back();
    }
    Ok(plan)
}
