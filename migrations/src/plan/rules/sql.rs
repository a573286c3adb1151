//! Fragments that several rules write: keys, parameters, settings.
//!
//! It never writes a whole statement.

use super::stable::stable;
use model::quote::{ident, literal};
use model::schema::{Expr, IndexKey, KeyTerm, Name, Settings};

/// Names in a list, quoted where they must be.
pub(in crate::plan) fn names(names: &[Name]) -> String {
    let quoted: Vec<_> = names.iter().map(|name| ident(name)).collect();
    quoted.join(", ")
}

/// ` COLLATE schema.name`, or nothing.
pub(super) fn collate(collation: &Option<(Name, Name)>) -> String {
    match collation {
        Some((schema, name)) => format!(" COLLATE {}", model::quote::qualified(schema, name)),
        None => String::new(),
    }
}

/// One key of an index or an exclusion constraint.
pub(in crate::plan) fn key(key: &IndexKey) -> String {
    let mut sql = match &key.term {
        KeyTerm::Column(name) => ident(name).into_owned(),
        KeyTerm::Expr(expr) => in_parentheses(expr),
    };
    sql += &collate(&key.collation);
    if let Some(class) = &key.operator_class {
        sql += &format!(" {class}");
    }
    if key.descending {
        sql += " DESC";
    }
    match (key.descending, key.nulls_first) {
        (false, true) => sql += " NULLS FIRST",
        (true, false) => sql += " NULLS LAST",
        (false, false) | (true, true) => {}
    }
    sql
}

/// The expression in parentheses, unless it stands in its own already.
pub(super) fn in_parentheses(expr: &Expr) -> String {
    let text = stable(expr.as_str().trim());
    if is_enclosed(&text) {
        text.into_owned()
    } else {
        format!("({text})")
    }
}

/// Whether the first parenthesis is the first character and is closed by the last.
pub(super) fn is_enclosed(text: &str) -> bool {
    if !text.starts_with('(') {
        return false;
    }
    let mut depth = 0;
    let mut parts = crate::script::lex(text).peekable();
    while let Some(token) = parts.next() {
        match token.text {
            "(" => depth += 1,
            ")" => {
                depth -= 1;
                if depth == 0 {
                    return parts.peek().is_none();
                }
            }
            _ => {}
        }
    }
    false
}

/// Storage parameters kept as `name=value`.
pub(super) fn parameters(parameters: &[Name]) -> String {
    let pairs = parameters
        .iter()
        .map(|p| p.split_once('=').unwrap_or((p, "true")));
    let list: Vec<_> = pairs.map(|(name, value)| parameter(name, value)).collect();
    list.join(", ")
}

/// Storage parameters kept as a map.
pub(super) fn settings(settings: &Settings) -> String {
    let list: Vec<_> = settings
        .iter()
        .map(|(name, value)| parameter(name, value))
        .collect();
    list.join(", ")
}

fn parameter(name: &str, value: &str) -> String {
    let name: Vec<_> = name.split('.').map(ident).collect();
    let plain = value
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.'))
        && !value.is_empty();
    let value = if plain {
        value.to_owned()
    } else {
        literal(value)
    };
    format!("{} = {value}", name.join("."))
}

/// The differences of two lists of `name=value`: those to set, and the names to reset.
pub(super) fn parameters_between(from: &[Name], to: &[Name]) -> (Vec<Name>, Vec<Name>) {
    let name = |p: &Name| Name::from(p.split_once('=').map_or(p.as_str(), |(name, _)| name));
    let set = to.iter().filter(|p| !from.contains(p)).cloned().collect();
    let kept: Vec<Name> = to.iter().map(name).collect();
    let reset = from
        .iter()
        .map(name)
        .filter(|p| !kept.contains(p))
        .collect();
    (set, reset)
}

/// The same for maps.
pub(super) fn settings_between(from: &Settings, to: &Settings) -> (Settings, Vec<Name>) {
    let set = to
        .iter()
        .filter(|(name, value)| from.get(*name) != Some(value));
    let set = set
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    let reset = from
        .keys()
        .filter(|name| !to.contains_key(*name))
        .cloned()
        .collect();
    (set, reset)
}

/// `OPTIONS (…)` of a foreign object: `name 'value'`.
pub(super) fn foreign_options(options: &Settings) -> String {
    let list: Vec<_> = options
        .iter()
        .map(|(name, value)| format!("{} {}", ident(name), literal(value)))
        .collect();
    list.join(", ")
}

/// The change of a foreign object's options: `ADD`, `SET` and `DROP`.
pub(super) fn foreign_options_between(from: &Settings, to: &Settings) -> String {
    let mut list = Vec::new();
    for (name, value) in to {
        match from.get(name) {
            None => list.push(format!("ADD {} {}", ident(name), literal(value))),
            Some(old) if old != value => {
                list.push(format!("SET {} {}", ident(name), literal(value)));
            }
            Some(_) => {}
        }
    }
    let gone = from.keys().filter(|name| !to.contains_key(*name));
    list.extend(gone.map(|name| format!("DROP {}", ident(name))));
    list.join(", ")
}

/// `value` for `SET name = value` of a function or a role: lists stay lists.
pub(super) fn setting_value(name: &str, value: &str) -> String {
    // The settings that PostgreSQL marks GUC_LIST_QUOTE are kept as quoted lists already.
    let list = matches!(
        name.to_ascii_lowercase().as_str(),
        "search_path"
            | "temp_tablespaces"
            | "session_preload_libraries"
            | "shared_preload_libraries"
            | "local_preload_libraries"
            | "unix_socket_directories"
    );
    match value {
        "" if list => "''".to_owned(),
        // An empty identifier is kept so, but can be written as a string only.
        _ if list => value.replace("\"\"", "''"),
        _ => literal(value),
    }
}

/// `name=value` entries as a map.
pub(super) fn to_settings(entries: &[Name]) -> Settings {
    let pairs = entries
        .iter()
        .map(|entry| entry.split_once('=').unwrap_or((entry, "")));
    pairs
        .map(|(name, value)| (Name::from(name), Name::from(value)))
        .collect()
}
