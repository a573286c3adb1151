//! Whether what answers is a pooler that gives each transaction another session of the server, as
//! PgBouncer does in its transaction mode.
//!
//! It never goes by the address, and leaves nothing in the sessions that it looks at.

use postgres::{Client, SimpleQueryMessage};

use super::connect;
use crate::Url;

/// How often both connections are asked. A pooler hands out the session that it got back last, or each
/// in turn; others who come in between may hide that for a moment.
const ROUNDS: u32 = 5;

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
    let first = process(client)?;
    // Nothing is held meanwhile: a pooler may have one session for both.
    let mut other = connect(url).ok();
    for _ in 0..ROUNDS {
        let theirs = other.as_mut().map(process).transpose()?;
        if theirs.is_some_and(|theirs| theirs == first) || process(client)? != first {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The number of the server process, asked for without a prepared statement: through such a pooler
/// it may be prepared in one session and asked for in another.
fn process(client: &mut Client) -> Result<String, postgres::Error> {
    let answers = client.simple_query("SELECT pg_backend_pid()")?;
    let pid = answers.iter().find_map(|answer| match answer {
        SimpleQueryMessage::Row(row) => row.get(0).map(str::to_owned),
        _ => None,
    });
    Ok(pid.unwrap_or_default())
}
