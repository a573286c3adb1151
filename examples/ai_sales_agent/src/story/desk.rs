//! A prospect, a campaign, and a mail in French.

use std::io::Write;

use pilaster::postgres::Client;
use pilaster::{AsUser, In, Insert, Patch, Row, Stateful, transaction};

use super::{Cast, Told, noon, refused};
use crate::acting::{api, jobs};
use crate::analytics;
use crate::languages::{filled, text_in};
use crate::pagination::{Wanted, paginate};
use crate::schema::campaign_states::{Draft, Running};
use crate::schema::prospect_states::{New, Qualified};
use crate::schema::*;
use crate::sign_in::Profile;

pub(super) fn a_prospect_is_qualified(
    client: &mut Client,
    out: &mut impl Write,
    cast: &Cast,
) -> Told<Prospect> {
    let claire = api(cast.claire.id, cast.atelier.id);
    let prospect = |n: u32| NewProspect {
        owner_id: Some(cast.hugo.id),
        first_name: Some("Louise".into()),
        company_name: Some("Ateliers Roux".into()),
        locale: Some(Locale::Fr),
        ..NewProspect::new(cast.atelier.id, format!("louise-{n}@roux.example"))
    };
    let louise = client.as_user(claire.clone(), |t| prospect(1).insert(t))?;
    let poached = NewProspect {
        owner_id: Some(cast.stranger.id),
        ..prospect(2)
    };
    refused(
        client,
        out,
        claire.clone(),
        "Somebody else's person as its owner",
        |t| poached.insert(t),
    )?;
    let elsewhere = NewProspect {
        owner_id: None,
        organisation_id: cast.other.id,
        ..prospect(2)
    };
    refused(
        client,
        out,
        claire.clone(),
        "A prospect for somebody else",
        |t| elsewhere.insert(t),
    )?;

    let new: In<_, New> = louise.into_state().map_err(|p| p.status.to_string())?;
    let blind = ProspectPatch::default();
    refused(
        client,
        out,
        claire.clone(),
        "Qualifying without a reason",
        |t| new.clone().to::<Qualified>(t, &blind),
    )?;
    let reasons = ProspectPatch {
        score: Some(85),
        qualification: Some(Some(Qualification {
            reasons: vec![QualificationReason {
                label: "decides".into(),
                points: 85,
            }],
            model: "gpt-4o".into(),
            assessed_at: noon(),
        })),
        ..ProspectPatch::default()
    };
    let qualified: In<_, Qualified> = client.as_user(claire, |t| new.to(t, &reasons))?;
    writeln!(out, "{} scores {}.", qualified.email, qualified.score)?;
    Ok(qualified.into_row())
}

