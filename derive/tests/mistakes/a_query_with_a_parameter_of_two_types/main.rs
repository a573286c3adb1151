#[path = "../shop.rs"]
mod shop;

use pilaster::query;

fn main() {
    let _ = query!("select title from deals where id = $1 or title = $1", shop::DealId(1));
}
