use pilaster::Id;

#[derive(Id)]
struct DealId {
    id: i32,
}

fn main() {}
