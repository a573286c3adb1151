//! One trip, from the first wish to the bookings, told through the generated types.
//!
//! What the database refuses is tried on purpose: each refusal says which rule it was.

mod given;
mod keys;
pub mod memory;

use std::io::Write;

use pilaster::postgres::Client;
use pilaster::serde_json::json;
use pilaster::uuid::Uuid;
use pilaster::{
    AsUser, Error, Insert, Patch, PatchVersion, Persona, Row, Table, Versioned, transaction,
};

use crate::schema::*;
use given::{attempt, day, hour, refused};

/// What a story may end with.
pub type Told<T = ()> = Result<T, Box<dyn std::error::Error>>;

/// The traveller: the `sub` of the claims that a request would carry.
pub(crate) const ADA: UserId = UserId(Uuid::from_u128(0xada0_0000_0000_4000_8000_0000_0000_0001));

/// Tells the story on an empty database that the migrations have been applied to. `another` opens
/// one more connection to it.
///
/// # Errors
///
/// What the database refused although the story says that it is allowed, or a failure to write.
pub fn tell(
    client: &mut Client,
    another: &mut dyn FnMut() -> Told<Client>,
    out: &mut impl Write,
) -> Told {
    given::reference_data(client)?;
    let trip = ada_plans_a_trip(client, out)?;
    let flight = she_books(client, out, &trip)?;
    two_agents_change_one_flight(client, another, out, &flight)?;
    all_or_nothing(client, out, &trip)?;
    memory::the_assistant_remembers(client, out, &trip)?;
    keys::her_keys_are_sealed(client, out)?;
    what_it_costs_and_what_became_of_it(client, out, &trip)?;
    who_sees_what(client, out)?;
    a_trip_is_deleted_and_had_back(client, out, &trip)
}

fn ada_plans_a_trip(client: &mut Client, out: &mut impl Write) -> Told<Trip> {
    client.execute("INSERT INTO auth.users (id) VALUES ($1)", &[&ADA.0])?;
    let wishes = Preferences {
        seat: Some(PreferencesSeat::Window),
        daily_budget: Some("180.50".parse()?),
        ..Preferences::default()
    };
    let ada = NewUser {
        home_airport: Some("YUL".into()),
        preferences: Some(wishes),
        ..NewUser::new(ADA, "ada@tripsage.example".into(), "Ada".into())
    }
    .insert(client)?;
    let plan = NewTrip {
        user_id: Some(ada.id),
        destinations: Some(vec!["Lisbon".into(), "Kyoto".into()]),
        metadata: Some(TripMetadata {
            travellers: Some(2),
            ..TripMetadata::default()
        }),
        ..NewTrip::new("Tiles and temples".into(), day(4, 1), day(4, 14))
    };
    let trip = plan.insert(client)?;
    let stops = trip.destinations.join(", then ");
    writeln!(
        out,
        "{} plans \"{}\": {stops}.",
        ada.display_name, trip.name
    )?;

    let backwards = NewTrip {
        end_date: day(3, 1),
        ..plan
    };
    let outcome = attempt(client, |t| backwards.insert(t));
    refused(out, "A trip that ends before it begins", outcome)?;
    let early = TripPatch {
        status: Some(TripStatus::Completed),
        ..TripPatch::default()
    };
    let outcome = attempt(client, |t| early.update(t, &trip.id));
    refused(out, "Completing a draft", outcome)?;
    let crowd = "UPDATE trips SET metadata = '{\"travellers\": 200}'";
    let outcome = attempt::<_, Error>(client, |t| Ok(t.batch_execute(crowd)?));
    refused(out, "A party of two hundred", outcome)?;
    Ok(trip)
}

fn she_books(client: &mut Client, out: &mut impl Write, trip: &Trip) -> Told<Flight> {
    let flight = given::flight(trip, "TP254", "YUL", "LIS");
    let round = NewFlight {
        arrival_airport: "YUL".into(),
        ..flight.clone()
    };
    let outcome = attempt(client, |t| round.insert(t));
    match &outcome {
        // Every rule is a variant; which one it was is no text to search in.
        Err(FlightError::GoSomewhereElse(_)) => {
            refused(out, "A flight to where it began", outcome)?
        }
        other => return Err(format!("not as the model says: {other:?}").into()),
    }
    let flight = flight.insert(client)?;
    let booked = FlightPatch {
        status: Some(BookingStatus::Booked),
        ..FlightPatch::default()
    };
    let outcome = attempt(client, |t| booked.update(t, &flight.id));
    refused(out, "Booking without a confirmation", outcome)?;
    let booked = FlightPatch {
        confirmation: Some(Some("K7QX2M".into())),
        ..booked
    };
    let flight = booked
        .update(client, &flight.id)?
        .ok_or("the flight is gone")?;
    let (from, to) = (&flight.departure_airport, &flight.arrival_airport);
    let (price, currency) = (&flight.price, &flight.currency);
    writeln!(
        out,
        "{} from {from} to {to} is booked, {price} {currency}.",
        flight.flight_number
    )?;
    Ok(flight)
}

