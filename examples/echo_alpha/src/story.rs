//! One deal, from the first mail to the draft that was sent, told through the generated types.
//!
//! What the database refuses is tried on purpose: each refusal says which rule it was.

use std::collections::BTreeMap;
use std::io::Write;

use pilaster::chrono::{DateTime, Utc};
use pilaster::postgres::Client;
use pilaster::serde_json::json;
use pilaster::uuid::Uuid;
use pilaster::{AsUser, Insert, Json, Patch, Result, Row, Table};

use crate::schema::*;

/// The person at the desk: the `sub` of the claims that a request would carry.
const AGENT: Uuid = Uuid::from_u128(0x8f0f_4a52_3c0e_4d3b_9d5e_0a6d_1c2b_3e4f);

/// Tells the story on an empty database that the migrations have been applied to.
///
/// # Errors
///
/// What the database refused although the story says that it is allowed, or a failure to write.
pub fn tell(client: &mut Client, out: &mut impl Write) -> Result<(), Box<dyn std::error::Error>> {
    let deal = a_client_asks(client, out)?;
    let inbound = a_mail_comes_in(client, out, &deal)?;
    let draft = the_assistant_answers(client, out, &deal, &inbound)?;
    let draft = it_tries_again(client, out, draft)?;
    a_person_approves(client, out, &deal, &draft)?;
    nobody_else_looks(client, out)?;
    Ok(())
}

fn a_client_asks(
    client: &mut Client,
    out: &mut impl Write,
) -> Result<Deal, Box<dyn std::error::Error>> {
    let deal = NewDeal {
        id: None,
        seeker_name: "Sarah Chen".into(),
        seeker_email: "sarah@brightloop.example".into(),
        company_name: "Brightloop".into(),
        team_size: 12,
        monthly_budget: 9_000,
        requirements: Requirements {
            dog_friendly: Some(true),
            parking: Some(true),
            location: Some("SoMa".into()),
            ..Requirements::default()
        },
        stage: DealStage::Inquiry,
        created_at: None,
        user_id: Some(AGENT),
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
    refused(
        out,
        "A team of nobody",
        attempt(client, |t| nobody.update(t, &deal.id).map(drop)),
    )?;

    for (name, rate, dogs) in [
        ("The Foundry Loft", 8_500, true),
        ("Harbor Annex", 6_200, false),
    ] {
        NewSpace {
            id: None,
            name: name.into(),
            address: "410 Brannan Street".into(),
            neighborhood: Some("SoMa".into()),
            host_company: "Ledgerline".into(),
            host_email: "office@ledgerline.example".into(),
            host_context: None,
            amenities: Amenities {
                parking: Some(dogs),
                dog_friendly: Some(dogs),
                extra: BTreeMap::from([("rooftop".into(), true)]),
                ..Amenities::default()
            },
            availability: Availability(BTreeMap::from([(
                "tuesday".into(),
                vec!["2pm".into(), "4pm".into()],
            )])),
            monthly_rate: rate,
            detailed_amenities: None,
            created_at: None,
        }
        .insert(client)?;
    }
    let wanted = Json(Amenities {
        dog_friendly: Some(true),
        ..Amenities::default()
    });
    let fitting = Space::select(client, "WHERE amenities @> $1 ORDER BY id", &[&wanted])?;
    for space in &fitting {
        let shown = NewDealSpace {
            id: None,
            deal_id: deal.id,
            space_id: space.id,
            status: DealSpaceStatus::Shown,
            created_at: None,
        };
        shown.insert(client)?;
        writeln!(out, "{} takes dogs, and is shown.", space.name)?;
    }
    Ok(deal)
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
        deal_id: deal.id + 1,
        ..mail
    };
    refused(
        out,
        "A mail of no deal",
        attempt(client, |t| orphan.insert(t).map(drop)),
    )?;

    // What our types can't even say, other clients may: the database refuses it all the same.
    let sql = "UPDATE emails SET ai_metadata = '{\"confidence\": \"high\"}'";
    let raw = attempt(client, |t| Ok(t.batch_execute(sql)?));
    refused(out, "A confidence in words", raw)?;
    Ok(email)
}

fn mail(deal_id: i32, from: &str, to: &str, body: &str) -> NewEmail {
    NewEmail {
        id: None,
        deal_id,
        from: from.into(),
        to: to.into(),
        subject: "Re: The Foundry Loft".into(),
        body: body.into(),
        sent_at: None,
        ai_generated: None,
        ai_metadata: None,
    }
}

