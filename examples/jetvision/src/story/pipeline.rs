//! Leads: an import, the same import again, and the way to a customer.

use std::error::Error;
use std::io::Write;

use pilaster::chrono::TimeDelta;
use pilaster::postgres::Client;
use pilaster::{AsUser, Insert, Json, Patch};

use super::attempts::refused;
use super::{Cast, job, signed_in};
use crate::factories::{Factory, morning};
use crate::repositories::{campaigns, leads};
use crate::schema::*;

type Told<T = ()> = Result<T, Box<dyn Error>>;

pub(super) fn apollo_sends_leads(
    client: &mut Client,
    out: &mut impl Write,
    cast: &Cast,
) -> Told<Vec<Lead>> {
    let mut factory = Factory::new();
    let mut sent: Vec<NewLead> = [92, 85, 40]
        .map(|score| factory.lead(&cast.northwind, score))
        .into();
    let first = client.as_user(job("apollo"), |t| leads::import(t, &sent))?;
    sent[2].score = Some(81);
    sent.push(factory.lead(&cast.northwind, 20));
    let again = client.as_user(job("apollo"), |t| leads::import(t, &sent))?;
    writeln!(
        out,
        "Apollo sends {} leads, and later {} more and {} again.",
        first.new, again.new, again.refreshed
    )?;
    let vera = signed_in(&cast.vera);
    let best = client.as_user(vera.clone(), |t| {
        leads::high_score(t, cast.northwind.id, 80, None)
    })?;
    for lead in &best.rows {
        let by = lead.created_by.as_deref().unwrap_or("nobody");
        writeln!(out, "{}, from {by}, scores {}.", lead.email, lead.score)?;
    }
    let perfect = LeadPatch {
        score: Some(101),
        ..LeadPatch::default()
    };
    refused(client, out, vera, "A score above a hundred", |t| {
        perfect.update(t, &best.rows[0].id)
    })?;
    let forged = "UPDATE leads SET \"apolloData\" = '{\"id\": 7}'";
    refused::<_, pilaster::Error>(
        client,
        out,
        job("apollo"),
        "A contact that is a number",
        |t| Ok(t.batch_execute(forged)?),
    )?;
    Ok(best.rows)
}

pub(super) fn leads_move_on(
    client: &mut Client,
    out: &mut impl Write,
    cast: &Cast,
    found: &[Lead],
) -> Told {
    let (vera, best) = (signed_in(&cast.vera), &found[0]);
    refused(client, out, vera.clone(), "Converting a new lead", |t| {
        leads::update_status(t, best.id, LeadStatus::Converted, morning())
    })?;
    let way = [
        LeadStatus::Contacted,
        LeadStatus::Engaged,
        LeadStatus::Qualified,
        LeadStatus::Converted,
    ];
    for status in way {
        client.as_user(vera.clone(), |t| {
            leads::update_status(t, best.id, status, morning())
        })?;
    }
    let promise = LeadPatch {
        next_follow_up_at: Some(Some(morning() + TimeDelta::days(2))),
        ..LeadPatch::default()
    };
    client.as_user(vera.clone(), |t| promise.update(t, &found[1].id))?;
    let (due, stats) = client.as_user(vera.clone(), |t| {
        let by = morning() + TimeDelta::days(3);
        let due = leads::needing_follow_up(t, cast.northwind.id, by)?;
        let stats = leads::conversion_stats(t, cast.northwind.id)?;
        Ok::<_, pilaster::Error>((due, stats))
    })?;
    for lead in due {
        writeln!(out, "{} waits for an answer.", lead.email)?;
    }
    writeln!(
        out,
        "{} of {} leads became customers, {} %.",
        stats.converted,
        stats.total,
        stats.rate()
    )?;
    a_campaign_runs(client, out, cast, &found[1])
}

fn a_campaign_runs(client: &mut Client, out: &mut impl Write, cast: &Cast, lead: &Lead) -> Told {
    let vera = signed_in(&cast.vera);
    let campaign = NewCampaign {
        owner_id: Some(cast.vera.id),
        ..NewCampaign::new(
            cast.northwind.id,
            "Winter to the islands".into(),
            CampaignChannel::Email,
        )
    };
    let campaign = client.as_user(vera.clone(), |t| campaign.insert(t))?;
    let start = CampaignPatch {
        status: Some(CampaignStatus::Active),
        ..CampaignPatch::default()
    };
    refused(
        client,
        out,
        vera.clone(),
        "A campaign without a step",
        |t| start.update(t, &campaign.id),
    )?;
    let mail = CampaignStep::Email(CampaignStepEmail {
        day: 0,
        subject: "A warmer January".into(),
        body: "Nonstop from Teterboro.".into(),
    });
    let start = CampaignPatch {
        steps: Some(Json(vec![mail])),
        ..start
    };
    let performance = client.as_user(vera.clone(), |t| {
        start.update(t, &campaign.id)?;
        NewCampaignTarget::new(campaign.id, lead.id).insert(t)?;
        for event in [TargetStatus::Sent, TargetStatus::Opened] {
            campaigns::record(t, campaign.id, lead.id, event, morning())?;
        }
        Ok::<_, Box<dyn Error>>(campaigns::performance(t, cast.northwind.id)?)
    })?;
    for campaign in performance {
        writeln!(
            out,
            "“{}” went to {} lead and was opened by {}.",
            campaign.name, campaign.sent, campaign.opened
        )?;
    }
    Ok(())
}
