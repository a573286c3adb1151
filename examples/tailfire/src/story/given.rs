//! What the story takes for granted: agencies, people, tokens, attempts that are rolled back.

use std::io::Write;

use pilaster::chrono::NaiveDate;
use pilaster::postgres::{Client, Transaction};
use pilaster::serde_json::{Value, json};
use pilaster::uuid::Uuid;
use pilaster::{Error, Insert};

use super::Told;
use crate::schema::*;

pub(super) fn agency(client: &mut Client, name: &str) -> Told<AgencyId> {
    Ok(NewAgency::new(name.into()).insert(client)?.id)
}

/// Somebody who has signed up and was let in.
pub(super) fn person(client: &mut Client, agency: AgencyId, id: Uuid, role: UserRole) -> Told {
    client.execute("INSERT INTO auth.users (id) VALUES ($1)", &[&id])?;
    NewUserProfile {
        role: Some(role),
        status: Some(UserStatus::Active),
        ..NewUserProfile::new(UserProfileId(id), agency)
    }
    .insert(client)?;
    Ok(())
}

/// The claims of a token, as sign-in makes them with the hook.
pub(super) fn token(client: &mut Client, id: Uuid) -> Told<Value> {
    let event = json!({ "user_id": id, "claims": { "sub": id, "role": "authenticated" } });
    let row = client.query_one("SELECT custom_access_token_hook($1)", &[&event])?;
    let event: Value = row.try_get(0)?;
    Ok(event["claims"].clone())
}

pub(super) fn day(month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, month, day).unwrap_or_default()
}

/// Tries something in a transaction of its own that is rolled back.
pub(super) fn attempt<T, E: From<Error>>(
    client: &mut Client,
    work: impl FnOnce(&mut Transaction<'_>) -> Result<T, E>,
) -> Result<T, E> {
    let mut transaction = client.transaction().map_err(Error::from)?;
    work(&mut transaction)
}

/// The same for a statement that our types can't even say.
pub(super) fn attempt_sql(client: &mut Client, sql: &str) -> Result<(), Error> {
    attempt(client, |t| Ok(t.batch_execute(sql)?))
}

/// Says which rule refused it; it is an error of the story where none did.
pub(super) fn refused<T>(
    out: &mut impl Write,
    what: &str,
    outcome: Result<T, impl Into<Error>>,
) -> Told {
    match outcome.map_err(Into::into) {
        Err(error) => {
            let rule = error.constraint();
            let rule = rule.ok_or_else(|| format!("{what}: {error}"))?;
            writeln!(out, "  {what} is refused by {rule}.")?;
            Ok(())
        }
        Ok(_) => Err(format!("{what} was accepted").into()),
    }
}
