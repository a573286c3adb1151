//! Values of string literals and quoted names.
//!
//! It resolves escapes; whether a string is closed was the lexer's to say.

use crate::source::Span;

use super::tree::Text;

/// The value of a string token, whatever its form.
pub(crate) fn text(source: &str, span: Span) -> Text {
    let raw = span.of(source);
    let (prefix, suffix) = quotes(raw);
    let inner = Span::new(span.start + prefix as u32, span.end - suffix as u32);
    let body = inner.of(source);
    let value = match raw.as_bytes().first() {
        Some(b'$') => body.to_owned(),
        Some(b'E' | b'e') => backslashes(body),
        Some(b'U' | b'u') => unicode(&body.replace("''", "'")),
        _ if body.contains('\'') => body.replace("''", "'"),
        _ => body.to_owned(),
    };
    Text {
        value: value.into(),
        span,
        inner,
    }
}

/// The name in a quoted identifier.
pub(crate) fn name(raw: &str) -> String {
    let unicode_form = raw.starts_with(['U', 'u']);
    let body = raw
        .trim_start_matches(['U', 'u', '&'])
        .strip_prefix('"')
        .unwrap_or(raw);
    let body = body.strip_suffix('"').unwrap_or(body).replace("\"\"", "\"");
    if unicode_form { unicode(&body) } else { body }
}

/// How many bytes stand around the body: before and after it. The quote behind may be missing.
fn quotes(raw: &str) -> (usize, usize) {
    if let Some(rest) = raw.strip_prefix('$') {
        let tag = rest.find('$').map_or(raw.len(), |i| i + 2);
        let closed = raw.len() >= 2 * tag && raw.ends_with(&raw[..tag]);
        return (tag, if closed { tag } else { 0 });
    }
    let prefix = raw.find('\'').map_or(raw.len(), |i| i + 1);
    let closed = raw.len() > prefix && raw.ends_with('\'');
    (prefix, usize::from(closed))
}

/// The escapes of `E'…'`.
fn backslashes(body: &str) -> String {
    let mut value = String::with_capacity(body.len());
    let mut chars = body.chars().peekable();
    while let Some(char) = chars.next() {
        match char {
            '\'' => {
                chars.next_if_eq(&'\'');
                value.push('\'');
            }
            '\\' => match chars.next() {
                Some('n') => value.push('\n'),
                Some('t') => value.push('\t'),
                Some('r') => value.push('\r'),
                Some('b') => value.push('\u{8}'),
                Some('f') => value.push('\u{c}'),
                Some('u') => push_code(&mut value, &digits(&mut chars, 4, 16), 16),
                Some('U') => push_code(&mut value, &digits(&mut chars, 8, 16), 16),
                Some('x') => push_code(&mut value, &digits(&mut chars, 2, 16), 16),
                Some(octal @ '0'..='7') => {
                    let rest = digits(&mut chars, 2, 8);
                    push_code(&mut value, &format!("{octal}{rest}"), 8);
                }
                Some(other) => value.push(other),
                None => {}
            },
            other => value.push(other),
        }
    }
    value
}

/// The escapes of `U&'…'` and `U&"…"`: `\XXXX` and `\+XXXXXX`.
fn unicode(body: &str) -> String {
    let mut value = String::with_capacity(body.len());
    let mut chars = body.chars().peekable();
    while let Some(char) = chars.next() {
        if char != '\\' {
            value.push(char);
        } else if chars.next_if_eq(&'\\').is_some() {
            value.push('\\');
        } else if chars.next_if_eq(&'+').is_some() {
            push_code(&mut value, &digits(&mut chars, 6, 16), 16);
        } else {
            push_code(&mut value, &digits(&mut chars, 4, 16), 16);
        }
    }
    value
}

fn digits(chars: &mut std::iter::Peekable<std::str::Chars<'_>>, most: usize, radix: u32) -> String {
    let mut found = String::new();
    while found.len() < most {
        match chars.next_if(|c| c.is_digit(radix)) {
            Some(digit) => found.push(digit),
            None => break,
        }
    }
    found
}

fn push_code(value: &mut String, digits: &str, radix: u32) {
    let code = u32::from_str_radix(digits, radix).ok();
    value.push(code.and_then(char::from_u32).unwrap_or('\u{fffd}'));
}
