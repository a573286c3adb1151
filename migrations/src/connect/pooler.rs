//! Whether what answers is a pooler that gives each transaction another session of the server, as
//! PgBouncer does in its transaction mode.
//!
//! It never goes by the address, and leaves nothing in the sessions that it looks at.

use postgres::{Client, SimpleQueryMessage};

use super::connect;
use crate::Url;

/// Asks the server itself: a session that is a client's own has one server process, which no other
/// client sees. A pooler in session mode passes, because there it is so.
///
/// A second connection is made for the question. Where none is to be had, what the first one sees of
/// itself decides.
///
/// # Errors
///
/// What the server says.
pub fn pools_transactions(client: &mut Client, url: &Url) -> Result<bool, postgres::Error> {
    let first = process(client, "")?;
    let Ok(mut other) = connect(url) else {
        return Ok(process(client, "")? != first);
    };
    // An open transaction keeps its session, so that a pooler that had given it ours must give us
    // another.
    let theirs = process(&mut other, "BEGIN;")?;
    let again = process(client, "")?;
    other.batch_execute("ROLLBACK")?;
    Ok(theirs == first || again != first)
}

/// The number of the server process, asked for without a prepared statement: through such a pooler
/// it may be prepared in one session and asked for in another.
fn process(client: &mut Client, before: &str) -> Result<String, postgres::Error> {
    let answers = client.simple_query(&format!("{before} SELECT pg_backend_pid()"))?;
    let pid = answers.iter().find_map(|answer| match answer {
        SimpleQueryMessage::Row(row) => row.get(0).map(str::to_owned),
        _ => None,
    });
    Ok(pid.unwrap_or_default())
}
