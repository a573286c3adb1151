//! Changes of state as types.

use pilaster::{Error, In, Insert, Stateful, Table};

use super::schema::draft_states::{Approved, Archived, Pending, Sent};
use super::schema::*;
use super::{database, five};

#[test]
fn a_draft_goes_the_way_of_its_states() {
    let (_database, mut client) = database();
    let (_, deals) = five(&mut client);
    let draft = NewDraft::new(DraftId(1), deals[0].id)
        .insert(&mut client)
        .unwrap();
    let draft: In<Draft, Pending> = draft.into_state().unwrap();

    let unsigned = draft
        .clone()
        .to::<Approved>(&mut client, &DraftPatch::default());
    assert!(
        matches!(unsigned, Err(DraftError::ApprovalIsSigned(_))),
        "{unsigned:?}"
    );
    let signed = DraftPatch {
        approved_by: Some(Some("Kim".into())),
        // The state is the method's to say.
        status: Some(DraftStatus::Sent),
        ..DraftPatch::default()
    };
    let approved: In<Draft, Approved> = draft.clone().to(&mut client, &signed).unwrap();
    assert_eq!(approved.status, DraftStatus::Approved);
    assert_eq!(approved.approved_by.as_deref(), Some("Kim"));

    // Whoever read it before it was approved is late.
    let late = draft.to::<Archived>(&mut client, &DraftPatch::default());
    assert!(
        matches!(late, Err(DraftError::Other(Error::Stale { .. }))),
        "{late:?}"
    );

    let sent = approved
        .to::<Sent>(&mut client, &DraftPatch::default())
        .unwrap();
    assert_eq!(sent.into_row().status, DraftStatus::Sent);
    let read = Draft::find(&mut client, &DraftId(1)).unwrap().unwrap();
    let read = read.into_state::<Pending>().unwrap_err();
    let archived = read.into_state::<Sent>().unwrap();
    let archived = archived.to::<Archived>(&mut client, &DraftPatch::default());
    assert_eq!(archived.unwrap().status, DraftStatus::Archived);
}
