#[path = "../shop.rs"]
mod shop;

use pilaster::Row;

#[derive(Row)]
#[pilaster(query = "select id, count(*) as emails from emails group by id")]
struct Line {
    id: i64,
    emails: i32,
}

fn main() {}
