//! Filters, order, pages and relations.

use pilaster::postgres::Client;
use pilaster::{Cursor, Filter, Insert, Patch, Row, Table};

use super::recorded::Recorded;
use super::schema::*;
use super::{database, five, new_deal, person, titles};

fn that_pass(client: &mut Client, filter: Filter<Deal>) -> String {
    let query = Deal::filter(filter).order_by(Deal::TITLE.asc());
    titles(&query.all(client).unwrap())
}

#[test]
fn filters_are_what_they_say() {
    let (_database, mut client) = database();
    let (owner, deals) = five(&mut client);
    let noted = DealPatch {
        notes: Some(Some("100%_sure".into())),
        stage: Some(DealStage::Touring),
        ..DealPatch::default()
    };
    noted.update(&mut client, &deals[1].id).unwrap();
    let client = &mut client;
    assert_eq!(that_pass(client, Deal::TEAM_SIZE.eq(3)), "c");
    assert_eq!(that_pass(client, Deal::TEAM_SIZE.ne(3)), "abde");
    assert_eq!(that_pass(client, Deal::TEAM_SIZE.lt(3)), "ab");
    assert_eq!(that_pass(client, Deal::TEAM_SIZE.le(3)), "abc");
    assert_eq!(that_pass(client, Deal::TEAM_SIZE.gt(3)), "de");
    assert_eq!(that_pass(client, Deal::TEAM_SIZE.ge(3)), "cde");
    assert_eq!(that_pass(client, Deal::TEAM_SIZE.between(2, 4)), "bcd");
    assert_eq!(that_pass(client, Deal::TITLE.is_in(["a", "e", "z"])), "ae");
    assert_eq!(that_pass(client, Deal::TITLE.is_in([""; 0])), "");
    assert_eq!(that_pass(client, Deal::TITLE.not_in(["a", "e"])), "bcd");
    assert_eq!(that_pass(client, Deal::STAGE.eq(DealStage::Touring)), "b");
    let stages = [DealStage::Touring, DealStage::Closed];
    assert_eq!(that_pass(client, Deal::STAGE.is_in(stages)), "b");
    assert_eq!(that_pass(client, Deal::NOTES.is_null()), "acde");
    assert_eq!(that_pass(client, Deal::NOTES.is_not_null()), "b");
    // Another value or none: null isn't equal, so it passes.
    assert_eq!(that_pass(client, Deal::NOTES.ne("x")), "abcde");
    assert_eq!(that_pass(client, !Deal::NOTES.eq("x")), "abcde");
    assert_eq!(that_pass(client, Deal::NOTES.like("1__\\%%")), "b");
    assert_eq!(that_pass(client, Deal::NOTES.ilike("%SURE")), "b");
    assert_eq!(that_pass(client, Deal::NOTES.starts_with("100%_")), "b");
    assert_eq!(that_pass(client, Deal::NOTES.starts_with("1000")), "");
    assert_eq!(that_pass(client, Deal::OWNER_ID.eq(owner.id)), "abcde");
    let ends = Deal::TITLE.eq("a") | Deal::TITLE.eq("e");
    assert_eq!(that_pass(client, ends.clone() & Deal::TEAM_SIZE.gt(1)), "e");
    assert_eq!(that_pass(client, !ends), "bcd");
    assert_eq!(that_pass(client, Filter::all([])), "abcde");
    assert_eq!(that_pass(client, Filter::any([])), "");
}

#[test]
fn rows_are_ordered_limited_and_counted() {
    let (_database, mut client) = database();
    five(&mut client);
    let query = Deal::query().order_by(Deal::TEAM_SIZE.desc());
    assert_eq!(titles(&query.all(&mut client).unwrap()), "edcba");
    let some = query.clone().limit(2).offset(1);
    assert_eq!(titles(&some.all(&mut client).unwrap()), "dc");
    assert_eq!(query.first(&mut client).unwrap().unwrap().title, "e");
    assert_eq!(some.count(&mut client).unwrap(), 5);
    let large = Deal::filter(Deal::TEAM_SIZE.gt(4));
    assert!(large.exists(&mut client).unwrap());
    let none = large.filter(Deal::TITLE.eq("a"));
    assert!(!none.exists(&mut client).unwrap());
    assert_eq!(none.first(&mut client).unwrap(), None);
}

