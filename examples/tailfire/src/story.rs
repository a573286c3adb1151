//! A trip of one agency, told through the generated types; then the catalog, read from elsewhere.
//!
//! What the database refuses is tried on purpose: each refusal says which rule it was.

mod given;
mod money;
mod plan;

use std::io::Write;

use conformance::server::Server;
use pilaster::postgres::Client;
use pilaster::serde_json::json;
use pilaster::uuid::Uuid;
use pilaster::{AsUser, Error, Insert, Persona, Row};

use crate::catalog::{self, Production};
use crate::schema::*;

/// What a part of the story may end with.
pub type Told<T = ()> = Result<T, Box<dyn std::error::Error>>;

/// Who works where: an agent of one agency, an admin of another.
#[derive(Clone, Copy, Debug)]
pub(crate) struct People {
    pub(crate) agency: AgencyId,
    pub(crate) agent: Uuid,
    pub(crate) rival: Uuid,
}

/// Tells the story on an empty database of production, and on one of another environment that reads
/// production's catalog there.
///
/// # Errors
///
/// What a database refused although the story says that it is allowed, or a failure to write.
pub fn tell(
    production: &mut Client,
    elsewhere: &mut Client,
    address: &Production,
    out: &mut impl Write,
) -> Told {
    let people = two_agencies(production, out)?;
    let trip = plan::a_trip_is_planned(production, out, people)?;
    money::it_is_sold_and_paid(production, out, &trip)?;
    nobody_else_looks(production, out, people)?;
    the_catalog_is_read_elsewhere(production, elsewhere, address, out)
}

/// Where a server finds the database that the client is connected to, and whether another server
/// finds it there too: one in a container is found by itself alone.
///
/// # Errors
///
/// What the server refused.
pub fn address(server: &Server, client: &mut Client) -> Told<(Production, bool)> {
    // A container's own address asks for a password where its loopback does not, and the server
    // accepts nobody without one. On a socket there is none.
    let sql = "SELECT current_setting('port'), current_database()::text, \
               coalesce(host(inet_server_addr()), '127.0.0.1')";
    let row = client.query_one(sql, &[])?;
    let port: String = row.try_get(0)?;
    let outside = server.network_url().map(migrations::Url::expose);
    let reached = outside.is_some_and(|url| url.contains(&format!(":{port}/")));
    let production = Production {
        host: match reached {
            true => "127.0.0.1".to_owned(),
            false => row.try_get(2)?,
        },
        port: port.parse()?,
        database: row.try_get(1)?,
    };
    Ok((production, reached))
}

fn two_agencies(client: &mut Client, out: &mut impl Write) -> Told<People> {
    let agent = Uuid::from_u128(0xa6e7);
    let rival = Uuid::from_u128(0x41ba1);
    let north = given::agency(client, "Northern Sails")?;
    let south = given::agency(client, "Southern Tours")?;
    given::person(client, north, agent, UserRole::User)?;
    given::person(client, south, rival, UserRole::Admin)?;
    let token = given::token(client, agent)?;
    writeln!(
        out,
        "The hook puts into the agent's token: role {}, agency {}.",
        token["app_metadata"]["role"],
        match token["app_metadata"]["agency_id"] == json!(north.0) {
            true => "Northern Sails",
            false => "another",
        }
    )?;
    Ok(People {
        agency: north,
        agent,
        rival,
    })
}

/// The same question, asked with three tokens: row-level security answers.
fn nobody_else_looks(client: &mut Client, out: &mut impl Write, people: People) -> Told {
    for (who, id) in [
        ("its agent", people.agent),
        ("a rival's admin", people.rival),
    ] {
        let token = given::token(client, id)?;
        let (trips, activities) = client.as_user(Persona::from(&token), |db| {
            Ok::<_, Error>((
                Trip::query().count(db)?,
                ItineraryActivity::query().count(db)?,
            ))
        })?;
        writeln!(
            out,
            "To {who} the database shows {trips} trips and {activities} activities."
        )?;
    }
    let token = given::token(client, people.agent)?;
    let locked = client.as_user(Persona::from(token), |db| ApiCredential::query().count(db));
    let code = locked
        .err()
        .and_then(|error| error.sqlstate().map(|s| s.code().to_owned()));
    writeln!(
        out,
        "  Reading sealed credentials is refused with {}.",
        code.unwrap_or_default()
    )?;
    Ok(())
}

fn the_catalog_is_read_elsewhere(
    production: &mut Client,
    elsewhere: &mut Client,
    address: &Production,
    out: &mut impl Write,
) -> Told {
    let line = NewCruiseLine::new("aurora".into(), "Aurora Lines".into()).insert(production)?;
    NewCruiseShip::new("aurora-1".into(), line.id, "Aurora Borealis".into()).insert(production)?;
    // The password is made for this run; a deployment takes it from its secrets.
    let password = Uuid::new_v4().to_string();
    catalog::admit_reader(production, &password)?;
    let here = catalog::connect(production, address, &password)?;
    writeln!(out, "In production {here}.")?;
    let there = catalog::connect(elsewhere, address, &password)?;
    writeln!(out, "Elsewhere {there}.")?;
    let claims = json!({ "sub": Uuid::nil(), "role": "authenticated" });
    let sql = "SELECT s.name, l.name FROM catalog.cruise_ships s JOIN catalog.cruise_lines l ON l.id = s.line_id";
    let ships = elsewhere.as_user(claims, |db| db.query(sql, &[]).map_err(Error::from))?;
    for ship in &ships {
        let (ship, of): (String, String) = (ship.try_get(0)?, ship.try_get(1)?);
        writeln!(out, "There one reads of the {ship} of {of}.")?;
    }
    let outcome = elsewhere.batch_execute("UPDATE catalog.cruise_ships SET name = 'Mine'");
    let code = outcome
        .err()
        .and_then(|error| error.code().map(|c| c.code().to_owned()));
    writeln!(
        out,
        "  Writing to it is refused with {}.",
        code.unwrap_or_default()
    )?;
    let again = Uuid::new_v4().to_string();
    catalog::admit_reader(production, &again)?;
    catalog::connect(elsewhere, address, &again)?;
    let ships = elsewhere
        .query("SELECT FROM catalog.cruise_ships", &[])?
        .len();
    writeln!(
        out,
        "With a new password on both sides it goes on: {ships} ship."
    )?;
    Ok(())
}
