//! Raw blocks: the author's own way up and down.
//!
//! What such a block does is not looked into.

use model::schema::Raw;

use crate::plan::step::{HazardKind, Lock, Statement};
use crate::script;

pub(super) fn up(raw: &Raw) -> Vec<Statement> {
    statements(raw.up.as_str())
}

pub(super) fn down(raw: &Raw) -> Vec<Statement> {
    match &raw.down {
        Some(down) => statements(down.as_str()),
        None => {
            let message = "the raw block says no way back, so what it made stays";
            let nothing = Statement::new(Lock::None, "SELECT 1").comment(message);
            vec![nothing.hazard(HazardKind::Irreversible, message)]
        }
    }
}

/// The lock is the strongest there is: nobody can tell which one the block takes.
fn statements(text: &str) -> Vec<Statement> {
    let parts = script::statements(text).into_iter();
    parts
        .map(|sql| Statement::new(Lock::AccessExclusive, sql))
        .collect()
}
