#[path = "../shop.rs"]
mod shop;

use pilaster::query;

fn main() {
    let _ = query!("insert into deals (id, notes) values ($1, null)", shop::DealId(1));
}
