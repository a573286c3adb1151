#[path = "../shop.rs"]
mod shop;

use pilaster::Row;

#[derive(Row)]
#[pilaster(query = "select title from deals where id = $1")]
struct Line {
    title: String,
}

fn main() {}
