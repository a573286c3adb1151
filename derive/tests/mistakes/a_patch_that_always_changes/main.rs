use pilaster::{Patch, Row};

#[derive(Row)]
#[pilaster(table = "public.deals")]
struct Deal {
    #[pilaster(primary_key)]
    id: i32,
    notes: String,
    stage: String,
}

#[derive(Patch)]
#[pilaster(row = Deal)]
struct DealPatch {
    notes: String,
    stage: String,
}

fn main() {}
