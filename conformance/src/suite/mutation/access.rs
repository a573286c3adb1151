//! Weakenings of grants, row-level security and policies.

use std::collections::BTreeSet;

use model::quote::{ident, object, qualified};
use model::schema::{Command, Name, Node, PUBLIC, Policy, Privilege, Schema, Table};
use model::{Id, Kind};

use super::Mutant;
use super::mutant::alter;

pub(super) fn of_table(schema: &Schema, node: &Node, own: &Table, found: &mut Vec<Mutant>) {
    let id = &node.id;
    let table = alter(id);
    if own.row_security {
        let sql = format!("{table} DISABLE ROW LEVEL SECURITY");
        found.push(Mutant::new(id, "row-level security disabled", sql));
    }
    if own.force_row_security {
        let sql = format!("{table} NO FORCE ROW LEVEL SECURITY");
        found.push(Mutant::new(id, "row-level security not forced", sql));
    }
    let on = format!("TABLE {}", qualified(&id.schema, &id.name));
    granted(node, &on, found);
    let usual = [
        Privilege::Select,
        Privilege::Insert,
        Privilege::Update,
        Privilege::Delete,
    ];
    for role in grantees(schema) {
        for privilege in usual {
            let has = |n: &Node, who: &str| {
                n.privileges
                    .get(&Name::from(who))
                    .is_some_and(|p| p.contains_key(&privilege))
            };
            if !has(node, &role) && !has(node, PUBLIC) {
                let verb = privilege.sql();
                let sql = format!("GRANT {verb} ON {on} TO {}", grantee(&role));
                let what = format!("{} granted to {role}", verb.to_lowercase());
                found.push(Mutant::new(id, what, sql));
            }
        }
    }
    for (column, _) in schema.columns(id) {
        let name = ident(&column.id.part);
        for (role, privileges) in &column.privileges {
            for privilege in privileges.keys() {
                let verb = privilege.sql();
                let sql = format!("REVOKE {verb} ({name}) ON {on} FROM {}", grantee(role));
                let what = format!("{} revoked from {role}", verb.to_lowercase());
                found.push(Mutant::new(&column.id, what, sql));
            }
        }
    }
    policies(schema, id, found);
}

/// The roles that the model grants something on a table.
pub(super) fn grantees(schema: &Schema) -> BTreeSet<Name> {
    let tables = schema.tables().flat_map(|(node, _)| node.privileges.keys());
    tables.filter(|n| **n != *PUBLIC).cloned().collect()
}

fn policies(schema: &Schema, table: &Id, found: &mut Vec<Mutant>) {
    let relation = qualified(&table.schema, &table.name);
    for (node, policy) in schema.policies(table) {
        let name = ident(&node.id.part);
        let mut add = |what: &str, sql: String| found.push(Mutant::new(&node.id, what, sql));
        let alter = format!("ALTER POLICY {name} ON {relation}");
        add("dropped", format!("DROP POLICY {name} ON {relation}"));
        // A policy that lets through whom no grant lets in hides nothing that anybody could reach.
        let reach = |privilege: Privilege| {
            let nodes = schema.parts(table, Kind::Column).chain(schema.get(table));
            let mut grants = nodes.flat_map(|n| &n.privileges);
            grants.any(|(role, privileges)| {
                privileges.contains_key(&privilege) && (*role == *PUBLIC || is_for(policy, role))
            })
        };
        let reads = match policy.command {
            Command::Select => reach(Privilege::Select),
            Command::Update => reach(Privilege::Update),
            Command::Delete => reach(Privilege::Delete),
            Command::Insert => reach(Privilege::Insert),
            Command::All => [Privilege::Select, Privilege::Update, Privilege::Delete]
                .into_iter()
                .any(reach),
        };
        let writes = match policy.command {
            Command::All => reach(Privilege::Insert) || reach(Privilege::Update),
            _ => reads,
        };
        let others = {
            let nodes = schema.parts(table, Kind::Column).chain(schema.get(table));
            let mut grants = nodes.flat_map(|n| &n.privileges);
            let wanted = |p: &model::schema::Privileges| match policy.command {
                Command::Select | Command::All => p.contains_key(&Privilege::Select),
                Command::Update => p.contains_key(&Privilege::Update),
                Command::Delete => p.contains_key(&Privilege::Delete),
                Command::Insert => p.contains_key(&Privilege::Insert),
            };
            grants.any(|(role, p)| wanted(p) && !is_for(policy, role))
        };
        if !reads && !writes && !others {
            continue;
        }
        let is_true = |e: &model::schema::Expr| e.text.trim_matches(['(', ')']) == "true";
        if policy.using.as_ref().is_some_and(|e| !is_true(e)) {
            add("using (true)", format!("{alter} USING (true)"));
        }
        if policy.using.is_some() {
            add("using (false)", format!("{alter} USING (false)"));
        }
        let checks_rows =
            writes && policy.command != Command::Delete && policy.command != Command::Select;
        let checked = policy.with_check.as_ref().or(policy.using.as_ref());
        if checks_rows && checked.is_some_and(|e| !is_true(e)) {
            add("with check (true)", format!("{alter} WITH CHECK (true)"));
        }
        if checks_rows {
            add("with check (false)", format!("{alter} WITH CHECK (false)"));
        }
        if others && !policy.roles.contains(&Name::from(PUBLIC)) {
            add("to public", format!("{alter} TO PUBLIC"));
        }
    }
}

fn is_for(policy: &Policy, role: &Name) -> bool {
    policy.roles.contains(role) || policy.roles.contains(&Name::from(PUBLIC))
}

/// Grants on what is no table: schemas, sequences, functions, views.
pub(super) fn of_others(schema: &Schema, found: &mut Vec<Mutant>) {
    for node in schema.nodes().filter(|n| !n.external) {
        let word = match node.id.kind {
            Kind::Schema => "SCHEMA",
            Kind::Sequence => "SEQUENCE",
            Kind::Function => match node.object.as_routine().map(|r| r.kind) {
                Some(model::schema::RoutineKind::Procedure) => "PROCEDURE",
                _ => "FUNCTION",
            },
            Kind::View => "TABLE",
            _ => continue,
        };
        granted(node, &format!("{word} {}", object(&node.id)), found);
    }
}

/// Each privilege that the node grants, revoked in turn; what it withholds from `public`, granted.
fn granted(node: &Node, on: &str, found: &mut Vec<Mutant>) {
    for (role, privileges) in &node.privileges {
        let to = grantee(role);
        for privilege in privileges.keys() {
            let verb = privilege.sql();
            let sql = format!("REVOKE {verb} ON {on} FROM {to}");
            let what = format!("{} revoked from {role}", verb.to_lowercase());
            found.push(Mutant::new(&node.id, what, sql));
        }
        if privileges.is_empty() && node.id.kind == Kind::Function {
            let sql = format!("GRANT EXECUTE ON {on} TO {to}");
            let what = format!("execute granted to {role}");
            found.push(Mutant::new(&node.id, what, sql));
        }
    }
}

fn grantee(role: &str) -> String {
    match role {
        PUBLIC => "PUBLIC".to_owned(),
        role => ident(role).into_owned(),
    }
}
