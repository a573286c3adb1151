include!("../deal.rs");

#[derive(Row)]
#[pilaster(of = Deal)]
struct Card {
    #[pilaster(path = "requirements")]
    all: Option<bool>,
}

fn main() {}
