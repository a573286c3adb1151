//! What was written down of a row: its trail, typed.

use pilaster::chrono::Utc;
use pilaster::serde_json::json;
use pilaster::uuid::Uuid;
use pilaster::{Insert, Patch, Row, Table};

use super::database;
use super::schema::*;

#[test]
fn a_row_tells_its_trail() {
    let (_database, mut client) = database();
    let mut halls = Vec::new();
    for number in [1, 2] {
        let hall = NewHall::new("east".into(), number, 40);
        halls.push(hall.insert(&mut client).unwrap());
    }
    let [first, second] = &*halls else { panic!() };
    let key = first.key();
    let more = HallPatch {
        seats: Some(45),
        door_code: Some(Some("1234".into())),
        ..HallPatch::default()
    };
    more.update(&mut client, &key).unwrap();
    let hidden = HallPatch {
        door_code: Some(None),
        ..HallPatch::default()
    };
    hidden.update(&mut client, &key).unwrap();
    assert!(Hall::delete(&mut client, &key).unwrap());
    let lines = first.trail().all(&mut client).unwrap();
    let did: Vec<_> = lines.iter().map(|l| (l.did, l.seats)).collect();
    use HallLogDid::{Delete, Insert as Inserted, Update};
    assert_eq!(did, [(Inserted, 40), (Update, 45), (Delete, 45)]);
    let row = |seats| json!({ "building": "east", "number": 1, "seats": seats });
    let (inserted, deleted) = (&lines[0], &lines[2]);
    assert_eq!((&inserted.before, &inserted.after), (&None, &Some(row(40))));
    assert_eq!((&deleted.before, &deleted.after), (&Some(row(45)), &None));
    assert!(lines.iter().all(|line| line.at <= Utc::now()));
    // A trail is a question like any other.
    let changes = second.trail().filter(HallLog::DID.eq(Update));
    assert_eq!(changes.count(&mut client).unwrap(), 0);
    assert_eq!(second.trail().count(&mut client).unwrap(), 1);
}

#[test]
fn tables_that_share_a_trail_are_told_apart() {
    let (_database, mut client) = database();
    let id = Uuid::from_u128(7);
    let badge = NewBadge::new(BadgeId(id), "a".into());
    let badge = badge.insert(&mut client).unwrap();
    let gate = NewGate::new(GateId(7), "b".into());
    let gate = gate.insert(&mut client).unwrap();
    let label = BadgePatch {
        label: Some("c".into()),
        ..BadgePatch::default()
    };
    label.update(&mut client, &badge.id).unwrap();
    let lines = badge.trail().all(&mut client).unwrap();
    let changes = |at: usize| &lines[at].changes;
    assert_eq!(lines.len(), 2);
    let text = id.to_string();
    let made = json!({
        "id": { "before": null, "after": text },
        "label": { "before": null, "after": "a" },
    });
    assert_eq!(*changes(0), made);
    let changed = json!({ "label": { "before": "a", "after": "c" } });
    assert_eq!(*changes(1), changed);
    let lines = gate.trail().all(&mut client).unwrap();
    let told: Vec<_> = lines.iter().map(|l| (&*l.table_name, &*l.row_id)).collect();
    assert_eq!(told, [("gates", "7")]);
}

#[test]
fn who_changes_a_row_can_write_no_line() {
    let (_database, mut client) = database();
    client
        .batch_execute(
            "GRANT SELECT, INSERT, UPDATE ON halls TO rows_support; SET ROLE rows_support;
             INSERT INTO halls VALUES ('west', 1, 10)",
        )
        .unwrap();
    for forged in [
        "INSERT INTO hall_log (did, hall, seats) VALUES ('delete', '{}', 0)",
        "CREATE TEMP TABLE own (id int);
         CREATE TRIGGER own AFTER INSERT ON own FOR EACH ROW EXECUTE FUNCTION hall_log_trail()",
        "SELECT 1 FROM hall_log",
    ] {
        let refused = client.batch_execute(forged).unwrap_err();
        let code = refused.code().map(|code| code.code());
        assert_eq!(code, Some("42501"), "{forged}");
    }
    client.batch_execute("RESET ROLE").unwrap();
    assert_eq!(HallLog::query().count(&mut client).unwrap(), 1);
    let refused = client.batch_execute("TRUNCATE halls CASCADE").unwrap_err();
    let constraint = refused.as_db_error().and_then(|e| e.constraint());
    assert_eq!(constraint, Some("halls_audited_truncate"));
}
