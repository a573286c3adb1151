include!("../deal.rs");

#[derive(Row)]
#[pilaster(of = Deal)]
struct Card {
    id: Option<DealId>,
    notes: String,
}

fn main() {}
