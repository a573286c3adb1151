//! The types of `pg_catalog`, under each of their names.

use rustc_hash::FxHashMap;
use std::sync::LazyLock;

/// The canonical name of a built-in type of one word, and of its aliases. Spellings of several words are the parser's.
const WORDS: &[(&str, &str)] = &[
    ("any", "\"any\""),
    ("anyarray", "anyarray"),
    ("anycompatible", "anycompatible"),
    ("anycompatiblearray", "anycompatiblearray"),
    ("anycompatiblemultirange", "anycompatiblemultirange"),
    ("anycompatiblenonarray", "anycompatiblenonarray"),
    ("anycompatiblerange", "anycompatiblerange"),
    ("anyelement", "anyelement"),
    ("anyenum", "anyenum"),
    ("anymultirange", "anymultirange"),
    ("anynonarray", "anynonarray"),
    ("anyrange", "anyrange"),
    ("aclitem", "aclitem"),
    ("bigint", "bigint"),
    ("bit", "bit"),
    ("bool", "boolean"),
    ("boolean", "boolean"),
    ("box", "box"),
    ("bpchar", "character"),
    ("bytea", "bytea"),
    ("char", "character"),
    ("character", "character"),
    ("cid", "cid"),
    ("cidr", "cidr"),
    ("circle", "circle"),
    ("cstring", "cstring"),
    ("date", "date"),
    ("datemultirange", "datemultirange"),
    ("daterange", "daterange"),
    ("dec", "numeric"),
    ("decimal", "numeric"),
    ("event_trigger", "event_trigger"),
    ("fdw_handler", "fdw_handler"),
    ("float", "double precision"),
    ("float4", "real"),
    ("float8", "double precision"),
    ("gtsvector", "gtsvector"),
    ("index_am_handler", "index_am_handler"),
    ("inet", "inet"),
    ("int", "integer"),
    ("int2", "smallint"),
    ("int2vector", "int2vector"),
    ("int4", "integer"),
    ("int4multirange", "int4multirange"),
    ("int4range", "int4range"),
    ("int8", "bigint"),
    ("int8multirange", "int8multirange"),
    ("int8range", "int8range"),
    ("integer", "integer"),
    ("internal", "internal"),
    ("interval", "interval"),
    ("json", "json"),
    ("jsonb", "jsonb"),
    ("jsonpath", "jsonpath"),
    ("language_handler", "language_handler"),
    ("line", "line"),
    ("lseg", "lseg"),
    ("macaddr", "macaddr"),
    ("macaddr8", "macaddr8"),
    ("money", "money"),
    ("name", "name"),
    ("numeric", "numeric"),
    ("nummultirange", "nummultirange"),
    ("numrange", "numrange"),
    ("oid", "oid"),
    ("oidvector", "oidvector"),
    ("path", "path"),
    ("pg_ddl_command", "pg_ddl_command"),
    ("pg_lsn", "pg_lsn"),
    ("pg_node_tree", "pg_node_tree"),
    ("pg_snapshot", "pg_snapshot"),
    ("point", "point"),
    ("polygon", "polygon"),
    ("real", "real"),
    ("record", "record"),
    ("refcursor", "refcursor"),
    ("regclass", "regclass"),
    ("regcollation", "regcollation"),
    ("regconfig", "regconfig"),
    ("regdictionary", "regdictionary"),
    ("regnamespace", "regnamespace"),
    ("regoper", "regoper"),
    ("regoperator", "regoperator"),
    ("regproc", "regproc"),
    ("regprocedure", "regprocedure"),
    ("regrole", "regrole"),
    ("regtype", "regtype"),
    ("smallint", "smallint"),
    ("table_am_handler", "table_am_handler"),
    ("text", "text"),
    ("tid", "tid"),
    ("time", "time without time zone"),
    ("timestamp", "timestamp without time zone"),
    ("timestamptz", "timestamp with time zone"),
    ("timetz", "time with time zone"),
    ("trigger", "trigger"),
    ("tsm_handler", "tsm_handler"),
    ("tsmultirange", "tsmultirange"),
    ("tsquery", "tsquery"),
    ("tsrange", "tsrange"),
    ("tstzmultirange", "tstzmultirange"),
    ("tstzrange", "tstzrange"),
    ("tsvector", "tsvector"),
    ("txid_snapshot", "txid_snapshot"),
    ("unknown", "unknown"),
    ("uuid", "uuid"),
    ("varbit", "bit varying"),
    ("varchar", "character varying"),
    ("void", "void"),
    ("xid", "xid"),
    ("xid8", "xid8"),
    ("xml", "xml"),
];

/// Every written word of a built-in type with its canonical name.
pub fn aliases() -> impl Iterator<Item = (&'static str, &'static str)> {
    WORDS.iter().copied()
}

/// The words people choose from when they mistype: built-in types that a column can have.
pub fn builtin_names<'a>() -> impl Iterator<Item = &'a str> {
    WORDS
        .iter()
        .filter(|(_, canonical)| !is_pseudo(canonical))
        .map(|(word, _)| *word)
        .chain(["serial", "bigserial", "smallserial", "\"char\""])
}

/// Whether no column can have the type, because it stands for a kind of value and not for one.
///
/// ```
/// assert!(model::types::is_pseudo("trigger"));
/// assert!(!model::types::is_pseudo("text"));
/// ```
pub fn is_pseudo(canonical: &str) -> bool {
    canonical.starts_with("any")
        || canonical.ends_with("_handler")
        || matches!(
            canonical,
            "\"any\""
                | "cstring"
                | "event_trigger"
                | "internal"
                | "pg_ddl_command"
                | "record"
                | "trigger"
                | "unknown"
                | "void"
        )
}

/// The canonical name of a built-in type of one word.
pub(crate) fn canonical(word: &str) -> Option<&'static str> {
    static BY_WORD: LazyLock<FxHashMap<&str, &str>> =
        LazyLock::new(|| WORDS.iter().copied().collect());
    BY_WORD.get(word).copied()
}
