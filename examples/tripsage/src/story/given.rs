//! What the story takes for granted: places, days, an attempt that is rolled back.

use std::io::Write;

use pilaster::chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use pilaster::postgres::{Client, Transaction};
use pilaster::uuid::Uuid;
use pilaster::{Error, Insert};

use super::Told;
use crate::schema::*;

/// Who travels along.
pub(super) const BEN: UserId = UserId(Uuid::from_u128(0xbe40_0000_0000_4000_8000_0000_0000_0002));

/// Reference rows that the seeds of the model hold too; the story needs no command line.
pub(super) fn reference_data(client: &mut Client) -> Told {
    client.batch_execute(
        "INSERT INTO cities (name, country_code, timezone) VALUES
           ('Lisbon', 'PT', 'Europe/Lisbon'), ('Kyoto', 'JP', 'Asia/Tokyo'), ('Montreal', 'CA', 'America/Toronto');
         INSERT INTO airports (code, name, city_id)
           SELECT a.code, a.name, c.id FROM cities c JOIN (VALUES
             ('LIS', 'Humberto Delgado', 'Lisbon'), ('KIX', 'Kansai International', 'Kyoto'),
             ('YUL', 'Montréal-Trudeau', 'Montreal')) AS a (code, name, city) ON a.city = c.name;
         INSERT INTO hotel_types VALUES ('ryokan', 'An inn with tatami rooms and dinner');",
    )?;
    Ok(())
}

pub(super) fn day(month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, month, day).unwrap_or_default()
}

pub(super) fn hour(month: u32, of: u32, hour: i64) -> DateTime<Utc> {
    let midnight = day(month, of).and_hms_opt(0, 0, 0).unwrap_or_default();
    midnight.and_utc() + TimeDelta::hours(hour)
}

pub(super) fn flight(trip: &Trip, number: &str, from: &str, to: &str) -> NewFlight {
    NewFlight::new(
        trip.id,
        number.into(),
        from.into(),
        to.into(),
        hour(4, 1, 22),
        hour(4, 2, 7),
        pilaster::Numeric::from(612),
    )
}

pub(super) fn room(trip: &Trip, name: &str) -> NewAccommodation {
    let price = pilaster::Numeric::from(940);
    NewAccommodation::new(
        trip.id,
        CityId(2),
        "ryokan".into(),
        name.into(),
        day(4, 8),
        day(4, 12),
        price,
    )
}

/// A person who has signed up.
pub(super) fn person(client: &mut Client, id: UserId, name: &str) -> Told<User> {
    client.execute("INSERT INTO auth.users (id) VALUES ($1)", &[&id.0])?;
    let mail = format!("{}@tripsage.example", name.to_lowercase());
    Ok(NewUser::new(id, mail, name.into()).insert(client)?)
}

/// Tries something in a transaction of its own that is rolled back.
pub(super) fn attempt<T, E: From<Error>>(
    client: &mut Client,
    work: impl FnOnce(&mut Transaction<'_>) -> Result<T, E>,
) -> Result<T, E> {
    let mut transaction = client.transaction().map_err(Error::from)?;
    work(&mut transaction)
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
