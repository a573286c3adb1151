//! Weakenings of whose rights are used: roles, memberships, owners, views, functions, defaults, and
//! of grants that the model never made.

use std::collections::BTreeSet;

use model::quote::{ident, object, qualified};
use model::schema::{Name, PUBLIC, RoutineKind, Schema};
use model::{Id, Kind, Object};

use super::Mutant;
use super::mutant::alter;

pub(super) fn mutants(schema: &Schema, grantees: &BTreeSet<Name>, found: &mut Vec<Mutant>) {
    let from = found.len();
    let own = schema.of_kind(Kind::Role).filter(|node| !node.external);
    let mut roles = grantees.clone();
    roles.extend(own.map(|node| node.id.name.clone()));
    for role in &roles {
        of_role(schema, role, &roles, found);
    }
    for (node, _) in schema
        .tables()
        .filter(|(n, t)| !n.external && t.foreign.is_none())
    {
        of_table(&node.id, node, grantees, found);
    }
    for node in schema.nodes().filter(|node| !node.external) {
        match &node.object {
            Object::View(view) if !view.materialized => of_view(node, view, grantees, found),
            Object::Routine(routine) => of_routine(node, routine, found),
            Object::Sequence(_) => {
                for role in grantees
                    .iter()
                    .filter(|r| !node.privileges.contains_key(*r))
                {
                    let name = object(&node.id);
                    let sql = format!(
                        "GRANT USAGE, SELECT, UPDATE ON SEQUENCE {name} TO {}",
                        ident(role)
                    );
                    found.push(Mutant::new(&node.id, format!("all granted to {role}"), sql));
                }
            }
            _ => {}
        }
    }
    let schemas: BTreeSet<&Name> = schema
        .tables()
        .filter(|(node, _)| !node.external)
        .map(|(node, _)| &node.id.schema)
        .collect();
    for name in schemas {
        let id = Id::global(Kind::Schema, name.clone());
        for (role, quoted) in named(grantees) {
            let sql = format!("GRANT CREATE ON SCHEMA {} TO {quoted}", ident(name));
            found.push(Mutant::new(&id, format!("create granted to {role}"), sql));
        }
        let sql = format!(
            "ALTER DEFAULT PRIVILEGES IN SCHEMA {} GRANT SELECT ON TABLES TO PUBLIC",
            ident(name)
        );
        found.push(Mutant::new(
            &id,
            "every later table opened to everybody",
            sql,
        ));
    }
    found[from..]
        .iter_mut()
        .for_each(|mutant| mutant.access = true);
}

fn named(grantees: &BTreeSet<Name>) -> impl Iterator<Item = (&str, String)> {
    let all = grantees
        .iter()
        .map(|role| (role.as_str(), ident(role).into_owned()));
    all.chain([(PUBLIC, "PUBLIC".to_owned())])
}

fn of_role(schema: &Schema, role: &Name, all: &BTreeSet<Name>, found: &mut Vec<Mutant>) {
    let id = Id::global(Kind::Role, role.clone());
    let own = schema.get(&id).and_then(|node| node.object.as_role());
    let has = own.cloned().unwrap_or_default();
    let mut add = |what: &str, sql: String| found.push(Mutant::new(&id, what, sql));
    let alter = format!("ALTER ROLE {}", ident(role));
    match has.bypass_row_security {
        true => add("held by row-level security", format!("{alter} NOBYPASSRLS")),
        false => add("past row-level security", format!("{alter} BYPASSRLS")),
    }
    match has.superuser {
        true => add("no superuser", format!("{alter} NOSUPERUSER")),
        false => add("superuser", format!("{alter} SUPERUSER")),
    }
    if schema.get(&id).is_some_and(|node| !node.external) {
        let (word, what) = match has.login {
            true => ("NOLOGIN", "may not log in"),
            false => ("LOGIN", "may log in"),
        };
        add(what, format!("{alter} {word}"));
        match has.create_role {
            true => add("may not make roles", format!("{alter} NOCREATEROLE")),
            false => add("may make roles", format!("{alter} CREATEROLE")),
        }
    }
    for other in all.iter().filter(|other| *other != role) {
        let (other, quoted) = (other.as_str(), ident(other));
        match has.member_of.contains_key(&Name::from(other)) {
            true => add(
                &format!("no member of {other}"),
                format!("REVOKE {quoted} FROM {}", ident(role)),
            ),
            false => add(
                &format!("member of {other}"),
                format!("GRANT {quoted} TO {}", ident(role)),
            ),
        }
    }
}

