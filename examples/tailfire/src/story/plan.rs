//! A trip, its day, and what is in it: each with the details of its own type.

use std::io::Write;

use pilaster::Insert;
use pilaster::postgres::Client;

use super::given::{attempt, attempt_sql, day, refused};
use super::{People, Told};
use crate::schema::*;

pub(super) fn a_trip_is_planned(
    client: &mut Client,
    out: &mut impl Write,
    people: People,
) -> Told<Trip> {
    let agency = people.agency;
    let trip = NewTrip {
        owner_id: Some(UserProfileId(people.agent)),
        start_date: Some(day(7, 1)),
        ..NewTrip::new(agency, "Fjords".into())
    }
    .insert(client)?;
    let itinerary = NewItinerary::new(agency, trip.id, "By sea".into()).insert(client)?;
    let first = NewItineraryDay::new(agency, itinerary.id, 1).insert(client)?;
    let activity =
        |kind, name: &str| NewItineraryActivity::new(agency, first.id, kind, name.into());

    let flight = activity(ComponentType::Flight, "Montreal to Bergen").insert(client)?;
    NewFlightDetail::new(flight.id, agency).insert(client)?;
    let package = activity(ComponentType::Package, "Fjords by sea").insert(client)?;
    let details = NewPackageDetail::new(package.id, agency, "Fjords by sea".into());
    let details = details.insert(client)?;
    let hotel = NewItineraryActivity {
        parent_activity_id: Some(details.activity_id),
        ..activity(ComponentType::Lodging, "Quay hotel")
    };
    let hotel = hotel.insert(client)?;
    NewLodgingDetail::new(hotel.id, agency, "Quay hotel".into()).insert(client)?;
    writeln!(
        out,
        "\"{}\" has a flight, and a package with a hotel in it.",
        trip.name
    )?;

    let dinner = NewDiningDetail::new(hotel.id, agency, "Fish market".into());
    let outcome = attempt(client, |t| dinner.insert(t));
    refused(out, "A dinner as the details of a hotel", outcome)?;
    let sql = "UPDATE itinerary_activities SET parent_activity_id = (SELECT id FROM itinerary_activities \
        WHERE component_type = 'flight') WHERE component_type = 'lodging'";
    refused(
        out,
        "A hotel as a part of a flight",
        attempt_sql(client, sql),
    )?;
    let sql = "UPDATE itinerary_activities SET component_type = 'dining' WHERE component_type = 'lodging'";
    refused(
        out,
        "Turning a hotel with details into a dinner",
        attempt_sql(client, sql),
    )?;
    let sql = "UPDATE itineraries SET agency_id = (SELECT id FROM agencies WHERE name = 'Southern Tours')";
    refused(
        out,
        "An itinerary of another agency than its trip",
        attempt_sql(client, sql),
    )?;
    Ok(trip)
}
