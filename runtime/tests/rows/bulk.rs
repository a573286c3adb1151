//! Many rows at once.

use pilaster::{Insert, InsertMany, Row};

use super::schema::*;
use super::{database, new_deal, person};

#[test]
fn many_rows_come_back_in_their_order() {
    let (_database, mut client) = database();
    let owner = person(&mut client, "ada@example.com");
    // More values than one statement holds, and rows that leave different columns to defaults.
    let new: Vec<NewDeal> = (0..20_000)
        .map(|at| NewDeal {
            stage: (at % 10_000 == 0).then_some(DealStage::Closed),
            ..new_deal(&owner, &at.to_string(), at + 1)
        })
        .collect();
    let made = new.insert_many(&mut client).unwrap();
    assert_eq!(made.len(), new.len());
    assert!(
        made.iter()
            .zip(&new)
            .all(|(deal, new)| deal.title == new.title)
    );
    assert_eq!(made[10_000].stage, DealStage::Closed);
    assert_eq!(made[10_001].stage, DealStage::Inquiry);
    assert_eq!(new[..0].insert_many(&mut client).unwrap(), []);
}

#[test]
fn a_copy_is_the_same_rows_sooner() {
    let (_database, mut client) = database();
    let owner = person(&mut client, "ada@example.com");
    let requirements = Requirements {
        budget: Some("12345678901234567890.5".parse().unwrap()),
        location: Some("SoMa".into()),
        ..Requirements::default()
    };
    let new: Vec<NewDeal> = (1..=1_000)
        .map(|at| NewDeal {
            requirements: requirements.clone(),
            stage: Some(DealStage::Touring),
            notes: (at % 2 == 0).then(|| "even".to_owned()),
            ..new_deal(&owner, &at.to_string(), at)
        })
        .collect();
    assert_eq!(new.copy(&mut client).unwrap(), 1_000);
    let deals = Deal::query()
        .order_by(Deal::TEAM_SIZE.asc())
        .all(&mut client)
        .unwrap();
    assert_eq!(deals[0].requirements, requirements);
    assert_eq!(deals[1].notes.as_deref(), Some("even"));
    assert_eq!(deals[2].stage, DealStage::Touring);

    let refused = [new_deal(&owner, "x", 0)].copy(&mut client).unwrap_err();
    assert!(
        matches!(refused, DealError::TeamSizePositive(_)),
        "{refused:?}"
    );
}

#[test]
fn a_role_that_policies_bind_copies_all_the_same() {
    let (_database, mut client) = database();
    let owner = person(&mut client, "ada@example.com");
    let text = "ALTER TABLE deals ENABLE ROW LEVEL SECURITY; CREATE ROLE bound_by_policies;
        GRANT ALL ON deals, people TO bound_by_policies;
        CREATE POLICY small ON deals USING (team_size < 10);
        SET ROLE bound_by_policies";
    let mut transaction = client.transaction().unwrap();
    transaction.batch_execute(text).unwrap();
    let new: Vec<NewDeal> = (1..=9)
        .map(|at| new_deal(&owner, &at.to_string(), at))
        .collect();
    assert_eq!(new.copy(&mut transaction).unwrap(), 9);
    assert_eq!(Deal::query().count(&mut transaction).unwrap(), 9);
    let large = new_deal(&owner, "large", 10);
    assert!([large].copy(&mut transaction).is_err());
    transaction.rollback().unwrap();
    assert!(new_deal(&owner, "a", 1).insert(&mut client).is_ok());
}
