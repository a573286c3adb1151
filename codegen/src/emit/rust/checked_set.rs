//! Text columns whose check lists their values: `stage IN ('inquiry', 'touring')`.
//!
//! It recognizes the forms people write and the form the server prints, and nothing else; what it
//! does not recognize stays a `String`. It never decides what the database accepts.

use model::schema::ConstraintBody;
use model::{Id, Schema};

/// The values that a check of the table limits the column to, in their order.
pub(in crate::emit) fn checked_set(
    schema: &Schema,
    table: &Id,
    column: &str,
) -> Option<Vec<String>> {
    schema
        .constraints(table)
        .find_map(|(_, constraint)| match &constraint.body {
            ConstraintBody::Check(check) if constraint.validated && constraint.enforced => {
                listed(check.condition.as_str(), column)
            }
            _ => None,
        })
}

/// The values of `column IN (…)` or `column = ANY (ARRAY[…])`, or nothing for any other condition.
fn listed(condition: &str, column: &str) -> Option<Vec<String>> {
    let mut tokens = tokens(condition)?.into_iter().peekable();
    match tokens.next()? {
        Token::Word(word) if word == column || word == column.to_ascii_lowercase() => {}
        _ => return None,
    }
    match tokens.next()? {
        Token::Word(word) if word.eq_ignore_ascii_case("in") => {}
        Token::Symbol('=') => {
            for expected in ["any", "array"] {
                match tokens.next()? {
                    Token::Word(word) if word.eq_ignore_ascii_case(expected) => {}
                    _ => return None,
                }
            }
        }
        _ => return None,
    }
    let mut labels = Vec::new();
    loop {
        match tokens.next() {
            Some(Token::Text(label)) => labels.push(label),
            _ => return None,
        }
        match tokens.next() {
            None => break,
            Some(Token::Symbol(',')) => {}
            Some(_) => return None,
        }
    }
    labels.dedup();
    (!labels.is_empty()).then_some(labels)
}

enum Token {
    Word(String),
    Text(String),
    Symbol(char),
}

/// The tokens of a condition, without brackets of any kind and without casts. Dropping the brackets
/// is safe, because only one flat list passes afterwards.
fn tokens(condition: &str) -> Option<Vec<Token>> {
    let mut tokens = Vec::new();
    let mut chars = condition.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\'' | '"' => {
                let mut text = String::new();
                loop {
                    match chars.next()? {
                        d if d == c && chars.next_if_eq(&c).is_none() => break,
                        d => text.push(d),
                    }
                }
                tokens.push(if c == '"' {
                    Token::Word(text)
                } else {
                    Token::Text(text)
                });
            }
            ':' => {
                chars.next_if_eq(&':')?;
                skip_type(&mut chars);
            }
            '(' | ')' | '[' | ']' => {}
            c if c.is_whitespace() => {}
            c if c.is_alphanumeric() || c == '_' => {
                let mut word = String::from(c);
                while let Some(d) = chars.next_if(|d| d.is_alphanumeric() || *d == '_') {
                    word.push(d);
                }
                // `E'…'` and the like are literals of another kind.
                if chars.peek() == Some(&'\'') {
                    return None;
                }
                tokens.push(Token::Word(word));
            }
            c => tokens.push(Token::Symbol(c)),
        }
    }
    Some(tokens)
}

/// Skips the type of a cast: `text`, `character varying`, `text[]`, `varchar(50)`.
fn skip_type(chars: &mut std::iter::Peekable<std::str::Chars>) {
    let mut word = String::new();
    while let Some(c) = chars.next_if(|c| c.is_alphanumeric() || matches!(c, '_' | '"' | ' ' | '.'))
    {
        word.push(c);
    }
    if chars.peek() == Some(&'(') && !word.is_empty() {
        while chars.next().is_some_and(|c| c != ')') {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_forms_of_a_list_are_recognized() {
        let two = Some(vec!["a".to_owned(), "it's".to_owned()]);
        for condition in [
            "status in ('a', 'it''s')",
            "(status IN ('a', 'it''s'))",
            "\"status\" = any (array['a', 'it''s'])",
            "status = ANY (ARRAY['a'::text, 'it''s'::text])",
            "(status)::text = ANY ((ARRAY['a'::character varying, 'it''s'::character varying])::text[])",
            "status::varchar(50) in ('a'::varchar(50), 'it''s')",
        ] {
            assert_eq!(listed(condition, "status"), two, "{condition}");
        }
    }

    #[test]
    fn anything_else_is_not() {
        for condition in [
            "stage in ('a', 'b')",
            "status not in ('a', 'b')",
            "status in ('a', 'b') or team_size > 3",
            "status in (select name from statuses)",
            "status = 'a'",
            "status <> all (array['a'])",
            "status in (E'a', 'b')",
            "lower(status) in ('a')",
            "status in ('a' || 'b')",
            "status = any (string_to_array('a,b', ','))",
            "status in ('a",
        ] {
            assert_eq!(listed(condition, "status"), None, "{condition}");
        }
    }
}
