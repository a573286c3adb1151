//! Structs of one's own that are parts of generated rows.

use pilaster::{Insert, Row};

use super::schema::*;
use super::{database, new_deal, person};

#[derive(Debug, PartialEq, Row)]
#[pilaster(of = Deal)]
struct Card {
    id: DealId,
    title: String,
    #[pilaster(column = "team_size")]
    people: Option<i32>,
    notes: Option<String>,
    #[pilaster(path = "requirements.dogFriendly")]
    dogs: Option<bool>,
    #[pilaster(path = "requirements.contact.type")]
    contact: Option<String>,
    #[pilaster(path = "requirements.rooms")]
    rooms: Option<Vec<Room>>,
}

#[test]
fn a_part_is_read_filtered_and_paged_like_its_row() {
    let (_database, mut client) = database();
    let owner = person(&mut client, "ada@example.com");
    let room = Room {
        seats: 4,
        kind: None,
    };
    let deal = NewDeal {
        requirements: Requirements {
            dog_friendly: Some(true),
            contact: Some(Contact {
                r#type: "mail".into(),
                since: None,
            }),
            rooms: Some(vec![room.clone()]),
            ..Requirements::default()
        },
        ..new_deal(&owner, "a", 3)
    };
    let deal = deal.insert(&mut client).unwrap();
    new_deal(&owner, "b", 4).insert(&mut client).unwrap();
    let query = Card::query().order_by(Deal::TITLE.asc());
    let page = query.page(&mut client, 1, None).unwrap();
    let card = Card {
        id: deal.id,
        title: "a".into(),
        people: Some(3),
        notes: None,
        dogs: Some(true),
        contact: Some("mail".into()),
        rooms: Some(vec![room]),
    };
    assert_eq!(page.rows, [card]);
    let rest = query.page(&mut client, 1, page.next.as_ref()).unwrap();
    assert_eq!((rest.rows[0].dogs, rest.rows[0].people), (None, Some(4)));
    let large = Card::filter(Deal::TEAM_SIZE.gt(3))
        .all(&mut client)
        .unwrap();
    assert_eq!(large[0].title, "b");
}
