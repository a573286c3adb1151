//! Statements that are remembered, and what makes the memory wrong.

use pilaster::postgres::NoTls;
use pilaster::{Cached, Insert, Row, Table};

use super::pooler::pooler;
use super::schema::*;
use super::{database, five, new_deal, person};

fn prepared(client: &mut Cached) -> i64 {
    let text = "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%deals%'
        AND statement NOT LIKE '%prepared%'";
    client.client().query_one(text, &[]).unwrap().get(0)
}

#[test]
fn a_statement_is_prepared_once() {
    let (_database, mut client) = database();
    let (_, deals) = five(&mut client);
    let mut client = Cached::new(client);
    for deal in &deals {
        let found = Deal::find(&mut client, &deal.id).unwrap();
        assert_eq!(found.as_ref(), Some(deal));
    }
    assert_eq!((client.statements(), prepared(&mut client)), (1, 1));
    assert!(!client.is_pooled());
}

#[test]
fn a_server_that_forgets_is_taken_for_a_pooler() {
    let (_database, mut client) = database();
    let (owner, deals) = five(&mut client);
    let mut client = Cached::new(client);
    Deal::find(&mut client, &deals[0].id).unwrap();
    // What a pooler does to a client by giving it another server process.
    client.client().batch_execute("DEALLOCATE ALL").unwrap();
    let found = Deal::find(&mut client, &deals[1].id).unwrap();
    assert_eq!(found.as_ref(), Some(&deals[1]));
    assert!(client.is_pooled());
    new_deal(&owner, "f", 6).insert(&mut client).unwrap();
    let closed = Deal::filter(Deal::STAGE.eq(DealStage::Inquiry));
    assert_eq!(closed.count(&mut client).unwrap(), 6);
    assert_eq!(
        Deal::filter(Deal::TEAM_SIZE.gt(5))
            .delete(&mut client)
            .unwrap(),
        1
    );
    assert_eq!(prepared(&mut client), 0);
}

#[test]
fn a_client_behind_a_pooler_prepares_nothing() {
    let (_database, mut client) = database();
    person(&mut client, "bob@example.com");
    let (_, deals) = five(&mut client);
    let mut client = Cached::pooled(client);
    for _ in 0..2 {
        let found = Deal::find(&mut client, &deals[0].id).unwrap();
        assert_eq!(found.as_ref(), Some(&deals[0]));
    }
    assert_eq!(prepared(&mut client), 0);
}

#[test]
fn a_migration_in_between_is_noticed() {
    let (database, mut client) = database();
    let (_, deals) = five(&mut client);
    let mut client = Cached::new(client);
    Deal::find(&mut client, &deals[0].id).unwrap();
    let mut other = database.connect().unwrap();
    let text = "ALTER TABLE deals ALTER COLUMN title TYPE varchar(200)";
    other.batch_execute(text).unwrap();
    let found = Deal::find(&mut client, &deals[0].id).unwrap();
    assert_eq!(found.as_ref(), Some(&deals[0]));
    assert!(!client.is_pooled());
}

/// Each transaction reaches another process of the server than the one before.
#[test]
fn a_pooler_is_found_out_and_lived_with() {
    let (database, mut direct) = database();
    let (owner, deals) = five(&mut direct);
    let connect = || pilaster::postgres::Client::connect(&pooler(&database), NoTls).unwrap();
    // The driver's own way of preparing does not get through.
    let mut plain = connect();
    assert!((0..3).any(|_| Deal::find(&mut plain, &deals[0].id).is_err()));

    for mut client in [Cached::new(connect()), Cached::pooled(connect())] {
        for deal in &deals {
            let found = Deal::find(&mut client, &deal.id).unwrap();
            assert_eq!(found.as_ref(), Some(deal));
        }
        assert!(client.is_pooled());
        for size in 6..9 {
            let new = new_deal(&owner, &size.to_string(), size);
            let made = new.insert(&mut client).unwrap();
            let email = NewEmail::new(made.id, "hello".into());
            email.insert(&mut client).unwrap();
        }
        let large = Deal::filter(Deal::TEAM_SIZE.gt(5));
        assert_eq!(large.count(&mut client).unwrap(), 3);
        Email::query().delete(&mut client).unwrap();
        assert_eq!(large.delete(&mut client).unwrap(), 3);
    }
}