/// Both read the flight, both change it. The server's own version of the row says who was late.
fn two_agents_change_one_flight(
    client: &mut Client,
    another: &mut dyn FnMut() -> Told<Client>,
    out: &mut impl Write,
    flight: &Flight,
) -> Told {
    let mut other = another()?;
    let here = Versioned::<Flight>::find(client, &flight.id)?.ok_or("the flight is gone")?;
    let there = Versioned::<Flight>::find(&mut other, &flight.id)?.ok_or("the flight is gone")?;
    let later = FlightPatch {
        arrives_at: Some(hour(4, 2, 8)),
        ..FlightPatch::default()
    };
    later.update_version(client, &flight.id, here.version())?;
    let cancelled = FlightPatch {
        status: Some(BookingStatus::Cancelled),
        ..FlightPatch::default()
    };
    match cancelled
        .update_version(&mut other, &flight.id, there.version())
        .map_err(Error::from)
    {
        Err(Error::Stale { .. }) => {}
        other => return Err(format!("the late one was not told: {other:?}").into()),
    }
    writeln!(
        out,
        "Two agents change the flight at once: the second is told that it has changed."
    )?;
    Ok(())
}

/// A room and the way there belong together: where one can't be had, neither is.
fn all_or_nothing(client: &mut Client, out: &mut impl Write, trip: &Trip) -> Told {
    let room = given::room(trip, "Yoshida Ryokan");
    let outcome = transaction(client, |t| {
        room.insert(t).map_err(Error::from)?;
        given::flight(trip, "JL44", "LIS", "XXX")
            .insert(t)
            .map_err(Error::from)
    });
    refused(out, "A flight to nowhere", outcome)?;
    let rooms = Accommodation::query().count(client)?;
    writeln!(
        out,
        "With it went the room that was booked along: {rooms} rooms."
    )?;
    room.insert(client)?;
    Ok(())
}

fn what_it_costs_and_what_became_of_it(
    client: &mut Client,
    out: &mut impl Write,
    trip: &Trip,
) -> Told {
    let sql = "SELECT currency::text, total::text, bookings FROM trip_costs WHERE trip_id = $1 ORDER BY 1";
    for row in client.query(sql, &[&trip.id.0])? {
        let (currency, total, bookings): (String, String, i64) =
            (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
        writeln!(
            out,
            "The trip costs {total} {currency} in {bookings} bookings."
        )?;
    }
    let trail = BookingEvent::filter(BookingEvent::TRIP_ID.eq(trip.id.0));
    for event in trail
        .order_by(BookingEvent::ID.asc())
        .page(client, 20, None)?
        .rows
    {
        writeln!(
            out,
            "  logged: {} {}",
            event.kind,
            event.action.to_string().to_lowercase()
        )?;
    }
    let outcome = attempt::<_, Error>(client, |t| {
        Ok(t.batch_execute("DELETE FROM booking_events")?)
    });
    refused(out, "Deleting the trail", outcome)
}

/// The same questions, asked as five people: row-level security answers.
fn who_sees_what(client: &mut Client, out: &mut impl Write) -> Told {
    let signed_in = |id: Uuid| Persona::from(json!({ "sub": id, "role": "authenticated" }));
    let admin = json!({ "sub": Uuid::from_u128(9), "role": "authenticated", "app_metadata": { "role": "admin" } });
    let people = [
        ("Ada", signed_in(ADA.0)),
        ("her companion", signed_in(given::BEN.0)),
        ("a stranger", signed_in(Uuid::from_u128(1))),
        ("an admin", Persona::from(admin)),
    ];
    for (who, persona) in people {
        let (trips, flights, said, airports) = client.as_user(persona, |db| {
            let (trips, flights) = (Trip::query().count(db)?, Flight::query().count(db)?);
            let (said, airports) = (
                Conversation::query().count(db)?,
                Airport::query().count(db)?,
            );
            Ok::<_, Error>((trips, flights, said, airports))
        })?;
        writeln!(
            out,
            "To {who} the database shows {trips} trips, {flights} flights, {said} messages and {airports} airports."
        )?;
    }
    let airports = client.as_user(Persona::new("anon"), |db| Airport::query().count(db))?;
    writeln!(
        out,
        "To a visitor it shows {airports} airports, and trips are none of their business."
    )?;
    Ok(())
}

fn a_trip_is_deleted_and_had_back(client: &mut Client, out: &mut impl Write, trip: &Trip) -> Told {
    Trip::delete(client, &trip.id)?;
    let gone = Trip::query().count(client)?;
    let kept = Trip::query().only_deleted().count(client)?;
    Trip::filter(Trip::ID.eq(trip.id)).restore(client)?;
    let back = Trip::query().count(client)?;
    writeln!(
        out,
        "Deleted, the trip is out of the way ({gone}), kept ({kept}) and had back ({back})."
    )?;
    Ok(())
}
