include!("../deal.rs");

#[derive(Row)]
#[pilaster(of = Deal)]
struct Card {
    id: i64,
    title: i32,
}

fn main() {}
