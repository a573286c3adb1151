use pilaster::Row;

#[derive(Row)]
#[pilaster(table = "public.rooms")]
struct Room {
    #[pilaster(primary_key)]
    building: String,
    #[pilaster(primary_key)]
    number: i32,
}

#[derive(Row)]
#[pilaster(table = "public.bookings")]
#[pilaster(foreign_key(building, references = Room(building, number), one = "room"))]
struct Booking {
    building: String,
    number: i32,
}

fn main() {}
