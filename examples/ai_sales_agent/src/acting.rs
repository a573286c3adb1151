//! For whom a transaction acts.

use pilaster::Persona;

use crate::schema::{OrganisationId, UserId};

/// The API, for somebody who has signed in.
pub fn api(person: UserId, organisation: OrganisationId) -> Persona {
    Persona::new("sales_api")
        .setting("app.user_id", person.to_string())
        .setting("app.organisation_id", organisation.to_string())
}

/// The sign-in, which acts for nobody yet.
pub fn sign_in() -> Persona {
    Persona::new("sales_sign_in")
}

/// Clean-up, retention, billing, the assistant.
pub fn jobs() -> Persona {
    Persona::new("sales_jobs")
}
