use pilaster::query;

fn main() {
    let _ = query!("update payments set amount = 0 where id = $1", 7i64);
    let _ = query!("delete from payments");
}
