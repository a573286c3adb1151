//! Whether the database answers, and where it is.

use std::time::{Duration, Instant};

use pilaster::{Connection, Result, Row};

use crate::schema::{DataRegion, Residency};

/// How a database is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Health {
    /// How long it took to answer.
    pub answered_in: Duration,
    /// Its region; `None` where nobody has set it up.
    pub region: Option<DataRegion>,
}

/// Asks the database where it is.
///
/// # Errors
///
/// Where it does not answer.
pub fn check(client: &mut impl Connection) -> Result<Health> {
    let began = Instant::now();
    let residency = Residency::query().first(client)?;
    Ok(Health {
        answered_in: began.elapsed(),
        region: residency.map(|residency| residency.region),
    })
}
