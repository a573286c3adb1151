//! What a database can hold and a `Schema` cannot, found and named.
//!
//! Never decides that something doesn't matter.

use super::CatalogError;
use super::batch::Scope;
use super::lowering::Lowering;
use super::rows::Rows;

pub(super) fn sql(scope: &Scope<'_>) -> String {
    let visible = scope.visible("c.relnamespace");
    format!(
        "SELECT 'security label', pg_describe_object(l.classoid, l.objoid, l.objsubid), \
             l.provider || ': ' || l.label FROM pg_seclabel l \
         UNION ALL \
         SELECT 'large object', o.oid::text, 'large objects are data without a table' \
           FROM pg_largeobject_metadata o \
         UNION ALL \
         SELECT 'trigger', g.tgname || ' on ' || c.oid::regclass::text, \
             'a trigger of the server''s own that is not in its ordinary state' \
           FROM pg_trigger g JOIN pg_class c ON c.oid = g.tgrelid \
           WHERE g.tgisinternal AND g.tgparentid = 0 AND g.tgenabled <> 'O' AND {visible} \
         UNION ALL \
         SELECT 'relation', c.oid::regclass::text, 'a relation of the kind ' || c.relkind::text \
           FROM pg_class c WHERE c.relkind NOT IN ('r', 'p', 'f', 'v', 'm', 'S', 'c', 'i', 'I', 't') \
           AND {visible} \
         UNION ALL \
         SELECT 'type', t.oid::regtype::text, 'a type of the kind ' || t.typtype::text \
           FROM pg_type t WHERE t.typtype NOT IN ('b', 'c', 'd', 'e', 'm', 'p', 'r') AND {} \
         ORDER BY 1, 2, 3",
        scope.visible("t.typnamespace")
    )
}

/// The words that may come back, so that the report needs no allocation of its own.
const WORDS: &[&str] = &[
    "security label",
    "large object",
    "trigger",
    "relation",
    "type",
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