fn the_assistant_answers(
    client: &mut Client,
    out: &mut impl Write,
    deal: &Deal,
    inbound: &Email,
) -> Result<EmailDraft, Box<dyn std::error::Error>> {
    let first = version(0, "Two dogs are welcome, up to 40 lb each.", None);
    let draft = NewEmailDraft {
        id: None,
        deal_id: deal.id,
        inbound_email_id: inbound.id,
        ai_generated_body: first.body.clone(),
        edited_body: None,
        final_body: Some(first.body.clone()),
        confidence_score: 85,
        status: None,
        reasoning: Some(first.reasoning.clone()),
        metadata: Some(first.metadata.clone()),
        validation: Some(DraftValidation {
            status: DraftValidationStatus::Warnings,
            issues: vec!["the deposit is not mentioned".into()],
            checked_at: noon(),
        }),
        regeneration_count: None,
        last_regeneration_at: None,
        current_version: None,
        draft_versions: Some(EmailDraftDraftVersions(vec![first])),
        created_at: None,
        reviewed_at: None,
        reviewed_by: None,
        sent_at: None,
        sent_email_id: None,
        archived_at: None,
        archived_by: None,
        archive_reason: None,
        user_id: Some(AGENT),
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
    refused(
        out,
        "A fourth try",
        attempt(client, |t| fourth.update(t, &draft.id).map(drop)),
    )?;
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
    draft: &EmailDraft,
) -> Result<(), Box<dyn std::error::Error>> {
    let status = |status| EmailDraftPatch {
        status: Some(status),
        ..EmailDraftPatch::default()
    };
    let sent = status(EmailDraftStatus::Sent);
    refused(
        out,
        "Sending what nobody approved",
        attempt(client, |t| sent.update(t, &draft.id).map(drop)),
    )?;
    let approved = status(EmailDraftStatus::Approved);
    refused(
        out,
        "Approving without a name",
        attempt(client, |t| approved.update(t, &draft.id).map(drop)),
    )?;
    let approved = EmailDraftPatch {
        reviewed_at: Some(Some(noon().naive_utc())),
        reviewed_by: Some(Some("kim@echo.example".into())),
        ..approved
    };
    approved.update(client, &draft.id)?;
    writeln!(out, "Kim approves.")?;

    // The mail and the draft's new state belong together.
    let mut transaction = client.transaction()?;
    let mail = NewEmail {
        ai_generated: Some(Some(true)),
        ..mail(
            deal.id,
            "agent@echo.example",
            &deal.seeker_email,
            body(draft),
        )
    };
    let mail = mail.insert(&mut transaction)?;
    let sent = EmailDraftPatch {
        sent_at: Some(Some(noon().naive_utc())),
        sent_email_id: Some(Some(mail.id)),
        ..sent
    };
    let draft = sent
        .update(&mut transaction, &draft.id)?
        .ok_or("the draft is gone")?;
    transaction.commit()?;
    writeln!(out, "The answer is sent to {}: {}", mail.to, mail.body)?;

    let edit = EmailDraftPatch {
        final_body: Some(Some("No dogs.".into())),
        ..EmailDraftPatch::default()
    };
    refused(
        out,
        "Editing what was sent",
        attempt(client, |t| edit.update(t, &draft.id).map(drop)),
    )?;
    let archived = EmailDraftPatch {
        archived_at: Some(Some(noon().naive_utc())),
        archived_by: Some(Some("kim@echo.example".into())),
        archive_reason: Some(Some("the deal is closed".into())),
        ..status(EmailDraftStatus::Archived)
    };
    archived.update(client, &draft.id)?;
    let kept = EmailDraft::get(client, &draft.id)?.ok_or("the draft is gone")?;
    writeln!(
        out,
        "The draft is archived, not deleted: {}.",
        kept.archive_reason.unwrap_or_default()
    )?;
    refused(
        out,
        "Deleting the deal under its mails",
        attempt(client, |t| Deal::delete(t, &deal.id).map(drop)),
    )?;
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
            let deals = Deal::all(db)?.len();
            let (drafts, spaces) = (EmailDraft::all(db)?.len(), Space::all(db)?.len());
            Result::Ok((deals, drafts, spaces))
        })?;
        writeln!(
            out,
            "To {who} the database shows {deals} deals, {drafts} drafts and {spaces} spaces."
        )?;
    }
    Ok(())
}

fn version(number: i32, text: &str, prompt: Option<&str>) -> DraftVersion {
    DraftVersion {
        version: number,
        body: text.into(),
        prompt: prompt.map(str::to_owned),
        confidence: 85.0,
        reasoning: DraftReasoning {
            questions_addressed: vec![QuestionAddressed {
                question: "May two dogs come along?".into(),
                answer: "Yes, up to 40 lb".into(),
                source_email_id: None,
                source_text: None,
            }],
            data_used: vec![DataPoint {
                data_point: "dog policy".into(),
                source_type: Some(DataPointSourceType::Space),
                source_id: Some(1),
                field_path: Some("detailed_amenities.dogPolicy".into()),
                value: None,
            }],
            scheduling_logic: None,
        },
        metadata: DraftMetadata {
            model: "gpt-4o-mini".into(),
            tokens_used: 1_250,
            generated_at: noon(),
            validation_tokens_used: Some(310),
        },
        created_at: noon(),
    }
}

fn noon() -> DateTime<Utc> {
    DateTime::UNIX_EPOCH
        + pilaster::chrono::TimeDelta::days(20_514)
        + pilaster::chrono::TimeDelta::hours(12)
}

fn body(draft: &EmailDraft) -> &str {
    draft
        .final_body
        .as_deref()
        .unwrap_or(&draft.ai_generated_body)
}

/// Tries something in a transaction of its own that is rolled back.
fn attempt(
    client: &mut Client,
    work: impl FnOnce(&mut pilaster::postgres::Transaction<'_>) -> Result<()>,
) -> Result<()> {
    let mut transaction = client.transaction()?;
    work(&mut transaction)
}

/// Says which rule refused it; it is an error of the story where none did.
fn refused(
    out: &mut impl Write,
    what: &str,
    outcome: Result<()>,
) -> Result<(), Box<dyn std::error::Error>> {
    match outcome {
        Err(error) => {
            let rule = error
                .constraint()
                .ok_or_else(|| format!("{what}: {error}"))?;
            writeln!(out, "  {what} is refused by {rule}.")?;
            Ok(())
        }
        Ok(()) => Err(format!("{what} was accepted").into()),
    }
}
