//! Companies, as Apollo knows them.

use pilaster::{Connection, Cursor, Page, Result, Row};

use crate::schema::{ApolloOrganization, Company, CompanyError};

/// A page of companies whose name holds that text, capitals or not.
///
/// # Errors
///
/// What the server refused.
pub fn search_by_name(
    client: &mut impl Connection,
    term: &str,
    after: Option<&Cursor>,
) -> Result<Page<Company>> {
    let mut pattern = String::from("%");
    for letter in term.chars() {
        if matches!(letter, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(letter);
    }
    pattern.push('%');
    Company::filter(Company::NAME.ilike(pattern))
        .order_by(Company::NAME.asc())
        .page(client, 20, after)
}

/// Companies that Apollo says use that technology; the index of the documents answers.
///
/// # Errors
///
/// What the server refused.
pub fn using_technology(client: &mut impl Connection, name: &str) -> Result<Vec<Company>> {
    Company::filter(Company::apollo_data().technologies().any().eq(name))
        .order_by(Company::NAME.asc())
        .all(client)
}

/// Keeps what Apollo found out, with Apollo's own name for the company.
///
/// # Errors
///
/// [`CompanyError::ApolloOrganizationIdKey`] where another company has that name already.
pub fn enrich(
    client: &mut impl Connection,
    company: &Company,
    found: ApolloOrganization,
) -> Result<(), CompanyError> {
    let changes = [
        Company::APOLLO_ORGANIZATION_ID.set(found.id.clone()),
        Company::APOLLO_DATA.set(found),
    ];
    Company::filter(Company::ID.eq(company.id)).update(client, changes)?;
    Ok(())
}
