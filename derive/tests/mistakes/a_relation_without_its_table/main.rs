use pilaster::Row;

#[derive(Row)]
#[pilaster(table = "public.emails", unique(sender))]
struct Email {
    #[pilaster(one = "deal")]
    deal_id: i32,
}

fn main() {}
