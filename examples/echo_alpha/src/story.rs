//! One deal, from the first mail to the draft that was sent, told through the generated types.
//!
//! What the database refuses is tried on purpose: each refusal says which rule it was.

mod given;

use std::collections::BTreeMap;
use std::io::Write;

use pilaster::postgres::Client;
use pilaster::serde_json::json;
use pilaster::uuid::Uuid;
use pilaster::{
    AsUser, Error, In, Insert, InsertMany, Patch, Row, Stateful, Table, query, transaction,
};

use crate::schema::email_draft_states::{Approved, Archived, Pending, Sent};
use crate::schema::*;
use given::{attempt, body, mail, noon, refused, version};

/// The person at the desk: the `sub` of the claims that a request would carry.
const AGENT: Uuid = Uuid::from_u128(0x8f0f_4a52_3c0e_4d3b_9d5e_0a6d_1c2b_3e4f);

/// Tells the story on an empty database that the migrations have been applied to.
///
/// # Errors
///
/// What the database refused although the story says that it is allowed, or a failure to write.
pub fn tell(client: &mut Client, out: &mut impl Write) -> Result<(), Box<dyn std::error::Error>> {
    let deal = a_client_asks(client, out)?;
    spaces_are_shown(client, out, &deal)?;
    let inbound = a_mail_comes_in(client, out, &deal)?;
    let draft = the_assistant_answers(client, out, &deal, &inbound)?;
    let draft = it_tries_again(client, out, draft)?;
    a_person_approves(client, out, &deal, draft)?;
    the_desk_looks_back(client, out)?;
    nobody_else_looks(client, out)?;
    Ok(())
}

fn a_client_asks(
    client: &mut Client,
    out: &mut impl Write,
) -> Result<Deal, Box<dyn std::error::Error>> {
    let wishes = Requirements {
        dog_friendly: Some(true),
        parking: Some(true),
        location: Some("SoMa".into()),
        ..Requirements::default()
    };
    let deal = NewDeal {
        user_id: Some(AGENT),
        ..NewDeal::new(
            "Sarah Chen".into(),
            "sarah@brightloop.example".into(),
            "Brightloop".into(),
            12,
            9_000,
            wishes,
            DealStage::Inquiry,
        )
    }
    .insert(client)?;
    writeln!(
        out,
        "{} of {} looks for a space: {} people, ${} a month.",
        deal.seeker_name, deal.company_name, deal.team_size, deal.monthly_budget
    )?;

    let nobody = DealPatch {
        team_size: Some(0),
        ..DealPatch::default()
    };
    let outcome = attempt(client, |t| nobody.update(t, &deal.id));
    match &outcome {
        // Every rule is a variant; which one it was is no text to search in.
        Err(DealError::TeamSizePositive(_)) => refused(out, "A team of nobody", outcome)?,
        other => return Err(format!("not as the model says: {other:?}").into()),
    }
    Ok(deal)
}

fn spaces_are_shown(
    client: &mut Client,
    out: &mut impl Write,
    deal: &Deal,
) -> Result<(), Box<dyn std::error::Error>> {
    let space = |name: &str, monthly_rate, dogs| {
        let amenities = Amenities {
            parking: Some(dogs),
            dog_friendly: Some(dogs),
            extra: BTreeMap::from([("rooftop".into(), true)]),
            ..Amenities::default()
        };
        let times = vec!["2pm".into(), "4pm".into()];
        NewSpace {
            neighborhood: Some("SoMa".into()),
            ..NewSpace::new(
                name.into(),
                "410 Brannan Street".into(),
                "Ledgerline".into(),
                "office@ledgerline.example".into(),
                amenities,
                Availability(BTreeMap::from([("tuesday".into(), times)])),
                monthly_rate,
            )
        }
    };
    [
        space("The Foundry Loft", 8_500, true),
        space("Harbor Annex", 6_200, false),
    ]
    .insert_many(client)?;

    // What the client asks for is a path into one document, what a space has one into another; both
    // are typed, and the index answers.
    let fitting = Space::filter(
        Space::amenities().dog_friendly().eq(true) & Space::MONTHLY_RATE.le(deal.monthly_budget),
    );
    let fitting = fitting.order_by(Space::MONTHLY_RATE.asc()).all(client)?;
    let shown = fitting
        .iter()
        .map(|space| NewDealSpace::new(deal.id, space.id, DealSpaceStatus::Shown));
    shown.collect::<Vec<_>>().insert_many(client)?;
    for space in &fitting {
        writeln!(out, "{} takes dogs, and is shown.", space.name)?;
    }
    Ok(())
}

