//! What each role can reach: which rows it reads, changes, adds and removes, and what else it may.
//!
//! Everything here is an answer of a server that was asked as that role; no policy is read to
//! decide what it lets pass. Works on a database of the suite's own, inside a transaction that is
//! rolled back.

mod actors;
mod change;
mod migration;
mod personas;
mod privileges;
mod relations;
mod rows;

use std::collections::{BTreeMap, BTreeSet};

use crate::rows::{Bench, Stop};

pub use actors::{Actor, actors};
pub use change::{Change, changes};
pub use migration::{Direction, of_migration};

/// What the actors can reach in one state of a database.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reach {
    /// The rows, by who and what; a privilege has one row without a name.
    cells: BTreeMap<Cell, BTreeSet<String>>,
    /// What people call the objects.
    labels: BTreeMap<String, String>,
}

/// One thing an actor can do with one object.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Cell {
    role: String,
    /// The class and the number of the object, which stay when it is renamed.
    object: String,
    what: String,
    /// What the actor claims to be, beside the role.
    claims: String,
}

impl Reach {
    /// How many answers there are.
    pub fn answers(&self) -> usize {
        self.cells.values().map(|rows| rows.len().max(1)).sum()
    }

    fn add(&mut self, actor: &Actor, object: &str, what: &str, row: impl Into<String>) {
        let cell = Cell {
            role: actor.role.to_string(),
            object: object.to_owned(),
            what: what.to_owned(),
            claims: actor.claims.clone(),
        };
        self.cells.entry(cell).or_default().insert(row.into());
    }
}

/// Asks the server what each actor can reach, in the present transaction, on the rows that are
/// there. What is tried is undone.
///
/// # Errors
///
/// [`Stop::Fault`] where the server fails.
pub(crate) fn measure(bench: &mut Bench, actors: &[Actor]) -> Result<Reach, Stop> {
    let mut reach = Reach::default();
    let there = privileges::roles_there(bench, actors)?;
    let actors: &[Actor] = &there;
    privileges::measure(bench, actors, &mut reach)?;
    relations::measure(bench, actors, &mut reach)?;
    Ok(reach)
}

/// What the statements change of what anybody can reach, asked on rows made for the policies; the
/// number of answers that were compared. Nothing stays.
///
/// # Errors
///
/// [`Stop::Fault`] where the server fails or refuses the statements.
pub(crate) fn changed_by(bench: &mut Bench, sql: &str) -> Result<(Vec<Change>, usize), Stop> {
    let schema = bench.schema();
    let actors = actors(&[&schema]);
    let outcome = bench.weakened("SELECT 1", |bench| {
        let path = bench.path();
        bench.query(&path)?;
        rows::fill_for(bench, &[&schema])?;
        let before = measure(bench, &actors)?;
        if let Err(refusal) = bench.attempt(sql)? {
            return Err(Stop::Fault(refusal.to_string()));
        }
        let after = measure(bench, &actors)?;
        Ok((changes(&before, &after), before.answers()))
    })?;
    outcome.map_err(|refusal| Stop::Fault(refusal.to_string()))
}
