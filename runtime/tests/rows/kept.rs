//! Rows that are deleted and kept, as the model says by `soft delete`.

use pilaster::postgres::Client;
use pilaster::{Insert, Patch, Row, Table, Versioned};

use super::schema::*;
use super::{database, person};

fn bodies(notes: &[Note]) -> String {
    notes.iter().map(|note| note.body.as_str()).collect()
}

/// Notes a, b and c, of which b is deleted.
fn notes(client: &mut Client) -> (Person, Vec<Note>) {
    let author = person(client, "ada@example.com");
    let notes = ["a", "b", "c"].map(|body| NewNote::new(author.id, body.into()));
    let notes: Vec<Note> = notes.iter().map(|n| n.insert(client).unwrap()).collect();
    assert!(Note::delete(client, &notes[1].id).unwrap());
    (author, notes)
}

#[test]
fn deleted_rows_are_passed_by_until_they_are_asked_for() {
    let (_database, mut client) = database();
    let (author, notes) = notes(&mut client);
    let key = notes[1].id;
    let all = Note::query().order_by(Note::ID.asc());
    assert_eq!(bodies(&all.all(&mut client).unwrap()), "ac");
    assert_eq!(bodies(&all.page(&mut client, 9, None).unwrap().rows), "ac");
    assert_eq!(all.count(&mut client).unwrap(), 2);
    assert!(
        !Note::filter(Note::BODY.eq("b"))
            .exists(&mut client)
            .unwrap()
    );
    assert_eq!(Note::find(&mut client, &key).unwrap(), None);
    assert_eq!(Versioned::<Note>::find(&mut client, &key).unwrap(), None);
    let named = Note::BY_AUTHOR_ID_BODY.find(&mut client, &(author.id, "b".into()));
    assert_eq!(named.unwrap(), None);
    let children = Person::NOTES.children(&mut client, &[author]).unwrap();
    assert_eq!(bodies(&children[0]), "ac");
    let late = NotePatch {
        body: Some("late".into()),
        ..NotePatch::default()
    };
    assert_eq!(late.update(&mut client, &key).unwrap(), None);
    assert!(!Note::delete(&mut client, &key).unwrap());

    assert_eq!(
        bodies(&all.clone().with_deleted().all(&mut client).unwrap()),
        "abc"
    );
    let deleted = all.only_deleted().all(&mut client).unwrap();
    assert!(deleted[0].deleted_at.is_some());
    assert_eq!(bodies(&deleted), "b");
    // SQL sees them all.
    let count: i64 = client
        .query_one("SELECT count(*) FROM notes", &[])
        .unwrap()
        .get(0);
    assert_eq!(count, 3);
}

#[test]
fn deleted_rows_are_restored_or_purged() {
    let (_database, mut client) = database();
    let (_, notes) = notes(&mut client);
    let last = Note::filter(Note::BODY.eq("c"));
    assert_eq!(last.delete(&mut client).unwrap(), 1);
    assert_eq!(last.delete(&mut client).unwrap(), 0);
    let b = Note::filter(Note::ID.eq(notes[1].id));
    assert_eq!(b.restore(&mut client).unwrap(), 1);
    assert_eq!(Note::query().count(&mut client).unwrap(), 2);

    assert_eq!(Note::query().purge(&mut client, 30).unwrap(), 0);
    let text = "UPDATE notes SET deleted_at = now() - interval '31 days' WHERE body = 'c'";
    client.batch_execute(text).unwrap();
    assert_eq!(Note::query().purge(&mut client, 30).unwrap(), 1);
    let rest = Note::query().with_deleted().order_by(Note::ID.asc());
    assert_eq!(bodies(&rest.all(&mut client).unwrap()), "ab");
    // Where rows are not kept, there is nothing to bring back or to purge.
    assert_eq!(Deal::query().restore(&mut client).unwrap(), 0);
    assert_eq!(Deal::query().purge(&mut client, 0).unwrap(), 0);
}
