//! What a role may do that touches no row: privileges, memberships, attributes.

use model::quote::literal;

use super::{Actor, Reach};
use crate::rows::{Bench, Stop};

/// Every privilege of every role, as the server works it out: by the role's own grants, by those of
/// the roles it is a member of, by ownership and by what everybody has.
///
/// Nobody calls a trigger function. One that runs as its owner counts all the same: who may execute
/// it can make it the trigger of a table of their own, and choose the rows that it sees.
const SQL: &str = "
    WITH actor AS (
      SELECT oid, rolname, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication,
        rolcanlogin FROM pg_catalog.pg_roles WHERE rolname = ANY (@roles)
    ), place AS (
      SELECT oid, nspname FROM pg_catalog.pg_namespace
      WHERE nspname !~ '^pg_' AND nspname NOT IN ('information_schema', @platform)
    ), relation AS (
      SELECT c.oid, c.relkind, c.relowner, format('%I.%I', n.nspname, c.relname) AS name
      FROM pg_catalog.pg_class c JOIN place n ON n.oid = c.relnamespace
      WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND NOT EXISTS (SELECT 1
        FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.pg_class'::regclass
          AND d.objid = c.oid AND d.deptype = 'e')
    )
    SELECT a.rolname AS role, f.object, f.label, f.what FROM actor a CROSS JOIN LATERAL (
      SELECT CASE WHEN r.relkind IN ('v', 'm') THEN 'view ' ELSE 'table ' END || r.oid AS object,
        r.name AS label, lower(p) AS what
      FROM relation r, unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE',
        'REFERENCES', 'TRIGGER']) AS p
      WHERE r.relkind <> 'S' AND has_table_privilege(a.oid, r.oid, p)
      UNION ALL
      SELECT CASE WHEN r.relkind IN ('v', 'm') THEN 'view ' ELSE 'table ' END || r.oid, r.name,
        'grants ' || lower(p) || ' on'
      FROM relation r, unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']) AS p
      WHERE r.relkind <> 'S' AND has_table_privilege(a.oid, r.oid, p || ' WITH GRANT OPTION')
      UNION ALL
      SELECT 'column ' || r.oid || '.' || t.attnum, r.name || format('.%I', t.attname), lower(p)
      FROM relation r JOIN pg_catalog.pg_attribute t ON t.attrelid = r.oid,
        unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'REFERENCES']) AS p
      WHERE r.relkind <> 'S' AND t.attnum > 0 AND NOT t.attisdropped
        AND NOT has_table_privilege(a.oid, r.oid, p)
        AND has_column_privilege(a.oid, r.oid, t.attnum, p)
      UNION ALL
      SELECT 'sequence ' || r.oid, r.name, lower(p)
      FROM relation r, unnest(ARRAY['USAGE', 'SELECT', 'UPDATE']) AS p
      WHERE r.relkind = 'S' AND has_sequence_privilege(a.oid, r.oid, p)
      UNION ALL
      SELECT 'table ' || r.oid, r.name, 'ownership' FROM relation r
      WHERE pg_has_role(a.oid, r.relowner, 'USAGE')
      UNION ALL
      SELECT 'function ' || o.oid, format('%I.%I(%s)', n.nspname, o.proname,
          pg_get_function_identity_arguments(o.oid)),
        CASE WHEN o.prosecdef THEN 'execute as its owner' ELSE 'execute' END
      FROM pg_catalog.pg_proc o JOIN place n ON n.oid = o.pronamespace
      WHERE has_function_privilege(a.oid, o.oid, 'EXECUTE') AND NOT EXISTS (SELECT 1
        FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.pg_proc'::regclass
          AND d.objid = o.oid AND d.deptype = 'e')
        AND (o.prosecdef OR o.prorettype NOT IN ('trigger'::regtype, 'event_trigger'::regtype))
      UNION ALL
      SELECT 'schema ' || n.oid, n.nspname::text, lower(p)
      FROM place n, unnest(ARRAY['USAGE', 'CREATE']) AS p
      WHERE has_schema_privilege(a.oid, n.oid, p)
      UNION ALL
      SELECT 'role ' || m.oid, m.rolname::text, lower(w.word) FROM pg_catalog.pg_roles m,
        (VALUES ('MEMBER', 'membership'), ('USAGE', 'rights')) AS w (kind, word)
      WHERE m.oid <> a.oid AND m.rolname = ANY (@roles) AND pg_has_role(a.oid, m.oid, w.kind)
      UNION ALL
      SELECT 'attribute ' || a.oid, 'the server', w.word FROM (VALUES
        (a.rolsuper, 'superuser'), (a.rolbypassrls, 'bypassing row-level security'),
        (a.rolcreaterole, 'creating roles'), (a.rolcreatedb, 'creating databases'),
        (a.rolreplication, 'replication'), (a.rolcanlogin, 'login')) AS w (has, word) WHERE w.has
      UNION ALL
      SELECT 'default ' || d.defaclrole || ' ' || d.defaclnamespace || ' ' || d.defaclobjtype::text,
        'what ' || d.defaclrole::regrole || ' makes later' || coalesce(' in ' || n.nspname, ''),
        lower(x.privilege_type)
      FROM pg_catalog.pg_default_acl d LEFT JOIN pg_catalog.pg_namespace n ON n.oid = d.defaclnamespace,
        aclexplode(d.defaclacl) AS x
      WHERE x.grantee = 0 OR pg_has_role(a.oid, x.grantee, 'USAGE')
    ) AS f (object, label, what)
    UNION ALL
    SELECT NULL, CASE WHEN relkind IN ('v', 'm') THEN 'view ' WHEN relkind = 'S' THEN 'sequence '
      ELSE 'table ' END || oid, name, NULL FROM relation
    UNION ALL
    SELECT NULL, 'column ' || r.oid || '.' || t.attnum, r.name || format('.%I', t.attname), NULL
    FROM relation r JOIN pg_catalog.pg_attribute t ON t.attrelid = r.oid
    WHERE r.relkind <> 'S' AND t.attnum > 0 AND NOT t.attisdropped
    UNION ALL
    SELECT NULL, 'function ' || o.oid, o.proname::text, NULL
    FROM pg_catalog.pg_proc o JOIN place n ON n.oid = o.pronamespace
    UNION ALL SELECT NULL, 'schema ' || oid, nspname::text, NULL FROM place
    UNION ALL SELECT NULL, 'role ' || oid, rolname::text, NULL FROM pg_catalog.pg_roles
    UNION ALL SELECT NULL, 'attribute ' || oid, 'the server', NULL FROM actor
    ORDER BY 1, 2, 3, 4";

