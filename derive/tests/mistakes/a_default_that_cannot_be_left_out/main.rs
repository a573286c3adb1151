use pilaster::{Insert, Row};

#[derive(Row)]
#[pilaster(table = "public.deals")]
struct Deal {
    id: i32,
}

#[derive(Insert)]
#[pilaster(row = Deal)]
struct NewDeal {
    #[pilaster(default)]
    id: i32,
}

fn main() {}
