#[path = "../shop.rs"]
mod shop;

use pilaster::query;

fn main() {
    let _ = query!("select title from deals where id = $1 and stage = $2", shop::DealId(1));
}
