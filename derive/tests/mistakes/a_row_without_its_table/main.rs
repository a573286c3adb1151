use pilaster::Row;

#[derive(Row)]
struct Deal {
    id: i32,
}

fn main() {}
