//! What becomes of each object: kept, made, altered, dropped, or dropped and made again because
//! something it stands on is.
//!
//! It never writes SQL of its own; rules do.

mod absorb;
mod documents;
mod keys;
mod rebuild;
mod serving;
mod whole;

use model::schema::{Id, Kind, Node};

use super::changes::Context;
use super::diff::Pairs;
use super::rules::{self, Alteration, Difference};
use super::work::Slot;
use absorb::{absorb_creations, absorb_followers, absorb_releases};
use documents::{judge_documents_anew, lift_documents};
use rebuild::rebuild_dependents;
use serving::{keep_indexes_serving, keep_keys_serving, keep_replica_identities};
use whole::{replace_by_foreign_compression, replace_by_partition_key};

/// What becomes of one object.
#[derive(Debug, Default)]
pub(super) struct Fate {
    /// It goes, for good or to be made again.
    pub(super) released: bool,
    /// It is made.
    pub(super) established: bool,
    /// It is changed where it stands.
    pub(super) altered: Option<Box<Alteration>>,
    /// It goes with that other object, without a statement of its own.
    pub(super) released_with: Option<usize>,
    /// It is made with that other object, without a statement of its own.
    pub(super) established_with: Option<usize>,
    /// Its type changes with that other object's.
    pub(super) altered_with: Option<usize>,
    /// Nothing of it differs, comment, owner and grants included.
    pub(super) same: bool,
    /// A type that columns use, or an index that serves on: renamed first, dropped once they have moved
    /// to the new one.
    pub(super) swapped: bool,
    /// It is made in two halves, because what it needs needs it: see [`rules::halves`].
    pub(super) halved: bool,
    /// It lets go of what needs it before either is dropped.
    pub(super) loosened: bool,
    /// A key whose new index is built while the old one serves.
    pub(super) built_beside: bool,
    /// It gives way to such a key and comes back at once.
    pub(super) comes_back: bool,
}

impl Fate {
    /// Whether there is nothing to do about it.
    pub(super) fn is_kept(&self) -> bool {
        self.same && !self.released && !self.established && self.altered.is_none()
    }

    /// The object that it goes or comes with, without a statement of its own.
    pub(super) fn host(&self, slot: Slot) -> Option<usize> {
        match slot {
            Slot::Release => self.released_with,
            Slot::Establish => self.established_with,
            Slot::Loosen | Slot::Alter | Slot::Finish | Slot::Grant | Slot::Secure => None,
        }
    }

    /// It is dropped and made again.
    pub(super) fn replace(&mut self) {
        self.released = true;
        self.established = true;
        self.altered = None;
        self.loosened = false;
    }
}

/// The fates of all pairs, in their order.
pub(super) fn of(context: &Context<'_>, pairs: &Pairs<'_>) -> Vec<Fate> {
    let mut fates: Vec<Fate> = Vec::with_capacity(pairs.len());
    for pair in &pairs.all {
        let mut fate = Fate::default();
        if !pair.external() {
            match (pair.from, pair.to) {
                (None, None) => {}
                (None, Some(node)) => fate.established = !is_always_there(context, &node.id),
                (Some(node), None) => fate.released = !is_always_there(context, &node.id),
                (Some(from), Some(to)) if from.object == to.object => {
                    fate.same = from.conforms_to(to);
                    fate.altered = disturbed(context, pairs, from, to).map(Box::new);
                }
                (Some(from), Some(to)) => match rules::alter(context, from, to) {
                    Difference::Nothing => {}
                    Difference::Alter(alteration) => {
                        fate.altered = Some(alteration);
                        fate.loosened = rules::table::leaves_type(from, to);
                    }
                    Difference::Replace => fate.replace(),
                },
            }
        }
        fates.push(fate);
    }
    for table in &context.gathered.reattached {
        if let Some(i) = pairs.index_of(table).filter(|&i| !fates[i].released)
            && let Some(node) = pairs.all[i].to
        {
            let alteration = fates[i].altered.get_or_insert_default();
            rules::table::reattach(context, node, alteration);
            fates[i].loosened = true;
        }
    }
    replace_by_partition_key(context, pairs, &mut fates);
    replace_by_foreign_compression(context, pairs, &mut fates);
    judge_documents_anew(context, pairs, &mut fates);
    rebuild_dependents(context, pairs, &mut fates);
    follow_leaders(context, pairs, &mut fates);
    lift_documents(context, pairs, &mut fates);
    absorb_releases(context, pairs, &mut fates);
    absorb_creations(context, pairs, &mut fates);
    absorb_followers(context, pairs, &mut fates);
    keep_indexes_serving(context, pairs, &mut fates);
    keep_keys_serving(context, pairs, &mut fates);
    keep_replica_identities(pairs, &mut fates);
    fates
}

/// What a column that itself stays must get back because its parent's changes: the change reaches
/// all children.
fn disturbed(
    context: &Context<'_>,
    pairs: &Pairs<'_>,
    from: &Node,
    to: &Node,
) -> Option<Alteration> {
    let parent = rules::column::followed(context, to)?;
    let parent = &pairs.all[pairs.index_of(&parent)?];
    if parent.from?.object == parent.to?.object {
        return None;
    }
    match rules::alter(context, from, to) {
        Difference::Alter(alteration) => Some(*alteration),
        Difference::Nothing | Difference::Replace => None,
    }
}

/// Columns whose type changes with their parent's wait with it.
fn follow_leaders(context: &Context<'_>, pairs: &Pairs<'_>, fates: &mut [Fate]) {
    for (pair, fate) in pairs.all.iter().zip(fates) {
        let retypes = fate.altered.as_ref().is_some_and(|a| a.retypes);
        if let (true, Some(to)) = (retypes, pair.to)
            && to.id.kind == Kind::Column
        {
            let leader = rules::column::leader(context, to);
            fate.altered_with = leader.and_then(|id| pairs.index_of(&id));
        }
    }
}

/// `public` is in every new database, so the way from nothing doesn't make it and the way to
/// nothing leaves it.
fn is_always_there(context: &Context<'_>, id: &Id) -> bool {
    let always = match id.kind {
        Kind::Schema => id.name == "public",
        Kind::Language => matches!(id.name.as_str(), "plpgsql" | "sql" | "c" | "internal"),
        Kind::Extension => id.name == "plpgsql",
        _ => false,
    };
    let others = |schema: &model::Schema| {
        schema
            .nodes()
            .any(|n| !matches!(n.id.kind, Kind::Schema | Kind::Extension | Kind::Language))
    };
    always && (!others(context.from) || !others(context.to))
}
