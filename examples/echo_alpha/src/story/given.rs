//! What the story takes for granted: a mail, a version of a draft, an attempt that is rolled back.

use std::io::Write;

use pilaster::Error;
use pilaster::chrono::{DateTime, Utc};
use pilaster::postgres::Client;

use crate::schema::*;

pub(super) fn mail(deal_id: DealId, from: &str, to: &str, body: &str) -> NewEmail {
    let subject = "Re: The Foundry Loft";
    NewEmail::new(deal_id, from.into(), to.into(), subject.into(), body.into())
}

pub(super) fn version(number: i32, text: &str, prompt: Option<&str>) -> DraftVersion {
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

pub(super) fn noon() -> DateTime<Utc> {
    DateTime::UNIX_EPOCH
        + pilaster::chrono::TimeDelta::days(20_514)
        + pilaster::chrono::TimeDelta::hours(12)
}

pub(super) fn body(draft: &EmailDraft) -> &str {
    draft
        .final_body
        .as_deref()
        .unwrap_or(&draft.ai_generated_body)
}

/// Tries something in a transaction of its own that is rolled back.
pub(super) fn attempt<T, E: From<Error>>(
    client: &mut Client,
    work: impl FnOnce(&mut pilaster::postgres::Transaction<'_>) -> Result<T, E>,
) -> Result<T, E> {
    let mut transaction = client.transaction().map_err(Error::from)?;
    work(&mut transaction)
}

/// Says which rule refused it; it is an error of the story where none did.
pub(super) fn refused<T>(
    out: &mut impl Write,
    what: &str,
    outcome: Result<T, impl Into<Error>>,
) -> Result<(), Box<dyn std::error::Error>> {
    match outcome.map_err(Into::into) {
        Err(error) => {
            let rule = error
                .constraint()
                .ok_or_else(|| format!("{what}: {error}"))?;
            writeln!(out, "  {what} is refused by {rule}.")?;
            Ok(())
        }
        Ok(_) => Err(format!("{what} was accepted").into()),
    }
}
