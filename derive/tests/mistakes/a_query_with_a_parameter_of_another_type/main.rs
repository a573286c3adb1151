#[path = "../shop.rs"]
mod shop;

use pilaster::query;

fn main() {
    let _ = query!("select title from deals where id = $1", shop::EmailId(1));
    let _ = query!("select title from deals where title = $1", None::<String>);
}
