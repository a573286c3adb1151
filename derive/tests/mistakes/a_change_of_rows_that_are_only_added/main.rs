use pilaster::{Insert, Patch, Row, Table};

#[derive(Row)]
#[pilaster(table = "public.payments", append_only)]
struct Payment {
    #[pilaster(primary_key)]
    id: i64,
    amount: i32,
}

#[derive(Insert)]
#[pilaster(row = Payment)]
struct NewPayment {
    id: i64,
    amount: i32,
}

#[derive(Patch)]
#[pilaster(row = Payment)]
struct PaymentPatch {
    amount: Option<i32>,
}

fn run(client: &mut pilaster::postgres::Client, new: NewPayment) {
    let _ = new.upsert(client, Payment::BY_ID);
    let _ = Payment::delete(client, &7);
    let _ = Payment::query().delete(client);
    let _ = Payment::filter(Payment::ID.eq(7)).update(client, [Payment::AMOUNT.set(1)]);
}

fn main() {}
