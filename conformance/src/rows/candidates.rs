//! Values worth trying for a column: ordinary ones first, then those its constraints hint at.
//!
//! Nothing here claims that a value satisfies anything; the server chooses among them.

use std::collections::BTreeSet;

use model::quote::{literal, type_name};
use model::schema::{Schema, Type};

use super::documents;
use super::pattern;
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

/// Texts and arrays of the sizes that hints mention, where those are too large for a literal.
fn large(wanted: &Wanted<'_>, ordinary: Option<&String>) -> Vec<String> {
    let ty = type_name(wanted.ty);
    let sizes: BTreeSet<usize> = wanted
        .hints
        .iter()
        .flat_map(|hint| words(hint))
        .filter_map(|word| match word {
            Word::Number(text) => text.parse::<usize>().ok(),
            _ => None,
        })
        .flat_map(|n| [n.saturating_sub(1), n, n.saturating_add(1)])
        .filter(|n| (1..=2_000_000).contains(n))
        .collect();
    let sizes = sizes.into_iter();
    match wanted.ty.name.as_str() {
        _ if wanted.ty.array => {
            let Some(ordinary) = ordinary else {
                return Vec::new();
            };
            let sizes = sizes.filter(|&n| n <= 10_000);
            sizes
                .map(|n| format!("array_fill(({ordinary})[1], ARRAY[{n}])"))
                .collect()
        }
        "text" | "character varying" => {
            let limit = length_limit(wanted.ty).unwrap_or(usize::MAX);
            let sizes = sizes.filter(|&n| n > LONGEST_LITERAL && n <= limit);
            sizes.map(|n| format!("repeat('x', {n})::{ty}")).collect()
        }
        "bytea" => sizes
            .map(|n| format!("convert_to(repeat('x', {n}), 'UTF8')"))
            .collect(),
        _ => Vec::new(),
    }
}

/// The days beside those that hints mention.
fn neighbours(wanted: &Wanted<'_>) -> Vec<String> {
    let timely = [
        "date",
        "timestamp with time zone",
        "timestamp without time zone",
    ];
    if wanted.ty.schema.is_some() || wanted.ty.array || !timely.contains(&wanted.ty.name.as_str()) {
        return Vec::new();
    }
    let ty = type_name(wanted.ty);
    let hinted = wanted.hints.iter().flat_map(|hint| words(hint));
    let days = hinted.filter_map(|word| match word {
        Word::Text(text) if is_day(&text) => Some(text),
        _ => None,
    });
    let beside = |day: String| {
        ["+", "-"].map(|sign| {
            format!(
                "({}::timestamp {sign} '1 day'::interval)::{ty}",
                literal(&day)
            )
        })
    };
    days.flat_map(beside).collect()
}

/// Longer texts are made by the server.
const LONGEST_LITERAL: usize = 1_000;

/// The text as a literal of that type.
pub(crate) fn cast(text: &str, ty: &Type) -> String {
    format!("{}::{}", literal(text), type_name(ty))
}

/// The type that values are drawn from: a domain's base, as deep as it goes.
pub(crate) fn base_type(schema: &Schema, ty: &Type) -> Type {
    let mut ty = ty.clone();
    while let Some(domain) = domain_of(schema, &ty) {
        let array = ty.array;
        ty = domain.base.clone();
        ty.array |= array;
    }
    ty
}

pub(crate) fn domain_of<'a>(schema: &'a Schema, ty: &Type) -> Option<&'a model::schema::Domain> {
    let owner = ty.schema.as_ref()?;
    let id = model::Id::in_schema(model::Kind::Domain, owner.clone(), ty.name.clone());
    schema.get(&id)?.object.as_domain()
}

/// Whether the column refuses null, by itself or by its domain.
pub(crate) fn refuses_null(schema: &Schema, column: &model::schema::Column) -> bool {
    let mut ty = column.ty.clone();
    let mut refuses = column.not_null;
    while let Some(domain) = (!ty.array).then(|| domain_of(schema, &ty)).flatten() {
        refuses |= domain.not_null;
        ty = domain.base.clone();
    }
    refuses
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
        _ if base.schema.is_some() => labels(wanted.schema, &base),
        "smallint" | "integer" | "bigint" => integers(&hinted, n, &base),
        "numeric" | "real" | "double precision" | "money" => decimals(&hinted, n),
        "boolean" => vec!["true".into(), "false".into()],
        "text" | "character varying" | "character" | "name" => strings(wanted, &hinted, &base),
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
            vec!["12:00:00".into(), "00:00:00".into(), "23:59:59".into()]
        }
        "interval" => vec![
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
        "tsvector" => vec!["word".into()],
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

/// Objects, arrays of the lengths that hints mention, and scalars.
fn documents_of(hinted: &[Word]) -> Vec<String> {
    let mut found: Vec<String> = ["{}", "[]", "{\"a\": 1}", "\"a\"", "1", "true", "null"]
        .map(str::to_owned)
        .to_vec();
    for word in hinted {
        match word {
            Word::Number(text) => {
                let size = text.parse::<usize>().ok().filter(|&n| n <= 200);
                found.extend(size.into_iter().flat_map(|n| [n, n + 1]).map(|n| {
                    let items: Vec<String> = (0..n).map(|i| i.to_string()).collect();
                    format!("[{}]", items.join(","))
                }));
            }
            Word::Text(key) => {
                let key = serde_json::Value::String(key.clone());
                found.extend([format!("{{{key}: 1}}"), format!("{{{key}: \"a\"}}")]);
            }
            Word::Name(_) => {}
        }
    }
    found
}

fn labels(schema: &Schema, ty: &Type) -> Vec<String> {
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
        "citext" => vec!["word".into()],
        "hstore" => vec!["a=>1".into()],
        "ltree" => vec!["a.b".into()],
        "vector" | "halfvec" => {
            let size = ty
                .modifiers
                .as_deref()
                .and_then(|m| m.parse().ok())
                .unwrap_or(3);
            vec![format!("[{}]", vec!["0.5"; size].join(","))]
        }
        _ => Vec::new(),
    }
}

