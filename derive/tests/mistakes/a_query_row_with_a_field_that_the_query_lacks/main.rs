#[path = "../shop.rs"]
mod shop;

use pilaster::Row;

#[derive(Row)]
#[pilaster(query = "select id, title from deals")]
struct Line {
    id: shop::DealId,
    name: String,
}

fn main() {}
