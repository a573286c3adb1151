//! The code that the Rust emitter wrote for a schema with everything in it, compiled and run
//! against a server. The emitter's own test keeps `emitted/schema.rs` as it writes it.

// A test exports nothing, and uses a part of what is generated.
#[allow(dead_code, unreachable_pub)]
#[path = "emitted/schema.rs"]
mod schema;
#[path = "emitted/types.rs"]
mod types;

use conformance::server::{Database, Server};
use pilaster::chrono::{DateTime, Utc};
use pilaster::postgres::Client;
use pilaster::{Insert, Json, Patch, Row, Table};
use schema::*;

fn database() -> (Database, Client) {
    let database = Server::shared().database().expect("a database");
    let mut client = database.connect().expect("a connection");
    client
        .batch_execute(include_str!("emitted/schema.sql"))
        .expect("the schema");
    (database, client)
}

fn new_deal() -> NewDeal {
    let version = Version {
        version: 0,
        format: VersionFormat,
        prompt: None,
        created_at: "2024-05-01T12:00:00.123456Z"
            .parse::<DateTime<Utc>>()
            .expect("a time"),
        day: None,
        local: None,
        key: None,
        mood: Some(Mood::InAHurry),
        parking: Some(VersionParking {
            r#type: None,
            cost_monthly: Some("1e30".parse().expect("a numeric")),
            sizes: vec![0.1, 1.0],
        }),
        data_lookups: Vec::new(),
        status: VersionStatus::InDoubt,
        limits: [("a".to_owned(), i64::MAX)].into(),
        parent: None,
        children: Vec::new(),
        size: VersionSize::Text("12".to_owned()),
    };
    let nested = Version {
        parent: Some(Box::new(version.clone())),
        ..version
    };
    NewDeal {
        versions: Some(Json(vec![nested.clone()])),
        ..NewDeal::new(
            "ada@example.com".to_owned(),
            "a".to_owned(),
            Mood::Label2ndThoughts,
            Requirements {
                dog_friendly: Some(true),
                ..Requirements::default()
            },
            Json(vec![
                Event::Created(EventCreated {
                    by: "me".to_owned(),
                }),
                Event::Versioned(nested),
            ]),
        )
    }
}

#[test]
fn a_row_goes_in_changes_and_goes() {
    let (_database, mut client) = database();
    let new = new_deal();
    let deal = new.insert(&mut client).unwrap();
    assert_eq!((deal.deal_size, deal.ai_generated), (1, Some(false)));
    assert_eq!(
        (deal.stage, deal.mood),
        (DealStageSet::Inquiry, Mood::Label2ndThoughts)
    );
    assert_eq!((&deal.versions, &deal.events), (&new.versions, &new.events));
    assert_eq!(
        Deal::find(&mut client, &deal.id).unwrap().as_ref(),
        Some(&deal)
    );

    let patch = DealPatch {
        stage: Some(DealStageSet::Touring),
        ai_generated: Some(None),
        r#type: Some(Some("t".to_owned())),
        ..DealPatch::default()
    };
    let changed = patch.update(&mut client, &deal.id).unwrap().unwrap();
    assert_eq!(
        (changed.stage, changed.ai_generated),
        (DealStageSet::Touring, None)
    );
    assert_eq!(changed.r#type.as_deref(), Some("t"));
    let same = DealPatch::default().update(&mut client, &deal.id).unwrap();
    assert_eq!(same, Some(changed));

    assert!(Deal::delete(&mut client, &deal.id).unwrap());
    assert!(!Deal::delete(&mut client, &deal.id).unwrap());
    assert_eq!(Deal::find(&mut client, &deal.id).unwrap(), None);
    assert_eq!(patch.update(&mut client, &deal.id).unwrap(), None);
    assert_eq!(Deal::all(&mut client).unwrap(), []);
}

#[test]
fn a_key_of_two_columns_finds_its_row() {
    let (_database, mut client) = database();
    let deal = new_deal().insert(&mut client).unwrap();
    for tag in ["b", "a"] {
        NewDealTag::new(deal.id, tag.to_owned())
            .insert(&mut client)
            .unwrap();
    }
    let key = (deal.id, "a".to_owned());
    assert_eq!(
        DealTag::find(&mut client, &key).unwrap().unwrap().key(),
        key
    );
    let rest = "WHERE deal_id = $1 ORDER BY tag";
    let tags = DealTag::select(&mut client, rest, &[&deal.id]).unwrap();
    assert_eq!(
        tags.iter().map(|t| t.tag.as_str()).collect::<Vec<_>>(),
        ["a", "b"]
    );
    let patch = DealTagPatch {
        tag: Some("c".to_owned()),
        deal_id: None,
    };
    assert_eq!(patch.update(&mut client, &key).unwrap().unwrap().tag, "c");
}

#[test]
fn a_refusal_names_its_constraint() {
    let (_database, mut client) = database();
    let error = NewDealTag::new(DealId(7), "a".to_owned())
        .insert(&mut client)
        .unwrap_err();
    assert!(matches!(error, DealTagError::DealIdFkey(_)), "{error:?}");
    let error = pilaster::Error::from(error);
    assert_eq!(error.constraint(), Some("deal_tags_deal_id_fkey"));
    assert_eq!(
        (error.class(), error.table()),
        (Some("23"), Some("deal_tags"))
    );
    assert!(!error.is_retryable());
}

#[test]
fn what_does_not_fit_names_its_column() {
    let (_database, mut client) = database();
    let key = NewValueRow::default().insert(&mut client).unwrap().key;
    for (column, value) in [
        ("day", "'infinity'"),
        ("instant", "'-infinity'"),
        ("days", "'[2024-01-01,infinity)'"),
        ("tags", "array['a', null]"),
        ("exacts", "'{{1,2},{3,4}}'"),
    ] {
        let text = format!("UPDATE values SET {column} = {value}");
        client
            .batch_execute(&text.replace("UPDATE values", "UPDATE \"values\""))
            .unwrap();
        match ValueRow::find(&mut client, &key) {
            Err(pilaster::Error::Column { column: named, .. }) => assert_eq!(named, column),
            other => panic!("{column}: {other:?}"),
        }
        client
            .batch_execute(&format!("UPDATE \"values\" SET {column} = NULL"))
            .unwrap();
    }
}

#[test]
fn a_row_of_defaults_needs_no_column() {
    let (_database, mut client) = database();
    let log = NewLog::default().insert(&mut client).unwrap();
    assert_eq!(log.one, Some(1));
}
