//! What operators ask: is it well, how much is there, and can the old go.

use migrations::apply::{Migrator, State};
use migrations::history::History;
use pilaster::chrono::{DateTime, TimeDelta, Utc};
use pilaster::postgres::Client;
use pilaster::{CleanUp, Cleaned, Connection, Count, Filter, Health, Result, Row};

use crate::schema::*;

/// How the database is, and how many migrations this program knows that it does not have.
///
/// # Errors
///
/// Where it does not answer, or its history is not the one in `history`.
pub fn health(
    client: &mut Client,
    history: &History,
) -> std::result::Result<(Health, usize), Box<dyn std::error::Error>> {
    let health = Health::check(client)?;
    let states = Migrator::new(client, history).status()?;
    let pending = states
        .iter()
        .filter(|state| !matches!(state, State::Applied(_)));
    Ok((health, pending.count()))
}

/// How many rows each table has, as far as the one who asks may see them.
///
/// # Errors
///
/// What the server refused.
pub fn stats(client: &mut impl Connection) -> Result<Vec<Count>> {
    Ok(vec![
        Count::of::<User>(client)?,
        Count::of::<Company>(client)?,
        Count::of::<ExecutiveAssistant>(client)?,
        Count::of::<Lead>(client)?,
        Count::of::<Campaign>(client)?,
        Count::of::<CampaignTarget>(client)?,
        Count::of::<Aircraft>(client)?,
        Count::of::<Booking>(client)?,
        Count::of::<Conversation>(client)?,
        Count::of::<Message>(client)?,
        Count::of::<IntegrationLog>(client)?,
        Count::of::<Feedback>(client)?,
    ])
}

/// Deletes for good what was deleted more than so many days ago, and log entries older than that;
/// all of it, or nothing. A row that others still need stays: an aircraft that has bookings, a
/// company that has any.
///
/// # Errors
///
/// What the server refused.
pub fn clean_up(client: &mut Client, days: u32, now: DateTime<Utc>) -> Result<Cleaned> {
    let idle = !Aircraft::BOOKINGS.any(Filter::everything());
    let unbooked = !Company::BOOKINGS.any(Filter::everything());
    let old = IntegrationLog::CREATED_AT.lt(now - TimeDelta::days(days.into()));
    // Children first, so that their parents are free to go.
    CleanUp::new()
        .purge(Conversation::query(), days)
        .purge(Booking::query(), days)
        .purge(Campaign::query(), days)
        .purge(Lead::query(), days)
        .purge(Aircraft::filter(idle), days)
        .purge(User::query(), days)
        .purge(Company::filter(unbooked), days)
        .delete(IntegrationLog::filter(old))
        .run(client)
}
