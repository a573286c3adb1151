//! Whose rights are used: roles and their memberships, views, functions, default privileges.
//!
//! What no row need show is asked of the catalog, object by object.

use std::collections::BTreeSet;

use model::quote::{literal, object, qualified};
use model::schema::{Name, Node, PUBLIC, Role, Routine, Schema, View};
use model::{Id, Kind, Object};

use super::{Check, Family, said};
use crate::rows::{Bench, Stop};

pub(super) fn checks(schema: &Schema, found: &mut Vec<Check>) {
    for name in roles(schema) {
        let id = Id::global(Kind::Role, name.clone());
        let node = schema.get(&id);
        let known = node.and_then(|node| node.object.as_role()).cloned();
        let own = node.is_some_and(|node| !node.external);
        role(&id, known.unwrap_or_default(), own, found);
    }
    for node in schema.nodes().filter(|node| !node.external) {
        match &node.object {
            Object::View(own) if !own.materialized => view(node, own, found),
            Object::Routine(own) => routine(node, own, found),
            _ => {}
        }
    }
    default_privileges(schema, found);
}

/// The roles that the model makes, and those that it grants something on a table.
fn roles(schema: &Schema) -> BTreeSet<Name> {
    let granted = schema.tables().flat_map(|(node, _)| node.privileges.keys());
    let own = schema.of_kind(Kind::Role).filter(|node| !node.external);
    let own = own.map(|node| &node.id.name);
    granted
        .chain(own)
        .filter(|name| **name != *PUBLIC)
        .cloned()
        .collect()
}

fn role(id: &Id, wanted: Role, own: bool, found: &mut Vec<Check>) {
    let name = format!(
        "role {}: has the rights that the model says, and no other role's",
        id.name
    );
    let id = id.clone();
    let check = Check::new(Family::Access, &id.clone(), name, move |bench| {
        let role = literal(&id.name);
        let sql = format!(
            "SELECT rolsuper::text AS super, rolbypassrls::text AS bypass, \
               rolcreaterole::text AS create_role, rolcanlogin::text AS login, \
               ARRAY(SELECT pg_get_userbyid(m.roleid) FROM pg_catalog.pg_auth_members m \
                 WHERE m.member = r.oid)::text AS roles \
             FROM pg_catalog.pg_roles r WHERE rolname = {role}"
        );
        let row = bench.query(&sql)?.into_iter().next();
        let Some(row) = row else {
            return Err(Stop::Failed("it does not exist".into()));
        };
        let is = |column: &str| row.get(column).cloned().flatten().as_deref() == Some("true");
        let differs = |what: &str, has: bool, wanted: bool| match has == wanted {
            true => Ok(()),
            false if has => Err(Stop::Failed(format!(
                "it is {what}, and the model does not say so"
            ))),
            false => Err(Stop::Failed(format!(
                "it is not {what}, and the model says so"
            ))),
        };
        differs("a superuser", is("super"), wanted.superuser)?;
        // A superuser passes by everything as it is.
        if !wanted.superuser {
            differs(
                "past row-level security",
                is("bypass"),
                wanted.bypass_row_security,
            )?;
        }
        if own {
            differs(
                "allowed to make roles",
                is("create_role"),
                wanted.create_role,
            )?;
            differs("allowed to log in", is("login"), wanted.login)?;
        }
        let text = row.get("roles").cloned().flatten().unwrap_or_default();
        let has: BTreeSet<&str> = text
            .trim_matches(['{', '}'])
            .split(',')
            .map(|name| name.trim_matches('"'))
            .filter(|name| !name.is_empty())
            .collect();
        let member_of: BTreeSet<&str> = wanted.member_of.keys().map(Name::as_str).collect();
        match has.symmetric_difference(&member_of).next() {
            None => Ok(()),
            Some(other) if has.contains(other) => Err(Stop::Failed(format!(
                "it is a member of {other}, and the model does not say so"
            ))),
            Some(other) => Err(Stop::Failed(format!(
                "it is no member of {other}, and the model says so"
            ))),
        }
    });
    found.push(check.of_lists());
}

fn view(node: &Node, own: &View, found: &mut Vec<Check>) {
    let wanted: BTreeSet<String> = ["security_invoker", "security_barrier", "check_option"]
        .into_iter()
        .filter_map(|option| {
            let value = own.options.get(&Name::from(option))?.as_str();
            let value = match value {
                "on" | "1" | "yes" => "true",
                other => other,
            };
            (!matches!(value, "false" | "off" | "0" | "no")).then(|| format!("{option}={value}"))
        })
        .collect();
    let relation = literal(&qualified(&node.id.schema, &node.id.name));
    let name = format!("{}: its options are those of the model", said(&node.id));
    let check = Check::new(Family::Access, &node.id, name, move |bench| {
        let sql = format!(
            "SELECT replace(replace(o, '=on', '=true'), '=1', '=true') AS line \
             FROM pg_catalog.pg_class c, unnest(c.reloptions) AS o \
             WHERE c.oid = {relation}::regclass AND o ~ '^(security_|check_)' \
               AND o !~ '=(false|off|0|no)$'"
        );
        same(&lines(bench, &sql)?, &wanted)
    });
    found.push(check.of_lists());
}

