//! Names as Rust writes them: words, cases, singulars, keywords. It never looks at a schema.

/// The words of a name: split at what is no letter or digit, and where a capital follows a small
/// letter. `HTTPServer` is `http server`, `dealSpaces` is `deal spaces`.
pub fn words(name: &str) -> Vec<String> {
    let chars: Vec<char> = name.chars().collect();
    let mut words = vec![String::new()];
    for (i, &c) in chars.iter().enumerate() {
        if !c.is_alphanumeric() {
            words.push(String::new());
            continue;
        }
        let before = i.checked_sub(1).map(|p| chars[p]);
        let starts = c.is_uppercase()
            && (before.is_some_and(|b| b.is_lowercase() || b.is_numeric())
                || (before.is_some_and(char::is_uppercase)
                    && chars.get(i + 1).is_some_and(|n| n.is_lowercase())));
        if starts {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut() {
            word.extend(c.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// `DealSpace`; empty where the name has no letter or digit.
pub fn camel(name: &str) -> String {
    words(name).iter().map(|word| capitalized(word)).collect()
}

/// The singular in camel case: `deal_spaces` is `DealSpace`.
pub fn camel_singular(name: &str) -> String {
    let mut words = words(name);
    if let Some(last) = words.last_mut() {
        *last = singular(last);
    }
    words.iter().map(|word| capitalized(word)).collect()
}

fn capitalized(word: &str) -> String {
    let mut chars = word.chars();
    chars
        .next()
        .map(|c| c.to_uppercase().chain(chars).collect())
        .unwrap_or_default()
}

/// A type or variant name: camel case, never a number first, never empty, never `Self`.
pub fn type_name(camel: String, otherwise: &str) -> String {
    match camel.chars().next() {
        None => otherwise.to_owned(),
        Some(c) if c.is_alphabetic() && camel != "Self" => camel,
        Some(_) => format!("{otherwise}{camel}"),
    }
}

/// `deal_space`, never a number first and never empty; not yet safe from keywords.
pub fn snake(name: &str) -> String {
    let text = words(name).join("_");
    match text.chars().next() {
        Some(c) if c.is_alphabetic() => text,
        _ => format!("_{text}"),
    }
}

/// A snake case name as an identifier: a keyword is raw, or has an underscore where it cannot be.
pub fn identifier(snake: &str) -> String {
    if matches!(snake, "self" | "super" | "crate" | "_") {
        return format!("{snake}_");
    }
    if KEYWORDS.contains(&snake) {
        format!("r#{snake}")
    } else {
        snake.to_owned()
    }
}

/// The name that a derive takes from an identifier.
pub fn bare(identifier: &str) -> &str {
    identifier.strip_prefix("r#").unwrap_or(identifier)
}

const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn",
    "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let",
    "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return",
    "static", "struct", "trait", "true", "try", "type", "typeof", "unsafe", "unsized", "use",
    "virtual", "where", "while", "yield",
];

/// The singular of an English word in small letters; a word that is none stays as it is.
pub fn singular(word: &str) -> String {
    const SAME: &[&str] = &[
        "news",
        "series",
        "species",
        "means",
        "data",
        "media",
        "metadata",
        "status",
        "address",
        "access",
        "process",
        "progress",
        "business",
        "canvas",
        "atlas",
        "alias",
        "bias",
        "gas",
        "sms",
        "aws",
        "dns",
        "https",
        "os",
        "as",
        "is",
        "this",
        "has",
        "was",
        "analytics",
        "statistics",
        "settings",
        "kudos",
        "chaos",
        "lens",
    ];
    const IRREGULAR: &[(&str, &str)] = &[
        ("people", "person"),
        ("men", "man"),
        ("women", "woman"),
        ("children", "child"),
        ("feet", "foot"),
        ("teeth", "tooth"),
        ("mice", "mouse"),
        ("indices", "index"),
        ("vertices", "vertex"),
        ("matrices", "matrix"),
        ("appendices", "appendix"),
        ("criteria", "criterion"),
        ("movies", "movie"),
        ("cookies", "cookie"),
        ("selfies", "selfie"),
        ("ties", "tie"),
        ("shoes", "shoe"),
        ("caches", "cache"),
        ("quizzes", "quiz"),
        ("shelves", "shelf"),
        ("halves", "half"),
        ("leaves", "leaf"),
        ("lives", "life"),
        ("knives", "knife"),
        ("wives", "wife"),
        ("aliases", "alias"),
        ("canvases", "canvas"),
        ("gases", "gas"),
        ("biases", "bias"),
        ("lenses", "lens"),
        ("analyses", "analysis"),
        ("crises", "crisis"),
        ("diagnoses", "diagnosis"),
        ("hypotheses", "hypothesis"),
        ("axes", "axis"),
        ("theses", "thesis"),
        ("synopses", "synopsis"),
    ];
    if SAME.contains(&word) {
        return word.to_owned();
    }
    if let Some((_, singular)) = IRREGULAR.iter().find(|(plural, _)| *plural == word) {
        return (*singular).to_owned();
    }
    let cut = |count: usize| word[..word.len() - count].to_owned();
    if word.len() > 4 && word.ends_with("ies") {
        return cut(3) + "y";
    }
    let vowel_before_uses = word.ends_with("auses") || word.ends_with("ouses");
    let hissing = ["sses", "xes", "ches", "shes", "zzes", "oes"];
    if hissing.iter().any(|end| word.ends_with(end))
        || (word.len() > 5 && word.ends_with("uses") && !vowel_before_uses)
    {
        return cut(2);
    }
    if word.len() > 2
        && word.ends_with('s')
        && !["ss", "us", "is"].iter().any(|e| word.ends_with(e))
    {
        return cut(1);
    }
    word.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_in_every_case() {
        for (name, camel_case, snake_case) in [
            ("deal_spaces", "DealSpaces", "deal_spaces"),
            ("dogFriendly", "DogFriendly", "dog_friendly"),
            ("HTTPServer", "HttpServer", "http_server"),
            ("2nd place", "2ndPlace", "_2nd_place"),
            ("x-forwarded-for", "XForwardedFor", "x_forwarded_for"),
            ("größe", "Größe", "größe"),
            ("--", "", "_"),
        ] {
            assert_eq!(
                (camel(name).as_str(), snake(name).as_str()),
                (camel_case, snake_case)
            );
        }
        assert_eq!(identifier("type"), "r#type");
        assert_eq!(identifier("self"), "self_");
        assert_eq!(type_name("2ndPlace".into(), "Label"), "Label2ndPlace");
    }

    #[test]
    fn a_table_names_its_row() {
        for (table, row) in [
            ("deals", "Deal"),
            ("email_drafts", "EmailDraft"),
            ("addresses", "Address"),
            ("address", "Address"),
            ("statuses", "Status"),
            ("news", "News"),
            ("companies", "Company"),
            ("movies", "Movie"),
            ("people", "Person"),
            ("warehouses", "Warehouse"),
            ("clauses", "Clause"),
            ("viruses", "Virus"),
            ("boxes", "Box"),
            ("batches", "Batch"),
            ("heroes", "Hero"),
            ("analyses", "Analysis"),
            ("indices", "Index"),
            ("archives", "Archive"),
            ("user_settings", "UserSettings"),
            ("bus", "Bus"),
            ("invoices", "Invoice"),
            ("databases", "Database"),
        ] {
            assert_eq!(camel_singular(table), row);
        }
    }
}
