//! What stays of use until its successor is there, or takes up its use.

use model::schema::{Kind, ReplicaIdentity};

use super::Fate;
use crate::plan::changes::Context;
use crate::plan::diff::Pairs;
use crate::plan::needs::Side;
use crate::plan::rules;

/// An index that is made anew serves until the new one is built, where nothing that it stands on
/// changes.
pub(super) fn keep_indexes_serving(context: &Context<'_>, pairs: &Pairs<'_>, fates: &mut [Fate]) {
    for i in 0..pairs.len() {
        let (Some(from), Some(to)) = (pairs.all[i].from, pairs.all[i].to) else {
            continue;
        };
        let replaced =
            fates[i].released && fates[i].established && fates[i].released_with.is_none();
        if from.id.kind == Kind::Index && replaced && rules::index::can_serve_on(context, from, to)
        {
            let stands = |j: &usize| {
                let retypes = fates[*j].altered.as_ref().is_some_and(|a| a.retypes);
                !fates[*j].released && !retypes
            };
            fates[i].swapped = context.needs(Side::From, i).iter().all(stands);
        }
    }
}

/// A key that is made anew serves until the index of the new one is built, where nothing that it stands
/// on goes or gets another type.
pub(super) fn keep_keys_serving(context: &Context<'_>, pairs: &Pairs<'_>, fates: &mut [Fate]) {
    let mut found = false;
    for i in 0..pairs.len() {
        let (Some(from), Some(to)) = (pairs.all[i].from, pairs.all[i].to) else {
            continue;
        };
        let fate = &fates[i];
        let alone = fate.released_with.is_none() && fate.established_with.is_none();
        if from.id.kind == Kind::Constraint
            && fate.released
            && fate.established
            && alone
            && rules::constraint::can_serve_on(context, from, to)
        {
            let stands = |j: &usize| {
                let retypes = fates[*j].altered.as_ref().is_some_and(|a| a.retypes);
                !fates[*j].released && !retypes
            };
            fates[i].built_beside = context.needs(Side::From, i).iter().all(stands);
            found |= fates[i].built_beside;
        }
    }
    if !found {
        return;
    }
    for i in 0..pairs.len() {
        let replaced = fates[i].released && fates[i].established && !fates[i].built_beside;
        let mut needs = context.needs(Side::From, i).into_iter();
        fates[i].comes_back = replaced && needs.any(|j| fates[j].built_beside);
    }
}

/// A table whose rows are identified by an index that is made anew is told so again: it went with
/// the old one.
pub(super) fn keep_replica_identities(pairs: &Pairs<'_>, fates: &mut [Fate]) {
    for i in 0..pairs.len() {
        let (Some(from), Some(to)) = (pairs.all[i].from, pairs.all[i].to) else {
            continue;
        };
        let (Some(a), Some(b)) = (from.object.as_table(), to.object.as_table()) else {
            continue;
        };
        let ReplicaIdentity::Index(name) = &b.replica_identity else {
            continue;
        };
        if a.replica_identity != b.replica_identity || fates[i].released {
            continue;
        }
        let made_anew = [Kind::Index, Kind::Constraint].into_iter().any(|kind| {
            let index = pairs.index_of(&to.id.within(kind, name.clone()));
            index.is_some_and(|index| fates[index].established)
        });
        if made_anew {
            let again = rules::table::identified_again(to, b);
            fates[i].altered.get_or_insert_default().late.push(again);
        }
    }
}