#[test]
fn pages_go_on_where_the_last_one_ended() {
    let (_database, mut client) = database();
    let (owner, deals) = five(&mut client);
    // Equal ratings, and nulls, in every direction.
    for (deal, rating) in deals.iter().zip([Some(1), None, Some(2), None, Some(1)]) {
        let rated = DealPatch {
            rating: Some(rating),
            ..DealPatch::default()
        };
        rated.update(&mut client, &deal.id).unwrap();
    }
    let orders = [
        Deal::query(),
        Deal::query().order_by(Deal::RATING.asc()),
        Deal::query().order_by(Deal::RATING.desc()),
        Deal::query()
            .order_by(Deal::RATING.desc())
            .order_by(Deal::TITLE.asc()),
        Deal::query().order_by(Deal::CREATED_AT.desc()),
        Deal::filter(Deal::TEAM_SIZE.gt(1)).order_by(Deal::TITLE.desc()),
    ];
    for query in &orders {
        let whole = titles(&query.page(&mut client, 100, None).unwrap().rows);
        for size in 1..=5 {
            let (mut all, mut next) = (String::new(), None::<Cursor>);
            loop {
                let page = query.page(&mut client, size, next.as_ref()).unwrap();
                all += &titles(&page.rows);
                // As it would travel in an address.
                next = page.next.map(|cursor| Cursor::from(cursor.to_string()));
                if next.is_none() {
                    break;
                }
            }
            assert_eq!(all, whole, "{query:?} by {size}");
        }
    }
    let first = orders[0].page(&mut client, 2, None).unwrap();
    Deal::delete(&mut client, &deals[0].id).unwrap();
    new_deal(&owner, "f", 6).insert(&mut client).unwrap();
    let rest = orders[0].page(&mut client, 9, first.next.as_ref()).unwrap();
    assert_eq!(titles(&rest.rows), "cdef");
}

#[test]
fn a_page_is_one_range_of_an_index() {
    let (_database, mut client) = database();
    five(&mut client);
    let query = Deal::query();
    let next = query.page(&mut client, 2, None).unwrap().next;
    client.batch_execute("SET enable_seqscan = off").unwrap();
    let mut log = Recorded::explaining(&mut client);
    query.page(&mut log, 2, next.as_ref()).unwrap();
    assert!(log.plan.contains("Index Cond: (id > "), "{}", log.plan);
}

/// How the server would find the rows of a query, sequential scans aside.
pub(super) fn explained<R: Row>(client: &mut Client, query: &pilaster::Query<R>) -> String {
    client.batch_execute("SET enable_seqscan = off").unwrap();
    let mut log = Recorded::explaining(client);
    query.all(&mut log).unwrap();
    log.plan
}

#[test]
fn children_and_parents_of_many_rows_take_one_query() {
    let (_database, mut client) = database();
    let (_, deals) = five(&mut client);
    for (at, body) in [(0, "a1"), (2, "c1"), (0, "a2")] {
        let mail = NewEmail::new(deals[at].id, body.into());
        mail.insert(&mut client).unwrap();
    }
    let some = &deals[..3];
    let mut counted = Recorded::new(&mut client);
    let children = Deal::EMAILS.children(&mut counted, some).unwrap();
    assert_eq!(counted.statements, 1);
    let bodies = |mails: &Vec<Email>| mails.iter().map(|m| m.body.clone()).collect::<Vec<_>>();
    let bodies: Vec<_> = children.iter().map(bodies).collect();
    assert_eq!(bodies, [vec!["a1", "a2"], vec![], vec!["c1"]]);

    let newest = Deal::EMAILS.of(some).order_by(Email::ID.desc());
    let newest = Deal::EMAILS.group(some, newest.all(&mut client).unwrap());
    assert_eq!(newest[0][0].body, "a2");

    let mails = Email::query().all(&mut client).unwrap();
    let parents = Email::DEAL.parents(&mut client, &mails).unwrap();
    assert_eq!(parents.len(), 2);
    assert_eq!(parents[&mails[1].deal_id].title, "c");
    assert_eq!(
        that_pass(&mut client, Deal::EMAILS.any(Email::BODY.like("%1"))),
        "ac"
    );
    let of_small = Email::filter(Email::DEAL.parent(Deal::TEAM_SIZE.lt(3)));
    assert_eq!(of_small.count(&mut client).unwrap(), 2);

    let answer = NewEmail {
        reply_to: Some(mails[0].id),
        ..NewEmail::new(deals[0].id, "a3".into())
    };
    answer.insert(&mut client).unwrap();
    let mails = Email::query()
        .order_by(Email::ID.asc())
        .all(&mut client)
        .unwrap();
    let answers = Email::EMAILS.children(&mut client, &mails).unwrap();
    assert_eq!(answers[0][0].body, "a3");
    assert_eq!(person(&mut client, "b@example.com").name, None);
}
