//! Privileges and owners, exactly: nobody has what the model did not give, and nobody lacks it.
//!
//! The server is asked for the lists that it keeps. Roles that the model doesn't know count too,
//! and so do the right to grant on, columns, and what everybody has.

use std::collections::BTreeSet;

use model::Kind;
use model::quote::{literal, object, qualified};
use model::schema::{Name, Node, PUBLIC, Privileges, Schema};

use super::{Check, Family, said};
use crate::rows::{Bench, Stop};

pub(super) fn checks(schema: &Schema, found: &mut Vec<Check>) {
    let granted: BTreeSet<Name> = grantees(schema);
    for node in schema.nodes().filter(|n| !n.external) {
        let Some(acl) = acl(node) else { continue };
        let mut wanted: BTreeSet<String> = BTreeSet::new();
        let everybody =
            by_default(node).filter(|_| !node.privileges.contains_key(&Name::from(PUBLIC)));
        wanted.extend(everybody.map(|privilege| format!("{PUBLIC}: {privilege}")));
        for (role, privileges) in &node.privileges {
            wanted.extend(lines(role, privileges, ""));
        }
        if let Kind::Table | Kind::View = node.id.kind {
            for column in schema.parts(&node.id, Kind::Column) {
                let part = format!(" ({})", column.id.part);
                for (role, privileges) in &column.privileges {
                    wanted.extend(lines(role, privileges, &part));
                }
            }
        }
        let owner = node.owner.clone();
        let granted = granted.clone();
        let name = format!(
            "{}: privileges are those of the model, and no more",
            said(&node.id)
        );
        let check = Check::new(Family::Access, &node.id, name, move |bench| {
            let (has, owned_by) = held(bench, &acl)?;
            let wanted: BTreeSet<String> = wanted
                .iter()
                .filter(|line| line.split(':').next() != Some(owned_by.as_str()))
                .cloned()
                .collect();
            // What everybody may do is nothing more in the hands of one.
            let everybodys = |line: &&String| {
                let privilege = line.split_once(": ").map_or("", |(_, privilege)| privilege);
                wanted.contains(&format!("{PUBLIC}: {privilege}"))
            };
            let more: Vec<&String> = has
                .difference(&wanted)
                .filter(|line| !everybodys(line))
                .collect();
            // Servers before 17 have no such privilege, and `grant all` gives none.
            let version = "SELECT 1 WHERE current_setting('server_version_num')::int >= 170000";
            let knows_maintain = !bench.query(version)?.is_empty();
            let less: Vec<&String> = wanted
                .difference(&has)
                .filter(|line| knows_maintain || !line.contains(": maintain"))
                .collect();
            if let Some(line) = more.first() {
                return Err(Stop::Failed(format!(
                    "{line}, and the model does not grant it"
                )));
            }
            if let Some(line) = less.first() {
                return Err(Stop::Failed(format!("not {line}, and the model grants it")));
            }
            let meant = owner
                .as_ref()
                .is_some_and(|owner| *owner == owned_by.as_str());
            match granted.iter().any(|role| *role == owned_by.as_str()) && !meant {
                true => Err(Stop::Failed(format!(
                    "{owned_by} owns it, and so may do everything"
                ))),
                false => Ok(()),
            }
        });
        found.push(check.of_lists());
    }
}

/// Everybody whom the model grants something on a table.
fn grantees(schema: &Schema) -> BTreeSet<Name> {
    let tables = schema.tables().flat_map(|(node, _)| node.privileges.keys());
    tables.filter(|name| **name != *PUBLIC).cloned().collect()
}

fn lines<'a>(
    role: &'a str,
    privileges: &'a Privileges,
    part: &'a str,
) -> impl Iterator<Item = String> + 'a {
    privileges.iter().map(move |(privilege, option)| {
        let on = if *option { " with grant option" } else { "" };
        format!("{role}: {}{part}{on}", privilege.sql().to_lowercase())
    })
}

/// What the manual's table of default privileges gives to everybody.
fn by_default(node: &Node) -> impl Iterator<Item = &'static str> + use<> {
    let own: &[&str] = match node.id.kind {
        Kind::Function => &["execute"],
        Kind::Schema if node.id.name == "public" => &["usage"],
        _ => &[],
    };
    own.iter().copied()
}

/// The query for the owner and the list that the server keeps, and for those of columns.
fn acl(node: &Node) -> Option<String> {
    let id = &node.id;
    let of = |table: &str, acl: &str, owner: &str, kind: &str, oid: String| {
        let own = format!(
            "SELECT {owner}::regrole::text AS owner, ''::text AS part, \
             coalesce({acl}, acldefault('{kind}', {owner})) AS acl FROM {table} WHERE oid = {oid}"
        );
        match table {
            "pg_catalog.pg_class" => format!(
                "{own} UNION ALL SELECT c.relowner::regrole::text, format(' (%s)', a.attname), a.attacl \
                 FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid \
                 WHERE a.attrelid = {oid} AND a.attacl IS NOT NULL AND NOT a.attisdropped"
            ),
            _ => own,
        }
    };
    let relation = || format!("{}::regclass", literal(&qualified(&id.schema, &id.name)));
    Some(match id.kind {
        Kind::Table | Kind::View => {
            of("pg_catalog.pg_class", "relacl", "relowner", "r", relation())
        }
        Kind::Sequence => of("pg_catalog.pg_class", "relacl", "relowner", "s", relation()),
        Kind::Schema => {
            let oid = format!("{}::regnamespace", literal(&model::quote::ident(&id.name)));
            of("pg_catalog.pg_namespace", "nspacl", "nspowner", "n", oid)
        }
        Kind::Function => {
            let oid = format!("{}::regprocedure", literal(&object(id)));
            of("pg_catalog.pg_proc", "proacl", "proowner", "f", oid)
        }
        _ => return None,
    })
}

/// What others than the owner have, a line each, and the owner.
fn held(bench: &mut Bench, acl: &str) -> Result<(BTreeSet<String>, String), Stop> {
    let sql = format!(
        "SELECT trim('\"' FROM o.owner) AS owner, CASE WHEN x.grantee = 0 THEN 'public' \
           ELSE pg_get_userbyid(x.grantee) END || ': ' || lower(x.privilege_type) || o.part || \
           CASE WHEN x.is_grantable THEN ' with grant option' ELSE '' END AS line \
         FROM ({acl}) AS o LEFT JOIN LATERAL aclexplode(o.acl) AS x \
           ON x.grantee <> to_regrole(o.owner)"
    );
    let mut owner = String::new();
    let mut lines = BTreeSet::new();
    for mut row in bench.query(&sql)? {
        owner = row.remove("owner").flatten().unwrap_or_default();
        lines.extend(row.remove("line").flatten());
    }
    Ok((lines, owner))
}
