//! Likely renames: something that went and something that came, alike but for the name.
//!
//! A rename is never guessed: it is said in the model by `was`, or the loss is allowed.

use std::path::PathBuf;

use migrations::plan::{HazardKind, Suspected, detect_likely_renames};
use model::{Diagnostic, Diagnostics, Schema};

use crate::console::Console;
use crate::failure::{Failure, Outcome};
use crate::files::{Change, Changes};
use crate::source;

/// Renames that look likely and are not said.
#[derive(Debug, Default)]
pub struct Likely {
    pairs: Vec<Suspected>,
}

/// The likely renames between two schemas; none where losing data is allowed, for that says it.
pub(super) fn likely(from: &Schema, to: &Schema, allow: &[HazardKind]) -> Likely {
    if allow.contains(&HazardKind::DataLoss) {
        return Likely::default();
    }
    Likely { pairs: detect_likely_renames(from, to) }
}

impl Likely {
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.pairs.is_empty()
    }
}
