#[path = "../shop.rs"]
mod shop;

use pilaster::Row;

#[derive(Row)]
#[pilaster(
    query = "select d.title, d.notes, e.body
             from deals d left join emails e on e.deal_id = d.id"
)]
struct Line {
    title: String,
    notes: String,
    body: String,
}

fn main() {}
