//! People, as Clerk knows them.

use pilaster::chrono::{DateTime, Utc};
use pilaster::{Connection, Insert, Result, Row};

use crate::schema::{CompanyId, NewUser, User, UserError};

/// The person of that token.
///
/// # Errors
///
/// What the server refused.
pub fn by_clerk_id(client: &mut impl Connection, clerk_id: &str) -> Result<Option<User>> {
    User::BY_CLERK_ID.find(client, &clerk_id.to_owned())
}

/// Brings the account to what Clerk says of it, and makes it where there is none; what only we know
/// (company, preferences) stays. None where the account was deleted here.
///
/// # Errors
///
/// [`UserError::EmailKey`] where somebody else has the address already.
pub fn sync(
    client: &mut impl Connection,
    clerk_id: &str,
    email: &str,
    (first, last): (&str, &str),
) -> Result<Option<User>, UserError> {
    let account = NewUser {
        first_name: Some(first.into()),
        last_name: Some(last.into()),
        ..NewUser::new(clerk_id.into(), email.to_lowercase())
    };
    if let Some(user) = account.insert_unless_there(client, User::BY_CLERK_ID)? {
        return Ok(Some(user));
    }
    let changes = [
        User::EMAIL.set(email.to_lowercase()),
        User::FIRST_NAME.set(first),
        User::LAST_NAME.set(last),
    ];
    let known = User::filter(User::CLERK_ID.eq(clerk_id)).update(client, changes)?;
    Ok(known.into_iter().next())
}

/// The people of a company, by name.
///
/// # Errors
///
/// What the server refused.
pub fn of_company(client: &mut impl Connection, company: CompanyId) -> Result<Vec<User>> {
    User::filter(User::COMPANY_ID.eq(company))
        .order_by(User::LAST_NAME.asc())
        .order_by(User::FIRST_NAME.asc())
        .all(client)
}

/// Notes that somebody was here.
///
/// # Errors
///
/// What the server refused.
pub fn seen(client: &mut impl Connection, user: &User, at: DateTime<Utc>) -> Result<(), UserError> {
    let them = User::filter(User::ID.eq(user.id));
    them.update(client, [User::LAST_SEEN_AT.set(at)])?;
    Ok(())
}
