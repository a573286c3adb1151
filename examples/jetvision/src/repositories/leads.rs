//! Leads, from Apollo's import to the first flight.

use pilaster::chrono::{DateTime, Utc};
use pilaster::{Connection, Cursor, Insert, Numeric, Page, Result, Row};

use crate::schema::{CompanyId, Lead, LeadError, LeadId, LeadStatus, NewLead};

/// The states in which nobody waits for an answer any more.
const CLOSED: [LeadStatus; 3] = [
    LeadStatus::Converted,
    LeadStatus::Lost,
    LeadStatus::Unsubscribed,
];

/// The company's lead for that contact at Apollo.
///
/// # Errors
///
/// What the server refused.
pub fn by_apollo_contact(
    client: &mut impl Connection,
    company: CompanyId,
    contact: &str,
) -> Result<Option<Lead>> {
    let contact = Lead::APOLLO_CONTACT_ID.eq(contact);
    Lead::filter(Lead::COMPANY_ID.eq(company) & contact).first(client)
}

/// A page of leads with at least that score, the best first, without those that are closed.
///
/// # Errors
///
/// What the server refused.
pub fn high_score(
    client: &mut impl Connection,
    company: CompanyId,
    least: i32,
    after: Option<&Cursor>,
) -> Result<Page<Lead>> {
    let best = Lead::COMPANY_ID.eq(company) & Lead::SCORE.ge(least);
    Lead::filter(best & Lead::STATUS.not_in(CLOSED))
        .order_by(Lead::SCORE.desc())
        .page(client, 50, after)
}

/// Leads that should have been followed up by then, the longest waiting first.
///
/// # Errors
///
/// What the server refused.
pub fn needing_follow_up(
    client: &mut impl Connection,
    company: CompanyId,
    by: DateTime<Utc>,
) -> Result<Vec<Lead>> {
    let due = Lead::COMPANY_ID.eq(company) & Lead::NEXT_FOLLOW_UP_AT.le(by);
    Lead::filter(due & Lead::STATUS.not_in(CLOSED))
        .order_by(Lead::NEXT_FOLLOW_UP_AT.asc())
        .all(client)
}

/// Brings a lead to that state, with the date that the state asks for. Which changes there are the
/// model says and the database decides.
///
/// # Errors
///
/// [`LeadError::StatusTransition`] where the lead can't come there from where it is.
pub fn update_status(
    client: &mut impl Connection,
    lead: LeadId,
    status: LeadStatus,
    at: DateTime<Utc>,
) -> Result<Option<Lead>, LeadError> {
    let mut changes = vec![Lead::STATUS.set(status)];
    match status {
        LeadStatus::Contacted | LeadStatus::Engaged => {
            changes.push(Lead::LAST_CONTACTED_AT.set(at));
        }
        LeadStatus::Converted => changes.push(Lead::CONVERTED_AT.set(at)),
        _ => {}
    }
    let changed = Lead::filter(Lead::ID.eq(lead)).update(client, changes)?;
    Ok(changed.into_iter().next())
}

/// What became of an import.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    /// Leads that were not known before.
    pub new: u64,
    /// Leads that were, and have Apollo's newer data now.
    pub refreshed: u64,
    /// Leads that were deleted, and stay so.
    pub left_alone: u64,
}

/// Brings in what Apollo sent. A lead that is known keeps what people made of it (state, assignment,
/// dates) and takes Apollo's data and score; one that was deleted is left alone.
///
/// # Errors
///
/// What the server refused; run it in a transaction, so that an import is whole or not at all.
pub fn import(client: &mut impl Connection, sent: &[NewLead]) -> Result<Imported, LeadError> {
    let mut outcome = Imported::default();
    for lead in sent {
        let key = Lead::BY_COMPANY_ID_APOLLO_CONTACT_ID;
        if lead.insert_unless_there(client, key)?.is_some() {
            outcome.new += 1;
            continue;
        }
        let mut changes = vec![Lead::EMAIL.set(lead.email.clone())];
        changes.extend(lead.score.map(|score| Lead::SCORE.set(score)));
        changes.extend(lead.title.clone().map(|title| Lead::TITLE.set(title)));
        changes.extend(
            lead.apollo_data
                .clone()
                .map(|data| Lead::APOLLO_DATA.set(data)),
        );
        let contact = lead.apollo_contact_id.clone().unwrap_or_default();
        let known = Lead::COMPANY_ID.eq(lead.company_id) & Lead::APOLLO_CONTACT_ID.eq(contact);
        match Lead::filter(known).update(client, changes)?.len() {
            0 => outcome.left_alone += 1,
            _ => outcome.refreshed += 1,
        }
    }
    Ok(outcome)
}

/// The leads of a company in one state: a row of the view `lead_funnel`.
#[derive(Clone, Debug, PartialEq, Row)]
#[pilaster(table = "public.lead_funnel")]
pub struct FunnelStage {
    /// Whose leads.
    #[pilaster(column = "companyId")]
    pub company_id: CompanyId,
    /// In which state.
    pub status: LeadStatus,
    /// How many.
    pub leads: i64,
    /// Their average score, to one digit.
    #[pilaster(column = "averageScore")]
    pub average_score: Numeric,
}

/// How far the leads of a company come.
#[derive(Clone, Debug, PartialEq)]
pub struct ConversionStats {
    /// The states that hold any, in their order.
    pub stages: Vec<FunnelStage>,
    /// All leads.
    pub total: i64,
    /// Those that fly with us.
    pub converted: i64,
}

impl ConversionStats {
    /// Converted leads in a hundred; 0 where there are none at all.
    pub fn rate(&self) -> f64 {
        if self.total == 0 {
            return 0.0;
        }
        self.converted as f64 * 100.0 / self.total as f64
    }
}

/// How far the leads of a company come, counted by the database.
///
/// # Errors
///
/// What the server refused.
pub fn conversion_stats(
    client: &mut impl Connection,
    company: CompanyId,
) -> Result<ConversionStats> {
    let stages = FunnelStage::filter(FunnelStage::COMPANY_ID.eq(company))
        .order_by(FunnelStage::STATUS.asc())
        .all(client)?;
    let converted = stages
        .iter()
        .filter(|stage| stage.status == LeadStatus::Converted);
    Ok(ConversionStats {
        total: stages.iter().map(|stage| stage.leads).sum(),
        converted: converted.map(|stage| stage.leads).sum(),
        stages,
    })
}
