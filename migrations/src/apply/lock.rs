//! One migrator at a time, by an advisory lock: of the session, or of each transaction where the
//! session is not ours to keep.
//!
//! It never takes a lock on a table, and never waits inside a statement: one that waits holds a
//! snapshot, and the index that the holder builds concurrently would wait for that snapshot.

use std::time::Duration;

use postgres::types::Type;
use postgres::{Client, GenericClient, Transaction};

use super::{ApplyError, Event, failed};

/// The letters of "pilaste", fixed: another version of the tool must meet the same lock.
const KEY: i64 = 0x0070_696c_6173_7465;

/// Who holds the lock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    /// The server process.
    pub pid: i32,
    /// Its role.
    pub user: String,
    /// What the client calls itself.
    pub application: String,
    /// Since when, as the server prints it.
    pub since: String,
}

/// Takes the session's lock, waiting for whoever holds it.
pub(super) fn take(client: &mut Client, on: &mut dyn FnMut(Event<'_>)) -> Result<(), ApplyError> {
    let mut wait = Wait::default();
    loop {
        if ask(client, "pg_try_advisory_lock")? {
            return Ok(());
        }
        wait.tell(client, on)?;
        wait.pause();
    }
}

/// Gives the session's lock back. Where the connection is gone the server has done so.
pub(super) fn release(client: &mut Client) {
    let sql = "select pg_advisory_unlock($1)";
    let _ = client.query_typed(sql, &[(&KEY, Type::INT8)]);
}

/// One transaction, which holds the lock for as long as it lasts; committed where `work` succeeds.
pub(super) fn within<T>(
    client: &mut Client,
    on: &mut dyn FnMut(Event<'_>),
    work: impl FnOnce(&mut Transaction<'_>) -> Result<T, ApplyError>,
) -> Result<T, ApplyError> {
    let mut wait = Wait::default();
    loop {
        let mut transaction = client.transaction().map_err(failed("begin"))?;
        if ask(&mut transaction, "pg_try_advisory_xact_lock")? {
            let made = work(&mut transaction)?;
            transaction.commit().map_err(failed("commit"))?;
            return Ok(made);
        }
        wait.tell(&mut transaction, on)?;
        transaction
            .rollback()
            .map_err(failed("let others go first"))?;
        wait.pause();
    }
}

fn ask(client: &mut impl GenericClient, function: &str) -> Result<bool, ApplyError> {
    let sql = format!("select {function}($1)");
    let row = client
        .query_typed_one(&sql, &[(&KEY, Type::INT8)])
        .map_err(failed("take the migrators' lock"))?;
    Ok(row.get(0))
}

/// Waiting: soon again at first, then every second; the holder is named once.
#[derive(Default)]
struct Wait {
    tries: u32,
    told: bool,
}

impl Wait {
    fn tell(
        &mut self,
        client: &mut impl GenericClient,
        on: &mut dyn FnMut(Event<'_>),
    ) -> Result<(), ApplyError> {
        if !self.told
            && let Some(holder) =
                holder(client).map_err(failed("see who holds the migrators' lock"))?
        {
            on(Event::Waiting(&holder));
            self.told = true;
        }
        Ok(())
    }

    fn pause(&mut self) {
        self.tries += 1;
        let pause = Duration::from_millis(50) * self.tries;
        std::thread::sleep(pause.min(Duration::from_secs(1)));
    }
}

fn holder(client: &mut impl GenericClient) -> Result<Option<Holder>, postgres::Error> {
    let row = client.query_typed_opt(
        "select a.pid, coalesce(a.usename, ''), a.application_name, a.backend_start::text
           from pg_locks l join pg_stat_activity a using (pid)
          where l.locktype = 'advisory' and l.granted and l.objsubid = 1
            and l.database = (select oid from pg_database where datname = current_database())
            and (l.classid::bigint << 32 | l.objid::bigint) = $1
          limit 1",
        &[(&KEY, Type::INT8)],
    )?;
    Ok(row.map(|row| Holder {
        pid: row.get(0),
        user: row.get::<_, String>(1),
        application: row.get(2),
        since: row.get(3),
    }))
}
