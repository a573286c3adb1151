//! Upserts, changes of many, versions, and what is refused.

use pilaster::{Error, Insert, Patch, PatchVersion, Row, Table, Versioned};

use super::schema::*;
use super::{database, five, new_deal, person, titles};

#[test]
fn an_upsert_makes_the_row_or_brings_it_along() {
    let (_database, mut client) = database();
    let new = NewPerson::new("ada@example.com".into());
    let first = new.upsert(&mut client, Person::BY_EMAIL).unwrap();
    let named = NewPerson {
        name: Some("Ada".into()),
        ..new.clone()
    };
    let second = named.upsert(&mut client, Person::BY_EMAIL).unwrap();
    assert_eq!((second.id, second.name.as_deref()), (first.id, Some("Ada")));
    assert_eq!(Person::query().count(&mut client).unwrap(), 1);
    let found = Person::BY_EMAIL.find(&mut client, &"ada@example.com".into());
    assert_eq!(found.unwrap(), Some(second.clone()));

    let again = named.insert_unless_there(&mut client, Person::BY_EMAIL);
    assert_eq!(again.unwrap(), None);
    let other = NewPerson::new("bob@example.com".into());
    let other = other.insert_unless_there(&mut client, Person::BY_EMAIL);
    assert!(other.unwrap().is_some());

    let key = (second.id, "a".to_owned());
    let deal = new_deal(&second, "a", 3);
    let made = deal.upsert(&mut client, Deal::BY_OWNER_ID_TITLE).unwrap();
    let larger = NewDeal {
        team_size: 9,
        ..deal
    };
    let changed = larger.upsert(&mut client, Deal::BY_OWNER_ID_TITLE).unwrap();
    assert_eq!((changed.id, changed.team_size), (made.id, 9));
    let found = Deal::BY_OWNER_ID_TITLE.find(&mut client, &key).unwrap();
    assert_eq!(found, Some(changed));
}

#[test]
fn many_rows_change_at_once() {
    let (_database, mut client) = database();
    five(&mut client);
    let small = Deal::filter(Deal::TEAM_SIZE.lt(3));
    let changes = [Deal::STAGE.set(DealStage::Closed), Deal::NOTES.set("small")];
    let changed = small.update(&mut client, changes).unwrap();
    assert_eq!(changed.len(), 2);
    assert!(changed.iter().all(|d| d.notes.as_deref() == Some("small")));
    let forgotten = small.update(&mut client, [Deal::NOTES.set_null()]).unwrap();
    assert!(forgotten.iter().all(|d| d.notes.is_none()));
    assert_eq!(small.delete(&mut client).unwrap(), 2);
    let rest = Deal::query().order_by(Deal::ID.asc());
    assert_eq!(titles(&rest.all(&mut client).unwrap()), "cde");
}

#[test]
fn a_refusal_is_a_variant() {
    let (_database, mut client) = database();
    let owner = person(&mut client, "ada@example.com");
    let refused = new_deal(&owner, "a", 0).insert(&mut client).unwrap_err();
    assert!(
        matches!(refused, DealError::TeamSizePositive(_)),
        "{refused:?}"
    );
    assert_eq!(refused.to_string(), "refused by `deals_team_size_positive`");
    let deal = new_deal(&owner, "a", 1).insert(&mut client).unwrap();
    let refused = new_deal(&owner, "a", 2).insert(&mut client).unwrap_err();
    assert!(
        matches!(refused, DealError::OwnerIdTitleKey(_)),
        "{refused:?}"
    );
    let nobody = DealPatch {
        owner_id: Some(PersonId(pilaster::uuid::Uuid::nil())),
        ..DealPatch::default()
    };
    let refused = nobody.update(&mut client, &deal.id).unwrap_err();
    assert!(matches!(refused, DealError::OwnerIdFkey(_)), "{refused:?}");
    NewEmail::new(deal.id, "hello".into())
        .insert(&mut client)
        .unwrap();
    let refused = Deal::delete(&mut client, &deal.id).unwrap_err();
    assert!(
        matches!(refused, DealError::EmailsDealIdFkey(_)),
        "{refused:?}"
    );
    let plain = Error::from(refused);
    assert_eq!(plain.constraint(), Some("emails_deal_id_fkey"));
    client
        .batch_execute("ALTER TABLE deals RENAME TO gone")
        .unwrap();
    let refused = new_deal(&owner, "b", 1).insert(&mut client).unwrap_err();
    assert!(matches!(refused, DealError::Other(_)), "{refused:?}");
}

#[test]
fn a_change_holds_only_for_the_version_it_was_made_for() {
    let (_database, mut client) = database();
    let (_, deals) = five(&mut client);
    let key = deals[0].id;
    let read = Versioned::<Deal>::find(&mut client, &key).unwrap().unwrap();
    let note = |text: &str| DealPatch {
        notes: Some(Some(text.into())),
        ..DealPatch::default()
    };
    let next = note("first").update_version(&mut client, &key, read.version());
    let next = next.unwrap();
    assert_eq!(next.notes.as_deref(), Some("first"));
    let late = note("second").update_version(&mut client, &key, read.version());
    assert!(
        matches!(late, Err(DealError::Other(Error::Stale { .. }))),
        "{late:?}"
    );
    // A change by any other client counts as well.
    client
        .batch_execute("UPDATE deals SET team_size = 7")
        .unwrap();
    let late = note("third").update_version(&mut client, &key, next.version());
    assert!(late.is_err());
    let now = Versioned::<Deal>::find(&mut client, &key).unwrap().unwrap();
    let same = DealPatch::default().update_version(&mut client, &key, now.version());
    assert_eq!(same.unwrap(), now);
    let gone = DealId(0);
    assert_eq!(Versioned::<Deal>::find(&mut client, &gone).unwrap(), None);
}

#[test]
fn a_worker_takes_what_nobody_else_has() {
    let (database, mut client) = database();
    five(&mut client);
    let mut other = database.connect().unwrap();
    let queue = Deal::query().order_by(Deal::ID.asc()).limit(2);
    let queue = queue.for_update_skip_locked();
    let mut first = client.transaction().unwrap();
    assert_eq!(titles(&queue.all(&mut first).unwrap()), "ab");
    let mut second = other.transaction().unwrap();
    assert_eq!(titles(&queue.all(&mut second).unwrap()), "cd");
}
