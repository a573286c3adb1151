//! What came of the work: how far mails got.

use pilaster::{Connection, Result, Row};

use crate::schema::{CampaignId, OrganisationId};

/// How far the mails of a campaign got: a row of the view `campaign_results`.
#[derive(Clone, Debug, PartialEq, Row)]
#[pilaster(table = "public.campaign_results")]
pub struct Results {
    /// Which campaign.
    #[pilaster(column = "campaignId")]
    pub campaign_id: CampaignId,
    /// Whose.
    #[pilaster(column = "organisationId")]
    pub organisation_id: OrganisationId,
    /// Its name.
    pub name: String,
    /// Mails that went out.
    pub sent: i64,
    /// Mails that were opened; who replied has opened.
    pub opened: i64,
    /// Mails that were answered.
    pub replied: i64,
    /// Mails that came back.
    pub bounced: i64,
}

impl Results {
    /// How many of a hundred mails were answered.
    pub fn reply_rate(&self) -> f64 {
        match self.sent {
            0 => 0.0,
            sent => 100.0 * self.replied as f64 / sent as f64,
        }
    }
}

/// The results of every campaign that whoever asks may see, the most answered first.
///
/// # Errors
///
/// What the server refused.
pub fn results(client: &mut impl Connection) -> Result<Vec<Results>> {
    Results::query()
        .order_by(Results::REPLIED.desc())
        .order_by(Results::NAME.asc())
        .all(client)
}
