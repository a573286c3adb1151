//! What PostgreSQL's own functions take and give, for those that people call. A function that is
//! not listed is of unknown type.

/// When a function gives null.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Nulls {
    /// Where an argument is null.
    Strict,
    /// Never.
    Never,
    /// Whatever the arguments are.
    Always,
}

/// What a function gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Gives {
    /// That type.
    Type(&'static str),
    /// The type of its first argument.
    First,
    /// The type of its second argument.
    Second,
}

/// A function.
#[derive(Clone, Copy, Debug)]
pub(super) struct Function {
    pub(super) gives: Gives,
    pub(super) nulls: Nulls,
    /// The types of its arguments, empty where none is expected; the last stands for all that
    /// follow.
    pub(super) takes: &'static [&'static str],
}

use Gives::{First, Second, Type};
use Nulls::{Always, Never, Strict};

const TEXT: &[&str] = &["text"];
const NONE: &[&str] = &[];
const ZONED: &str = "timestamp with time zone";

/// The function of that name.
pub(super) fn function(name: &str) -> Option<Function> {
    let (gives, nulls, takes) = match name {
        "lower" | "upper" | "initcap" | "reverse" | "md5" | "btrim" | "ltrim" | "rtrim"
        | "translate" | "replace" | "quote_ident" | "quote_literal" | "regexp_replace"
        | "unaccent" | "normalize" => (Type("text"), Strict, TEXT),
        "encode" => (Type("text"), Strict, &["bytea", "text"][..]),
        "left" | "right" | "repeat" => (Type("text"), Strict, &["text", "integer"][..]),
        "split_part" => (Type("text"), Strict, &["text", "text", "integer"][..]),
        "lpad" | "rpad" => (Type("text"), Strict, &["text", "integer", "text"][..]),
        "substr" => (Type("text"), Strict, &["text", "integer"][..]),
        "concat" => (Type("text"), Never, NONE),
        "concat_ws" | "format" => (Type("text"), Strict, TEXT),
        "to_char" => (Type("text"), Strict, &["", "text"][..]),
        "chr" => (Type("text"), Strict, &["integer"][..]),
        "array_to_string" => (Type("text"), Strict, &["", "text"][..]),
        "jsonb_typeof" | "json_typeof" | "jsonb_pretty" => (Type("text"), Strict, NONE),
        "jsonb_extract_path_text"
        | "json_extract_path_text"
        | "current_setting"
        | "obj_description"
        | "col_description" => (Type("text"), Always, TEXT),
        "set_config" | "version" => (Type("text"), Never, TEXT),
        "string_to_array" => (Type("text[]"), Strict, TEXT),
        "regexp_match" => (Type("text[]"), Always, TEXT),
        "length" | "char_length" | "character_length" | "octet_length" | "bit_length"
        | "strpos" | "ascii" => (Type("integer"), Strict, TEXT),
        "cardinality" | "jsonb_array_length" | "json_array_length" => {
            (Type("integer"), Strict, NONE)
        }
        "num_nulls" | "num_nonnulls" | "pg_backend_pid" => (Type("integer"), Never, NONE),
        "hashtext" => (Type("integer"), Strict, TEXT),
        "array_length" | "array_position" => (Type("integer"), Always, NONE),
        "abs" => (First, Strict, NONE),
        "date_bin" => (Second, Strict, NONE),
        "random" | "pi" => (Type("double precision"), Never, NONE),
        "date_part" => (Type("double precision"), Strict, TEXT),
        "now"
        | "transaction_timestamp"
        | "statement_timestamp"
        | "clock_timestamp"
        | "current_timestamp" => (Type(ZONED), Never, NONE),
        "localtimestamp" => (Type("timestamp without time zone"), Never, NONE),
        "current_date" => (Type("date"), Never, NONE),
        "current_time" => (Type("time with time zone"), Never, NONE),
        "localtime" => (Type("time without time zone"), Never, NONE),
        "to_date" => (Type("date"), Strict, TEXT),
        "make_date" => (Type("date"), Strict, &["integer"][..]),
        "make_interval" | "justify_days" | "justify_hours" | "justify_interval" | "age" => {
            (Type("interval"), Strict, NONE)
        }
        "date_trunc" => (Second, Strict, TEXT),
        "gen_random_uuid" | "uuidv4" | "uuidv7" | "uuid_generate_v4" => (Type("uuid"), Never, NONE),
        "current_user" | "session_user" | "user" | "current_role" | "current_catalog"
        | "current_database" => (Type("name"), Never, NONE),
        "current_schema" => (Type("name"), Always, NONE),
        "nextval" | "currval" | "setval" => (Type("bigint"), Strict, NONE),
        "lastval" | "txid_current" => (Type("bigint"), Never, NONE),
        "pg_try_advisory_lock" | "pg_try_advisory_xact_lock" | "pg_advisory_unlock" => {
            (Type("boolean"), Strict, &["bigint"][..])
        }
        "jsonb_path_exists" | "jsonb_exists" | "starts_with" | "isfinite" | "isempty" => {
            (Type("boolean"), Strict, NONE)
        }
        "jsonb_build_object" | "jsonb_build_array" => (Type("jsonb"), Never, NONE),
        "json_build_object" | "json_build_array" => (Type("json"), Never, NONE),
        "to_jsonb" | "jsonb_strip_nulls" | "jsonb_set" | "jsonb_insert" => {
            (Type("jsonb"), Strict, NONE)
        }
        "jsonb_extract_path" | "jsonb_path_query_first" => (Type("jsonb"), Always, NONE),
        "to_json" | "row_to_json" | "array_to_json" => (Type("json"), Strict, NONE),
        "sha256" | "sha512" => (Type("bytea"), Strict, &["bytea"][..]),
        "decode" => (Type("bytea"), Strict, TEXT),
        "ts_rank" | "ts_rank_cd" | "similarity" | "word_similarity" => (Type("real"), Strict, NONE),
        "row_number" | "rank" | "dense_rank" => (Type("bigint"), Never, NONE),
        "ntile" => (Type("integer"), Never, &["integer"][..]),
        "percent_rank" | "cume_dist" => (Type("double precision"), Never, NONE),
        "lag" | "lead" | "first_value" | "last_value" | "nth_value" => (First, Always, NONE),
        "generate_series" => (First, Strict, NONE),
        _ => return None,
    };
    Some(Function {
        gives,
        nulls,
        takes,
    })
}

/// The functions that make one value of many rows.
pub(super) const AGGREGATES: &[&str] = &[
    "count",
    "sum",
    "avg",
    "min",
    "max",
    "bool_and",
    "bool_or",
    "every",
    "string_agg",
    "array_agg",
    "json_agg",
    "jsonb_agg",
    "json_object_agg",
    "jsonb_object_agg",
    "stddev",
    "stddev_pop",
    "stddev_samp",
    "variance",
    "var_pop",
    "var_samp",
    "percentile_cont",
];

/// The type of a sum of such values.
pub(super) fn sum(ty: &str) -> Option<&'static str> {
    Some(match ty {
        "smallint" | "integer" => "bigint",
        "bigint" | "numeric" => "numeric",
        "real" => "real",
        "double precision" => "double precision",
        "interval" => "interval",
        _ => return None,
    })
}

/// The type of an average, and of what is measured around it.
pub(super) fn average(ty: &str) -> Option<&'static str> {
    Some(match ty {
        "smallint" | "integer" | "bigint" | "numeric" => "numeric",
        "real" | "double precision" => "double precision",
        "interval" => "interval",
        _ => return None,
    })
}