fn a_mail_comes_in(
    client: &mut Client,
    out: &mut impl Write,
    deal: &Deal,
) -> Result<Email, Box<dyn std::error::Error>> {
    let mail = mail(
        deal.id,
        &deal.seeker_email,
        "agent@echo.example",
        "May two dogs come along?",
    );
    let email = mail.insert(client)?;
    writeln!(out, "{} writes: {}", deal.seeker_name, email.body)?;

    let orphan = NewEmail {
        deal_id: DealId(deal.id.0 + 1),
        ..mail
    };
    let outcome = attempt(client, |t| orphan.insert(t));
    refused(out, "A mail of no deal", outcome)?;

    // What our types can't even say, other clients may: the database refuses it all the same.
    let sql = "UPDATE emails SET ai_metadata = '{\"confidence\": \"high\"}'";
    let outcome = attempt::<_, Error>(client, |t| Ok(t.batch_execute(sql)?));
    refused(out, "A confidence in words", outcome)?;
    Ok(email)
}

fn the_assistant_answers(
    client: &mut Client,
    out: &mut impl Write,
    deal: &Deal,
    inbound: &Email,
) -> Result<EmailDraft, Box<dyn std::error::Error>> {
    let first = version(0, "Two dogs are welcome, up to 40 lb each.", None);
    let draft = NewEmailDraft {
        final_body: Some(first.body.clone()),
        reasoning: Some(first.reasoning.clone()),
        metadata: Some(first.metadata.clone()),
        validation: Some(DraftValidation {
            status: DraftValidationStatus::Warnings,
            issues: vec!["the deposit is not mentioned".into()],
            checked_at: noon(),
        }),
        draft_versions: Some(EmailDraftDraftVersions(vec![first.clone()])),
        user_id: Some(AGENT),
        ..NewEmailDraft::new(deal.id, inbound.id, first.body, 85)
    }
    .insert(client)?;
    writeln!(
        out,
        "The assistant drafts an answer, {} of 100 sure: {}",
        draft.confidence_score,
        body(&draft)
    )?;
    Ok(draft)
}

fn it_tries_again(
    client: &mut Client,
    out: &mut impl Write,
    mut draft: EmailDraft,
) -> Result<EmailDraft, Box<dyn std::error::Error>> {
    let wishes = ["mention the deposit", "be friendlier", "be brief"];
    for (number, wish) in (1..).zip(wishes) {
        let text =
            format!("Two dogs are welcome, up to 40 lb each; the deposit is $250. ({number})");
        let mut versions = draft
            .draft_versions
            .clone()
            .map(|v| v.0)
            .unwrap_or_default();
        versions.push(version(number, &text, Some(wish)));
        draft = regenerated(&draft, number, versions)
            .update(client, &draft.id)?
            .ok_or("the draft is gone")?;
        writeln!(
            out,
            "Asked to {wish}, it writes version {}.",
            draft.current_version
        )?;
    }
    let versions = draft
        .draft_versions
        .clone()
        .map(|v| v.0)
        .unwrap_or_default();
    let fourth = EmailDraftPatch {
        regeneration_count: Some(4),
        draft_versions: Some(Some(EmailDraftDraftVersions(versions))),
        ..EmailDraftPatch::default()
    };
    let outcome = attempt(client, |t| fourth.update(t, &draft.id));
    refused(out, "A fourth try", outcome)?;
    Ok(draft)
}

fn regenerated(draft: &EmailDraft, number: i32, versions: Vec<DraftVersion>) -> EmailDraftPatch {
    EmailDraftPatch {
        regeneration_count: Some(draft.regeneration_count + 1),
        last_regeneration_at: Some(Some(noon().naive_utc())),
        current_version: Some(number),
        final_body: Some(versions.last().map(|v| v.body.clone())),
        draft_versions: Some(Some(EmailDraftDraftVersions(versions))),
        ..EmailDraftPatch::default()
    }
}

