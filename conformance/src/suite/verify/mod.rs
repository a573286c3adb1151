//! A history put to the proof: every migration up, down and up again, with rows and without.
//!
//! Never touches a database that it did not make.

mod contents;
mod dump;
mod fold;
mod rows;

use std::time::{Duration, Instant};

use migrations::apply::ApplyError;
use migrations::history::{DOWN, UP, losses};
use model::schema::Schema;
use postgres::Client;

use super::drift::differences;
use super::{Ground, Migration};
use crate::roles;
use crate::rows::Stop;
use crate::server::Database;

use contents::Contents;
use dump::{Dump, Witness};
pub use fold::fold;

/// What a migration came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// The migration's folder.
    pub name: String,
    /// What its way down can't bring back, as `down.sql` says it.
    pub lossy: Vec<String>,
    /// What is wrong; nothing where it is proven.
    pub faults: Vec<String>,
    /// What else a person should know: rows that a new constraint refused, tables without a row.
    pub notes: Vec<String>,
    /// How long it took.
    pub time: Duration,
}

/// What a whole history came to.
#[derive(Clone, Debug)]
pub struct Report {
    /// Its migrations in order; those behind one that does not go up are left out.
    pub migrations: Vec<Verdict>,
    /// How the catalog after all of them differs from one made from the model.
    pub arrival: Vec<String>,
    /// The program that compared as a second witness, or why none did.
    pub witness: Result<String, String>,
}

impl Report {
    /// Whether nothing is wrong.
    pub fn is_proven(&self) -> bool {
        self.arrival.is_empty() && self.migrations.iter().all(|m| m.faults.is_empty())
    }
}

/// Runs each migration up, down and up again on scratch databases, once on empty tables and once
/// on tables with rows, and compares what is reached with the model. `on` hears of each migration.
///
/// After each step the catalog is compared, and `pg_dump --schema-only` where the program is
/// there: a witness that we did not write. Rows of one version stay for the next, so a way up
/// meets rows as well; where a new constraint refuses them, that is a note and not a fault.
///
/// # Errors
///
/// [`Stop::Fault`] where the server fails; what a migration does wrong is in the [`Report`].
pub fn verify(ground: &Ground, on: &mut dyn FnMut(&Verdict)) -> Result<Report, Stop> {
    let witness = Witness::find(ground.server());
    let mut proof = Proof {
        ground,
        witness: witness.as_ref().ok(),
        bare: Side::at(ground, &[])?,
        full: Side::at(ground, &[])?,
    };
    let mut report = Report {
        migrations: Vec::new(),
        arrival: Vec::new(),
        witness: witness.as_ref().map(Witness::about).map_err(Clone::clone),
    };
    let all = &ground.subject().migrations;
    let mut reached = proof.look()?;
    for n in 0..all.len() {
        let start = Instant::now();
        let mut verdict = Verdict {
            name: all[n].name.clone(),
            lossy: losses(&all[n].down),
            faults: Vec::new(),
            notes: Vec::new(),
            time: Duration::ZERO,
        };
        let next = proof.migration(&all[..=n], &reached, &mut verdict)?;
        verdict.time = start.elapsed();
        on(&verdict);
        report.migrations.push(verdict);
        match next {
            Some(next) => reached = next,
            None => return Ok(report),
        }
    }
    report.arrival = proof.arrival(&reached)?;
    Ok(report)
}

/// The catalog that the first `count` migrations reach, read from a scratch database.
///
/// # Errors
///
/// [`Stop::Failed`] where a migration is refused, [`Stop::Fault`] where the server fails.
pub fn reached(ground: &Ground, count: usize) -> Result<Schema, Stop> {
    let migrations = &ground.subject().migrations;
    let mut side = Side::at(ground, &migrations[..count.min(migrations.len())])?;
    Ok(ground.read(&mut side.client)?)
}

