//! The fleet, as Avinode offers it.

use pilaster::chrono::{DateTime, Utc};
use pilaster::{Connection, Cursor, Filter, Numeric, Page, Result, Row};

use crate::schema::{
    Aircraft, AircraftCategory, AircraftError, AircraftStatus, Booking, BookingStatus, NewAircraft,
};

/// What somebody looks for. What is not said does not matter.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Filters {
    /// One of these.
    pub categories: Vec<AircraftCategory>,
    /// Based at this airport.
    pub base: Option<String>,
    /// With that many seats.
    pub passengers: Option<i32>,
    /// So many nautical miles without a stop.
    pub range: Option<i32>,
    /// In US dollars.
    pub hourly_rate: Option<Numeric>,
    /// With each of these.
    pub amenities: Vec<String>,
    /// Not booked between the first and the second.
    pub free: Option<(DateTime<Utc>, DateTime<Utc>)>,
}

impl Filters {
    /// The condition that all of it makes.
    fn condition(&self) -> Filter<Aircraft> {
        let mut all = vec![Aircraft::STATUS.eq(AircraftStatus::Available)];
        if !self.categories.is_empty() {
            all.push(Aircraft::CATEGORY.is_in(self.categories.iter().copied()));
        }
        if !self.amenities.is_empty() {
            all.push(Aircraft::AMENITIES.contains(self.amenities.clone()));
        }
        all.extend(
            self.base
                .as_deref()
                .map(|base| Aircraft::BASE_AIRPORT.eq(base)),
        );
        all.extend(
            self.passengers
                .map(|seats| Aircraft::MAX_PASSENGERS.ge(seats)),
        );
        all.extend(self.range.map(|miles| Aircraft::RANGE.ge(miles)));
        let rate = self.hourly_rate.clone();
        all.extend(rate.map(|rate| Aircraft::HOURLY_RATE.le(rate)));
        all.extend(
            self.free
                .map(|(from, to)| !Aircraft::BOOKINGS.any(flying(from, to))),
        );
        Filter::all(all)
    }
}

/// Confirmed flights that overlap that time.
fn flying(from: DateTime<Utc>, to: DateTime<Utc>) -> Filter<Booking> {
    let overlaps = Booking::DEPARTURE_AT.lt(to) & Booking::ARRIVAL_AT.gt(from);
    let confirmed = Booking::STATUS.eq(BookingStatus::Confirmed);
    confirmed & overlaps & Booking::DELETED_AT.is_null()
}

/// A page of aircraft that fit, the cheapest first; those without a rate come last.
///
/// # Errors
///
/// What the server refused.
pub fn search(
    client: &mut impl Connection,
    filters: &Filters,
    after: Option<&Cursor>,
) -> Result<Page<Aircraft>> {
    Aircraft::filter(filters.condition())
        .order_by(Aircraft::HOURLY_RATE.asc())
        .page(client, 20, after)
}

/// Brings an aircraft to what Avinode says of it; its tail number says which one it is.
///
/// # Errors
///
/// [`AircraftError::AvinodeIdKey`] where another aircraft has Avinode's number already.
pub fn sync(
    client: &mut impl Connection,
    aircraft: &NewAircraft,
) -> Result<Aircraft, AircraftError> {
    use pilaster::Insert;
    aircraft.upsert(client, Aircraft::BY_TAIL_NUMBER)
}

/// How much a company's aircraft fly: hours of confirmed and completed bookings that begin in that
/// time, by tail number.
///
/// # Errors
///
/// What the server refused.
pub fn utilization(
    client: &mut impl Connection,
    fleet: &[Aircraft],
    from: DateTime<Utc>,
    to: DateTime<Utc>,
) -> Result<Vec<(String, f64)>> {
    let flown = [BookingStatus::Confirmed, BookingStatus::Completed];
    let when = Booking::DEPARTURE_AT.ge(from) & Booking::DEPARTURE_AT.lt(to);
    let flights = Aircraft::BOOKINGS
        .of(fleet)
        .filter(Booking::STATUS.is_in(flown) & when)
        .all(client)?;
    let hours =
        |booking: &Booking| (booking.arrival_at - booking.departure_at).num_minutes() as f64 / 60.0;
    let groups = Aircraft::BOOKINGS.group(fleet, flights);
    let totals = fleet.iter().zip(groups).map(|(aircraft, flights)| {
        // Not `sum`: that of nothing is a negative zero.
        let total = flights.iter().map(hours).fold(0.0, |sum, next| sum + next);
        (aircraft.tail_number.clone(), total)
    });
    Ok(totals.collect())
}
