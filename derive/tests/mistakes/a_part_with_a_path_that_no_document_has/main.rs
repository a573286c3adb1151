include!("../deal.rs");

#[derive(Row)]
#[pilaster(of = Deal)]
struct Card {
    #[pilaster(path = "requirements.catFriendly")]
    cats: Option<bool>,
    #[pilaster(path = "requirements.dogFriendly")]
    dogs: bool,
}

fn main() {}
