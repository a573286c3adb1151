//! What operators ask: is it well, how much is there, and can the old go.

use std::time::{Duration, Instant};

use migrations::apply::{Migrator, State};
use migrations::history::History;
use pilaster::chrono::{DateTime, TimeDelta, Utc};
use pilaster::postgres::{Client, Transaction};
use pilaster::{Connection, Error, Filter, Query, Result, Row, transaction};

use crate::schema::*;

/// How the database is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Health {
    /// How long it took to answer.
    pub answered_in: Duration,
    /// Its version: `15.4`.
    pub server: String,
    /// Migrations that this program knows and the database does not have.
    pub pending: usize,
    /// Connections to this database, this one included.
    pub connections: i64,
}

/// Asks the database how it is.
///
/// # Errors
///
/// Where it does not answer, or its history is not the one in `history`.
pub fn health(
    client: &mut Client,
    history: &History,
) -> std::result::Result<Health, Box<dyn std::error::Error>> {
    let began = Instant::now();
    let row = client.query_one(
        "SELECT current_setting('server_version'), \
         (SELECT count(*) FROM pg_stat_activity WHERE datname = current_database())",
        &[],
    )?;
    let answered_in = began.elapsed();
    let states = Migrator::new(client, history).status()?;
    let pending = states
        .iter()
        .filter(|state| !matches!(state, State::Applied(_)));
    Ok(Health {
        answered_in,
        server: row.try_get(0)?,
        pending: pending.count(),
        connections: row.try_get(1)?,
    })
}

/// How many rows a table has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Count {
    /// The table.
    pub table: &'static str,
    /// Rows in use.
    pub rows: u64,
    /// Rows that were deleted and can be restored.
    pub deleted: u64,
}

/// How many rows each table has, as far as the one who asks may see them.
///
/// # Errors
///
/// What the server refused.
pub fn stats(client: &mut impl Connection) -> Result<Vec<Count>> {
    Ok(vec![
        count::<User>(client)?,
        count::<Company>(client)?,
        count::<ExecutiveAssistant>(client)?,
        count::<Lead>(client)?,
        count::<Campaign>(client)?,
        count::<CampaignTarget>(client)?,
        count::<Aircraft>(client)?,
        count::<Booking>(client)?,
        count::<Conversation>(client)?,
        count::<Message>(client)?,
        count::<IntegrationLog>(client)?,
        count::<Feedback>(client)?,
    ])
}

fn count<R: Row>(client: &mut impl Connection) -> Result<Count> {
    let deleted = match R::DELETED {
        Some(_) => R::query().only_deleted().count(client)?,
        None => 0,
    };
    Ok(Count {
        table: R::RELATION.1,
        rows: R::query().count(client)?,
        deleted,
    })
}

/// What a clean-up took away for good.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cleaned {
    /// Rows by table, without tables that lost none. What a row takes along is not counted.
    pub purged: Vec<(&'static str, u64)>,
    /// Entries of the integration log that were too old.
    pub logs: u64,
}

/// Deletes for good what was deleted more than so many days ago, and log entries older than that;
/// all of it, or nothing. A row that others still need stays: an aircraft that has bookings, a
/// company that has any.
///
/// # Errors
///
/// What the server refused.
pub fn clean_up(client: &mut Client, days: u32, now: DateTime<Utc>) -> Result<Cleaned> {
    transaction(client, |t| {
        let mut cleaned = Cleaned::default();
        let purged = &mut cleaned.purged;
        // Children first, so that their parents are free to go.
        purge(t, days, purged, &Conversation::query())?;
        purge(t, days, purged, &Booking::query())?;
        purge(t, days, purged, &Campaign::query())?;
        purge(t, days, purged, &Lead::query())?;
        let unused = !Aircraft::BOOKINGS.any(Filter::everything());
        purge(t, days, purged, &Aircraft::filter(unused))?;
        purge(t, days, purged, &User::query())?;
        let unused = !Company::BOOKINGS.any(Filter::everything());
        purge(t, days, purged, &Company::filter(unused))?;
        let old = IntegrationLog::CREATED_AT.lt(now - TimeDelta::days(days.into()));
        let logs = IntegrationLog::filter(old).delete(t);
        cleaned.logs = logs.map_err(Into::<Error>::into)?;
        Ok::<_, Error>(cleaned)
    })
}

fn purge<R: Row>(
    transaction: &mut Transaction<'_>,
    days: u32,
    purged: &mut Vec<(&'static str, u64)>,
    rows: &Query<R>,
) -> Result<()> {
    let gone = rows.purge(transaction, days).map_err(Into::<Error>::into)?;
    if gone > 0 {
        purged.push((R::RELATION.1, gone));
    }
    Ok(())
}
