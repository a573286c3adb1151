//! The words of an expression: which columns it names and which literals it holds.
//!
//! This never judges an expression. It looks for values worth trying; the server says which of
//! them satisfy it.

/// One word of SQL text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Word {
    /// An identifier or keyword, unquoted and folded as the server folds it.
    Name(String),
    /// The content of a string literal.
    Text(String),
    /// A number, as written.
    Number(String),
}

/// The identifiers, strings and numbers of `sql`, in order.
pub(crate) fn words(sql: &str) -> Vec<Word> {
    let mut found = Vec::new();
    let mut rest = sql;
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '\'' | '"' => {
                let (content, length) = quoted(rest, first);
                found.push(match first {
                    '\'' => Word::Text(content),
                    _ => Word::Name(content),
                });
                length
            }
            c if c.is_alphabetic() || c == '_' => {
                let length = span(rest, |c| c.is_alphanumeric() || c == '_' || c == '$');
                // `E'…'`, `B'…'` and the like: the prefix is part of the literal that follows.
                if !(length == 1 && rest[1..].starts_with('\'')) {
                    found.push(Word::Name(rest[..length].to_lowercase()));
                }
                length
            }
            c if c.is_ascii_digit() => {
                let length = span(rest, |c| c.is_ascii_digit() || c == '.');
                found.push(Word::Number(
                    rest[..length].trim_end_matches('.').to_owned(),
                ));
                length
            }
            other => other.len_utf8(),
        };
        rest = &rest[length..];
    }
    found
}

/// Whether `sql` names `column`.
pub(crate) fn names(sql: &str, column: &str) -> bool {
    words(sql)
        .iter()
        .any(|word| matches!(word, Word::Name(name) if name == column))
}

fn span(text: &str, keep: impl Fn(char) -> bool) -> usize {
    text.find(|c| !keep(c)).unwrap_or(text.len())
}

/// The content of the quoted run that `text` begins with, and how many bytes it takes.
fn quoted(text: &str, quote: char) -> (String, usize) {
    let mut content = String::new();
    let mut chars = text.char_indices().skip(1).peekable();
    while let Some((at, c)) = chars.next() {
        if c != quote {
            content.push(c);
        } else if chars.peek().is_some_and(|(_, next)| *next == quote) {
            content.push(quote);
            chars.next();
        } else {
            return (content, at + 1);
        }
    }
    (content, text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_names_strings_and_numbers() {
        let sql = r#"status in ('it''s', 'b') and "dueDate" > 10.5 and E'x' <> a1"#;
        let name = |n: &str| Word::Name(n.into());
        let text = |n: &str| Word::Text(n.into());
        assert_eq!(
            words(sql),
            [
                name("status"),
                name("in"),
                text("it's"),
                text("b"),
                name("and"),
                name("dueDate"),
                Word::Number("10.5".into()),
                name("and"),
                text("x"),
                name("a1"),
            ]
        );
    }

    #[test]
    fn an_unclosed_literal_ends_with_the_text() {
        assert_eq!(words("'abc"), [Word::Text("abc".into())]);
    }
}
