#[path = "../shop.rs"]
mod shop;

use pilaster::query;

fn main() {
    let _ = query!("select width_bucket(id, 0, 10, 5) as bucket, $1 as mine from deals", 1);
}
