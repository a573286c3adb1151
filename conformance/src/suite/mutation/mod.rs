//! Mutation: the proof of the suite itself. Each promise of the model is weakened in turn, and some
//! check must notice.
//!
//! A weakening lives in a transaction around the checks and is rolled back with them; nothing here
//! is ever committed, and a database that was given by its address is never touched.

mod access;
mod code;
mod equal;
mod mutant;
mod policy;
mod report;
mod run;
mod sound;
mod standing;
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
    /// Whether it is about who may do what: grants, policies, roles, owners, whose rights are used.
    pub access: bool,
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
        /// Whether somebody acted, or rows were tried; not where lists alone were compared.
        acting: bool,
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
    /// Where the object stands in the model, once somebody who has the model's text says so.
    pub origin: Option<model::schema::Origin>,
}

/// Every weakening of what the schema promises, in the order of tables and kinds.
pub fn mutants(schema: &Schema) -> Vec<Mutant> {
    let mut found = Vec::new();
    let grantees = access::grantees(schema);
    types::mutants(schema, &mut found);
    for (node, table) in schema
        .tables()
        .filter(|(n, t)| !n.external && t.foreign.is_none())
    {
        table::mutants(schema, node, table, &mut found);
        code::triggers(schema, &node.id, &mut found);
        let from = found.len();
        access::of_table(schema, node, table, &mut found);
        policy::mutants(schema, &node.id, &grantees, &mut found);
        found[from..]
            .iter_mut()
            .for_each(|mutant| mutant.access = true);
    }
    code::derived(schema, &mut found);
    let from = found.len();
    access::of_others(schema, &mut found);
    found[from..]
        .iter_mut()
        .for_each(|mutant| mutant.access = true);
    standing::mutants(schema, &grantees, &mut found);
    let mut seen = std::collections::BTreeSet::new();
    found.retain(|mutant| seen.insert(mutant.sql.clone()));
    found
}