pub(super) fn a_campaign_writes_in_french(
    client: &mut Client,
    out: &mut impl Write,
    cast: &Cast,
    prospect: &Prospect,
) -> Told<Message> {
    let text = |subject: &str, body: &str| MailText {
        subject: subject.into(),
        body: body.into(),
    };
    let step = SequenceStep {
        after_days: 0,
        en: Some(text("Your spare parts", "Hello {{firstName}}!")),
        fr: Some(text(
            "Vos pièces",
            "Bonjour {{firstName}}, et {{companyName}} ?",
        )),
    };
    let claire = api(cast.claire.id, cast.atelier.id);
    let (sequence, campaign) = client.as_user(claire.clone(), |t| {
        let steps = EmailSequenceSteps(vec![step.clone()]);
        let sequence = NewEmailSequence::new(cast.atelier.id, "Contact".into(), steps).insert(t)?;
        let campaign = NewCampaign::new(cast.atelier.id, sequence.id, "Printemps".into());
        Ok::<_, Box<dyn std::error::Error>>((sequence, campaign.insert(t)?))
    })?;
    let draft: In<_, Draft> = campaign.into_state().map_err(|c| c.status.to_string())?;
    let undated = CampaignPatch::default();
    refused(
        client,
        out,
        claire.clone(),
        "A campaign that runs since never",
        |t| draft.clone().to::<Running>(t, &undated),
    )?;
    let begun = CampaignPatch {
        starts_at: Some(Some(noon())),
        ..CampaignPatch::default()
    };
    let running: In<_, Running> = client.as_user(claire.clone(), |t| draft.to(t, &begun))?;

    let (locale, mail) = text_in(&step, prospect.locale).ok_or("the step has no text")?;
    let mail = filled(mail, prospect);
    let message = NewMessage {
        campaign_id: Some(running.id),
        status: Some(MessageStatus::Sent),
        locale: Some(locale),
        subject: Some(mail.subject),
        sent_at: Some(noon()),
        ..NewMessage::new(cast.atelier.id, prospect.id, mail.body)
    };
    // A mail that is sent and a prospect that is contacted are one thing; a deadlock is tried again.
    let message = transaction(client, |t| {
        let contacted = ProspectPatch {
            status: Some(ProspectStatus::Contacted),
            ..ProspectPatch::default()
        };
        let message = message.insert(t).map_err(Into::<pilaster::Error>::into)?;
        let moved = contacted.update(t, &prospect.id);
        moved.map_err(Into::<pilaster::Error>::into)?;
        Ok::<_, pilaster::Error>(message)
    })?;
    writeln!(
        out,
        "“{}” sends, in {}: {}",
        sequence.name, message.locale, message.body
    )?;
    let undated = NewMessage {
        subject: None,
        ..NewMessage::new(cast.atelier.id, prospect.id, "Bonjour".into())
    };
    refused(client, out, claire, "A mail without a subject", |t| {
        undated.insert(t)
    })?;
    Ok(message)
}

pub(super) fn louise_answers(
    client: &mut Client,
    out: &mut impl Write,
    cast: &Cast,
    message: &Message,
) -> Told {
    let became = |status| MessagePatch {
        status: Some(status),
        ..MessagePatch::default()
    };
    // The mail provider's webhook says what became of a mail, one thing after the other.
    let answered: Result<Message, MessageError> = client.as_user(jobs(), |t| {
        for status in [MessageStatus::Opened, MessageStatus::Replied] {
            became(status).update(t, &message.id)?;
        }
        let answer = NewMessage {
            direction: Some(MessageDirection::Inbound),
            status: Some(MessageStatus::Sent),
            locale: Some(message.locale),
            subject: Some("Re: Vos pièces".into()),
            sent_at: Some(noon()),
            ..NewMessage::new(cast.atelier.id, message.prospect_id, "Volontiers !".into())
        };
        answer.insert(t)
    });
    answered?;
    refused(
        client,
        out,
        jobs(),
        "A mail that was never sent after all",
        |t| became(MessageStatus::Draft).update(t, &message.id),
    )?;
    let claire = api(cast.claire.id, cast.atelier.id);
    for one in client.as_user(claire, |t| analytics::results(t))? {
        writeln!(
            out,
            "“{}”: {} sent, {} opened, {} answered, {} %.",
            one.name,
            one.sent,
            one.opened,
            one.replied,
            one.reply_rate()
        )?;
    }
    Ok(())
}

pub(super) fn nobody_else_looks(client: &mut Client, out: &mut impl Write, cast: &Cast) -> Told {
    let people = [
        ("Claire", api(cast.claire.id, cast.atelier.id)),
        ("A stranger", api(cast.stranger.id, cast.other.id)),
    ];
    for (name, who) in people {
        let (colleagues, prospects, messages) = client.as_user(who, |t| {
            let order = [User::LAST_NAME.asc(), User::ID.asc()];
            let page = paginate(t, &Profile::query(), order, Wanted::new(1, 20))?;
            let prospects = Prospect::query().count(t)?;
            Ok::<_, pilaster::Error>((page.total, prospects, Message::query().count(t)?))
        })?;
        writeln!(
            out,
            "{name} sees {colleagues} people, {prospects} prospects and {messages} messages."
        )?;
    }
    Ok(())
}
