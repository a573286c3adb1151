//! What a read leaves out, each with its reason. One list, which a command can print.
//!
//! Never decides anything by itself: the readers' queries follow it.

/// One rule by which something in a database is no part of its [`Schema`](model::Schema).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// What is left out.
    pub what: &'static str,
    /// Why that loses nothing.
    pub why: &'static str,
}

const fn rule(what: &'static str, why: &'static str) -> LeftOut {
    LeftOut { what, why }
}

/// The schemas that hosted platforms put into a database and migrate by themselves.
pub const PLATFORM_SCHEMAS: &[&str] = &[
    "_analytics",
    "_realtime",
    "auth",
    "cron",
    "extensions",
    "graphql",
    "graphql_public",
    "net",
    "pgbouncer",
    "pgsodium",
    "pgsodium_masks",
    "realtime",
    "storage",
    "supabase_*",
    "vault",
];

/// Every rule.
pub const LEFT_OUT: &[LeftOut] = &[
    rule(
        "the schemas pg_catalog, information_schema, pg_toast and pg_temp_*",
        "they are the server's own, or a session's",
    ),
    rule(
        "objects with an oid below 16384",
        "initdb made them; every database of that major has them",
    ),
    rule(
        "members of extensions (pg_depend.deptype = 'e')",
        "CREATE EXTENSION makes them; the extension itself is read",
    ),
    rule("the extension plpgsql", "every database starts with it"),
    rule(
        "the owner, default grants and default comment of the schema public",
        "every database starts with them, and they differ from major to major",
    ),
    rule(
        "identity sequences",
        "they are part of the column's identity, with their options and grants",
    ),
    rule(
        "indexes of primary keys, unique and exclusion constraints",
        "they are part of the constraint",
    ),
    rule(
        "array types, row types of relations, multirange types, functions and casts of range types",
        "they come and go with the type or relation they are made for",
    ),
    rule(
        "triggers that enforce foreign keys and deferred uniqueness",
        "they are how the server keeps the constraint",
    ),
    rule(
        "_RETURN rules",
        "they are how the server keeps a view's query",
    ),
    rule(
        "not-null constraints with the name PostgreSQL would choose (18)",
        "they say what the column says; earlier majors have no name for them",
    ),
    rule(
        "foreign keys that the server repeats for each partition of the table referred to",
        "they come and go with the foreign key",
    ),
    rule(
        "columns that have been dropped",
        "only the row format remembers them",
    ),
    rule(
        "the column option pg_attver",
        "the server counts a column's versions in it (since 15.20 and its like), and nobody sets it",
    ),
    rule(
        "statistics, sizes, oids and positions of columns",
        "they are not what a database is but what has happened to it",
    ),
    rule(
        "roles with their attributes, settings and memberships, unless a model declares them",
        "they belong to the server, not to the database",
    ),
    rule(
        "tablespaces, and grants on configuration parameters",
        "they belong to the server, not to the database; which tablespace an object is in is read",
    ),
    rule(
        "passwords, and connection strings of subscriptions",
        "they are secrets; what holds one is reported as not readable",
    ),
    rule("temporary objects", "they belong to a session"),
    rule(
        "the version of the library that a collation was made with",
        "it is the server's; ALTER COLLATION … REFRESH VERSION",
    ),
    rule(
        "schemas that the options leave out",
        "somebody else migrates them: a hosted platform, for instance",
    ),
];
