include!("../deal.rs");

#[derive(Row)]
#[pilaster(of = Deal)]
struct Card {
    id: DealId,
    titel: String,
}

fn main() {}
