//! The few things that are read out of deparsed SQL: its parentheses and its top-level commas.
//!
//! Never parses an expression: what is between the parentheses is the server's business.

/// The place after the quoted text, identifier or literal that starts at `start`.
pub(super) fn after_quoted(text: &str, start: usize) -> usize {
    let bytes = text.as_bytes();
    let quote = bytes[start];
    // Only `E'…'` knows a backslash as an escape, and deparsed text uses it where one occurs.
    let escapes = quote == b'\''
        && start > 0
        && matches!(bytes[start - 1], b'E' | b'e')
        && !(start > 1 && (bytes[start - 2].is_ascii_alphanumeric() || bytes[start - 2] == b'_'));
    let mut at = start + 1;
    while at < bytes.len() {
        if bytes[at] == b'\\' && escapes {
            at += 2;
        } else if bytes[at] == quote {
            if bytes.get(at + 1) == Some(&quote) {
                at += 2;
            } else {
                return at + 1;
            }
        } else {
            at += 1;
        }
    }
    bytes.len()
}

/// The place after the parenthesis that closes the one at `start`.
pub(super) fn after_parentheses(text: &str, start: usize) -> usize {
    let bytes = text.as_bytes();
    let mut depth = 0usize;
    let mut at = start;
    while at < bytes.len() {
        match bytes[at] {
            b'\'' | b'"' => {
                at = after_quoted(text, at);
                continue;
            }
            b'(' => depth += 1,
            b')' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return at + 1;
                }
            }
            _ => {}
        }
        at += 1;
    }
    bytes.len()
}

/// The text without the parentheses around the whole of it, once.
pub(super) fn unwrapped(text: &str) -> &str {
    if text.starts_with('(') && text.ends_with(')') && after_parentheses(text, 0) == text.len() {
        &text[1..text.len() - 1]
    } else {
        text
    }
}

/// The parts between commas that are in no parentheses and no quotes, trimmed.
pub(super) fn split_commas(text: &str) -> Vec<&str> {
    let bytes = text.as_bytes();
    let (mut parts, mut from, mut at) = (Vec::new(), 0, 0);
    while at < bytes.len() {
        match bytes[at] {
            b'\'' | b'"' => at = after_quoted(text, at),
            b'(' => at = after_parentheses(text, at),
            b',' => {
                parts.push(text[from..at].trim());
                at += 1;
                from = at;
            }
            _ => at += 1,
        }
    }
    parts.push(text[from..].trim());
    parts
}

/// The identifiers of a dotted name, without their quotes, and the rest of the text.
pub(super) fn dotted_name(text: &str) -> (Vec<String>, &str) {
    let mut names = Vec::new();
    let mut rest = text;
    loop {
        let end = if rest.starts_with('"') {
            after_quoted(rest, 0)
        } else {
            rest.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '$'))
                .unwrap_or(rest.len())
        };
        let word = &rest[..end];
        names.push(match word.strip_prefix('"') {
            Some(inner) => inner
                .strip_suffix('"')
                .unwrap_or(inner)
                .replace("\"\"", "\""),
            None => word.to_owned(),
        });
        rest = &rest[end..];
        match rest.strip_prefix('.') {
            Some(after) => rest = after,
            None => return (names, rest),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_parentheses_around_the_whole_are_taken_off() {
        assert_eq!(unwrapped("((a > 0) AND (b > 0))"), "(a > 0) AND (b > 0)");
        assert_eq!(unwrapped("(a > 0) AND (b > 0)"), "(a > 0) AND (b > 0)");
        assert_eq!(unwrapped("(a = ')'::text)"), "a = ')'::text");
        assert_eq!(unwrapped(r"(a ~ E'\\'')'::text)"), r"a ~ E'\\'')'::text");
        assert_eq!(unwrapped("(\"(\" > 1)"), "\"(\" > 1");
        assert_eq!(unwrapped("lower(a)"), "lower(a)");
    }

    #[test]
    fn commas_inside_do_not_split() {
        assert_eq!(
            split_commas("a, COALESCE(b, ','::text), \"x,y\" DESC"),
            ["a", "COALESCE(b, ','::text)", "\"x,y\" DESC"]
        );
    }

    #[test]
    fn dotted_names_lose_their_quotes() {
        assert_eq!(
            dotted_name("public.\"my \"\"op\"(x='1')"),
            (vec!["public".to_owned(), "my \"op".to_owned()], "(x='1')")
        );
    }
}
