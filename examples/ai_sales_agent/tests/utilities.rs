//! What the guide calls database utilities: pages, retries, retention, regions.

mod common;

use std::sync::{Arc, Barrier};

use ai_sales_agent::pagination::{Wanted, paginate};
use ai_sales_agent::regions::{Regions, RouteError};
use ai_sales_agent::retention;
use ai_sales_agent::schema::*;
use pilaster::chrono::{TimeDelta, Utc};
use pilaster::postgres::Client;
use pilaster::{Error, Insert, InsertMany, Row, Table, Transactions};

/// A European organisation, in a database that becomes Europe's.
fn organisation(client: &mut Client) -> Organisation {
    NewResidency::new(DataRegion::Eu).insert(client).unwrap();
    let organisation = NewOrganisation::new("Nord".into(), "nord.example".into(), DataRegion::Eu);
    organisation.insert(client).unwrap()
}

fn prospects(client: &mut Client, of: &Organisation, count: u32) -> Vec<Prospect> {
    let new = (0..count).map(|n| NewProspect {
        score: Some(n as i32 % 10),
        ..NewProspect::new(of.id, format!("prospect-{n}@example.com"))
    });
    new.collect::<Vec<_>>().insert_many(client).unwrap()
}

#[test]
fn every_row_is_on_one_page() {
    let (_database, mut client) = common::database();
    let of = organisation(&mut client);
    let made = prospects(&mut client, &of, 45);
    Prospect::delete(&mut client, &made[0].id).unwrap();
    let mut seen = Vec::new();
    let mut page = 1;
    loop {
        let order = [Prospect::SCORE.desc(), Prospect::ID.asc()];
        let wanted = Wanted::new(page, 20);
        let found = paginate(&mut client, &Prospect::query(), order, wanted).unwrap();
        assert_eq!((found.total, found.pages, found.page), (44, 3, page));
        let more = found.has_next();
        seen.extend(found.data.into_iter().map(|prospect| prospect.id));
        if !more {
            break;
        }
        page += 1;
    }
    assert_eq!((page, seen.len()), (3, 44));
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 44);
    let beyond = paginate(&mut client, &Prospect::query(), [], Wanted::new(9, 20)).unwrap();
    assert!(beyond.data.is_empty() && !beyond.has_next());
}

#[test]
fn two_who_take_the_last_seat_are_told_apart() {
    let (database, mut client) = common::database();
    let of = organisation(&mut client);
    let subscription = NewSubscription {
        seats: Some(2),
        ..NewSubscription::new(of.id, Utc::now())
    };
    subscription.insert(&mut client).unwrap();
    // Each adds a person where there is a seat; both have counted before either has written.
    let barrier = Arc::new(Barrier::new(2));
    let workers = (0..2).map(|n| {
        let (mut client, barrier) = (database.connect().unwrap(), Arc::clone(&barrier));
        let of = of.id;
        std::thread::spawn(move || {
            let mut attempts = 0;
            let outcome = Transactions::serializable().run(&mut client, |t| {
                attempts += 1;
                let seats = Subscription::BY_ORGANISATION_ID.find(t, &of)?;
                let seats = seats.map_or(0, |subscription| subscription.seats);
                let taken = User::filter(User::ORGANISATION_ID.eq(of)).count(t)?;
                if attempts == 1 {
                    barrier.wait();
                }
                let person = NewUser::new(
                    of,
                    format!("person-{n}@example.com"),
                    hash(),
                    "Test".into(),
                    "Person".into(),
                );
                let free = i64::from(seats) - taken as i64;
                if free > 1 {
                    person.insert(t).map_err(Into::<Error>::into)?;
                }
                Ok::<_, Error>(free > 1)
            });
            (outcome.unwrap(), attempts)
        })
    });
    let workers: Vec<_> = workers.collect();
    let outcomes: Vec<(bool, u32)> = workers.into_iter().map(|w| w.join().unwrap()).collect();
    let got: u32 = outcomes.iter().map(|(got, _)| u32::from(*got)).sum();
    let attempts: u32 = outcomes.iter().map(|(_, attempts)| attempts).sum();
    assert_eq!(got, 1, "{outcomes:?}");
    assert!(attempts > 2, "nobody tried again: {outcomes:?}");
    assert_eq!(User::query().count(&mut client).unwrap(), 1);
}

fn hash() -> String {
    format!(
        "$argon2id$v=19$m=19456,t=2,p=1${}${}",
        "a".repeat(22),
        "b".repeat(43)
    )
}

