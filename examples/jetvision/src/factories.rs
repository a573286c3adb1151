//! New rows for tests and demonstrations: valid, different from each other, and the same in every
//! run. Nothing here is inserted; a test changes what it is about, and inserts.

use pilaster::chrono::{DateTime, TimeDelta, Utc};

use crate::schema::*;

/// Makes rows, each with a number of its own.
///
/// ```
/// use jetvision::factories::Factory;
///
/// let mut factory = Factory::new();
/// assert_ne!(factory.company().name, factory.company().name);
/// ```
#[derive(Clone, Debug, Default)]
pub struct Factory {
    made: u32,
}

impl Factory {
    /// One that has made nothing yet.
    pub fn new() -> Self {
        Factory::default()
    }

    fn next(&mut self) -> u32 {
        self.made += 1;
        self.made
    }

    /// A company that sells flights.
    pub fn company(&mut self) -> NewCompany {
        let n = self.next();
        NewCompany {
            domain: Some(format!("company-{n}.example")),
            kind: Some(CompanyKind::Broker),
            ..NewCompany::new(format!("Company {n}"))
        }
    }

    /// Somebody who works there.
    pub fn user(&mut self, company: &Company) -> NewUser {
        let n = self.next();
        NewUser {
            first_name: Some("Test".into()),
            last_name: Some(format!("Person {n}")),
            company_id: Some(company.id),
            ..NewUser::new(format!("user_{n}"), format!("user-{n}@example.com"))
        }
    }

    /// A lead that Apollo sent, of that score.
    pub fn lead(&mut self, company: &Company, score: i32) -> NewLead {
        let n = self.next();
        NewLead {
            apollo_contact_id: Some(format!("apollo-{n}")),
            first_name: Some("Lead".into()),
            last_name: Some(format!("{n}")),
            score: Some(score),
            apollo_data: Some(ApolloContact {
                id: format!("apollo-{n}"),
                email_status: Some(ApolloContactEmailStatus::Verified),
                seniority: None,
                departments: None,
                employer: None,
                enriched_at: morning(),
                extra: Default::default(),
            }),
            ..NewLead::new(company.id, format!("lead-{n}@example.com"))
        }
    }

    /// A light jet with seven seats at Teterboro.
    pub fn aircraft(&mut self, operator: &Company) -> NewAircraft {
        let n = self.next();
        NewAircraft {
            operator_id: Some(operator.id),
            avinode_id: Some(format!("avinode-{n}")),
            hourly_rate: Some(4_200.into()),
            ..NewAircraft::new(
                format!("N{n}JV"),
                "Cessna".into(),
                "Citation CJ3+".into(),
                AircraftCategory::LightJet,
                7,
                1_825,
                "KTEB".into(),
            )
        }
    }

    /// A flight of three hours to Palm Beach, each a day after the one before.
    pub fn booking(&mut self, company: &Company, aircraft: &Aircraft) -> NewBooking {
        let departure = morning() + TimeDelta::days(self.next().into());
        NewBooking::new(
            company.id,
            aircraft.id,
            "KTEB".into(),
            "KPBI".into(),
            departure,
            departure + TimeDelta::hours(3),
            4,
        )
    }
}

/// Eight o'clock on the first of March 2026.
pub fn morning() -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::days(20_513) + TimeDelta::hours(8)
}
