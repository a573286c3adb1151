//! Doors beside the door: ways to rows on which no policy is asked.
//!
//! The server is asked for every one that is open, known to the model or not. A door that the
//! model accepts by name, where it stands and with a reason, is none.

use std::collections::BTreeSet;

use model::quote::literal;
use model::schema::{PUBLIC, Schema};
use model::{Id, Kind};

use super::{Check, Family};
use crate::rows::{Bench, Stop};

/// A kind of door: its name in the model, what holds where none is open, and the query for those
/// that are. `@outside` stands for the roles that are held by policies, `@schemas` for the model's
/// own schemas.
struct Door {
    name: &'static str,
    promise: &'static str,
    sql: &'static str,
}

const DOORS: [Door; 10] = [
    Door {
        name: "view_without_security_invoker",
        promise: "no view shows rows that its reader may not see",
        sql: "SELECT DISTINCT format('%s.%s', n.nspname, c.relname) AS place,
                a.rolname || ' reads it with the rights of ' || pg_get_userbyid(c.relowner) AS fact
              FROM pg_catalog.pg_class c JOIN place n ON n.oid = c.relnamespace
              JOIN pg_catalog.pg_rewrite w ON w.ev_class = c.oid
              JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_rewrite'::regclass AND d.objid = w.oid
              JOIN pg_catalog.pg_class t ON t.oid = d.refobjid AND t.relrowsecurity
              JOIN pg_catalog.pg_roles o ON o.oid = c.relowner, outside a
              WHERE c.relkind = 'v' AND has_table_privilege(a.oid, c.oid, 'SELECT, INSERT, UPDATE, DELETE')
                AND NOT coalesce(c.reloptions && ARRAY['security_invoker=true', 'security_invoker=on', 'security_invoker=1'], false)
                AND (o.rolsuper OR o.rolbypassrls
                  OR (NOT t.relforcerowsecurity AND pg_has_role(o.oid, t.relowner, 'USAGE')))",
    },
    Door {
        name: "materialized_view_open",
        promise: "no materialized view is open, which has no policies",
        sql: "SELECT format('%s.%s', n.nspname, c.relname) AS place, a.rolname || ' reads all of it' AS fact
              FROM pg_catalog.pg_class c JOIN place n ON n.oid = c.relnamespace, outside a
              WHERE c.relkind = 'm' AND has_table_privilege(a.oid, c.oid, 'SELECT')",
    },
    Door {
        name: "foreign_table_open",
        promise: "no foreign table is open, which has no policies",
        sql: "SELECT format('%s.%s', n.nspname, c.relname) AS place, a.rolname || ' reads all of it' AS fact
              FROM pg_catalog.pg_class c JOIN place n ON n.oid = c.relnamespace, outside a
              WHERE c.relkind = 'f' AND has_table_privilege(a.oid, c.oid, 'SELECT')",
    },
    Door {
        name: "definer_function_open",
        promise: "nobody calls a function that runs as its owner, unless that is accepted",
        sql: "SELECT format('%s.%s', n.nspname, f.proname) AS place,
                a.rolname || ' calls it with the rights of ' || pg_get_userbyid(f.proowner) AS fact
              FROM pg_catalog.pg_proc f JOIN place n ON n.oid = f.pronamespace, outside a
              WHERE f.prosecdef AND has_function_privilege(a.oid, f.oid, 'EXECUTE')
                AND has_schema_privilege(a.oid, n.oid, 'USAGE')
                AND f.prorettype NOT IN ('trigger'::regtype, 'event_trigger'::regtype)",
    },
    Door {
        name: "row_security_disabled",
        promise: "no table of an exposed schema is open without policies",
        sql: "SELECT format('%s.%s', n.nspname, c.relname) AS place,
                a.rolname || ' may use it, and it has no row-level security' AS fact
              FROM pg_catalog.pg_class c JOIN place n ON n.oid = c.relnamespace, outside a
              WHERE c.relkind IN ('r', 'p') AND NOT c.relrowsecurity
                AND a.rolname IN ('anon', 'authenticated')
                AND has_table_privilege(a.oid, c.oid, 'SELECT, INSERT, UPDATE, DELETE')
                AND has_schema_privilege(a.oid, n.oid, 'USAGE')",
    },
    Door {
        name: "default_privileges_open",
        promise: "no default privilege opens every later table",
        sql: "SELECT coalesce(n.nspname, '') AS place, a.rolname || ' may use what ' ||
                pg_get_userbyid(d.defaclrole) || ' makes later' AS fact
              FROM pg_catalog.pg_default_acl d LEFT JOIN pg_catalog.pg_namespace n ON n.oid = d.defaclnamespace,
                aclexplode(d.defaclacl) AS x, outside a
              WHERE d.defaclobjtype = 'r' AND (n.oid IS NULL OR n.oid IN (SELECT oid FROM place))
                AND d.defaclrole <> a.oid AND (x.grantee = 0 OR x.grantee = a.oid)
                AND x.privilege_type IN ('SELECT', 'INSERT', 'UPDATE', 'DELETE')",
    },
    Door {
        name: "role_passes_row_security",
        promise: "nobody who is held by policies may become somebody who is not",
        sql: "SELECT a.rolname::text AS place, 'may become ' || r.rolname AS fact
              FROM outside a, pg_catalog.pg_roles r
              WHERE (r.rolsuper OR r.rolbypassrls) AND pg_has_role(a.oid, r.oid, 'MEMBER')",
    },
    Door {
        name: "grant_passes_row_security",
        promise: "nobody may truncate a table with policies",
        sql: "SELECT format('%s.%s', n.nspname, c.relname) AS place, a.rolname || ' may empty it' AS fact
              FROM pg_catalog.pg_class c JOIN place n ON n.oid = c.relnamespace, outside a
              WHERE c.relkind IN ('r', 'p') AND c.relrowsecurity AND has_table_privilege(a.oid, c.oid, 'TRUNCATE')
                AND NOT pg_has_role(a.oid, c.relowner, 'USAGE')",
    },
    Door {
        name: "policy_calls_volatile_function",
        promise: "no policy calls a function that may answer otherwise each time",
        sql: "SELECT format('%s.%s', n.nspname, c.relname) AS place, 'policy ' || p.polname || ' calls ' || f.proname AS fact
              FROM pg_catalog.pg_policy p JOIN pg_catalog.pg_class c ON c.oid = p.polrelid
              JOIN place n ON n.oid = c.relnamespace
              JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_policy'::regclass AND d.objid = p.oid
                AND d.refclassid = 'pg_catalog.pg_proc'::regclass
              JOIN pg_catalog.pg_proc f ON f.oid = d.refobjid WHERE f.provolatile = 'v'",
    },
    Door {
        name: "policy_reads_user_metadata",
        promise: "no policy believes a claim that its user can edit",
        sql: "SELECT format('%s.%s', n.nspname, c.relname) AS place, 'policy ' || p.polname || ' reads it' AS fact
              FROM pg_catalog.pg_policy p JOIN pg_catalog.pg_class c ON c.oid = p.polrelid
              JOIN place n ON n.oid = c.relnamespace
              WHERE concat(pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid)) LIKE '%user_meta%'",
    },
];

