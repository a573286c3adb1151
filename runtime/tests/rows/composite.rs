//! Relations by keys of several columns.

use pilaster::postgres::Client;
use pilaster::{Insert, Row};

use super::database;
use super::recorded::Recorded;
use super::schema::*;

fn room(client: &mut Client, building: &str, number: i32, seats: i32) -> Hall {
    let new = NewHall::new(building.into(), number, seats);
    new.insert(client).expect("a room")
}

fn booking(client: &mut Client, room: Option<(&str, i32)>, guest: &str) -> Booking {
    let new = NewBooking {
        building: room.map(|(building, _)| building.to_owned()),
        number: room.map(|(_, number)| number),
        ..NewBooking::new(guest.into())
    };
    new.insert(client).expect("a booking")
}

fn guests(bookings: &[Booking]) -> String {
    bookings.iter().map(|b| b.guest.as_str()).collect()
}

#[test]
fn children_and_parents_by_two_columns_take_one_query() {
    let (_database, mut client) = database();
    // Each column of (east, 2) is that of another room as well.
    let rooms = [("east", 1), ("east", 2), ("west", 2), ("west", 3)]
        .map(|(building, number)| room(&mut client, building, number, number));
    for (room, guest) in [
        (Some(("east", 1)), "a"),
        (Some(("west", 2)), "b"),
        (Some(("east", 2)), "c"),
        (Some(("west", 2)), "d"),
        (None, "e"),
    ] {
        booking(&mut client, room, guest);
    }
    let mut counted = Recorded::new(&mut client);
    let all = Booking::query().order_by(Booking::ID.asc());
    let bookings = all.all(&mut counted).unwrap();
    let of_rooms = Hall::BOOKINGS.children(&mut counted, &rooms).unwrap();
    let of_rooms: Vec<String> = of_rooms.iter().map(|b| guests(b)).collect();
    assert_eq!(of_rooms, ["a", "c", "bd", ""]);
    let parents = Booking::HALL.parents(&mut counted, &bookings).unwrap();
    assert_eq!(counted.statements, 3);
    assert_eq!(parents.len(), 3);
    assert_eq!(parents[&("east".to_owned(), 2)], rooms[1]);

    // (east, 2) and (west, 3) are asked for: neither (east, 3) nor (west, 2) is among them.
    room(&mut client, "east", 3, 3);
    booking(&mut client, Some(("east", 3)), "f");
    let some = Hall::BOOKINGS.of([&rooms[1], &rooms[3]]);
    assert_eq!(guests(&some.all(&mut client).unwrap()), "c");
    let seen = some.filter(Booking::GUEST.eq("c") | Booking::GUEST.eq("b"));
    assert_eq!(guests(&seen.all(&mut client).unwrap()), "c");
    assert_eq!(Hall::BOOKINGS.children(&mut client, &[]).unwrap().len(), 0);
}

#[test]
fn rows_are_filtered_by_what_two_columns_lead_to() {
    let (_database, mut client) = database();
    let east = room(&mut client, "east", 1, 4);
    room(&mut client, "west", 1, 9);
    booking(&mut client, Some(("east", 1)), "a");
    booking(&mut client, Some(("west", 1)), "b");
    booking(&mut client, None, "c");
    let small = Booking::filter(Booking::HALL.parent(Hall::SEATS.lt(5)));
    assert_eq!(guests(&small.all(&mut client).unwrap()), "a");
    let taken = Hall::filter(Hall::BOOKINGS.any(Booking::GUEST.eq("a")));
    assert_eq!(taken.all(&mut client).unwrap(), [east]);
}

#[test]
fn an_index_leads_to_the_children() {
    let (_database, mut client) = database();
    let one = room(&mut client, "east", 1, 4);
    client
        .batch_execute(
            "INSERT INTO halls SELECT 'west', n, 1 FROM generate_series(1, 2000) n; \
             INSERT INTO bookings (building, number, guest) SELECT building, number, 'x' FROM halls; \
             ANALYZE",
        )
        .unwrap();
    let mut recorded = Recorded::explaining(&mut client);
    Hall::BOOKINGS.of([&one]).all(&mut recorded).unwrap();
    let index = "bookings_building_number_idx";
    assert!(recorded.plan.contains(index), "{}", recorded.plan);
}
