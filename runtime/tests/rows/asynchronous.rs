//! What holds of the same generated code on every asynchronous driver: whoever includes this has the
//! driver's `Rows` and runs work `with_client`.

use pilaster::{Error, In, Row, Stateful};

use super::schema::draft_states::{Approved, Pending};
use super::schema::*;
use super::{Rows, with_client};

pub(crate) fn new_deal(owner: &Person, title: &str, team_size: i32) -> NewDeal {
    NewDeal::new(owner.id, title.into(), team_size, Requirements::default())
}

#[test]
fn rows_requests_and_refusals_are_the_same() {
    with_client(|client| async move {
        let ada = NewPerson::new("ada@example.com".into());
        let ada = client.upsert(&ada, Person::BY_EMAIL).await.unwrap();
        let same = client.find_by(Person::BY_EMAIL, &ada.email).await.unwrap();
        assert_eq!(same.as_ref(), Some(&ada));
        let deals: Vec<NewDeal> = (1..=5).map(|n| new_deal(&ada, &n.to_string(), n)).collect();
        let deals = client.insert_many(&deals).await.unwrap();
        let refused = client.insert(&new_deal(&ada, "x", 0)).await.unwrap_err();
        assert!(matches!(refused, DealError::TeamSizePositive(_)));

        let large = Deal::filter(Deal::TEAM_SIZE.gt(2)).order_by(Deal::TEAM_SIZE.desc());
        assert_eq!(client.count(&large).await.unwrap(), 3);
        assert_eq!(client.all(&large).await.unwrap()[0].team_size, 5);
        assert_eq!(client.first(&large).await.unwrap().unwrap().title, "5");
        let page = client.page(&large, 2, None).await.unwrap();
        let rest = client.page(&large, 2, page.next.as_ref()).await.unwrap();
        assert_eq!((page.rows.len(), rest.rows.len(), rest.next), (2, 1, None));

        let patch = DealPatch {
            notes: Some(Some("called".into())),
            ..DealPatch::default()
        };
        let patched = client.update(&patch, &deals[0].id).await.unwrap().unwrap();
        assert_eq!(patched.notes.as_deref(), Some("called"));
        let unchanged = client.update(&DealPatch::default(), &deals[0].id).await;
        assert_eq!(unchanged.unwrap(), Some(patched));
        let closed = client.update_all(&large, [Deal::STAGE.set(DealStage::Closed)]);
        assert_eq!(closed.await.unwrap().len(), 3);

        let mail = NewEmail::new(deals[1].id, "hello".into());
        let mail = client.insert(&mail).await.unwrap();
        let children = client.children(Deal::EMAILS, &deals).await.unwrap();
        assert_eq!(children[1], std::slice::from_ref(&mail));
        let parents = client.parents(Email::DEAL, &[mail]).await.unwrap();
        assert_eq!(parents[&deals[1].id].title, "2");
        let refused = client.delete::<Deal>(&deals[1].id).await.unwrap_err();
        assert!(matches!(refused, DealError::EmailsDealIdFkey(_)));
        assert!(client.delete::<Deal>(&deals[0].id).await.unwrap());
        assert_eq!(client.find::<Deal>(&deals[0].id).await.unwrap(), None);
        assert_eq!(client.delete_all(&large).await.unwrap(), 3);
    });
}

#[test]
fn states_are_the_same() {
    with_client(|client| async move {
        let ada = NewPerson::new("ada@example.com".into());
        let ada = client.insert(&ada).await.unwrap();
        let deal = client.insert(&new_deal(&ada, "a", 1)).await.unwrap();
        let draft = NewDraft::new(DraftId(1), deal.id);
        let draft = client.insert(&draft).await.unwrap();
        let draft: In<Draft, Pending> = draft.into_state().unwrap();
        let signed = DraftPatch {
            approved_by: Some(Some("Kim".into())),
            ..DraftPatch::default()
        };
        let approved: In<Draft, Approved> = client.step(draft.clone(), &signed).await.unwrap();
        assert_eq!(approved.status, DraftStatus::Approved);
        let late = client.step::<_, _, Approved>(draft, &signed).await;
        assert!(matches!(late, Err(DraftError::Other(Error::Stale { .. }))));
    });
}

#[test]
fn many_rows_are_copied_and_versions_are_kept() {
    with_client(|client| async move {
        let ada = NewPerson::new("ada@example.com".into());
        let ada = client.insert(&ada).await.unwrap();
        let again = NewPerson::new("ada@example.com".into());
        let there = client.insert_unless_there(&again, Person::BY_EMAIL).await;
        assert_eq!(there.unwrap(), None);
        let mut deals: Vec<NewDeal> = (1..=2_000)
            .map(|n| new_deal(&ada, &n.to_string(), n))
            .collect();
        deals[7].notes = Some("seen".into());
        assert_eq!(client.copy(&deals).await.unwrap(), 2_000);
        let seen = Deal::filter(Deal::NOTES.is_not_null());
        let deal = client.first(&seen).await.unwrap().unwrap();
        assert_eq!((deal.title.as_str(), deal.team_size), ("8", 8));
        let refused = client.copy(&[new_deal(&ada, "0", 0)]).await.unwrap_err();
        assert!(matches!(refused, DealError::TeamSizePositive(_)));

        let read = client
            .find_version::<Deal>(&deal.id)
            .await
            .unwrap()
            .unwrap();
        let patch = DealPatch {
            rating: Some(Some(5)),
            ..DealPatch::default()
        };
        let rated = client
            .update_version(&patch, &deal.id, read.version())
            .await;
        assert_eq!(rated.unwrap().rating, Some(5));
        let late = client
            .update_version(&patch, &deal.id, read.version())
            .await;
        assert!(matches!(late, Err(DealError::Other(Error::Stale { .. }))));
    });
}
