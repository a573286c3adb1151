//! One database a region, and who is sent to which.
//!
//! It never moves a row from one region to another.

use std::collections::BTreeMap;

use pilaster::postgres::Client;
use pilaster::{Error, Insert, Row};

use crate::schema::{
    DataRegion, NewOrganisation, NewResidency, Organisation, OrganisationError, Residency,
};

/// Connections by region.
#[derive(Default)]
pub struct Regions {
    databases: BTreeMap<DataRegion, Client>,
}

/// Why a request can't be sent anywhere.
#[derive(Debug, thiserror::Error)]
pub enum RouteError {
    /// No database of that region is known.
    #[error("no database of the region {0} is known")]
    Unknown(DataRegion),
    /// A database says that it is somewhere else.
    #[error("the database for {wanted} says that it is in {found}")]
    Elsewhere {
        /// The region it was added for.
        wanted: DataRegion,
        /// The region it holds.
        found: DataRegion,
    },
    /// The database refused.
    #[error(transparent)]
    Database(#[from] Error),
}

impl Regions {
    /// Adds the database of a region. One that has no region yet becomes that region's for good.
    ///
    /// # Errors
    ///
    /// [`RouteError::Elsewhere`] where it is another region's: a wrong address must never be the way
    /// that data leaves its region.
    pub fn add(&mut self, region: DataRegion, mut client: Client) -> Result<(), RouteError> {
        let found = match Residency::query().first(&mut client)? {
            Some(residency) => residency.region,
            None => {
                let here = NewResidency::new(region).insert(&mut client);
                here.map_err(Into::<Error>::into)?.region
            }
        };
        if found != region {
            return Err(RouteError::Elsewhere {
                wanted: region,
                found,
            });
        }
        self.databases.insert(region, client);
        Ok(())
    }

    /// The database of that region.
    ///
    /// # Errors
    ///
    /// [`RouteError::Unknown`] where none was added.
    pub fn database(&mut self, region: DataRegion) -> Result<&mut Client, RouteError> {
        let database = self.databases.get_mut(&region);
        database.ok_or(RouteError::Unknown(region))
    }

    /// Makes an organisation where its data has to be.
    ///
    /// # Errors
    ///
    /// [`OrganisationError::RegionFkey`] can't come about by this way; by any other, the database
    /// refuses what is not its region's.
    pub fn found(&mut self, organisation: &NewOrganisation) -> Result<Organisation, RouteError> {
        let database = self.database(organisation.region)?;
        let made = organisation.insert(database);
        Ok(made.map_err(|error: OrganisationError| Into::<Error>::into(error))?)
    }
}
