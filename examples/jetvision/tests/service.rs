//! What operators ask, and who signs what.

mod common;

use jetvision::factories::{Factory, morning};
use jetvision::schema::*;
use jetvision::service;
use migrations::apply::Migrator;
use pilaster::serde_json::json;
use pilaster::{AsUser, Insert, Patch, Persona, Row, Table};

#[test]
fn health_tells_what_is_pending() {
    let (_database, mut client) = common::database();
    let history = common::history();
    let (health, pending) = service::health(&mut client, &history).unwrap();
    assert_eq!(pending, 0);
    assert!(health.connections >= 1 && !health.server.is_empty());
    Migrator::new(&mut client, &history)
        .down(Some(7), &mut |_| {})
        .unwrap();
    let (_, pending) = service::health(&mut client, &history).unwrap();
    assert_eq!(pending, 1);
}

#[test]
fn the_clean_up_takes_what_is_old_and_free() {
    let (_database, mut client) = common::database();
    let client = &mut client;
    let mut factory = Factory::new();
    let company = factory.company().insert(client).unwrap();
    let [booked, free, fresh] =
        [(); 3].map(|()| factory.aircraft(&company).insert(client).unwrap());
    factory.booking(&company, &booked).insert(client).unwrap();
    for aircraft in [&booked, &free] {
        Aircraft::delete(client, &aircraft.id).unwrap();
    }
    let long_ago = "UPDATE aircraft SET \"deletedAt\" = now() - interval '31 days' \
                    WHERE \"deletedAt\" IS NOT NULL";
    client.batch_execute(long_ago).unwrap();
    Aircraft::delete(client, &fresh.id).unwrap();

    let counts = service::stats(client).unwrap();
    let count = counts
        .iter()
        .find(|count| count.table == "aircraft")
        .unwrap();
    assert_eq!((count.rows, count.deleted), (0, 3));
    let cleaned = service::clean_up(client, 30, morning()).unwrap();
    assert_eq!(cleaned.tables, [("aircraft", 1)]);
    let left = Aircraft::query().only_deleted().all(client).unwrap();
    let mut left: Vec<AircraftId> = left.iter().map(|aircraft| aircraft.id).collect();
    let mut kept = vec![booked.id, fresh.id];
    left.sort();
    kept.sort();
    assert_eq!(left, kept);
}

#[test]
fn nobody_signs_for_somebody_else() {
    let (_database, mut client) = common::database();
    let client = &mut client;
    let mut factory = Factory::new();
    let company = factory.company().insert(client).unwrap();
    let user = factory.user(&company).insert(client).unwrap();
    let me = Persona::from(json!({ "sub": user.clerk_id, "role": "authenticated" }));
    let forged = NewLead {
        created_by: Some("somebody else".into()),
        updated_by: Some("somebody else".into()),
        ..factory.lead(&company, 50)
    };
    let lead = client.as_user(me.clone(), |t| forged.insert(t)).unwrap();
    let signed = (lead.created_by.as_deref(), lead.updated_by.as_deref());
    assert_eq!(signed, (Some(&*user.clerk_id), Some(&*user.clerk_id)));

    let forged = LeadPatch {
        created_by: Some(None),
        created_at: Some(morning()),
        deleted_by: Some(Some("somebody else".into())),
        ..LeadPatch::default()
    };
    let changed = client.as_user(me.clone(), |t| forged.update(t, &lead.id));
    let changed = changed.unwrap().unwrap();
    assert_eq!(changed.created_by, lead.created_by);
    assert_eq!(changed.created_at, lead.created_at);
    assert_eq!(changed.deleted_by, None);

    client.as_user(me, |t| Lead::delete(t, &lead.id)).unwrap();
    let deleted = Lead::query().only_deleted().first(client).unwrap().unwrap();
    assert_eq!(deleted.deleted_by, Some(user.clerk_id));
    Lead::query().restore(client).unwrap();
    let restored = Lead::find(client, &lead.id).unwrap().unwrap();
    assert_eq!(restored.deleted_by, None);
}