fn a_person_approves(
    client: &mut Client,
    out: &mut impl Write,
    deal: &Deal,
    draft: EmailDraft,
) -> Result<(), Box<dyn std::error::Error>> {
    // From here on the compiler knows the draft's state: `pending.to::<Sent>(…)` would not compile.
    // Whoever goes around the types meets the database.
    let sent = EmailDraft::filter(EmailDraft::ID.eq(draft.id));
    let outcome = attempt(client, |t| {
        sent.update(t, [EmailDraft::STATUS.set(EmailDraftStatus::Sent)])
    });
    refused(out, "Sending what nobody approved", outcome)?;

    let not_pending = |draft: EmailDraft| format!("the draft is {}", draft.status);
    let pending: In<_, Pending> = draft.into_state().map_err(not_pending)?;
    let unsigned = EmailDraftPatch::default();
    let outcome = attempt(client, |t| pending.clone().to::<Approved>(t, &unsigned));
    refused(out, "Approving without a name", outcome)?;
    let signed = EmailDraftPatch {
        reviewed_at: Some(Some(noon().naive_utc())),
        reviewed_by: Some(Some("kim@echo.example".into())),
        ..EmailDraftPatch::default()
    };
    let approved: In<_, Approved> = pending.to(client, &signed)?;
    writeln!(out, "Kim approves.")?;

    // The mail and the draft's new state belong together; a deadlock would be tried again.
    let (mail, sent) = transaction(client, |t| {
        let mail = NewEmail {
            ai_generated: Some(Some(true)),
            ..mail(
                deal.id,
                "agent@echo.example",
                &deal.seeker_email,
                body(&approved),
            )
        };
        let mail = mail.insert(t)?;
        let with_mail = EmailDraftPatch {
            sent_at: Some(Some(noon().naive_utc())),
            sent_email_id: Some(Some(mail.id)),
            ..EmailDraftPatch::default()
        };
        let sent: In<_, Sent> = approved.clone().to(t, &with_mail)?;
        Ok::<_, Error>((mail, sent))
    })?;
    writeln!(out, "The answer is sent to {}: {}", mail.to, mail.body)?;

    let edit = EmailDraftPatch {
        final_body: Some(Some("No dogs.".into())),
        ..EmailDraftPatch::default()
    };
    let outcome = attempt(client, |t| edit.update(t, &sent.id));
    refused(out, "Editing what was sent", outcome)?;
    let why = EmailDraftPatch {
        archived_at: Some(Some(noon().naive_utc())),
        archived_by: Some(Some("kim@echo.example".into())),
        archive_reason: Some(Some("the deal is closed".into())),
        ..EmailDraftPatch::default()
    };
    let archived: In<_, Archived> = sent.to(client, &why)?;
    writeln!(
        out,
        "The draft is archived, not deleted: {}.",
        archived.archive_reason.as_deref().unwrap_or_default()
    )?;
    let outcome = attempt(client, |t| Deal::delete(t, &deal.id));
    refused(out, "Deleting the deal under its mails", outcome)?;
    Ok(())
}

/// What a list of deals shows of each: a part of the row, and a value inside a document. A field
/// that the model does not have, or of another type, would not compile.
#[derive(Debug, Row)]
#[pilaster(of = Deal)]
struct Card {
    company_name: String,
    stage: DealStage,
    #[pilaster(path = "requirements.location")]
    location: Option<String>,
}

/// A page of deals, and their mails in one query more.
fn the_desk_looks_back(
    client: &mut Client,
    out: &mut impl Write,
) -> Result<(), Box<dyn std::error::Error>> {
    let cards = Card::query().order_by(Deal::CREATED_AT.desc());
    for card in cards.page(client, 20, None)?.rows {
        let location = card.location.as_deref().unwrap_or("anywhere");
        let (company, stage) = (card.company_name, card.stage);
        writeln!(out, "{company}, {stage}, looks in {location}.")?;
    }
    let deals = Deal::query().all(client)?;
    let mails = Deal::EMAILS.children(client, &deals)?;
    for (deal, mails) in deals.iter().zip(mails) {
        let ours = mails.iter().filter(|mail| mail.ai_generated == Some(true));
        let (of, ours) = (&deal.company_name, ours.count());
        writeln!(
            out,
            "{of} has {} mails, {ours} by the assistant.",
            mails.len()
        )?;
    }
    // SQL of one's own is read against the model when this file is compiled: the parameter is a
    // status, `status` is one too, and the others are an `i64` and an `i32`.
    let drafts = query!(
        "select d.status, count(*) as drafts, max(d.confidence_score) as surest
         from email_drafts d
         where d.status <> $1
         group by d.status
         order by drafts desc",
        EmailDraftStatus::Pending,
    );
    for group in drafts.all(client)? {
        writeln!(
            out,
            "{} draft is {}, the surest {} of 100 sure.",
            group.drafts, group.status, group.surest
        )?;
    }
    Ok(())
}

/// The same question, asked as two people: row-level security answers.
fn nobody_else_looks(
    client: &mut Client,
    out: &mut impl Write,
) -> Result<(), Box<dyn std::error::Error>> {
    for (who, id) in [("its agent", AGENT), ("a stranger", Uuid::from_u128(1))] {
        let claims = json!({ "sub": id, "role": "authenticated" });
        let (deals, drafts, spaces) = client.as_user(claims, |db| {
            let (deals, drafts) = (Deal::query().count(db)?, EmailDraft::query().count(db)?);
            Ok::<_, Error>((deals, drafts, Space::query().count(db)?))
        })?;
        writeln!(
            out,
            "To {who} the database shows {deals} deals, {drafts} drafts and {spaces} spaces."
        )?;
    }
    Ok(())
}
