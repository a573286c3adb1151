//! The names PostgreSQL chooses where a statement gives none.
//!
//! It never decides which names are taken; the caller says so.

/// The longest name PostgreSQL keeps, in bytes (`NAMEDATALEN` less its end).
pub const MAX_BYTES: usize = 63;

/// The server's `makeObjectName`: the names joined by `_`, the longer of the two shortened, byte by
/// byte but never inside a character, until all fits 63 bytes. The label is never shortened.
///
/// ```
/// use model::names::object_name;
/// assert_eq!(object_name("deals", Some("owner_id"), "fkey"), "deals_owner_id_fkey");
/// assert_eq!(object_name(&"t".repeat(80), None, "pkey").len(), 63);
/// ```
pub fn object_name(name1: &str, name2: Option<&str>, label: &str) -> String {
    let overhead = name2.map_or(0, |_| 1) + if label.is_empty() { 0 } else { label.len() + 1 };
    let available = MAX_BYTES.saturating_sub(overhead);
    let mut length1 = name1.len();
    let mut length2 = name2.map_or(0, str::len);
    while length1 + length2 > available {
        if length1 > length2 {
            length1 -= 1;
        } else {
            length2 -= 1;
        }
    }
    let mut name = clip(name1, length1).to_owned();
    if let Some(name2) = name2 {
        name.push('_');
        name.push_str(clip(name2, length2));
    }
    if !label.is_empty() {
        name.push('_');
        name.push_str(label);
    }
    name
}

/// The server's `ChooseRelationName` and `ChooseConstraintName`: the label gets a number, from 1
/// on, until the name is free.
///
/// ```
/// use model::names::choose;
/// let name = choose("deals", Some("stage"), "idx", |n| n == "deals_stage_idx");
/// assert_eq!(name, "deals_stage_idx1");
/// ```
pub fn choose(
    name1: &str,
    name2: Option<&str>,
    label: &str,
    mut taken: impl FnMut(&str) -> bool,
) -> String {
    let mut name = object_name(name1, name2, label);
    let mut pass = 0;
    while taken(&name) {
        pass += 1;
        name = object_name(name1, name2, &format!("{label}{pass}"));
    }
    name
}

/// The server's `ChooseIndexNameAddition`: column names joined by `_`, cut once they are long
/// enough that nothing more could be seen of them.
pub fn columns_addition<'a>(columns: impl IntoIterator<Item = &'a str>) -> String {
    let mut joined = String::new();
    for column in columns {
        if !joined.is_empty() {
            joined.push('_');
        }
        joined.push_str(clip(column, MAX_BYTES));
        if joined.len() > MAX_BYTES {
            break;
        }
    }
    joined
}

/// The server's `ChooseIndexColumnNames`: a name used before in the same index gets a number.
pub fn index_column_names<'a>(keys: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for key in keys {
        let mut name = key.to_owned();
        let mut n = 1;
        while names.contains(&name) {
            let number = n.to_string();
            name = format!("{}{number}", clip(key, MAX_BYTES - number.len()));
            n += 1;
        }
        names.push(name);
    }
    names
}

/// The name cut to what PostgreSQL keeps of it.
pub fn truncated(name: &str) -> &str {
    clip(name, MAX_BYTES)
}

fn clip(name: &str, bytes: usize) -> &str {
    let mut end = bytes.min(name.len());
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    &name[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longer_of_two_names_is_shortened() {
        let name = object_name(&"a".repeat(50), Some(&"b".repeat(30)), "fkey");
        assert_eq!(name, format!("{}_{}_fkey", "a".repeat(29), "b".repeat(28)));
    }

    #[test]
    fn a_character_is_never_cut() {
        let name = object_name(&"ä".repeat(40), None, "pkey");
        assert_eq!(name, format!("{}_pkey", "ä".repeat(29)));
    }

    #[test]
    fn expressions_in_an_index_are_numbered() {
        assert_eq!(
            index_column_names(["lower", "expr", "expr"]),
            ["lower", "expr", "expr1"]
        );
    }
}
