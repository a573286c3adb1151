//! Roles the model owns, with memberships and settings.
//!
//! Never a password: no model holds one.

use model::quote::ident;
use model::schema::{Name, Node, Role, Settings};

use super::sql;
use crate::plan::step::{HazardKind, Lock, Statement};

fn attributes(a: &Role, b: &Role) -> Vec<String> {
    let mut words = Vec::new();
    for (old, new, word) in [
        (a.login, b.login, "LOGIN"),
        (a.superuser, b.superuser, "SUPERUSER"),
        (a.create_database, b.create_database, "CREATEDB"),
        (a.create_role, b.create_role, "CREATEROLE"),
        (a.inherit, b.inherit, "INHERIT"),
        (a.replication, b.replication, "REPLICATION"),
        (a.bypass_row_security, b.bypass_row_security, "BYPASSRLS"),
    ] {
        if old != new {
            words.push(format!("{}{word}", if new { "" } else { "NO" }));
        }
    }
    if a.connection_limit != b.connection_limit {
        words.push(format!("CONNECTION LIMIT {}", b.connection_limit));
    }
    words
}

pub(super) fn create(node: &Node, role: &Role) -> Vec<Statement> {
    let name = ident(&node.id.name);
    let mut sql = format!("CREATE ROLE {name}");
    for word in attributes(&Role::default(), role) {
        sql += &format!(" {word}");
    }
    let mut statements = vec![Statement::new(Lock::None, sql)];
    statements.extend(rest(&name, &Role::default(), role, true));
    statements
}

pub(super) fn alter(node: &Node, a: &Role, b: &Role) -> Vec<Statement> {
    let name = ident(&node.id.name);
    let mut statements = Vec::new();
    let words = attributes(a, b);
    if !words.is_empty() {
        let sql = format!("ALTER ROLE {name} {}", words.join(" "));
        let mut statement = Statement::new(Lock::None, sql);
        if (b.superuser && !a.superuser) || (b.bypass_row_security && !a.bypass_row_security) {
            let message = format!("{} is no longer held to row-level security", node.id.name);
            statement = statement.hazard(HazardKind::WidenedAccess, message);
        }
        statements.push(statement);
    }
    statements.extend(rest(&name, a, b, false));
    statements
}

pub(super) fn drop(node: &Node, _: &Role) -> Vec<Statement> {
    let sql = format!("DROP ROLE {}", ident(&node.id.name));
    vec![Statement::new(Lock::None, sql)]
}

fn rest(name: &str, a: &Role, b: &Role, new: bool) -> Vec<Statement> {
    let mut statements = Vec::new();
    for (group, admin) in &b.member_of {
        if a.member_of.get(group) == Some(admin) {
            continue;
        }
        let option = if *admin { " WITH ADMIN OPTION" } else { "" };
        if *admin || !a.member_of.contains_key(group) {
            let sql = format!("GRANT {} TO {name}{option}", ident(group));
            let statement = Statement::new(Lock::None, sql);
            let message = format!("{name} may do what {group} may");
            statements.push(if new {
                statement
            } else {
                statement.hazard(HazardKind::WidenedAccess, message)
            });
        } else {
            let sql = format!("REVOKE ADMIN OPTION FOR {} FROM {name}", ident(group));
            statements.push(Statement::new(Lock::None, sql));
        }
    }
    for group in a
        .member_of
        .keys()
        .filter(|group| !b.member_of.contains_key(*group))
    {
        let sql = format!("REVOKE {} FROM {name}", ident(group));
        let message = format!("{name} may no longer do what {group} may");
        statements
            .push(Statement::new(Lock::None, sql).hazard(HazardKind::NarrowedAccess, message));
    }
    statements.extend(settings(name, &a.settings, &b.settings));
    statements
}

fn settings(role: &str, a: &Settings, b: &Settings) -> Vec<Statement> {
    let (set, reset) = sql::settings_between(a, b);
    let quoted = |name: &Name| {
        let parts: Vec<_> = name.split('.').map(ident).collect();
        parts.join(".")
    };
    let set = set.iter().map(|(name, value)| {
        format!(
            "ALTER ROLE {role} SET {} TO {}",
            quoted(name),
            sql::setting_value(name, value)
        )
    });
    let reset = reset
        .iter()
        .map(|name| format!("ALTER ROLE {role} RESET {}", quoted(name)));
    set.chain(reset)
        .map(|sql| Statement::new(Lock::None, sql))
        .collect()
}
