//! What goes, and when: sessions, what was deleted, and what is kept no longer.

use pilaster::chrono::{DateTime, TimeDelta, Utc};
use pilaster::postgres::{Client, Transaction};
use pilaster::{Connection, Error, Filter, Query, Result, Row, transaction};

use crate::schema::*;

/// Deletes sessions that have expired, or that somebody ended, and says how many they were.
///
/// # Errors
///
/// What the server refused.
pub fn clean_sessions(client: &mut impl Connection, now: DateTime<Utc>) -> Result<u64> {
    let over = Session::EXPIRES_AT.le(now) | Session::REVOKED_AT.le(now);
    Session::filter(over).delete(client).map_err(Into::into)
}

/// Deletes for good what was deleted more than so many days ago, and says how many rows of which
/// table; all of it, or nothing. A sequence that campaigns refer to stays.
///
/// # Errors
///
/// What the server refused.
pub fn clean_deleted(client: &mut Client, days: u32) -> Result<Vec<(&'static str, u64)>> {
    transaction(client, |t| {
        let mut purged = Vec::new();
        purge(t, days, &mut purged, &Campaign::query())?;
        let unused = !EmailSequence::CAMPAIGNS.any(Filter::everything());
        purge(t, days, &mut purged, &EmailSequence::filter(unused))?;
        purge(t, days, &mut purged, &Prospect::query())?;
        purge(t, days, &mut purged, &Icp::query())?;
        purge(t, days, &mut purged, &User::query())?;
        purge(t, days, &mut purged, &Organisation::query())?;
        Ok::<_, Error>(purged)
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

/// What a run of retention took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Expired {
    /// Messages older than their organisation keeps them.
    pub messages: u64,
    /// Prospects that are lost and have not changed for so long: deleted, and purged with the others.
    pub prospects: u64,
    /// Lines of the audit log older than a year.
    pub audit: u64,
}

/// Applies what each organisation has decided on retention; all of it, or nothing.
///
/// # Errors
///
/// What the server refused.
pub fn apply(client: &mut Client, now: DateTime<Utc>) -> Result<Expired> {
    transaction(client, |t| {
        let mut expired = Expired::default();
        for organisation in Organisation::query().with_deleted().all(t)? {
            let days = TimeDelta::days(organisation.retention_days.into());
            let before = now - days;
            let old = Message::ORGANISATION_ID.eq(organisation.id) & Message::CREATED_AT.lt(before);
            let gone = Message::filter(old).delete(t);
            expired.messages += gone.map_err(Into::<Error>::into)?;
            let lost = Prospect::ORGANISATION_ID.eq(organisation.id)
                & Prospect::STATUS.eq(ProspectStatus::Lost)
                & Prospect::UPDATED_AT.lt(before);
            let gone = Prospect::filter(lost).delete(t);
            expired.prospects += gone.map_err(Into::<Error>::into)?;
        }
        let year = AuditLog::CREATED_AT.lt(now - TimeDelta::days(365));
        let gone = AuditLog::filter(year).delete(t);
        expired.audit = gone.map_err(Into::<Error>::into)?;
        Ok::<_, Error>(expired)
    })
}
