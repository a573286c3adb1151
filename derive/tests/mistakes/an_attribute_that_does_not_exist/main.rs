use pilaster::Row;

#[derive(Row)]
#[pilaster(tabel = "public.deals")]
struct Deal {
    #[pilaster(primary)]
    id: i32,
    #[pilaster(column = "from", column = "to")]
    from: String,
}

fn main() {}