/// Each object on which a live catalog is not what a history reaches, as one line. Owners don't
/// count: a scratch database belongs to whoever made it.
pub fn compare(live: &Schema, reached: &Schema) -> Vec<String> {
    let mut builder = model::schema::Builder::default();
    for node in reached.nodes() {
        let mut node = node.clone();
        node.owner = None;
        // Ids are those of a schema, so none can be there twice.
        let _ = builder.insert(node);
    }
    let lines = differences(live, &builder.finish());
    lines.iter().map(ToString::to_string).collect()
}

/// A database on its way through the history.
struct Side {
    // Dropped before the database, which could not be dropped in peace otherwise.
    client: Client,
    database: Database,
}

/// What a database holds, by our own reading and by the witness's.
struct Seen {
    schema: Schema,
    dump: Option<Dump>,
}

struct Proof<'a> {
    ground: &'a Ground,
    witness: Option<&'a Witness>,
    bare: Side,
    full: Side,
}

impl Side {
    fn at(ground: &Ground, done: &[Migration]) -> Result<Side, Stop> {
        let database = ground.platform()?;
        let mut client = database.connect()?;
        for migration in done {
            roles::script(&mut client, &migration.up)
                .map_err(|e| Stop::Failed(format!("{}/up.sql: {e}", migration.name)))?;
        }
        Ok(Side { client, database })
    }
}

impl Proof<'_> {
    /// What the database without rows holds.
    fn look(&mut self) -> Result<Seen, Stop> {
        let dump = self.witness.map(|w| w.dump(self.bare.database.url()));
        Ok(Seen {
            schema: self.ground.read(&mut self.bare.client)?,
            dump: dump.transpose().map_err(Stop::Fault)?,
        })
    }

    /// The last of `through`, both without rows and with them; `None` where it does not go up.
    fn migration(
        &mut self,
        through: &[Migration],
        before: &Seen,
        verdict: &mut Verdict,
    ) -> Result<Option<Seen>, Stop> {
        let Some(migration) = through.last() else {
            return Ok(None);
        };
        if migrations::script::units(&migration.up).is_empty() {
            verdict.faults.push("up.sql has no statement yet".into());
        }
        if let Err(error) = run(&mut self.bare, UP, &migration.up)? {
            verdict.faults.push(format!("up: {error}"));
            return Ok(None);
        }
        let after = self.look()?;
        match run(&mut self.bare, DOWN, &migration.down)? {
            Err(error) => verdict.faults.push(format!("down: {error}")),
            Ok(()) => {
                let back = self.look()?;
                verdict.faults.extend(back.against(before, "after down"));
                match run(&mut self.bare, UP, &migration.up)? {
                    Err(error) => verdict.faults.push(format!("up again: {error}")),
                    Ok(()) => {
                        let again = self.look()?;
                        verdict
                            .faults
                            .extend(again.against(&after, "after up again"));
                    }
                }
            }
        }
        if !verdict.faults.is_empty() {
            self.bare = Side::at(self.ground, through)?;
        }
        self.with_rows(through, migration, before, &after, verdict)?;
        Ok(Some(after))
    }

    fn with_rows(
        &mut self,
        through: &[Migration],
        migration: &Migration,
        before: &Seen,
        after: &Seen,
        verdict: &mut Verdict,
    ) -> Result<(), Stop> {
        let ground = self.ground;
        let had = Contents::read(&mut self.full.client)?;
        let mut stands = self.step("up", &migration.up, verdict)?;
        if stands && !had.is_empty() {
            stands = self.returns(migration, &had, verdict)?;
        }
        if !stands {
            self.full = Side::at(ground, through)?;
        }
        let without = rows::fill(ground, &self.full.database, &after.schema)?;
        verdict.notes.extend(without);
        let filled = Contents::read(&mut self.full.client)?;
        if self.step("down", &migration.down, verdict)? {
            let have = ground.read(&mut self.full.client)?;
            let when = "after down with rows";
            verdict.faults.extend(lines(when, &have, &before.schema));
            if self.step("up again", &migration.up, verdict)? {
                let have = ground.read(&mut self.full.client)?;
                let when = "after up again with rows";
                verdict.faults.extend(lines(when, &have, &after.schema));
                // What the way down dropped has come back empty, and the next migration is to meet
                // rows there too.
                if !Contents::read(&mut self.full.client)?.has_rows_where(&filled) {
                    rows::fill(ground, &self.full.database, &after.schema)?;
                }
                return Ok(());
            }
        }
        self.full = Side::at(ground, through)?;
        rows::fill(ground, &self.full.database, &after.schema).map(drop)
    }

    /// Down and up again with the rows that were there before the migration: what does not come back
    /// must be labelled. Whether the database stands where the migration reaches.
    fn returns(
        &mut self,
        migration: &Migration,
        had: &Contents,
        verdict: &mut Verdict,
    ) -> Result<bool, Stop> {
        if !self.step("down", &migration.down, verdict)? {
            return Ok(false);
        }
        let have = Contents::read(&mut self.full.client)?;
        if verdict.lossy.is_empty() {
            let lost = have.differences(had);
            verdict.faults.extend(lost.into_iter().map(|what| {
                format!(
                    "after down with rows: {what} did not come back; mend down.sql, or label it \
                     with a line `-- lossy: …`"
                )
            }));
        }
        self.step("up again", &migration.up, verdict)
    }

    /// One way with rows in the tables. A constraint that refuses them is what it is there for.
    fn step(&mut self, way: &str, sql: &str, verdict: &mut Verdict) -> Result<bool, Stop> {
        let file = if way == "down" { DOWN } else { UP };
        let Err(error) = run(&mut self.full, file, sql)? else {
            return Ok(true);
        };
        let text = format!("{way} with rows: {error}");
        let told = match refuses_rows(&error) {
            true => &mut verdict.notes,
            false => &mut verdict.faults,
        };
        if !told.contains(&text) {
            told.push(text);
        }
        Ok(false)
    }

    /// What was reached, against a database made from the model alone.
    fn arrival(&mut self, reached: &Seen) -> Result<Vec<String>, Stop> {
        let direct = self.ground.platform()?;
        let mut client = direct.connect()?;
        self.ground.create(&mut client)?;
        let model = Seen {
            schema: self.ground.read(&mut client)?,
            dump: match self.witness {
                Some(witness) => Some(witness.dump(direct.url()).map_err(Stop::Fault)?),
                None => None,
            },
        };
        Ok(reached.against(&model, "against the model"))
    }
}

