//! Quoting for SQL: the one place where identifiers and literals get their quotes.
//!
//! It never decides whether a name is right, only how the server must be told of it.

use std::borrow::Cow;

use crate::schema::{Id, Kind, Type};

/// The identifier as SQL needs it: bare where PostgreSQL reads it back unchanged, quoted otherwise.
///
/// The rule is the server's own `quote_ident`: lower-case letters, digits and underscores, not
/// beginning with a digit, and no keyword other than an unreserved one, of any supported major.
///
/// ```
/// use model::quote::ident;
/// assert_eq!(ident("deals"), "deals");
/// assert_eq!(ident("from"), "\"from\"");
/// assert_eq!(ident("dogFriendly"), "\"dogFriendly\"");
/// ```
pub fn ident(name: &str) -> Cow<'_, str> {
    let bare = name
        .bytes()
        .enumerate()
        .all(|(i, b)| b == b'_' || b.is_ascii_lowercase() || (i > 0 && b.is_ascii_digit()));
    if bare && !name.is_empty() && !is_keyword(name) {
        Cow::Borrowed(name)
    } else {
        Cow::Owned(format!("\"{}\"", name.replace('"', "\"\"")))
    }
}

/// Whether the name, of small letters, is one of [`KEYWORDS`]. Asked of every name that is written.
fn is_keyword(name: &str) -> bool {
    let letter = name.as_bytes()[0].wrapping_sub(b'a') as usize;
    let range = FROM_LETTER.get(letter).zip(FROM_LETTER.get(letter + 1));
    range.is_some_and(|(start, end)| KEYWORDS[*start..*end].contains(&name))
}

/// Where the keywords of each letter begin, and where the last one ends.
const FROM_LETTER: [usize; 27] = {
    let mut from = [KEYWORDS.len(); 27];
    let mut i = KEYWORDS.len();
    while i > 0 {
        i -= 1;
        let letter = (KEYWORDS[i].as_bytes()[0] - b'a') as usize;
        from[letter] = i;
    }
    // A letter without keywords begins where the next one does.
    let mut letter = 26;
    while letter > 0 {
        letter -= 1;
        if from[letter] == KEYWORDS.len() {
            from[letter] = from[letter + 1];
        }
    }
    from
};

/// The text as a string literal that means the same under any `standard_conforming_strings`.
///
/// ```
/// use model::quote::literal;
/// assert_eq!(literal("it's"), "'it''s'");
/// assert_eq!(literal(r"a\b"), r"E'a\\b'");
/// ```
pub fn literal(text: &str) -> String {
    let doubled = text.replace('\'', "''");
    if text.contains('\\') {
        format!("E'{}'", doubled.replace('\\', "\\\\"))
    } else {
        format!("'{doubled}'")
    }
}

/// A dollar-quoted string, with a tag where the text itself holds `$$`.
///
/// ```
/// assert_eq!(model::quote::dollar("select 1"), "$$select 1$$");
/// assert_eq!(model::quote::dollar("a $$ b"), "$body$a $$ b$body$");
/// ```
pub fn dollar(text: &str) -> String {
    let mut tag = String::from("$$");
    let mut n = 0;
    // A text that ends in `$` would close the quote one byte early.
    while text.contains(&tag) || (tag == "$$" && text.ends_with('$')) {
        tag = if n == 0 {
            "$body$".to_owned()
        } else {
            format!("$body{n}$")
        };
        n += 1;
    }
    format!("{tag}{text}{tag}")
}

/// A name within a schema.
///
/// ```
/// assert_eq!(model::quote::qualified("public", "user"), "public.\"user\"");
/// ```
pub fn qualified(schema: &str, name: &str) -> String {
    if schema.is_empty() {
        return ident(name).into_owned();
    }
    let (schema, name) = (ident(schema), ident(name));
    let mut text = String::with_capacity(schema.len() + 1 + name.len());
    text.push_str(&schema);
    text.push('.');
    text.push_str(&name);
    text
}

