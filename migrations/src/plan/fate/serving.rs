//! What stays of use until its successor is there.

use model::schema::Kind;

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
            fates[i].swapped = context.needs(Side::From, from).iter().all(stands);
        }
    }
}
