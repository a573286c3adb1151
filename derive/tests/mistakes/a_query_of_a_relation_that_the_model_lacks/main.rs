#[path = "../shop.rs"]
mod shop;

use pilaster::query;

fn main() {
    let _ = query!("select id from dealz");
}
