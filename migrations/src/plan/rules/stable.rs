//! The one form in which the server's own text does not read back as what it was printed from.
//!
//! `status IN ('a', 'b')` on a `varchar` is printed as
//! `(status)::text = ANY ((ARRAY['a'::character varying, …])::text[])`, and that text, read again,
//! casts each element by itself. Without the two casts PostgreSQL puts them back where they were.
//! Nothing else is ever rewritten.

use std::borrow::Cow;

use crate::script::{Token, lex, split_list};

/// The text such that the server prints it as it stands.
pub(super) fn stable(text: &str) -> Cow<'_, str> {
    if !text.contains("::character varying])::text[]") {
        return Cow::Borrowed(text);
    }
    let tokens: Vec<Token<'_>> = lex(text).collect();
    let mut cuts: Vec<(usize, usize)> = Vec::new();
    for at in 0..tokens.len() {
        if let Some(found) = casts(text, &tokens, at) {
            cuts.extend(found);
        }
    }
    cuts.sort_unstable();
    let mut new = String::with_capacity(text.len());
    let mut copied = 0;
    for (start, end) in cuts {
        new.push_str(&text[copied..start]);
        copied = end;
    }
    new.push_str(&text[copied..]);
    Cow::Owned(new)
}

/// The bytes to leave out where `ARRAY` at that token is such an array.
fn casts(text: &str, tokens: &[Token<'_>], at: usize) -> Option<Vec<(usize, usize)>> {
    let word = |n: usize, words: &[&str]| {
        tokens
            .get(n)
            .is_some_and(|t| words.iter().any(|w| t.text.eq_ignore_ascii_case(w)))
    };
    let any = at.checked_sub(3)?;
    if !word(at, &["array"])
        || !word(any, &["any", "all"])
        || !word(at - 1, &["("])
        || !word(at - 2, &["("])
    {
        return None;
    }
    let mut depth = 0;
    let close = (at + 1..tokens.len()).find(|&n| {
        match tokens[n].text {
            "[" => depth += 1,
            "]" => depth -= 1,
            _ => {}
        }
        depth == 0
    })?;
    let tail = [")", ":", ":", "text", "[", "]", ")"];
    let fits = tail
        .iter()
        .enumerate()
        .all(|(n, part)| word(close + 1 + n, &[part]));
    let inside = &text[tokens[at + 1].start + 1..tokens[close].start];
    let varchar = |item: &&str| item.ends_with("::character varying");
    if !fits || !split_list(inside).iter().all(varchar) {
        return None;
    }
    let (open, last) = (tokens[at - 1].start, tokens[close + 6].start + 1);
    let mut cuts = vec![(open, open + 1), (tokens[close + 1].start, last)];
    // The left side: `(status)::text <operator>`.
    let operator = (0..any)
        .rev()
        .find(|&n| !matches!(tokens[n].text, "=" | "<" | ">" | "!" | "~"))?;
    if word(operator, &["text"])
        && operator >= 3
        && word(operator - 1, &[":"])
        && word(operator - 3, &[")"])
    {
        cuts.push((tokens[operator - 2].start, tokens[operator].start + 4));
    }
    Some(cuts)
}

#[cfg(test)]
mod tests {
    use super::stable;

    #[test]
    fn casts_that_the_server_puts_back_are_left_out() {
        let text = "((status)::text = ANY ((ARRAY['new'::character varying, \
                    'old'::character varying])::text[])) AND (n > 0)";
        let expected = "((status) = ANY (ARRAY['new'::character varying, \
                        'old'::character varying])) AND (n > 0)";
        assert_eq!(stable(text), expected);
        let other = "(a)::text = ANY ((ARRAY[b, c])::text[])";
        assert_eq!(stable(other), other);
    }
}
