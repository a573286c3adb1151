//! What the database sets for its sessions.
//!
//! `ALTER DATABASE` wants the database's name, and a migration is for databases of any name: it asks
//! for the one that it runs in. Sessions that are there already keep what they have.

use model::quote::{ident, literal};
use model::schema::{Node, Settings};

use super::sql;
use crate::plan::step::{Lock, Statement};

/// Sets what is to be, and resets what is to be no more.
pub(super) fn between(node: &Node, from: &Settings, to: &Settings) -> Vec<Statement> {
    let (set, reset) = sql::settings_between(from, to);
    let role = &node.id.name;
    let set = set
        .iter()
        .map(|(name, value)| set_in_database(role, name, value));
    let reset = reset
        .iter()
        .map(|name| altered(role, &format!("RESET {}", quoted(name))));
    set.chain(reset)
        .map(|sql| Statement::new(Lock::None, sql))
        .collect()
}

/// `ALTER DATABASE … SET` for the database that the statement runs in; for the sessions of one role
/// only, where `role` isn't empty. The value is as the catalog keeps it.
///
/// ```
/// assert_eq!(
///     migrations::plan::set_in_database("", "work_mem", "64MB"),
///     "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET work_mem TO ''64MB''', \
///      current_database()); END $$",
/// );
/// ```
pub fn set_in_database(role: &str, name: &str, value: &str) -> String {
    let value = sql::setting_value(name, value);
    altered(role, &format!("SET {} TO {value}", quoted(name)))
}

fn altered(role: &str, change: &str) -> String {
    let change = change.replace('%', "%%");
    let statement = match role {
        "" => format!("ALTER DATABASE %I {change}"),
        role => {
            let role = ident(role).replace('%', "%%");
            format!("ALTER ROLE {role} IN DATABASE %I {change}")
        }
    };
    let statement = literal(&statement);
    let body = format!("BEGIN EXECUTE format({statement}, current_database()); END");
    // A tag that the text doesn't hold.
    let mut tag = "$$".to_owned();
    let mut n = 0;
    while body.contains(&tag) {
        n += 1;
        tag = format!("$do{n}$");
    }
    format!("DO {tag} {body} {tag}")
}

fn quoted(name: &str) -> String {
    let parts: Vec<_> = name.split('.').map(ident).collect();
    parts.join(".")
}
