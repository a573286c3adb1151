//! The form in which the expressions of a catalog and of a model can be compared as texts.
//!
//! Two things are evened out, and nothing else: blanks, which the server sets for its own pages of
//! output, and the one kind of text that the server itself deparses in another way once it has read
//! it again. What a text means never changes.

use std::borrow::Cow;
use std::sync::Arc;

use model::expr::fold;
use model::schema::Builder;

/// Brings every expression into that form.
pub(super) fn bring(builder: &mut Builder) {
    for node in builder.nodes_mut() {
        node.object.each_expr(&mut |expr| {
            let text = fold(&expr.text);
            let text = settled(&text);
            if *text != *expr.text {
                expr.text = Arc::from(text);
            }
        });
    }
}

/// `(ARRAY['a'::character varying])::text[]` as the server prints it once it has read it: the cast
/// of an array constructor is the cast of each of its elements.
///
/// PostgreSQL makes the first form of `column IN ('a', 'b')` where the column is `varchar`.
///
/// ```
/// assert_eq!(
///     migrations::catalog::settled("(a)::text = ANY ((ARRAY['x'::bpchar])::text[])"),
///     "(a)::text = ANY (ARRAY[('x'::bpchar)::text])",
/// );
/// ```
pub fn settled(text: &str) -> Cow<'_, str> {
    const OPEN: &str = "((ARRAY[";
    let Some(mut from) = text.find(OPEN) else {
        return Cow::Borrowed(text);
    };
    let mut out = String::with_capacity(text.len() + 32);
    let mut rest = text;
    let mut changed = false;
    loop {
        let (before, after) = rest.split_at(from);
        out.push_str(before);
        match array(&after[OPEN.len()..]) {
            Some((elements, cast, end)) => {
                out.push_str("(ARRAY[");
                let cast: Vec<String> = elements.iter().map(|e| format!("({e})::{cast}")).collect();
                out.push_str(&cast.join(", "));
                out.push_str("])");
                rest = &after[OPEN.len() + end..];
                changed = true;
            }
            None => {
                out.push_str(OPEN);
                rest = &after[OPEN.len()..];
            }
        }
        match rest.find(OPEN) {
            Some(next) => from = next,
            None => break,
        }
    }
    out.push_str(rest);
    if changed {
        Cow::Owned(out)
    } else {
        Cow::Borrowed(text)
    }
}

/// The elements up to `])::TYPE[])`, each a literal with a cast; the type; the place behind it all.
fn array(text: &str) -> Option<(Vec<&str>, &str, usize)> {
    let mut elements = Vec::new();
    let mut at = 0;
    loop {
        let rest = &text[at..];
        let literal = end_of_literal(rest)?;
        let tail = &rest[literal..];
        let end = tail.find([',', ']'])?;
        if !tail.starts_with("::") {
            return None;
        }
        elements.push(&rest[..literal + end]);
        at += literal + end;
        if let Some(next) = text[at..].strip_prefix(", ") {
            at = text.len() - next.len();
            continue;
        }
        let behind = text[at..].strip_prefix("])::")?;
        let close = behind.find("[])")?;
        let ty = &behind[..close];
        if ty.contains(['(', ')', ' ', ',']) {
            return None;
        }
        let end = text.len() - behind.len() + close + "[])".len();
        return Some((elements, ty, end));
    }
}

/// The place behind a plain string literal.
fn end_of_literal(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    if bytes.first() != Some(&b'\'') {
        return None;
    }
    let mut at = 1;
    while at < bytes.len() {
        match (bytes[at], bytes.get(at + 1)) {
            (b'\'', Some(b'\'')) => at += 2,
            (b'\'', _) => return Some(at + 1),
            _ => at += 1,
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cast_of_an_array_is_that_of_its_elements() {
        let made = "(state)::text = ANY ((ARRAY['a'::character varying, 'b, it''s'::character \
            varying])::text[])";
        let read = "(state)::text = ANY (ARRAY[('a'::character varying)::text, ('b, \
            it''s'::character varying)::text])";
        assert_eq!(settled(made), read);
        for other in [read, "a = ANY ((ARRAY[b, c])::text[])"] {
            assert_eq!(settled(other), other);
        }
    }
}
