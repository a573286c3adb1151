//! What a migration gives to whom and takes from whom: the server is asked before it and after it.

use std::sync::Arc;

use model::schema::Schema;

use super::{Change, Reach, actors, changes, measure, personas, rows};
use crate::rows::{Bench, Stop};
use crate::suite::Ground;

/// Who gains and who loses what by a migration.
#[derive(Debug, Default)]
pub struct Direction {
    /// What each role gains and loses, then what each persona of the intent does.
    pub changes: Vec<Change>,
    /// How many answers of the server were compared.
    pub answers: usize,
    /// The tables of which nothing can be said of personas, with the reason.
    pub unsaid: Vec<String>,
}

/// What the statements change of what anybody can reach, on scratch databases at the state that the
/// subject's history arrives at: each role on rows for its policies and for those of `wanted`, and
/// each persona of the intent of `wanted` on rows of every kind.
///
/// # Errors
///
/// [`Stop::Failed`] where the statements are refused on these rows, so that nothing can be said;
/// [`Stop::Fault`] where the server fails.
pub fn of_migration(ground: &Ground, sql: &str, wanted: &Schema) -> Result<Direction, Stop> {
    let subject = ground.subject();
    let from = Arc::clone(&subject.schema);
    let database = ground.migrated()?;
    let mut client = database
        .connect()
        .map_err(crate::suite::GroundError::from)?;
    let other = database
        .connect()
        .map_err(crate::suite::GroundError::from)?;
    let path = subject.default_schema.clone();
    let mut bench = Bench::new(other, Arc::clone(&from), path).keep(database);
    bench.commit(|bench| rows::fill_for(bench, &[&from, wanted]))?;
    let actors = actors(&[&from, wanted]);
    let look = |bench: &mut Bench| -> Result<Reach, Stop> {
        let seen = bench.weakened("SELECT 1", |bench| measure(bench, &actors))?;
        seen.map_err(|refusal| Stop::Fault(refusal.to_string()))
    };
    let before = look(&mut bench)?;
    crate::roles::script(&mut client, sql).map_err(|error| Stop::Failed(error.to_string()))?;
    let after = look(&mut bench)?;
    drop(bench);
    let of_personas = personas::compare(ground, sql, wanted)?;
    let mut changes = changes(&before, &after);
    changes.extend(of_personas.changes);
    Ok(Direction {
        changes,
        answers: before.answers() + of_personas.answers,
        unsaid: of_personas.unsaid,
    })
}
