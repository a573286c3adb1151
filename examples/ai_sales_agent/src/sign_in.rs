//! Sessions, and what of a person may be shown.
//!
//! It never sees a password: whoever checks one gets the hash, and says whether it fits.

use pilaster::chrono::{DateTime, Utc};
use pilaster::{Connection, Insert, Result, Row};

use crate::schema::*;

/// A person without what is nobody's business. The API's role may read these columns and no others.
#[derive(Clone, Debug, PartialEq, Row)]
#[pilaster(of = User)]
pub struct Profile {
    /// Who.
    pub id: UserId,
    /// Where they work.
    pub organisation_id: OrganisationId,
    /// Their address.
    pub email: String,
    /// Their first name.
    pub first_name: String,
    /// Their last name.
    pub last_name: String,
    /// What they may do.
    pub role: UserRole,
    /// Their language.
    pub locale: Locale,
}

/// What the sign-in needs to know.
#[derive(Clone, Debug, PartialEq, Row)]
#[pilaster(of = User)]
pub struct Credentials {
    /// Who.
    pub id: UserId,
    /// Where they work.
    pub organisation_id: OrganisationId,
    /// Argon2id, in its own notation.
    pub password_hash: String,
}

/// What is known of that address; `None` where nobody has it, or the account was deleted.
///
/// # Errors
///
/// What the server refused.
pub fn credentials(client: &mut impl Connection, email: &str) -> Result<Option<Credentials>> {
    Credentials::filter(User::EMAIL.eq(email.to_lowercase())).first(client)
}

/// Opens a session. `token` is the SHA-256 of what the browser keeps.
///
/// # Errors
///
/// [`SessionError::TokenIsHashed`] where it is no such thing.
pub fn open(
    client: &mut impl Connection,
    who: &Credentials,
    token: &[u8],
    until: DateTime<Utc>,
) -> Result<Session, SessionError> {
    NewSession::new(who.organisation_id, who.id, token.to_vec(), until).insert(client)
}

/// The session of that token, unless it is over.
///
/// # Errors
///
/// What the server refused.
pub fn resume(
    client: &mut impl Connection,
    token: &[u8],
    now: DateTime<Utc>,
) -> Result<Option<Session>> {
    let mine = Session::TOKEN_HASH.eq(token.to_vec());
    let open = Session::EXPIRES_AT.gt(now) & Session::REVOKED_AT.is_null();
    Session::filter(mine & open).first(client)
}
