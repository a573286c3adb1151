//! A French customer, from the contract to the first mail, and what is kept of it. What the databases
//! refuse is tried on purpose.

mod desk;
mod house;

use std::error::Error;
use std::io::Write;

use pilaster::chrono::{DateTime, TimeDelta, Utc};
use pilaster::postgres::{Client, Transaction};
use pilaster::{AsUser, Persona};

use crate::regions::Regions;
use crate::schema::*;

type Told<T = ()> = Result<T, Box<dyn Error>>;

/// Whom the story is about.
struct Cast {
    atelier: Organisation,
    claire: User,
    hugo: User,
    other: Organisation,
    stranger: User,
}

/// Tells the story on two empty databases that the migrations have been applied to: one that becomes
/// the European region's, one that becomes Canada's.
///
/// # Errors
///
/// What a database refused although the story says that it is allowed, or a failure to write.
pub fn tell(europe: Client, canada: Client, out: &mut impl Write) -> Result<(), Box<dyn Error>> {
    let mut regions = Regions::default();
    regions.add(DataRegion::Eu, europe)?;
    regions.add(DataRegion::Ca, canada)?;
    let cast = house::organisations_live_where_they_belong(&mut regions, out)?;
    let client = regions.database(DataRegion::Eu)?;
    house::people_sign_in(client, out, &cast)?;
    let prospect = desk::a_prospect_is_qualified(client, out, &cast)?;
    let message = desk::a_campaign_writes_in_french(client, out, &cast, &prospect)?;
    desk::louise_answers(client, out, &cast, &message)?;
    desk::nobody_else_looks(client, out, &cast)?;
    house::everything_is_on_record(client, out, &cast)?;
    house::what_is_old_goes(client, out, &cast)?;
    Ok(())
}

/// Noon of the second of March 2026, when the story happens.
fn noon() -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::days(20_514) + TimeDelta::hours(12)
}

/// Tries something as somebody, and says which rule refused it. It is an error of the story where
/// none did.
fn refused<T, E: From<pilaster::Error> + Into<pilaster::Error>>(
    client: &mut Client,
    out: &mut impl Write,
    who: Persona,
    what: &str,
    work: impl FnOnce(&mut Transaction<'_>) -> Result<T, E>,
) -> Told {
    let outcome: Result<(), pilaster::Error> =
        client.as_user(who, |t| work(t).map(drop).map_err(Into::into));
    let Err(error) = outcome else {
        return Err(format!("{what} was accepted").into());
    };
    let said = error.database().map(|said| said.message().to_owned());
    let rule = match (error.constraint(), said) {
        (Some(rule), _) => format!("by {rule}"),
        (None, Some(said)) => format!("({said})"),
        (None, None) => return Err(error.into()),
    };
    writeln!(out, "  {what} is refused {rule}.")?;
    Ok(())
}
