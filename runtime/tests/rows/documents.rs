//! Paths into documents.

use pilaster::postgres::Client;
use pilaster::{Filter, Insert, Numeric, Row};

use super::lists::explained;
use super::schema::*;
use super::{database, new_deal, person, titles};

/// Deals a to d: with everything, with little, with nulls, with nothing.
fn deals(client: &mut Client) {
    let owner = person(client, "ada@example.com");
    let documents = [
        r#"{"dogFriendly": true, "budget": 9000.50, "location": "SoMa", "quiet": true,
            "rooms": [{"seats": 4, "kind": "desk"}, {"seats": 8}],
            "contact": {"type": "mail", "since": "2026-01-31"}}"#,
        r#"{"dogFriendly": false, "budget": 100, "location": "so\"Ma", "rooms": []}"#,
        r#"{"dogFriendly": null, "contact": {"type": "phone"}, "rooms": [{"seats": 2}]}"#,
        "{}",
    ];
    for (title, document) in ["a", "b", "c", "d"].iter().zip(documents) {
        let deal = NewDeal {
            requirements: pilaster::json::from_str(document).unwrap(),
            ..new_deal(&owner, title, 1)
        };
        deal.insert(client).unwrap();
    }
}

fn that_pass(client: &mut Client, filter: Filter<Deal>) -> String {
    let query = Deal::filter(filter).order_by(Deal::TITLE.asc());
    titles(&query.all(client).unwrap())
}

#[test]
fn places_in_documents_are_filtered_by() {
    let (_database, mut client) = database();
    deals(&mut client);
    let client = &mut client;
    let wants = Deal::requirements;
    let number = |text: &str| text.parse::<Numeric>().unwrap();
    assert_eq!(that_pass(client, wants().dog_friendly().eq(true)), "a");
    assert_eq!(that_pass(client, wants().dog_friendly().ne(true)), "bcd");
    assert_eq!(that_pass(client, wants().dog_friendly().exists()), "ab");
    assert_eq!(that_pass(client, wants().location().eq("so\"Ma")), "b");
    assert_eq!(
        that_pass(client, wants().location().is_in(["SoMa", "x"])),
        "a"
    );
    assert_eq!(
        that_pass(client, wants().budget().eq(number("9000.5"))),
        "a"
    );
    assert_eq!(
        that_pass(client, wants().budget().lt(number("9000.5"))),
        "b"
    );
    assert_eq!(
        that_pass(client, wants().budget().le(number("9000.5"))),
        "ab"
    );
    assert_eq!(that_pass(client, wants().budget().gt(number("100"))), "a");
    assert_eq!(that_pass(client, wants().budget().ge(number("100"))), "ab");
    assert_eq!(
        that_pass(client, wants().contact().r#type().eq("phone")),
        "c"
    );
    assert_eq!(that_pass(client, wants().contact().exists()), "ac");
    let day = |text: &str| text.parse::<pilaster::chrono::NaiveDate>().unwrap();
    assert_eq!(
        that_pass(client, wants().contact().since().gt(day("2026-01-30"))),
        "a"
    );
    assert_eq!(
        that_pass(client, wants().contact().since().gt(day("2026-01-31"))),
        ""
    );
    assert_eq!(that_pass(client, wants().extra("quiet").eq(true)), "a");
    assert_eq!(that_pass(client, wants().rooms().any().seats().eq(8)), "a");
    assert_eq!(that_pass(client, wants().rooms().any().seats().lt(4)), "c");
    assert_eq!(
        that_pass(client, wants().rooms().any().kind().eq(RoomKind::Desk)),
        "a"
    );
    let room = |seats| Room { seats, kind: None };
    assert_eq!(
        that_pass(client, wants().rooms().any().contains(room(4))),
        "a"
    );
    assert_eq!(that_pass(client, wants().rooms().any().eq(room(4))), "");
    assert_eq!(that_pass(client, wants().rooms().any().eq(room(2))), "c");
    assert_eq!(that_pass(client, wants().rooms().eq(vec![])), "b");
    assert_eq!(that_pass(client, wants().rooms().eq(vec![room(2)])), "c");
    assert_eq!(that_pass(client, wants().eq(Requirements::default())), "d");
}

#[test]
fn equal_values_are_found_by_the_index() {
    let (_database, mut client) = database();
    let wants = Deal::requirements();
    for filter in [
        wants.dog_friendly().eq(true),
        wants.contact().r#type().eq("phone"),
        wants.rooms().any().seats().eq(8),
        wants.location().is_in(["SoMa", "Mission"]),
        wants.contact().contains(Contact {
            r#type: "mail".into(),
            since: None,
        }),
    ] {
        let plan = explained(&mut client, &Deal::filter(filter));
        assert!(
            plan.contains("Bitmap Index Scan on deals_requirements_idx"),
            "{plan}"
        );
    }
}
