use pilaster::Row;

#[derive(Row)]
#[pilaster(table = "public.deals")]
struct Deal {
    #[pilaster(primary_key)]
    id: Option<i32>,
}

fn main() {}
