//! One migrator at a time, by an advisory lock of the session.
//!
//! It never takes a lock on a table.

use postgres::Client;

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

/// Takes the lock, waiting for whoever holds it.
pub(super) fn take(client: &mut Client, on: &mut dyn FnMut(Event<'_>)) -> Result<(), ApplyError> {
    let doing = failed("take the migrators' lock");
    let got: bool = client
        .query_one("select pg_try_advisory_lock($1)", &[&KEY])
        .map_err(&doing)?
        .get(0);
    if got {
        return Ok(());
    }
    if let Some(holder) = holder(client).map_err(&doing)? {
        on(Event::Waiting(&holder));
    }
    client
        .execute("select pg_advisory_lock($1)", &[&KEY])
        .map_err(&doing)?;
    Ok(())
}

/// Gives the lock back. Where the connection is gone the server has done so.
pub(super) fn release(client: &mut Client) {
    let _ = client.execute("select pg_advisory_unlock($1)", &[&KEY]);
}

fn holder(client: &mut Client) -> Result<Option<Holder>, postgres::Error> {
    let row = client.query_opt(
        "select a.pid, coalesce(a.usename, ''), a.application_name, a.backend_start::text
           from pg_locks l join pg_stat_activity a using (pid)
          where l.locktype = 'advisory' and l.granted and l.objsubid = 1
            and l.database = (select oid from pg_database where datname = current_database())
            and (l.classid::bigint << 32 | l.objid::bigint) = $1
          limit 1",
        &[&KEY],
    )?;
    Ok(row.map(|row| Holder {
        pid: row.get(0),
        user: row.get::<_, String>(1),
        application: row.get(2),
        since: row.get(3),
    }))
}
