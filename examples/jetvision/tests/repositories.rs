//! The documented queries, each with rows that it finds and rows that it does not.

#[allow(unused)]
mod common;

use jetvision::factories::{Factory, morning};
use jetvision::repositories::aircraft::{self, Filters};
use jetvision::repositories::{companies, leads, users};
use jetvision::schema::*;
use pilaster::chrono::TimeDelta;
use pilaster::{Insert, Row, Table};

#[test]
fn leads_are_found_by_contact_score_and_date() {
    let (_database, mut client) = common::database();
    let client = &mut client;
    let mut factory = Factory::new();
    let ours = factory.company().insert(client).unwrap();
    let theirs = factory.company().insert(client).unwrap();
    let best = factory.lead(&ours, 95).insert(client).unwrap();
    let due = NewLead {
        next_follow_up_at: Some(morning()),
        ..factory.lead(&ours, 10)
    };
    let due = due.insert(client).unwrap();
    factory.lead(&theirs, 99).insert(client).unwrap();

    let contact = best.apollo_contact_id.clone().unwrap();
    let found = leads::by_apollo_contact(client, ours.id, &contact).unwrap();
    assert_eq!(found.map(|lead| lead.id), Some(best.id));
    let found = leads::by_apollo_contact(client, theirs.id, &contact).unwrap();
    assert_eq!(found, None);

    let found = leads::high_score(client, ours.id, 80, None).unwrap();
    assert_eq!(ids(&found.rows), [best.id]);
    let found = leads::needing_follow_up(client, ours.id, morning()).unwrap();
    assert_eq!(ids(&found), [due.id]);
    let before = morning() - TimeDelta::seconds(1);
    assert!(
        leads::needing_follow_up(client, ours.id, before)
            .unwrap()
            .is_empty()
    );

    // Whoever is lost is neither called nor waited for.
    leads::update_status(client, best.id, LeadStatus::Lost, morning()).unwrap();
    leads::update_status(client, due.id, LeadStatus::Unsubscribed, morning()).unwrap();
    let found = leads::high_score(client, ours.id, 0, None).unwrap();
    assert!(found.rows.is_empty());
    assert!(
        leads::needing_follow_up(client, ours.id, morning())
            .unwrap()
            .is_empty()
    );
}

fn ids(leads: &[Lead]) -> Vec<LeadId> {
    leads.iter().map(|lead| lead.id).collect()
}

#[test]
fn an_import_keeps_what_people_made_of_a_lead() {
    let (_database, mut client) = common::database();
    let client = &mut client;
    let mut factory = Factory::new();
    let company = factory.company().insert(client).unwrap();
    let mut sent = [factory.lead(&company, 50), factory.lead(&company, 60)];
    let outcome = leads::import(client, &sent).unwrap();
    assert_eq!((outcome.new, outcome.refreshed), (2, 0));

    let known = leads::high_score(client, company.id, 0, None).unwrap().rows;
    leads::update_status(client, known[0].id, LeadStatus::Contacted, morning()).unwrap();
    Lead::delete(client, &known[1].id).unwrap();
    sent[0].score = Some(70);
    sent[1].score = Some(80);
    let outcome = leads::import(client, &sent).unwrap();
    assert_eq!(
        (outcome.new, outcome.refreshed, outcome.left_alone),
        (0, 1, 1)
    );
    let kept = Lead::find(client, &known[0].id).unwrap().unwrap();
    assert_eq!((kept.status, kept.score), (LeadStatus::Contacted, 80));
    assert_eq!(Lead::find(client, &known[1].id).unwrap(), None);
}

#[test]
fn conversion_is_counted_without_deleted_leads() {
    let (_database, mut client) = common::database();
    let client = &mut client;
    let mut factory = Factory::new();
    let company = factory.company().insert(client).unwrap();
    assert_eq!(
        leads::conversion_stats(client, company.id).unwrap().rate(),
        0.0
    );
    let converted = NewLead {
        status: Some(LeadStatus::Converted),
        last_contacted_at: Some(morning()),
        converted_at: Some(morning()),
        ..factory.lead(&company, 90)
    };
    converted.insert(client).unwrap();
    let open = factory.lead(&company, 10).insert(client).unwrap();
    factory.lead(&company, 20).insert(client).unwrap();
    Lead::delete(client, &open.id).unwrap();
    let stats = leads::conversion_stats(client, company.id).unwrap();
    assert_eq!((stats.total, stats.converted, stats.rate()), (2, 1, 50.0));
    assert_eq!(stats.stages[0].status, LeadStatus::New);
    assert_eq!(stats.stages[0].average_score.to_string(), "20.0");
}

