//! Mutation: the proof of the suite itself. Each promise of the model is weakened in turn, and some
//! check must notice.
//!
//! A weakening lives in a transaction around the checks and is rolled back with them; nothing here
//! is ever committed, and a database that was given by its address is never touched.

mod access;
mod code;
mod mutant;
mod report;
mod run;
mod table;
mod types;

use std::time::Duration;

use model::Id;
use model::schema::Schema;

pub use report::{Score, human, json};
pub use run::run;

/// One weakening of a database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mutant {
    /// Such as `deals: check deals_size_positive dropped`.
    pub name: String,
    /// The object that is weakened.
    pub subject: Id,
    /// The statements that weaken it.
    pub sql: String,
}

/// What became of a mutant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// A check failed.
    Killed {
        /// The check's name.
        by: String,
        /// What it said.
        why: String,
    },
    /// Every check passed.
    Survived,
    /// It changes nothing that anybody could notice, for this reason.
    Equivalent(String),
    /// The server refused the weakening itself, so there was nothing to notice.
    Refused(String),
    /// The checks could not be carried out.
    Fault(String),
}

/// A mutant and what became of it.
#[derive(Clone, Debug)]
pub struct Verdict {
    /// The weakening.
    pub mutant: Mutant,
    /// What became of it.
    pub fate: Fate,
    /// How long it took.
    pub time: Duration,
}

/// Every weakening of what the schema promises, in the order of tables and kinds.
pub fn mutants(schema: &Schema) -> Vec<Mutant> {
    let mut found = Vec::new();
    types::mutants(schema, &mut found);
    for (node, table) in schema
        .tables()
        .filter(|(n, t)| !n.external && t.foreign.is_none())
    {
        table::mutants(schema, node, table, &mut found);
        code::triggers(schema, &node.id, &mut found);
        access::of_table(schema, node, table, &mut found);
    }
    code::derived(schema, &mut found);
    access::of_others(schema, &mut found);
    found
}