/// How SQL refers to the object: qualified, and for routines with its argument types.
/// A part of a relation is referred to by its own name only; indexes live beside their table.
///
/// ```
/// use model::{Id, Kind};
/// let index = Id::new(Kind::Index, "public", "deals", "deals_stage_idx");
/// assert_eq!(model::quote::object(&index), "public.deals_stage_idx");
/// ```
pub fn object(id: &Id) -> String {
    match id.kind {
        Kind::Index => qualified(&id.schema, &id.part),
        Kind::Function | Kind::Aggregate => {
            format!("{}({})", qualified(&id.schema, &id.name), id.part)
        }
        kind if kind.is_part_of_relation() => ident(id.own_name()).into_owned(),
        _ => qualified(&id.schema, &id.name),
    }
}

/// A type as SQL needs it.
///
/// ```
/// use model::{quote, schema::Type};
/// let ty = Type::user("public", "dealStage").array_of();
/// assert_eq!(quote::type_name(&ty), "public.\"dealStage\"[]");
/// let ty = Type::builtin("timestamp with time zone").with_modifiers("3");
/// assert_eq!(quote::type_name(&ty), "timestamp(3) with time zone");
/// ```
pub fn type_name(ty: &Type) -> String {
    let Some(schema) = &ty.schema else {
        return ty.to_string();
    };
    let mut sql = qualified(schema, &ty.name);
    if let Some(modifiers) = &ty.modifiers {
        sql.push_str(&format!("({modifiers})"));
    }
    if ty.array {
        sql.push_str("[]");
    }
    sql
}

/// Every keyword of PostgreSQL 13 to 18 that is not unreserved, sorted.
const KEYWORDS: &[&str] = &[
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
    "between",
    "bigint",
    "binary",
    "bit",
    "boolean",
    "both",
    "case",
    "cast",
    "char",
    "character",
    "check",
    "coalesce",
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
    "dec",
    "decimal",
    "default",
    "deferrable",
    "desc",
    "distinct",
    "do",
    "else",
    "end",
    "except",
    "exists",
    "extract",
    "false",
    "fetch",
    "float",
    "for",
    "foreign",
    "freeze",
    "from",
    "full",
    "grant",
    "greatest",
    "group",
    "grouping",
    "having",
    "ilike",
    "in",
    "initially",
    "inner",
    "inout",
    "int",
    "integer",
    "intersect",
    "interval",
    "into",
    "is",
    "isnull",
    "join",
    "json",
    "json_array",
    "json_arrayagg",
    "json_exists",
    "json_object",
    "json_objectagg",
    "json_query",
    "json_scalar",
    "json_serialize",
    "json_table",
    "json_value",
    "lateral",
    "leading",
    "least",
    "left",
    "like",
    "limit",
    "localtime",
    "localtimestamp",
    "merge_action",
    "national",
    "natural",
    "nchar",
    "none",
    "normalize",
    "not",
    "notnull",
    "null",
    "nullif",
    "numeric",
    "offset",
    "on",
    "only",
    "or",
    "order",
    "out",
    "outer",
    "overlaps",
    "overlay",
    "placing",
    "position",
    "precision",
    "primary",
    "real",
    "references",
    "returning",
    "right",
    "row",
    "select",
    "session_user",
    "setof",
    "similar",
    "smallint",
    "some",
    "substring",
    "symmetric",
    "system_user",
    "table",
    "tablesample",
    "then",
    "time",
    "timestamp",
    "to",
    "trailing",
    "treat",
    "trim",
    "true",
    "union",
    "unique",
    "user",
    "using",
    "values",
    "varchar",
    "variadic",
    "verbose",
    "when",
    "where",
    "window",
    "with",
    "xmlattributes",
    "xmlconcat",
    "xmlelement",
    "xmlexists",
    "xmlforest",
    "xmlnamespaces",
    "xmlparse",
    "xmlpi",
    "xmlroot",
    "xmlserialize",
    "xmltable",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keywords_are_sorted_so_that_the_search_finds_them() {
        assert!(KEYWORDS.is_sorted());
    }

    #[test]
    fn a_name_that_the_server_would_fold_or_reject_is_quoted() {
        for name in ["from", "to", "user", "a b", "1st", "Ä", "x\"y", "", "$a"] {
            assert!(ident(name).starts_with('"'), "{name}");
        }
        for name in ["deals", "_x1", "name", "type"] {
            assert_eq!(ident(name), name);
        }
    }

    #[test]
    fn a_dollar_quote_never_ends_inside_its_text() {
        assert_eq!(dollar("cost $"), "$body$cost $$body$");
        assert_eq!(dollar("$$ $body$"), "$body1$$$ $body$$body1$");
    }
}
