//! Up, down, up: a migration's way back leaves the database as it was.

use std::sync::Arc;

use model::schema::Schema;
use model::{Id, Kind};

use super::drift::differences;
use super::{Ground, GroundError, GroundTest, Subject, Test};
use crate::checks::{Family, rows_can_be_made};
use crate::rows::{Stop, Wish};

pub(super) fn tests(subject: &Subject, found: &mut Vec<Test>) {
    let id = Id::global(Kind::Schema, subject.default_schema.clone());
    let mut push = |name: &str, run: fn(&Ground) -> Result<(), Stop>| {
        found.push(Test::Ground(GroundTest {
            name: format!("migrations: {name}"),
            subject: id.clone(),
            family: Family::Rollback,
            needs: &[],
            run: Arc::new(run),
        }));
    };
    push("up arrives at the model", arrives);
    push("up, down, up returns each time", up_down_up);
    push("up, down, up returns with rows in every table", with_rows);
}

impl From<GroundError> for Stop {
    fn from(error: GroundError) -> Self {
        match error {
            GroundError::Apply { .. } => Stop::Failed(error.to_string()),
            other => Stop::Fault(other.to_string()),
        }
    }
}

impl From<crate::server::ServerError> for Stop {
    fn from(error: crate::server::ServerError) -> Self {
        Stop::Fault(error.to_string())
    }
}

/// The migrations and the model itself make the same catalog.
fn arrives(ground: &Ground) -> Result<(), Stop> {
    let (migrated, direct) = (ground.platform()?, ground.platform()?);
    let (mut migrated, mut direct) = (migrated.connect()?, direct.connect()?);
    ground.up(&mut migrated)?;
    ground.create(&mut direct)?;
    same(
        "after the migrations",
        &ground.read(&mut migrated)?,
        &ground.read(&mut direct)?,
    )
}

fn up_down_up(ground: &Ground) -> Result<(), Stop> {
    let database = ground.platform()?;
    let mut client = database.connect()?;
    let before = ground.read(&mut client)?;
    ground.up(&mut client)?;
    let up = ground.read(&mut client)?;
    if differences(&up, &before).is_empty() {
        return Err(Stop::Failed(
            "the way up changed nothing that the catalog shows".into(),
        ));
    }
    ground.down(&mut client)?;
    same("after the way down", &ground.read(&mut client)?, &before)?;
    ground.up(&mut client)?;
    same("after the second way up", &ground.read(&mut client)?, &up)
}

fn with_rows(ground: &Ground) -> Result<(), Stop> {
    let database = ground.platform()?;
    let mut client = database.connect()?;
    let before = ground.read(&mut client)?;
    ground.up(&mut client)?;
    let up = ground.read(&mut client)?;
    fill(ground, &database, &[false, true])?;
    ground.down(&mut client)?;
    same("after the way down", &ground.read(&mut client)?, &before)?;
    ground.up(&mut client)?;
    same("after the second way up", &ground.read(&mut client)?, &up)
}

/// A row for each of `least` in every table, and in all that they refer to; one where it takes no more.
pub(super) fn fill(
    ground: &Ground,
    database: &crate::server::Database,
    least: &[bool],
) -> Result<(), Stop> {
    let subject = ground.subject();
    let schema = Arc::clone(&subject.schema);
    let client = database.connect()?;
    let mut bench =
        crate::rows::Bench::new(client, Arc::clone(&schema), subject.default_schema.clone());
    for node in schema
        .of_kind(Kind::Table)
        .filter(|n| rows_can_be_made(&schema, &n.id))
    {
        for &least in least {
            bench.commit(|bench| {
                let wish = Wish {
                    least,
                    ..Wish::default()
                };
                match bench.insert(&node.id, &wish) {
                    Err(Stop::Fault(why)) => Err(Stop::Fault(why)),
                    Err(why) => {
                        let there = bench.standing(&node.id, &Wish::default())?;
                        there.map_or(Err(why), |_| Ok(()))
                    }
                    Ok(_) => Ok(()),
                }
            })?;
        }
    }
    Ok(())
}

pub(super) fn same(when: &str, have: &Schema, want: &Schema) -> Result<(), Stop> {
    let different = differences(have, want);
    if different.is_empty() {
        return Ok(());
    }
    let lines: Vec<String> = different.iter().map(|d| format!("  {d}")).collect();
    Err(Stop::Failed(format!(
        "{when} the catalog differs:\n{}",
        lines.join("\n")
    )))
}