fn routine(node: &Node, own: &Routine, found: &mut Vec<Check>) {
    let mut wanted = BTreeSet::new();
    if own.security_definer {
        wanted.insert("runs as its owner".to_owned());
    }
    if own.settings.contains_key(&Name::from("search_path")) {
        wanted.insert("sets its search path".to_owned());
    }
    let oid = format!("{}::regprocedure", literal(&object(&node.id)));
    let name = format!("{}: runs as whom the model says", said(&node.id));
    let check = Check::new(Family::Access, &node.id, name, move |bench| {
        let sql = format!(
            "SELECT 'runs as its owner' AS line FROM pg_catalog.pg_proc WHERE oid = {oid} AND prosecdef \
             UNION ALL SELECT 'sets its search path' FROM pg_catalog.pg_proc, unnest(proconfig) AS c \
             WHERE oid = {oid} AND c LIKE 'search_path=%'"
        );
        same(&lines(bench, &sql)?, &wanted)
    });
    found.push(check.of_lists());
}

/// What is made later is open to nobody whom the model does not name.
fn default_privileges(schema: &Schema, found: &mut Vec<Check>) {
    let mut wanted: BTreeSet<String> = BTreeSet::new();
    for node in schema.of_kind(Kind::DefaultPrivileges) {
        if let Object::DefaultPrivileges(grants) = &node.object {
            for (role, privileges) in grants {
                let class = node.id.part.to_lowercase();
                let class = class.trim_end_matches('s');
                let of = privileges.keys().map(|p| p.sql().to_lowercase());
                wanted.extend(of.map(|p| {
                    format!(
                        "{role}: {p} on each {class} in {:?}",
                        node.id.schema.as_str()
                    )
                }));
            }
        }
    }
    let schemas: Vec<String> = schema
        .of_kind(Kind::Schema)
        .filter(|node| !node.external)
        .map(|node| node.id.name.to_string())
        .chain(["public".to_owned()])
        .map(|name| literal(&name))
        .collect();
    let Some(first) = schema
        .tables()
        .map(|(node, _)| node)
        .find(|node| !node.external)
    else {
        return;
    };
    let subject = Id::global(Kind::Schema, first.id.schema.clone());
    let name = "default privileges open nothing that the model does not".to_owned();
    let check = Check::new(Family::Access, &subject, name, move |bench| {
        let sql = format!(
            "SELECT CASE WHEN x.grantee = 0 THEN 'public' ELSE pg_get_userbyid(x.grantee) END || ': ' \
               || lower(x.privilege_type) || ' on each ' || CASE d.defaclobjtype WHEN 'r' THEN 'table' \
               WHEN 'S' THEN 'sequence' WHEN 'f' THEN 'function' WHEN 'T' THEN 'type' ELSE 'schema' END \
               || ' in \"' || coalesce(n.nspname, '') || '\"' AS line \
             FROM pg_catalog.pg_default_acl d \
             LEFT JOIN pg_catalog.pg_namespace n ON n.oid = d.defaclnamespace, \
             aclexplode(d.defaclacl) AS x \
             WHERE x.grantee <> d.defaclrole AND (n.oid IS NULL OR n.nspname IN ({})) \
               AND NOT (n.oid IS NULL AND x.grantee = 0)",
            schemas.join(", ")
        );
        match lines(bench, &sql)?.difference(&wanted).next() {
            None => Ok(()),
            Some(line) => Err(Stop::Failed(format!(
                "{line}, and the model does not say so"
            ))),
        }
    });
    found.push(check.of_lists());
}

fn lines(bench: &mut Bench, sql: &str) -> Result<BTreeSet<String>, Stop> {
    let rows = bench.query(sql)?;
    Ok(rows
        .into_iter()
        .filter_map(|mut row| row.remove("line").flatten())
        .collect())
}

fn same(has: &BTreeSet<String>, wanted: &BTreeSet<String>) -> Result<(), Stop> {
    match has.symmetric_difference(wanted).next() {
        None => Ok(()),
        Some(line) if has.contains(line) => Err(Stop::Failed(format!(
            "{line}, and the model does not say so"
        ))),
        Some(line) => Err(Stop::Failed(format!("not {line}, and the model says so"))),
    }
}
