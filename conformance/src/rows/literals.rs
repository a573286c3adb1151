//! Values of the built-in types that are worth trying: numbers, texts, days, documents.
//!
//! Each list begins with an ordinary value of the row's own, so that keys differ; then come those
//! near the literals that checks mention.

use std::collections::BTreeSet;

use model::quote::{literal, type_name};
use model::schema::Type;

use super::candidates::Wanted;
use super::pattern;
use super::types::length_limit;
use super::words::{Word, words};

/// Texts and arrays of the sizes that hints mention, where those are too large for a literal.
pub(super) fn large(wanted: &Wanted<'_>, ordinary: Option<&String>) -> Vec<String> {
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
            // The last of them are this row's own: a hash of a fixed size is often a key.
            .map(|n| {
                let own = wanted.nonce;
                format!("convert_to(right(repeat('x', {n}) || '{own:x}', {n}), 'UTF8')")
            })
            .collect(),
        _ => Vec::new(),
    }
}

/// The days beside those that hints mention.
pub(super) fn neighbours(wanted: &Wanted<'_>) -> Vec<String> {
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
pub(super) const LONGEST_LITERAL: usize = 1_000;

/// Objects, arrays of the lengths that hints mention, and scalars.
pub(super) fn documents_of(hinted: &[Word]) -> Vec<String> {
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

pub(super) fn integers(hinted: &[Word], nonce: u64, ty: &Type) -> Vec<String> {
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

pub(super) fn decimals(hinted: &[Word], nonce: u64) -> Vec<String> {
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

pub(super) fn strings(wanted: &Wanted<'_>, hinted: &[Word], ty: &Type) -> Vec<String> {
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
                found.extend(pattern::samples(text, wanted.nonce));
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
pub(super) const COMMON: &[&str] = &[
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

pub(super) fn bits(ty: &Type) -> Vec<String> {
    let size = ty
        .modifiers
        .as_deref()
        .and_then(|m| m.parse().ok())
        .unwrap_or(1);
    vec!["1".repeat(size), "0".repeat(size)]
}

/// A day that is this row's own, one long ago, one far ahead, and today's neighbours.
pub(super) fn days(nonce: u64) -> [String; 4] {
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

pub(super) fn is_day(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() >= 10
        && bytes[4] == b'-'
        && bytes[7] == b'-'
        && bytes[..4].iter().all(u8::is_ascii_digit)
}

pub(super) fn base36(mut n: u64) -> String {
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