/// Schemas of a platform, which the model does not own.
pub(super) const PLATFORM: &str = "'auth', 'extensions', 'storage', 'realtime', 'vault', 'graphql', 'graphql_public', 'pgbouncer'";

/// The actors whose role is there: a migration may make others, and drop these.
pub(super) fn roles_there(bench: &mut Bench, actors: &[Actor]) -> Result<Vec<Actor>, Stop> {
    let rows = bench.query("SELECT rolname AS name FROM pg_catalog.pg_roles")?;
    let there: std::collections::BTreeSet<String> = rows
        .into_iter()
        .filter_map(|mut row| row.remove("name").flatten())
        .collect();
    let has = |actor: &&Actor| there.contains(actor.role.as_str());
    Ok(actors.iter().filter(has).cloned().collect())
}

pub(super) fn measure(bench: &mut Bench, actors: &[Actor], reach: &mut Reach) -> Result<(), Stop> {
    let mut roles: Vec<String> = actors.iter().map(|a| literal(&a.role)).collect();
    roles.dedup();
    let names = format!("ARRAY[{}]::name[]", roles.join(", "));
    let sql = SQL.replace("@roles", &names).replace("@platform", PLATFORM);
    for mut row in bench.query(&sql)? {
        let mut take = |column: &str| row.remove(column).flatten();
        let (role, what) = (take("role"), take("what"));
        let (Some(object), Some(label)) = (take("object"), take("label")) else {
            continue;
        };
        if let (Some(role), Some(what)) = (role, what) {
            let alone = Actor::plain(&role);
            reach.add(&alone, &object, &what, "");
        }
        reach.labels.entry(object).or_insert(label);
    }
    Ok(())
}
