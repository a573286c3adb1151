//! The catalog of another environment: production's, through `postgres_fdw`.
//!
//! The migrations make server, mappings and foreign tables; where production is and the password
//! come from the environment when it is deployed, so no file and no history has them.

use std::fmt;

use model::quote::{ident, literal};
use pilaster::postgres::{Client, Error, GenericClient};

/// As whom other environments read.
pub const READER: &str = "fdw_catalog_ro";

/// The local roles that have a mapping.
const MAPPED: [&str; 3] = ["postgres", "authenticated", "service_role"];

/// Where production is, as a server of another environment reaches it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Production {
    /// Its name, or the folder of its socket.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// Its database.
    pub database: String,
}

/// What became of the connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Connected {
    /// The foreign tables lead to production now.
    ToProduction,
    /// The catalog's tables are here: nothing was done. It is production, or a copy of its own.
    TablesAreLocal,
}

impl fmt::Display for Connected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Connected::ToProduction => "the catalog is production's",
            Connected::TablesAreLocal => "the catalog's tables are local, so nothing is connected",
        })
    }
}

/// Lets the reader of production's catalog in: makes the role where it is missing, which is before
/// production's migrations, and gives it a password.
///
/// # Errors
///
/// What the server refused.
pub fn admit_reader(production: &mut Client, password: &str) -> Result<(), Error> {
    let known = "SELECT FROM pg_roles WHERE rolname = $1";
    let verb = match production.query_opt(known, &[&READER])? {
        Some(_) => "ALTER",
        None => "CREATE",
    };
    let (role, password) = (ident(READER), literal(password));
    production.batch_execute(&format!("{verb} ROLE {role} LOGIN PASSWORD {password}"))
}

/// Leads the foreign tables to production, unless the catalog's tables are local. Running it again,
/// with another address or password, brings it up to date.
///
/// # Errors
///
/// What the server refused.
pub fn connect(
    client: &mut Client,
    production: &Production,
    password: &str,
) -> Result<Connected, Error> {
    let mut transaction = client.transaction()?;
    if tables_are_local(&mut transaction)? {
        return Ok(Connected::TablesAreLocal);
    }
    let options = [
        ("host", production.host.clone()),
        ("port", production.port.to_string()),
        ("dbname", production.database.clone()),
    ];
    let options: Vec<String> = options
        .iter()
        .map(|(name, value)| format!("SET {name} {}", literal(value)))
        .collect();
    let sql = format!("ALTER SERVER prod_catalog OPTIONS ({})", options.join(", "));
    transaction.batch_execute(&sql)?;
    for role in MAPPED {
        let known = transaction.query_one(
            "SELECT coalesce(array_to_string(umoptions, ',') LIKE '%password=%', false) \
             FROM pg_user_mappings WHERE srvname = 'prod_catalog' AND usename = $1",
            &[&role],
        )?;
        let verb = if known.try_get(0)? { "SET" } else { "ADD" };
        transaction.batch_execute(&format!(
            "ALTER USER MAPPING FOR {} SERVER prod_catalog OPTIONS ({verb} password {})",
            ident(role),
            literal(password)
        ))?;
    }
    transaction.commit()?;
    Ok(Connected::ToProduction)
}

/// Whether the catalog is made of ordinary tables.
fn tables_are_local(client: &mut impl GenericClient) -> Result<bool, Error> {
    let sql = "SELECT EXISTS (SELECT FROM pg_class c WHERE c.oid = to_regclass('catalog.cruise_lines') \
        AND c.relkind IN ('r', 'p'))";
    client.query_one(sql, &[])?.try_get(0)
}
