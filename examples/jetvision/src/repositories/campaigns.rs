//! Campaigns, and what became of their mails.

use pilaster::chrono::{DateTime, Utc};
use pilaster::{Connection, Result, Row};

use crate::schema::{
    CampaignId, CampaignTarget, CampaignTargetError, CompanyId, LeadId, TargetStatus,
};

/// How far the mails of a campaign got: a row of the view `campaign_performance`.
#[derive(Clone, Debug, PartialEq, Row)]
#[pilaster(table = "public.campaign_performance")]
pub struct Performance {
    /// Which campaign.
    #[pilaster(column = "campaignId")]
    pub campaign_id: CampaignId,
    /// Whose.
    #[pilaster(column = "companyId")]
    pub company_id: CompanyId,
    /// Its name.
    pub name: String,
    /// Leads that were written to.
    pub sent: i64,
    /// Leads that opened a mail.
    pub opened: i64,
    /// Leads that followed a link.
    pub clicked: i64,
    /// Leads that wrote back.
    pub replied: i64,
}

/// How the campaigns of a company do, by name.
///
/// # Errors
///
/// What the server refused.
pub fn performance(client: &mut impl Connection, company: CompanyId) -> Result<Vec<Performance>> {
    Performance::filter(Performance::COMPANY_ID.eq(company))
        .order_by(Performance::NAME.asc())
        .all(client)
}

/// Notes what Apollo's webhook says of one lead in one campaign.
///
/// # Errors
///
/// [`CampaignTargetError::SendingIsDated`] where a mail is opened that was never sent.
pub fn record(
    client: &mut impl Connection,
    campaign: CampaignId,
    lead: LeadId,
    event: TargetStatus,
    at: DateTime<Utc>,
) -> Result<Option<CampaignTarget>, CampaignTargetError> {
    let mut changes = vec![CampaignTarget::STATUS.set(event)];
    changes.extend(match event {
        TargetStatus::Sent => Some(CampaignTarget::SENT_AT.set(at)),
        TargetStatus::Opened => Some(CampaignTarget::OPENED_AT.set(at)),
        TargetStatus::Clicked => Some(CampaignTarget::CLICKED_AT.set(at)),
        TargetStatus::Replied => Some(CampaignTarget::REPLIED_AT.set(at)),
        TargetStatus::Pending | TargetStatus::Bounced => None,
    });
    let one = CampaignTarget::CAMPAIGN_ID.eq(campaign) & CampaignTarget::LEAD_ID.eq(lead);
    let changed = CampaignTarget::filter(one).update(client, changes)?;
    Ok(changed.into_iter().next())
}