fn integers(hinted: &[Word], nonce: u64, ty: &Type) -> Vec<String> {
    let small = if ty.is("smallint") {
        nonce % 30_000
    } else {
        nonce % 1_000_000_000
    };
    let mut found = vec![
        (small + 2).to_string(),
        (nonce % 30_000).to_string(),
        "1".to_owned(),
        "0".into(),
        "-1".into(),
        "100".into(),
    ];
    let limit = match ty.name.as_str() {
        "smallint" => i64::from(i16::MAX),
        "integer" => i64::from(i32::MAX),
        _ => i64::MAX,
    };
    for word in hinted {
        let (Word::Number(text) | Word::Text(text)) = word else {
            continue;
        };
        let Some(number) = text.parse::<f64>().ok().map(|f| f as i64) else {
            continue;
        };
        for near in [
            number.checked_sub(1),
            Some(number),
            number.checked_add(1),
            number.checked_neg(),
        ] {
            found.extend(near.filter(|v| v.abs() <= limit).map(|v| v.to_string()));
        }
    }
    found
}

fn decimals(hinted: &[Word], nonce: u64) -> Vec<String> {
    let mut found = vec![
        "1".to_owned(),
        format!("0.{}", nonce % 9 + 1),
        "0".into(),
        "-1".into(),
    ];
    for word in hinted {
        let (Word::Number(text) | Word::Text(text)) = word else {
            continue;
        };
        let Ok(number) = text.parse::<f64>() else {
            continue;
        };
        found.extend([
            text.clone(),
            (number + 1.0).to_string(),
            (number - 1.0).to_string(),
        ]);
    }
    found
}

fn strings(wanted: &Wanted<'_>, hinted: &[Word], ty: &Type) -> Vec<String> {
    let limit = length_limit(ty).unwrap_or(usize::MAX);
    let unique = format!("word {}", base36(wanted.nonce));
    let mut found = vec![if unique.len() <= limit {
        unique
    } else {
        base36(wanted.nonce)
    }];
    let mut lengths = BTreeSet::from([0, 1, 3]);
    for word in hinted {
        match word {
            Word::Text(text) => {
                found.push(text.clone());
                found.extend(pattern::sample(text));
            }
            Word::Number(text) => {
                let length: usize = text.parse().unwrap_or(0);
                lengths.extend([length.saturating_sub(1), length, length + 1]);
            }
            Word::Name(_) => {}
        }
    }
    found.extend(COMMON.iter().map(|&text| text.to_owned()));
    found.extend(
        lengths
            .into_iter()
            .filter(|&l| l <= LONGEST_LITERAL)
            .map(|l| "x".repeat(l)),
    );
    found.retain(|text| text.chars().count() <= limit);
    if found.is_empty() {
        found.push(String::new());
    }
    found
}

/// Texts that patterns in checks are most often written for.
const COMMON: &[&str] = &[
    "name@example.com",
    "https://example.com/a",
    "a-slug",
    "AB",
    "ABC",
    "USD",
    "en",
    "+4915112345678",
    "#a1b2c3",
    "12345",
    "1.2.3",
    "A",
    "0",
];

/// The number of characters a type of limited length holds.
pub(crate) fn length_limit(ty: &Type) -> Option<usize> {
    if ty.array {
        return None;
    }
    match ty.name.as_str() {
        "name" => Some(63),
        "character" | "character varying" => ty.modifiers.as_ref()?.parse().ok(),
        _ => None,
    }
}

fn bits(ty: &Type) -> Vec<String> {
    let size = ty
        .modifiers
        .as_deref()
        .and_then(|m| m.parse().ok())
        .unwrap_or(1);
    vec!["1".repeat(size), "0".repeat(size)]
}

/// A day that is this row's own, one long ago, one far ahead, and today's neighbours.
fn days(nonce: u64) -> [String; 4] {
    let own = format!(
        "20{:02}-{:02}-{:02}",
        nonce % 20,
        nonce / 20 % 12 + 1,
        nonce / 240 % 28 + 1
    );
    [
        own,
        "1970-01-01".into(),
        "2099-12-31".into(),
        "2000-01-01".into(),
    ]
}

fn is_day(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() >= 10
        && bytes[4] == b'-'
        && bytes[7] == b'-'
        && bytes[..4].iter().all(u8::is_ascii_digit)
}

fn base36(mut n: u64) -> String {
    const DIGITS: &[u8] = b"0123456789abcdefghijklmnopqrstuvwxyz";
    let mut text = Vec::new();
    loop {
        text.push(DIGITS[(n % 36) as usize]);
        n /= 36;
        if n == 0 {
            break;
        }
    }
    text.reverse();
    String::from_utf8_lossy(&text).into_owned()
}
