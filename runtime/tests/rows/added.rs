//! Rows that are only ever added, as the model says by `append only`.

use pilaster::postgres::error::SqlState;
use pilaster::{Insert, InsertMany, Row, Table};

use super::schema::*;
use super::{database, five};

#[test]
fn rows_are_added_and_read_and_the_server_refuses_the_rest() {
    let (_database, mut client) = database();
    let (_, deals) = five(&mut client);
    let new = |code: &str, cents| NewPayment::new(deals[0].id, code.into(), cents);
    let first = new("a", 500).insert(&mut client).unwrap();
    let more = [new("b", 10), new("c", -10)]
        .insert_many(&mut client)
        .unwrap();
    assert_eq!(more.len(), 2);
    let again = new("a", 1).insert_unless_there(&mut client, Payment::BY_CODE);
    assert_eq!(again.unwrap(), None);
    assert_eq!(
        Payment::find(&mut client, &first.id).unwrap(),
        Some(first.clone())
    );
    let paid = Deal::PAYMENTS.children(&mut client, &deals).unwrap();
    assert_eq!(paid[0].len(), 3);
    assert!(matches!(
        new("d", 0).insert(&mut client),
        Err(PaymentError::MoveMoney(_))
    ));

    for (sql, constraint) in [
        ("UPDATE payments SET cents = 1", "payments_append_only"),
        ("DELETE FROM payments", "payments_append_only"),
        (
            "INSERT INTO payments (deal_id, code, cents) SELECT deal_id, code, 7 FROM payments LIMIT 1 \
             ON CONFLICT (code) DO UPDATE SET cents = excluded.cents",
            "payments_append_only",
        ),
        ("TRUNCATE payments", "payments_append_only_truncate"),
        ("TRUNCATE deals CASCADE", "payments_append_only_truncate"),
    ] {
        let refused = client.batch_execute(sql).unwrap_err();
        let refused = refused.as_db_error().expect("the server's own");
        assert_eq!(refused.code(), &SqlState::RESTRICT_VIOLATION, "{sql}");
        assert_eq!(refused.constraint(), Some(constraint), "{sql}");
        assert_eq!(refused.table(), Some("payments"), "{sql}");
    }
    assert_eq!(Payment::query().count(&mut client).unwrap(), 3);
}