#[test]
fn aircraft_are_found_by_what_is_asked_for() {
    let (_database, mut client) = common::database();
    let client = &mut client;
    let mut factory = Factory::new();
    let operator = factory.company().insert(client).unwrap();
    let small = factory.aircraft(&operator).insert(client).unwrap();
    let large = NewAircraft {
        category: AircraftCategory::HeavyJet,
        max_passengers: 14,
        range: 4_000,
        hourly_rate: Some(8_000.into()),
        base_airport: "KVNY".into(),
        amenities: Some(vec!["bed".into(), "wifi".into()]),
        ..factory.aircraft(&operator)
    };
    let large = large.insert(client).unwrap();
    let grounded = NewAircraft {
        status: Some(AircraftStatus::Maintenance),
        ..factory.aircraft(&operator)
    };
    grounded.insert(client).unwrap();

    let mut find = |filters: Filters| -> Vec<AircraftId> {
        let found = aircraft::search(client, &filters, None).unwrap().rows;
        found.iter().map(|aircraft| aircraft.id).collect()
    };
    let any = Filters::default;
    assert_eq!(find(any()), [small.id, large.id]);
    let heavy = vec![AircraftCategory::HeavyJet, AircraftCategory::Turboprop];
    assert_eq!(
        find(Filters {
            categories: heavy,
            ..any()
        }),
        [large.id]
    );
    assert_eq!(
        find(Filters {
            base: Some("KTEB".into()),
            ..any()
        }),
        [small.id]
    );
    assert_eq!(
        find(Filters {
            passengers: Some(8),
            ..any()
        }),
        [large.id]
    );
    assert_eq!(
        find(Filters {
            range: Some(4_001),
            ..any()
        }),
        []
    );
    assert_eq!(
        find(Filters {
            hourly_rate: Some(5_000.into()),
            ..any()
        }),
        [small.id]
    );
    let bed = vec!["wifi".into(), "bed".into()];
    assert_eq!(
        find(Filters {
            amenities: bed,
            ..any()
        }),
        [large.id]
    );

    let flight = NewBooking {
        status: Some(BookingStatus::Confirmed),
        total_price: Some(9_000.into()),
        ..factory.booking(&operator, &small)
    };
    let flight = flight.insert(client).unwrap();
    let during = (flight.departure_at + TimeDelta::hours(1), flight.arrival_at);
    let after = (flight.arrival_at, flight.arrival_at + TimeDelta::hours(1));
    let mut free = |time| {
        let filters = Filters {
            free: Some(time),
            ..any()
        };
        aircraft::search(client, &filters, None).unwrap().rows.len()
    };
    assert_eq!((free(during), free(after)), (1, 2));
}

#[test]
fn pages_follow_each_other() {
    let (_database, mut client) = common::database();
    let client = &mut client;
    let mut factory = Factory::new();
    for _ in 0..45 {
        factory.company().insert(client).unwrap();
    }
    NewCompany::new("100% Air".into()).insert(client).unwrap();
    let (mut names, mut next, mut pages) = (Vec::new(), None, 0);
    loop {
        let page = companies::search_by_name(client, "company", next.as_ref()).unwrap();
        names.extend(page.rows.into_iter().map(|company| company.name));
        (next, pages) = (page.next, pages + 1);
        if next.is_none() {
            break;
        }
    }
    names.dedup();
    assert_eq!((names.len(), pages), (45, 3));
    let percent = companies::search_by_name(client, "0%", None).unwrap();
    assert_eq!(percent.rows.len(), 1);
}

#[test]
fn people_and_companies_take_what_others_know_of_them() {
    let (_database, mut client) = common::database();
    let client = &mut client;
    let mut factory = Factory::new();
    let company = factory.company().insert(client).unwrap();
    let user = factory.user(&company).insert(client).unwrap();
    let renamed = users::sync(client, &user.clerk_id, "New@Example.com", ("Ada", "Byron"));
    let renamed = renamed.unwrap().unwrap();
    assert_eq!(
        (renamed.id, renamed.company_id),
        (user.id, Some(company.id))
    );
    assert_eq!(renamed.email, "new@example.com");
    users::seen(client, &user, morning()).unwrap();
    let known = users::by_clerk_id(client, &user.clerk_id).unwrap().unwrap();
    assert_eq!(known.last_seen_at, Some(morning()));
    assert_eq!(users::of_company(client, company.id).unwrap().len(), 1);
    User::delete(client, &user.id).unwrap();
    let gone = users::sync(client, &user.clerk_id, "a@example.com", ("Ada", "Byron"));
    assert_eq!(gone.unwrap(), None);

    let found = ApolloOrganization {
        id: "apollo-7".into(),
        industry: None,
        employees: Some(12),
        technologies: Some(vec!["Salesforce".into()]),
        enriched_at: morning(),
        extra: Default::default(),
    };
    companies::enrich(client, &company, found).unwrap();
    let using = companies::using_technology(client, "Salesforce").unwrap();
    assert_eq!(using.len(), 1);
    assert!(
        companies::using_technology(client, "Excel")
            .unwrap()
            .is_empty()
    );
    assert_eq!(Company::query().count(client).unwrap(), 1);
}
