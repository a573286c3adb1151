//! Which checks pass on the database as the model wants it: those alone can kill a mutant.
//!
//! A check is asked once, when it fails on a mutant for the first time.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use crate::checks::Check;
use crate::rows::{Bench, Stop};

/// The checks, and what is known of them.
pub(super) struct Sound {
    checks: Vec<Check>,
    known: Mutex<BTreeMap<usize, bool>>,
}

impl Sound {
    pub(super) fn new(checks: Vec<Check>) -> Self {
        Sound {
            checks,
            known: Mutex::default(),
        }
    }

    /// The checks by number, without those that are known to fail anyway.
    pub(super) fn checks(&self) -> Vec<(usize, &Check)> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let all = self.checks.iter().enumerate();
        all.filter(|(at, _)| known.get(at) != Some(&false))
            .collect()
    }

    /// Whether the check of that number passes on the bench as it stands.
    pub(super) fn holds(&self, at: usize, bench: &mut Bench) -> bool {
        let known = |sound: &Sound| {
            let known = sound.known.lock().unwrap_or_else(PoisonError::into_inner);
            known.get(&at).copied()
        };
        if let Some(holds) = known(self) {
            return holds;
        }
        let mut answer: Result<(), Stop> = self.checks[at].run(bench);
        // One that fails here kills nothing from now on: a busy machine must not decide that.
        if answer.is_err() {
            answer = self.checks[at].run(bench);
        }
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        *known.entry(at).or_insert(answer.is_ok())
    }
}
