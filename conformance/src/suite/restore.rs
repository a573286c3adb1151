//! A dump, restored: the database that comes of it is the one that was dumped.
//!
//! `pg_dump` and `pg_restore` do both, as an operator would. They load rows before keys and triggers
//! are there and search no schema, so a check whose function finds its tables by the search path alone
//! shows here, and not in the hour of need.

use std::path::PathBuf;
use std::process::Stdio;
use std::sync::Arc;

use model::Id;
use model::Kind;

use super::client::client;
use super::rollback::{fill, same};
use super::{Ground, GroundTest, Subject, Test};
use crate::checks::Family;
use crate::rows::Stop;
use crate::server::{Database, Server};

const DUMP: &str = "pg_dump";
const RESTORE: &str = "pg_restore";

pub(super) fn tests(subject: &Subject, found: &mut Vec<Test>) {
    found.push(Test::Ground(GroundTest {
        name: "drift: nothing is reported after a dump and a restore".into(),
        subject: Id::global(Kind::Schema, subject.default_schema.clone()),
        family: Family::Drift,
        needs: &[DUMP, RESTORE],
        run: Arc::new(restored),
    }));
}

fn restored(ground: &Ground) -> Result<(), Stop> {
    let want = ground.direct()?;
    let from = ground.migrated()?;
    let programs = Programs::find(from.server())?;
    // Rows are an addition: whether they can be made is another check's question.
    if let Err(Stop::Fault(why)) = fill(ground, &from, &[false]) {
        return Err(Stop::Fault(why));
    }
    let to = from.server().database()?;
    programs.copy(&from, &to)?;
    // They are the database's own, and of what is dumped only where `--create` makes it anew.
    let name = from
        .connect()?
        .query_one("SELECT current_database()", &[])?;
    to.set_as_in(name.get(0))?;
    same(
        "after the restore",
        &ground.read(&mut to.connect()?)?,
        &want,
    )
}

struct Programs {
    dump: PathBuf,
    restore: PathBuf,
}

impl Programs {
    fn find(server: &Server) -> Result<Programs, Stop> {
        let find = |name: &str| {
            server.client_program(name).ok_or_else(|| {
                Stop::Undecided(format!("no {name} as new as the server is installed"))
            })
        };
        Ok(Programs {
            dump: find(DUMP)?,
            restore: find(RESTORE)?,
        })
    }

    fn copy(&self, from: &Database, to: &Database) -> Result<(), Stop> {
        let failed = |program: &str, error: std::io::Error| {
            Stop::Fault(format!("failed to run {program}: {error}"))
        };
        let mut dump = client(&self.dump, from.url());
        dump.args(["--format=custom", "--lock-wait-timeout=30s"]);
        dump.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut dump = dump.spawn().map_err(|error| failed(DUMP, error))?;
        let mut restore = client(&self.restore, to.url());
        restore.args(["--exit-on-error", "--single-transaction"]);
        restore.stdin(dump.stdout.take().map_or(Stdio::null(), Stdio::from));
        let restored = restore.output();
        // It ends by itself: whoever read from it is gone.
        let dumped = dump.wait_with_output();
        let restored = restored.map_err(|error| failed(RESTORE, error))?;
        let dumped = dumped.map_err(|error| failed(DUMP, error))?;
        if dumped.status.success() && restored.status.success() {
            return Ok(());
        }
        // Where one of them fails the other one does, and only the words say which came first.
        let words = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
        Err(Stop::Failed(format!(
            "a dump can't be restored:\n{}\n{}",
            words(&dumped.stderr),
            words(&restored.stderr)
        )))
    }
}