#[test]
fn each_organisation_keeps_what_it_decided_to_keep() {
    let (_database, mut client) = common::database();
    let of = organisation(&mut client);
    let made = prospects(&mut client, &of, 2);
    let messages = made.iter().map(|prospect| NewMessage {
        subject: Some("Hello".into()),
        ..NewMessage::new(of.id, prospect.id, "Hello".into())
    });
    messages
        .collect::<Vec<_>>()
        .insert_many(&mut client)
        .unwrap();
    let lost = Prospect::filter(Prospect::ID.eq(made[0].id));
    let change = [Prospect::STATUS.set(ProspectStatus::Lost)];
    assert!(
        lost.update(&mut client, change).is_err(),
        "without a qualification"
    );
    let reasons = Qualification {
        reasons: vec![],
        model: "gpt-4o".into(),
        assessed_at: Utc::now(),
    };
    let change = [
        Prospect::STATUS.set(ProspectStatus::Lost),
        Prospect::QUALIFICATION.set(reasons),
    ];
    lost.update(&mut client, change).unwrap();

    let nothing = retention::apply(&mut client, Utc::now()).unwrap();
    assert_eq!(nothing, retention::Expired::default());
    let later = Utc::now() + TimeDelta::days(731);
    let expired = retention::apply(&mut client, later).unwrap();
    assert_eq!((expired.messages, expired.prospects), (2, 1));
    assert!(expired.audit > 0);
    assert_eq!(Prospect::query().count(&mut client).unwrap(), 1);
    assert_eq!(
        Prospect::query().only_deleted().count(&mut client).unwrap(),
        1
    );
}

#[test]
fn a_database_belongs_to_one_region() {
    let (database, client) = common::database();
    let mut regions = Regions::default();
    regions.add(DataRegion::Eu, client).unwrap();
    let wrong = regions.add(DataRegion::Us, database.connect().unwrap());
    assert!(
        matches!(wrong, Err(RouteError::Elsewhere { .. })),
        "{wrong:?}"
    );
    let unknown = regions.database(DataRegion::Us).map(drop);
    assert!(matches!(unknown, Err(RouteError::Unknown(DataRegion::Us))));

    // By any other way, the database itself refuses it.
    let europe = regions.database(DataRegion::Eu).unwrap();
    let astray = NewOrganisation::new("A".into(), "a.example".into(), DataRegion::Us);
    let refused = astray.insert(europe).unwrap_err();
    assert!(
        matches!(refused, OrganisationError::RegionFkey(_)),
        "{refused:?}"
    );
    let second = NewResidency::new(DataRegion::Us)
        .insert(europe)
        .unwrap_err();
    assert!(matches!(second, ResidencyError::OnlyKey(_)), "{second:?}");
}

#[test]
fn the_audit_log_holds_what_changed_and_no_hash() {
    let (_database, mut client) = common::database();
    let of = organisation(&mut client);
    let person = NewUser::new(
        of.id,
        "a@example.com".into(),
        hash(),
        "A".into(),
        "B".into(),
    );
    let person = person.insert(&mut client).unwrap();
    let them = User::filter(User::ID.eq(person.id));
    let hash_alone = [User::PASSWORD_HASH.set(hash().replace("bbb", "ccc"))];
    them.update(&mut client, hash_alone).unwrap();
    them.update(&mut client, [User::FIRST_NAME.set("Ada")])
        .unwrap();
    User::delete(&mut client, &person.id).unwrap();
    them.clone().only_deleted().purge(&mut client, 0).unwrap();
    let lines = person.trail().all(&mut client).unwrap();
    let of_users = AuditLog::filter(AuditLog::TABLE_NAME.eq("users"));
    assert_eq!(of_users.count(&mut client).unwrap(), lines.len() as u64);
    // The organisation's own line is found by its key, which is its tenant as well.
    let founded = of.trail().first(&mut client).unwrap();
    assert_eq!(founded.map(|line| line.organisation_id), Some(of.id.0));
    let actions: Vec<AuditAction> = lines.iter().map(|line| line.action).collect();
    use AuditAction::{Delete, Insert, Update};
    assert_eq!(actions, [Insert, Update, Update, Delete]);
    let renamed = &lines[1].changes["firstName"];
    assert_eq!(
        (&renamed["before"], &renamed["after"]),
        (&"A".into(), &"Ada".into())
    );
    let all = format!("{lines:?}");
    assert!(!all.contains("argon2id"), "{all}");
}
