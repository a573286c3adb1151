//! The text form of a one-dimensional array: `{a,"b c",NULL}`.
//!
//! Never sees arrays of more dimensions: the catalog has none that are read.

/// The elements, or `None` where the text isn't such an array. A null element is an empty text.
pub(super) fn parse(text: &str) -> Option<Vec<String>> {
    let inner = text.strip_prefix('{')?.strip_suffix('}')?;
    let mut elements = Vec::new();
    let mut chars = inner.chars().peekable();
    while chars.peek().is_some() {
        let mut element = String::new();
        if chars.next_if_eq(&'"').is_some() {
            loop {
                match chars.next()? {
                    '"' => break,
                    '\\' => element.push(chars.next()?),
                    c => element.push(c),
                }
            }
        } else {
            while let Some(c) = chars.next_if(|c| *c != ',') {
                match c {
                    '\\' => element.push(chars.next()?),
                    c => element.push(c),
                }
            }
            if element == "NULL" {
                element.clear();
            }
        }
        elements.push(element);
        if chars.peek().is_some() && chars.next() != Some(',') {
            return None;
        }
    }
    Some(elements)
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn elements_lose_their_quotes() {
        let parsed = parse(r#"{a,"b c","say \"hi\"",NULL,"NULL",x\\y}"#).unwrap();
        assert_eq!(parsed, ["a", "b c", "say \"hi\"", "", "NULL", "x\\y"]);
        assert_eq!(parse("{}").unwrap(), Vec::<String>::new());
    }

    #[test]
    fn anything_else_is_refused() {
        assert_eq!(parse("a,b"), None);
        assert_eq!(parse("{\"a"), None);
        assert_eq!(parse("{\"a\"b}"), None);
    }
}