/// What no grant of the model says: the privileges beside the usual four, the right to grant on,
/// everybody, and ownership.
fn of_table(id: &Id, node: &model::Node, grantees: &BTreeSet<Name>, found: &mut Vec<Mutant>) {
    let relation = qualified(&id.schema, &id.name);
    let mut add = |what: String, sql: String| found.push(Mutant::new(id, what, sql));
    for role in grantees {
        let has = node.privileges.get(role);
        for privilege in ["TRUNCATE", "REFERENCES", "TRIGGER"] {
            if !has.is_some_and(|p| p.keys().any(|p| p.sql() == privilege)) {
                let sql = format!("GRANT {privilege} ON {relation} TO {}", ident(role));
                add(
                    format!("{} granted to {role}", privilege.to_lowercase()),
                    sql,
                );
            }
        }
        if has.is_some_and(|p| !p.is_empty()) {
            let sql = format!(
                "GRANT SELECT ON {relation} TO {} WITH GRANT OPTION",
                ident(role)
            );
            add(format!("{role} may grant select on"), sql);
        }
        if node.owner.as_ref() != Some(role) {
            let sql = format!("{} OWNER TO {}", alter(id), ident(role));
            add(format!("owned by {role}"), sql);
        }
    }
    if !node.privileges.contains_key(&Name::from(PUBLIC)) {
        for privilege in ["SELECT", "INSERT", "UPDATE", "DELETE"] {
            let sql = format!("GRANT {privilege} ON {relation} TO PUBLIC");
            add(
                format!("{} granted to everybody", privilege.to_lowercase()),
                sql,
            );
        }
    }
}

fn of_view(
    node: &model::Node,
    view: &model::schema::View,
    grantees: &BTreeSet<Name>,
    found: &mut Vec<Mutant>,
) {
    let name = object(&node.id);
    let on = |option: &str| {
        let value = view.options.get(&Name::from(option)).map(|v| v.as_str());
        matches!(value, Some("true" | "on" | "1" | "yes"))
    };
    for option in ["security_invoker", "security_barrier"] {
        let to = !on(option);
        let sql = format!("ALTER VIEW {name} SET ({option} = {to})");
        found.push(Mutant::new(&node.id, format!("{option} {to}"), sql));
    }
    if view.options.contains_key(&Name::from("check_option")) {
        let sql = format!("ALTER VIEW {name} RESET (check_option)");
        found.push(Mutant::new(&node.id, "check option dropped", sql));
    }
    for (role, quoted) in named(grantees) {
        if !node.privileges.contains_key(&Name::from(role)) {
            let sql = format!("GRANT SELECT ON {name} TO {quoted}");
            found.push(Mutant::new(
                &node.id,
                format!("select granted to {role}"),
                sql,
            ));
        }
    }
}

fn of_routine(node: &model::Node, routine: &model::schema::Routine, found: &mut Vec<Mutant>) {
    let word = match routine.kind {
        RoutineKind::Procedure => "PROCEDURE",
        RoutineKind::Function | RoutineKind::Window => "FUNCTION",
    };
    let alter = format!("ALTER {word} {}", object(&node.id));
    match routine.security_definer {
        true => found.push(Mutant::new(
            &node.id,
            "runs as its caller",
            format!("{alter} SECURITY INVOKER"),
        )),
        false => found.push(Mutant::new(
            &node.id,
            "runs as its owner",
            format!("{alter} SECURITY DEFINER"),
        )),
    }
    if routine.settings.contains_key(&Name::from("search_path")) {
        let sql = format!("{alter} RESET search_path");
        found.push(Mutant::new(&node.id, "along its caller's search path", sql));
    }
    if !node.privileges.contains_key(&Name::from(PUBLIC)) {
        let sql = format!("REVOKE EXECUTE ON {word} {} FROM PUBLIC", object(&node.id));
        found.push(Mutant::new(&node.id, "execute revoked from everybody", sql));
    }
}
