//! What a role reads that may read some columns only.

use pilaster::postgres::Client;
use pilaster::{AsUser, Error, Insert, Patch, Persona, Row, Table};

use super::database;
use super::schema::*;

/// The SQLSTATE of a refusal.
fn state<T: std::fmt::Debug>(refused: Result<T, impl Into<Error>>) -> String {
    let error: Error = refused.expect_err("a refusal").into();
    let state = error.sqlstate().expect("the server's own");
    state.code().to_owned()
}

fn as_support<T>(
    client: &mut Client,
    mut work: impl FnMut(&mut pilaster::postgres::Transaction<'_>) -> pilaster::Result<T>,
) -> T {
    let done = client.as_user(Persona::new("rows_support"), |t| work(t));
    done.expect("the work")
}

#[test]
fn the_rows_type_is_refused_and_the_roles_type_is_read() {
    let (_database, mut client) = database();
    let booking = NewBooking::new("ada".into()).insert(&mut client).unwrap();
    let id = booking.id;
    let refused = client.as_user(Persona::new("rows_support"), |t| Booking::find(t, &id));
    assert_eq!(state(refused), "42501");
    let refused = client.as_user(Persona::new("rows_support"), |t| Booking::all(t));
    assert_eq!(state(refused), "42501");

    let found = as_support(&mut client, |t| BookingForRowsSupport::find(t, &id));
    let expected = BookingForRowsSupport {
        id,
        building: None,
        number: None,
        guest: "ada".into(),
    };
    assert_eq!(found, Some(expected.clone()));
    let listed = as_support(&mut client, |t| {
        BookingForRowsSupport::filter(Booking::GUEST.eq("ada"))
            .order_by(Booking::ID.asc())
            .all(t)
    });
    assert_eq!(listed, [expected]);
}

#[test]
fn what_a_role_writes_comes_back_as_its_type() {
    let (_database, mut client) = database();
    let new = GuestOnly {
        guest: "ada".into(),
    };
    let refused = client.as_user(Persona::new("rows_support"), |t| new.insert(t));
    assert_eq!(state(refused), "42501");
    let made: BookingForRowsSupport = as_support(&mut client, |t| Ok(new.insert_as(t)?));
    assert_eq!(made.guest, "ada");
    let change = BookingPatch {
        guest: Some("eve".into()),
        ..BookingPatch::default()
    };
    let refused = client.as_user(Persona::new("rows_support"), |t| change.update(t, &made.id));
    assert_eq!(state(refused), "42501");
    let changed: Option<BookingForRowsSupport> =
        as_support(&mut client, |t| Ok(change.update_as(t, &made.id)?));
    assert_eq!(changed.expect("it is there").guest, "eve");
}

/// A new booking of what the role may give.
#[derive(pilaster::Insert)]
#[pilaster(row = Booking)]
struct GuestOnly {
    guest: String,
}
