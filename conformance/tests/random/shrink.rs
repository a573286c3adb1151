//! Makes a failing pair smaller: what isn't needed for the failure goes.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use super::bench::Bench;
use super::judge::{Failure, Pair, judge};
use super::world::Uid;

const PATIENCE: Duration = Duration::from_secs(15);

pub(crate) fn shrink(bench: &mut Bench, pair: Pair, failure: Box<Failure>) -> (Pair, Box<Failure>) {
    let start = Instant::now();
    let (mut best, mut why) = (pair, failure);
    let mut attempt = |best: &mut Pair, why: &mut Box<Failure>, mut smaller: Pair| -> bool {
        if let Err(failure) = judge(bench, &mut smaller)
            && failure.stage == why.stage
        {
            *best = smaller;
            *why = failure;
            return true;
        }
        false
    };
    loop {
        let mut progress = false;
        let all: BTreeSet<Uid> = best
            .one
            .items
            .keys()
            .chain(best.other.items.keys())
            .copied()
            .collect();
        // Half of everything at once, then less and less.
        let all: Vec<Uid> = all.into_iter().rev().collect();
        let mut size = (all.len() / 2).max(1);
        loop {
            for part in all.chunks(size) {
                if start.elapsed() > PATIENCE {
                    return (best, why);
                }
                let gone: BTreeSet<Uid> = part.iter().copied().collect();
                let there =
                    |uid: &Uid| best.one.get(*uid).is_some() || best.other.get(*uid).is_some();
                if !part.iter().any(there) {
                    continue;
                }
                let mut smaller = best.clone();
                smaller.one.remove(gone.clone());
                smaller.other.remove(gone);
                progress |= attempt(&mut best, &mut why, smaller);
            }
            if size == 1 {
                break;
            }
            size = size.div_ceil(3);
        }
        for uid in all {
            if start.elapsed() > PATIENCE {
                return (best, why);
            }
            let (old, new) = (best.one.get(uid).cloned(), best.other.get(uid).cloned());
            let mut smaller = best.clone();
            match (old, new) {
                (Some(old), Some(new)) if old != new => {
                    smaller.other.items.insert(uid, old);
                }
                (Some(old), None) => {
                    smaller.other.items.insert(uid, old);
                }
                (None, Some(_)) => smaller.other.remove(BTreeSet::from([uid])),
                _ => continue,
            }
            progress |= attempt(&mut best, &mut why, smaller);
        }
        if !progress {
            return (best, why);
        }
    }
}
