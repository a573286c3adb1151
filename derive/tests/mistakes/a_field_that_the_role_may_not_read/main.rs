include!("../deal.rs");

#[derive(Row)]
#[pilaster(of = Deal)]
struct DealForSupport {
    #[pilaster(primary_key)]
    id: DealId,
    title: String,
}

fn run(deal: DealForSupport) -> Option<String> {
    deal.notes
}

fn main() {}
