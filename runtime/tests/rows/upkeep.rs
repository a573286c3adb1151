//! What operators ask.

use pilaster::{CleanUp, Count, Health, Insert, Row, Statistics};

use super::schema::*;
use super::{database, five};

#[test]
fn health_counts_and_statistics_are_told() {
    let (database, mut client) = database();
    let (owner, _) = five(&mut client);
    let mut other = database.connect().unwrap();
    let held = other.transaction().unwrap();
    let health = Health::check(&mut client).unwrap();
    assert!(health.connections >= 2 && health.connections <= health.most_connections);
    assert!(!health.read_only && !health.server.is_empty());
    // The other's transaction is seen.
    assert!(health.oldest_transaction.is_some());
    drop(held);
    for body in ["kept", "gone"] {
        NewNote::new(owner.id, body.into())
            .insert(&mut client)
            .unwrap();
    }
    let gone = Note::filter(Note::BODY.eq("gone"));
    gone.delete(&mut client).unwrap();
    let count = Count::of::<Note>(&mut client).unwrap();
    assert_eq!((count.table, count.rows, count.deleted), ("notes", 1, 1));
    client.batch_execute("VACUUM (ANALYZE) deals").unwrap();
    let all = Statistics::all(&mut client).unwrap();
    let deals = all.iter().find(|table| table.table == "deals").unwrap();
    assert!(deals.bytes > 0 && deals.schema == "public");
}

#[test]
fn a_clean_up_takes_what_is_old_or_nothing() {
    let (_database, mut client) = database();
    let (owner, deals) = five(&mut client);
    for (body, days) in [("old", 31), ("fresh", 1)] {
        let note = NewNote::new(owner.id, body.into());
        let note = note.insert(&mut client).unwrap();
        let sql = "UPDATE notes SET deleted_at = now() - make_interval(days => $2) WHERE id = $1";
        client.execute(sql, &[&note.id, &days]).unwrap();
    }
    let clean = CleanUp::new()
        .purge(Note::query(), 30)
        .delete(Email::query())
        .delete(Deal::filter(Deal::TEAM_SIZE.gt(3)));
    let cleaned = clean.run(&mut client).unwrap();
    assert_eq!(cleaned.tables, [("notes", 1), ("deals", 2)]);
    assert_eq!(cleaned.rows(), 3);
    assert_eq!(Count::of::<Note>(&mut client).unwrap().deleted, 1);

    NewEmail::new(deals[0].id, "needs its deal".into())
        .insert(&mut client)
        .unwrap();
    let refused = CleanUp::new().purge(Note::query(), 0).delete(Deal::query());
    let refused = refused.run(&mut client).unwrap_err();
    assert_eq!(refused.class(), Some("23"));
    assert_eq!(Count::of::<Note>(&mut client).unwrap().deleted, 1);
    assert_eq!(Deal::query().count(&mut client).unwrap(), 3);
}
