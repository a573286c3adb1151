//! Words of SQL that are not names where they stand in an expression.

/// Reserved words: never a column's bare name. From PostgreSQL's `kwlist.h`, with the words that
/// may name a function or a type only.
pub(super) fn is_reserved(word: &str) -> bool {
    RESERVED.binary_search(&word).is_ok()
}

/// Words that stand before a parenthesis without being a function.
pub(super) fn is_not_called(word: &str) -> bool {
    NOT_CALLED.binary_search(&word).is_ok()
}

/// Unreserved words that have a meaning inside an expression or query.
pub(super) fn is_contextual(word: &str) -> bool {
    CONTEXTUAL.binary_search(&word).is_ok()
}

/// Reserved words that are a value or begin one, so that a column of that name is never meant.
pub(super) fn is_value(word: &str) -> bool {
    matches!(
        word,
        "array"
            | "case"
            | "cast"
            | "current_catalog"
            | "current_date"
            | "current_role"
            | "current_schema"
            | "current_time"
            | "current_timestamp"
            | "current_user"
            | "default"
            | "distinct"
            | "all"
            | "any"
            | "some"
            | "false"
            | "localtime"
            | "localtimestamp"
            | "not"
            | "null"
            | "select"
            | "session_user"
            | "true"
            | "user"
            | "system_user"
            | "both"
            | "leading"
            | "trailing"
            | "variadic"
            | "lateral"
            | "with"
            | "table"
    )
}

/// Words that begin a query behind a parenthesis.
pub(super) fn begins_query(word: &str) -> bool {
    [
        "select", "with", "values", "table", "insert", "update", "delete", "merge",
    ]
    .iter()
    .any(|w| w.eq_ignore_ascii_case(word))
}

const RESERVED: &[&str] = &[
    "all",
    "analyse",
    "analyze",
    "and",
    "any",
    "array",
    "as",
    "asc",
    "asymmetric",
    "authorization",
    "binary",
    "both",
    "case",
    "cast",
    "check",
    "collate",
    "collation",
    "column",
    "concurrently",
    "constraint",
    "create",
    "cross",
    "current_catalog",
    "current_date",
    "current_role",
    "current_schema",
    "current_time",
    "current_timestamp",
    "current_user",
    "default",
    "deferrable",
    "desc",
    "distinct",
    "do",
    "else",
    "end",
    "except",
    "false",
    "fetch",
    "for",
    "foreign",
    "freeze",
    "from",
    "full",
    "grant",
    "group",
    "having",
    "ilike",
    "in",
    "initially",
    "inner",
    "intersect",
    "into",
    "is",
    "isnull",
    "join",
    "lateral",
    "leading",
    "left",
    "like",
    "limit",
    "localtime",
    "localtimestamp",
    "natural",
    "not",
    "notnull",
    "null",
    "offset",
    "on",
    "only",
    "or",
    "order",
    "outer",
    "overlaps",
    "placing",
    "primary",
    "references",
    "returning",
    "right",
    "select",
    "session_user",
    "similar",
    "some",
    "symmetric",
    "system_user",
    "table",
    "tablesample",
    "then",
    "to",
    "trailing",
    "true",
    "union",
    "unique",
    "user",
    "using",
    "variadic",
    "verbose",
    "when",
    "where",
    "window",
    "with",
];

const NOT_CALLED: &[&str] = &[
    "all",
    "and",
    "any",
    "array",
    "as",
    "asc",
    "between",
    "by",
    "case",
    "conflict",
    "cube",
    "current_time",
    "current_timestamp",
    "desc",
    "distinct",
    "else",
    "except",
    "exists",
    "fetch",
    "filter",
    "from",
    "group",
    "grouping",
    "having",
    "ilike",
    "in",
    "intersect",
    "is",
    "join",
    "lateral",
    "like",
    "limit",
    "localtime",
    "localtimestamp",
    "materialized",
    "not",
    "of",
    "offset",
    "on",
    "only",
    "or",
    "over",
    "returning",
    "rollup",
    "row",
    "select",
    "set",
    "sets",
    "similar",
    "some",
    "symmetric",
    "then",
    "to",
    "union",
    "using",
    "values",
    "variadic",
    "when",
    "where",
    "with",
];

const CONTEXTUAL: &[&str] = &[
    "absent",
    "after",
    "at",
    "before",
    "between",
    "by",
    "columns",
    "conditional",
    "conflict",
    "content",
    "cube",
    "current",
    "day",
    "delete",
    "document",
    "empty",
    "error",
    "escape",
    "exclude",
    "exists",
    "filter",
    "first",
    "following",
    "format",
    "grouping",
    "groups",
    "hour",
    "ignore",
    "insert",
    "key",
    "keys",
    "last",
    "locked",
    "materialized",
    "minute",
    "month",
    "nested",
    "next",
    "nfc",
    "nfd",
    "nfkc",
    "nfkd",
    "no",
    "normalized",
    "nothing",
    "nowait",
    "nulls",
    "of",
    "ordinality",
    "others",
    "over",
    "overriding",
    "partition",
    "passing",
    "path",
    "preceding",
    "range",
    "recursive",
    "respect",
    "rollup",
    "row",
    "rows",
    "second",
    "set",
    "sets",
    "share",
    "skip",
    "ties",
    "time",
    "uescape",
    "unbounded",
    "unconditional",
    "unknown",
    "update",
    "value",
    "values",
    "within",
    "without",
    "wrapper",
    "year",
    "zone",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_sorted_so_that_the_search_finds_them() {
        assert!(RESERVED.is_sorted() && NOT_CALLED.is_sorted() && CONTEXTUAL.is_sorted());
    }
}
