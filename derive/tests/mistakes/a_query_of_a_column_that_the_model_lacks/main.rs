#[path = "../shop.rs"]
mod shop;

use pilaster::query;

fn main() {
    let _ = query!(
        "select d.id, d.titel
         from deals d
         where d.stages = $1",
        shop::Stage::Touring,
    );
}
