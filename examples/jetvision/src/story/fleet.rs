//! Aircraft: a search, a booking, and the one that comes too late.

use std::error::Error;
use std::io::Write;

use pilaster::chrono::TimeDelta;
use pilaster::postgres::Client;
use pilaster::{AsUser, In, Insert, Row, Stateful};

use super::attempts::refused;
use super::{Cast, job, signed_in};
use crate::factories::{Factory, morning};
use crate::repositories::aircraft::{self, Filters};
use crate::schema::booking_states::{Confirmed, Inquiry, Quoted};
use crate::schema::*;

type Told<T = ()> = Result<T, Box<dyn Error>>;

pub(super) fn a_jet_is_found(
    client: &mut Client,
    out: &mut impl Write,
    cast: &Cast,
    leads: &[Lead],
) -> Told<Booking> {
    let mut factory = Factory::new();
    let light = factory.aircraft(&cast.meridian);
    let large = NewAircraft {
        category: AircraftCategory::UltraLongRange,
        max_passengers: 16,
        range: 6_750,
        hourly_rate: Some(9_800.into()),
        amenities: Some(vec!["wifi".into(), "bed".into()]),
        ..factory.aircraft(&cast.meridian)
    };
    client.as_user(job("avinode"), |t| {
        aircraft::sync(t, &light)?;
        aircraft::sync(t, &large)?;
        aircraft::sync(t, &light)
    })?;

    let vera = signed_in(&cast.vera);
    let (leave, land) = (morning(), morning() + TimeDelta::hours(3));
    let wishes = Filters {
        passengers: Some(4),
        hourly_rate: Some(5_000.into()),
        free: Some((leave, land)),
        ..Filters::default()
    };
    let found = client.as_user(vera.clone(), |t| aircraft::search(t, &wishes, None))?;
    let jet = found.rows.first().ok_or("no aircraft fits")?;
    let bed = Filters {
        amenities: vec!["bed".into()],
        ..Filters::default()
    };
    let bed = client.as_user(vera.clone(), |t| aircraft::search(t, &bed, None))?;
    let bed = bed.rows.first().ok_or("no aircraft has a bed")?;
    writeln!(
        out,
        "{} carries four for less than 5000 an hour; {} has a bed.",
        jet.tail_number, bed.tail_number
    )?;

    let wish = NewBooking {
        user_id: Some(cast.vera.id),
        lead_id: leads.first().map(|lead| lead.id),
        departure_at: leave,
        arrival_at: land,
        ..factory.booking(&cast.northwind, jet)
    };
    let booking = client.as_user(vera.clone(), |t| wish.insert(t))?;
    let elsewhere = NewBooking {
        company_id: cast.meridian.id,
        ..wish
    };
    refused(
        client,
        out,
        vera.clone(),
        "Booking for another company",
        |t| elsewhere.insert(t),
    )?;
    refused(
        client,
        out,
        job("avinode"),
        "A lead of another company, even by a job",
        |t| elsewhere.insert(t),
    )?;

    let inquiry: In<_, Inquiry> = booking.into_state().map_err(|b| format!("{}", b.status))?;
    let unpriced = BookingPatch::default();
    refused(client, out, vera.clone(), "A quote without a price", |t| {
        inquiry.clone().to::<Quoted>(t, &unpriced)
    })?;
    let price = BookingPatch {
        total_price: Some(Some(14_700.into())),
        avinode_data: Some(Some(quote())),
        ..BookingPatch::default()
    };
    let quoted: In<_, Quoted> = client.as_user(job("avinode"), |t| inquiry.to(t, &price))?;
    let agreed = BookingPatch::default();
    let confirmed: In<_, Confirmed> = client.as_user(vera, |t| quoted.to(t, &agreed))?;
    writeln!(
        out,
        "{} to {} is confirmed by {}.",
        confirmed.departure_airport,
        confirmed.arrival_airport,
        confirmed.updated_by.as_deref().unwrap_or("nobody")
    )?;
    Ok(confirmed.into_row())
}

fn quote() -> AvinodeQuote {
    let line = |label: &str, amount: i32| AvinodeQuoteLine {
        label: label.into(),
        amount: amount.into(),
    };
    AvinodeQuote {
        request_id: "avinode-request-1".into(),
        quoted_at: morning(),
        valid_until: None,
        lines: vec![
            line("three hours", 12_600),
            line("landing and handling", 2_100),
        ],
    }
}

pub(super) fn nobody_books_it_twice(
    client: &mut Client,
    out: &mut impl Write,
    cast: &Cast,
    booking: &Booking,
) -> Told {
    let late = NewBooking {
        status: Some(BookingStatus::Confirmed),
        total_price: Some(14_000.into()),
        departure_at: booking.departure_at + TimeDelta::hours(1),
        arrival_at: booking.arrival_at + TimeDelta::hours(1),
        ..NewBooking::new(
            cast.meridian.id,
            booking.aircraft_id,
            "KTEB".into(),
            "KBOS".into(),
            booking.departure_at,
            booking.arrival_at,
            2,
        )
    };
    refused(
        client,
        out,
        signed_in(&cast.mina),
        "The same aircraft an hour later",
        |t| late.insert(t),
    )?;
    let (from, to) = (booking.departure_at, booking.arrival_at);
    let free = Filters {
        free: Some((from, to)),
        ..Filters::default()
    };
    let (free, hours) = client.as_user(job("reports"), |t| {
        let free = aircraft::search(t, &free, None)?;
        let fleet = Aircraft::query()
            .order_by(Aircraft::TAIL_NUMBER.asc())
            .all(t)?;
        let hours = aircraft::utilization(t, &fleet, from, to)?;
        Ok::<_, pilaster::Error>((free.rows.len(), hours))
    })?;
    let hours: Vec<String> = hours
        .iter()
        .map(|(tail, h)| format!("{tail} {h} h"))
        .collect();
    writeln!(
        out,
        "Then {free} aircraft is free; flown that morning: {}.",
        hours.join(", ")
    )?;
    Ok(())
}
