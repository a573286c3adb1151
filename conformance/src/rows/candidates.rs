//! Values worth trying for a column: ordinary ones first, then those its constraints hint at.
//!
//! Nothing here claims that a value satisfies anything; the server chooses among them.

use std::collections::BTreeSet;

use model::schema::{Schema, Type};

use super::documents;
use super::literals::{
    bits, days, decimals, documents_of, integers, is_day, large, neighbours, strings,
};
use super::types::{base_type, cast};
use super::words::{Word, words};

/// What is known of a column when values for it are sought.
pub(crate) struct Wanted<'a> {
    pub(crate) schema: &'a Schema,
    /// The column's type.
    pub(crate) ty: &'a Type,
    /// The shape of a `jsonb<Shape>` column, schema and name.
    pub(crate) documents: Option<&'a documents::Typed>,
    /// Texts of the checks that name the column.
    pub(crate) hints: &'a [&'a str],
    /// Makes values differ from those of other rows.
    pub(crate) nonce: u64,
}

/// SQL expressions of the column's type, most ordinary first, without doubles.
pub(crate) fn candidates(wanted: &Wanted<'_>) -> Vec<String> {
    if let Some(typed) = wanted.documents {
        return typed
            .valid(wanted.schema)
            .into_iter()
            .map(|d| cast(&d, wanted.ty))
            .collect();
    }
    let mut seen = BTreeSet::new();
    let texts = texts(wanted).into_iter().map(|text| cast(&text, wanted.ty));
    let mut found: Vec<String> = texts.filter(|sql| seen.insert(sql.clone())).collect();
    found.extend(large(wanted, found.first()));
    found.extend(neighbours(wanted));
    found
}