impl Seen {
    fn against(&self, want: &Seen, when: &str) -> Vec<String> {
        let mut found = lines(when, &self.schema, &want.schema);
        if let (Some(have), Some(want)) = (&self.dump, &want.dump) {
            let told = have.differences(want);
            found.extend(told.into_iter().map(|d| format!("{when}, pg_dump: {d}")));
        }
        found
    }
}

fn lines(when: &str, have: &Schema, want: &Schema) -> Vec<String> {
    let different = differences(have, want);
    different.iter().map(|d| format!("{when}: {d}")).collect()
}

/// What the script came to; a connection that fails is nobody's fault but the server's.
fn run(side: &mut Side, file: &str, sql: &str) -> Result<Result<(), ApplyError>, Stop> {
    match roles::script(&mut side.client, sql) {
        Err(ApplyError::Refused { line, source, .. }) if !side.client.is_closed() => {
            let file = file.to_owned();
            Ok(Err(ApplyError::Refused { file, line, source }))
        }
        Err(error) if side.client.is_closed() => Err(Stop::Fault(error.to_string())),
        other => Ok(other),
    }
}

/// Whether a constraint refused rows (class 23 of the manual's appendix "Error Codes").
fn refuses_rows(error: &ApplyError) -> bool {
    let ApplyError::Refused { source, .. } = error else {
        return false;
    };
    source
        .code()
        .is_some_and(|state| state.code().starts_with("23"))
}