/// A check for each kind of door; none for a schema that has no tables of its own.
pub(super) fn checks(schema: &Schema, found: &mut Vec<Check>) {
    let own: BTreeSet<&str> = schema
        .tables()
        .filter(|(node, _)| !node.external)
        .map(|(node, _)| node.id.schema.as_str())
        .collect();
    let Some(first) = own.first() else { return };
    let subject = Id::global(Kind::Schema, *first);
    let with = with(schema, &own);
    for door in DOORS {
        let accepted = accepted(schema, door.name);
        let sql = format!("{with} {}", door.sql);
        let name = format!("doors: {} ({})", door.promise, door.name);
        found.push(Check::new(Family::Door, &subject, name, move |bench| {
            let open = open(bench, &sql, &accepted)?;
            match open.is_empty() {
                true => Ok(()),
                false => Err(Stop::Failed(format!(
                    "{}\n  close it, or write `accept {} 'the reason'` where it stands in the model",
                    open.join("\n  "),
                    door.name
                ))),
            }
        }));
    }
}

/// The schemas and the roles that the doors are looked for in: what outside callers act as, and
/// whom the model grants something, as far as policies hold them by the model's own word.
fn with(schema: &Schema, own: &BTreeSet<&str>) -> String {
    let mut roles: BTreeSet<&str> = ["anon", "authenticated"].into();
    for (node, _) in schema.tables() {
        roles.extend(node.privileges.keys().map(|name| name.as_str()));
    }
    roles.remove(PUBLIC);
    roles.retain(|name| !passes_row_security(schema, name));
    let list = |names: &BTreeSet<&str>| {
        let quoted: Vec<String> = names.iter().map(|name| literal(name)).collect();
        quoted.join(", ")
    };
    format!(
        "WITH place AS (SELECT oid, nspname FROM pg_catalog.pg_namespace WHERE nspname IN ({})), \
         outside AS (SELECT oid, rolname FROM pg_catalog.pg_roles WHERE rolname IN ({}))",
        list(own),
        list(&roles)
    )
}

/// Whether no policy holds the role, by the model's own word.
pub(super) fn passes_row_security(schema: &Schema, role: &str) -> bool {
    let node = schema.get(&Id::global(Kind::Role, role));
    let role = node.and_then(|node| node.object.as_role());
    role.is_some_and(|role| role.bypass_row_security || role.superuser)
}

/// The objects on which the model accepts the door.
fn accepted(schema: &Schema, door: &str) -> BTreeSet<String> {
    let accepts = schema.nodes().filter(|node| {
        // What a platform opens by itself, a plan closes on everything that it makes.
        let platforms = node.external && node.id.kind == Kind::DefaultPrivileges;
        if platforms && door == "default_privileges_open" {
            return true;
        }
        let mut names = node.hints.accept.iter().map(|(name, _)| name);
        names.any(|name| *name == door)
    });
    accepts
        .map(|node| match node.id.kind {
            Kind::Role => node.id.name.to_string(),
            Kind::DefaultPrivileges => node.id.schema.to_string(),
            _ => format!("{}.{}", node.id.schema, node.id.name),
        })
        .collect()
}

fn open(bench: &mut Bench, sql: &str, accepted: &BTreeSet<String>) -> Result<Vec<String>, Stop> {
    let mut open = BTreeSet::new();
    for mut row in bench.query(sql)? {
        let place = row.remove("place").flatten().unwrap_or_default();
        let fact = row.remove("fact").flatten().unwrap_or_default();
        if !accepted.contains(&place) {
            open.insert(format!("{place}: {fact}"));
        }
    }
    Ok(open.into_iter().collect())
}