fn texts(wanted: &Wanted<'_>) -> Vec<String> {
    let base = base_type(wanted.schema, wanted.ty);
    if base.array {
        let element = base.element();
        let inner = Wanted {
            ty: &element,
            ..*wanted
        };
        let items = texts(&inner);
        let quoted =
            |item: &String| format!("\"{}\"", item.replace('\\', "\\\\").replace('"', "\\\""));
        let mut arrays = vec![String::from("{}")];
        arrays.extend(items.first().map(|item| format!("{{{}}}", quoted(item))));
        if items.len() > 1 {
            let all: Vec<_> = items.iter().take(3).map(quoted).collect();
            arrays.push(format!("{{{}}}", all.join(",")));
        }
        arrays.rotate_left(1);
        return arrays;
    }
    let hinted: Vec<Word> = wanted.hints.iter().flat_map(|hint| words(hint)).collect();
    let n = wanted.nonce;
    let mut found = match base.name.as_str() {
        "citext" if base.schema.is_some() => strings(wanted, &hinted, &base),
        _ if base.schema.is_some() => labels(wanted.schema, &base, n),
        "smallint" | "integer" | "bigint" => integers(&hinted, n, &base),
        "numeric" | "real" | "double precision" | "money" => decimals(&hinted, n),
        "boolean" => vec!["true".into(), "false".into()],
        "text" | "character varying" | "character" | "bpchar" | "name" => {
            strings(wanted, &hinted, &base)
        }
        "uuid" => vec![format!(
            "{:08x}-0000-4000-8000-{:012x}",
            n >> 32,
            n & 0xffff_ffff_ffff
        )],
        "date" => days(n).to_vec(),
        "timestamp with time zone" | "timestamp without time zone" => days(n)
            .iter()
            .map(|day| format!("{day} 12:00:00"))
            .collect(),
        "time without time zone" | "time with time zone" => {
            let own = format!("{:02}:{:02}:{:02}", n % 24, n / 24 % 60, n / 1_440 % 60);
            vec![own, "12:00:00".into(), "00:00:00".into(), "23:59:59".into()]
        }
        "interval" => vec![
            format!("{} seconds", n % 1_000_000),
            "1 hour".into(),
            "0".into(),
            "1 day".into(),
            "-1 hour".into(),
            "1 month".into(),
        ],
        "json" | "jsonb" => documents_of(&hinted),
        "inet" | "cidr" => vec![format!("10.{}.{}.{}", n >> 16 & 255, n >> 8 & 255, n & 255)],
        "macaddr" => vec![format!(
            "08:00:2b:{:02x}:{:02x}:{:02x}",
            n >> 16 & 255,
            n >> 8 & 255,
            n & 255
        )],
        "macaddr8" => vec![format!(
            "08:00:2b:01:02:{:02x}:{:02x}:{:02x}",
            n >> 16 & 255,
            n >> 8 & 255,
            n & 255
        )],
        "bytea" => vec![format!("\\x{n:08x}"), String::new()],
        "bit" | "bit varying" => bits(&base),
        "point" => vec![format!("({},0)", n * 3), "(1,2)".into()],
        "line" => vec![format!("{{1,2,{n}}}")],
        "lseg" | "box" | "path" => vec![format!("(({0},0),({1},1))", n * 3, n * 3 + 1)],
        "polygon" => vec![format!("(({0},0),({1},1),({1},0))", n * 3, n * 3 + 1)],
        "circle" => vec![format!("<({},0),1>", n * 3)],
        "xml" => vec!["<a/>".into()],
        "tsvector" => vec![format!("word{n}")],
        "tsquery" => vec!["word".into()],
        "int4range" | "int8range" | "numrange" => {
            let at = n % 1_000_000 * 10;
            vec![format!("[{at},{})", at + 5), "empty".into()]
        }
        "daterange" | "tsrange" | "tstzrange" => {
            let [early, _, late, ..] = days(n);
            vec![format!("[{early},{late})"), "empty".into()]
        }
        "int4multirange" | "int8multirange" | "nummultirange" => {
            vec!["{[1,5)}".into(), "{}".into()]
        }
        "\"char\"" => vec!["a".into()],
        "oid" => vec!["1".into()],
        "pg_lsn" => vec!["0/0".into()],
        _ => Vec::new(),
    };
    // A literal of a hint that is no value of the type would abort the query that tries it.
    if base.is("uuid") {
        let is_uuid = |t: &&String| t.len() == 36 && t.matches('-').count() == 4;
        found.extend(hinted.iter().filter_map(|word| match word {
            Word::Text(text) => Some(text).filter(is_uuid).cloned(),
            _ => None,
        }));
    }
    if matches!(
        base.name.as_str(),
        "date" | "timestamp with time zone" | "timestamp without time zone"
    ) {
        found.extend(hinted.iter().filter_map(|word| match word {
            Word::Text(text) if is_day(text) => Some(text.clone()),
            _ => None,
        }));
    }
    found
}

fn labels(schema: &Schema, ty: &Type, nonce: u64) -> Vec<String> {
    let Some(owner) = &ty.schema else {
        return Vec::new();
    };
    let id = |kind| model::Id::in_schema(kind, owner.clone(), ty.name.clone());
    if let Some(node) = schema.get(&id(model::Kind::Enum)) {
        let labels = node
            .object
            .as_enum()
            .map(|e| e.labels.clone())
            .unwrap_or_default();
        return labels.iter().map(|label| label.to_string()).collect();
    }
    if let Some(composite) = schema
        .get(&id(model::Kind::Composite))
        .and_then(|n| n.object.as_composite())
    {
        return vec![format!(
            "({})",
            ",".repeat(composite.attributes.len().saturating_sub(1))
        )];
    }
    if schema.get(&id(model::Kind::Range)).is_some() {
        return vec!["empty".into()];
    }
    match ty.name.as_str() {
        "hstore" => vec![format!("a=>{nonce}")],
        "ltree" => vec![format!("a.b{nonce}")],
        "vector" | "halfvec" => {
            let size = ty
                .modifiers
                .as_deref()
                .and_then(|m| m.parse().ok())
                .unwrap_or(3);
            let last = format!("0.{}", nonce % 1_000);
            let mut numbers = vec!["0.5"; size.max(1) - 1];
            numbers.push(&last);
            vec![format!("[{}]", numbers.join(","))]
        }
        _ => Vec::new(),
    }
}
