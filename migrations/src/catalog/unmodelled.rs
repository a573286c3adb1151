//! What a database can hold and a `Schema` cannot, found and named.
//!
//! Never decides that something doesn't matter.

use super::CatalogError;
use super::batch::Scope;
use super::lowering::Lowering;
use super::rows::Rows;

pub(super) fn sql(scope: &Scope<'_>) -> String {
    let visible = scope.visible("c.relnamespace");
    let own = "(SELECT b.oid FROM pg_database b WHERE b.datname = current_database())";
    format!(
        "SELECT 'security label', pg_describe_object(l.classoid, l.objoid, l.objsubid), \
             l.provider || ': ' || l.label FROM pg_seclabel l \
         UNION ALL \
         SELECT 'security label', 'database', l.provider || ': ' || l.label FROM pg_shseclabel l \
           WHERE l.classoid = 'pg_database'::regclass AND l.objoid = {own} \
         UNION ALL \
         SELECT 'large object', count(*)::text || ' of them', \
             'large objects are data without a table' \
           FROM pg_largeobject_metadata o HAVING count(*) > 0 \
         UNION ALL \
         SELECT 'trigger', 'triggers of constraints on ' || c.oid::regclass::text, \
             'of the server''s own, ' || count(*) || ' not in the ordinary state' \
           FROM pg_trigger g JOIN pg_class c ON c.oid = g.tgrelid \
           WHERE g.tgisinternal AND g.tgparentid = 0 AND g.tgenabled <> 'O' AND {visible} \
           GROUP BY c.oid \
         UNION ALL \
         SELECT 'relation', c.oid::regclass::text, 'a relation of the kind ' || c.relkind::text \
           FROM pg_class c WHERE c.relkind NOT IN ('r', 'p', 'f', 'v', 'm', 'S', 'c', 'i', 'I', 't') \
           AND {visible} \
         UNION ALL \
         SELECT 'type', t.oid::regtype::text, 'a type of the kind ' || t.typtype::text \
           FROM pg_type t WHERE t.typtype NOT IN ('b', 'c', 'd', 'e', 'm', 'p', 'r') AND {} \
         UNION ALL \
         SELECT 'database', 'grants', d.datacl::text FROM pg_database d \
           WHERE d.oid = {own} AND d.datacl IS NOT NULL \
         UNION ALL \
         SELECT 'database', 'comment', x FROM shobj_description({own}, 'pg_database') x \
           WHERE x IS NOT NULL AND x <> 'default administrative connection database' \
         UNION ALL \
         SELECT 'grants', 'on the server''s own ' || k.word || ' ' || k.name, \
             coalesce(k.acl::text, 'the default') \
           FROM ({SYSTEM_GRANTS}) k \
         UNION ALL \
         SELECT 'grants', 'on ' || count(*) || ' members of extension ' || x.extname, \
             'they differ from those the extension gives' \
           FROM ({MEMBER_GRANTS}) m JOIN pg_extension x ON x.oid = m.extension GROUP BY x.extname \
         UNION ALL \
         SELECT 'dependency', pg_describe_object(d.classid, d.objid, d.objsubid), \
             'goes with extension ' || x.extname || ' (DEPENDS ON EXTENSION)' \
           FROM pg_depend d JOIN pg_extension x ON x.oid = d.refobjid \
           WHERE d.deptype = 'x' AND d.refclassid = 'pg_extension'::regclass \
         ORDER BY 1, 2, 3",
        scope.visible("t.typnamespace")
    )
}

/// Functions and relations of `pg_catalog`, with other grants than initdb gave. What it gives in
/// `information_schema` isn't recorded.
const SYSTEM_GRANTS: &str = "SELECT 'function' AS word, p.oid::regprocedure::text AS name, \
       p.proacl AS acl \
     FROM pg_proc p LEFT JOIN pg_init_privs i ON i.classoid = 'pg_proc'::regclass \
       AND i.objoid = p.oid AND i.objsubid = 0 \
     WHERE p.pronamespace = 'pg_catalog'::regnamespace AND p.oid < 16384 \
       AND p.proacl IS DISTINCT FROM i.initprivs \
   UNION ALL \
   SELECT 'relation', c.oid::regclass::text, c.relacl \
     FROM pg_class c LEFT JOIN pg_init_privs i ON i.classoid = 'pg_class'::regclass \
       AND i.objoid = c.oid AND i.objsubid = 0 \
     WHERE c.relnamespace = 'pg_catalog'::regnamespace AND c.oid < 16384 \
       AND c.relacl IS DISTINCT FROM i.initprivs";

/// Members of extensions, with other grants than `CREATE EXTENSION` gave.
const MEMBER_GRANTS: &str = "SELECT d.refobjid AS extension \
     FROM pg_depend d JOIN ( \
       SELECT 'pg_proc'::regclass AS class, oid, proacl AS acl FROM pg_proc \
       UNION ALL SELECT 'pg_class'::regclass, oid, relacl FROM pg_class \
       UNION ALL SELECT 'pg_type'::regclass, oid, typacl FROM pg_type \
       UNION ALL SELECT 'pg_language'::regclass, oid, lanacl FROM pg_language \
       UNION ALL SELECT 'pg_foreign_data_wrapper'::regclass, oid, fdwacl \
         FROM pg_foreign_data_wrapper) m ON m.class = d.classid AND m.oid = d.objid \
     LEFT JOIN pg_init_privs i ON i.classoid = d.classid AND i.objoid = d.objid AND i.objsubid = 0 \
     WHERE d.deptype = 'e' AND d.refclassid = 'pg_extension'::regclass \
       AND m.acl IS DISTINCT FROM i.initprivs";

/// The words that may come back, so that the report needs no allocation of its own.
const WORDS: &[&str] = &[
    "security label",
    "large object",
    "trigger",
    "relation",
    "type",
    "database",
    "grants",
    "dependency",
];

pub(super) fn lower(rows: &Rows, to: &mut Lowering<'_>) -> Result<(), CatalogError> {
    for mut row in rows.iter() {
        let (word, name, why) = (row.text()?, row.text()?, row.text()?);
        let kind = WORDS.iter().find(|w| **w == word).copied();
        let kind = kind.ok_or_else(|| row.unexpected(word))?;
        to.report(kind, name, why);
    }
    Ok(())
}
