//! A text that a regular expression matches.
//!
//! Only what patterns in checks use is understood: literals, classes, groups, alternatives and
//! repetition. Anything else gives no sample, never a wrong claim: the server tries each sample.

use regex_syntax::hir::{Class, Hir, HirKind};

/// One or two texts the pattern is likely to match; none where it is not understood.
pub(crate) fn sample(pattern: &str) -> Vec<String> {
    let looks_like_one = pattern.contains(['^', '[', '\\', '+', '*', '$']);
    let Some(hir) = looks_like_one
        .then(|| regex_syntax::parse(pattern).ok())
        .flatten()
    else {
        return Vec::new();
    };
    [1, 2]
        .into_iter()
        .filter_map(|extra| {
            let mut text = String::new();
            write(&hir, extra, &mut text).then_some(text)
        })
        .collect()
}

/// Writes a match; `extra` is how often an unbounded repetition repeats. False where it can't.
fn write(hir: &Hir, extra: u32, text: &mut String) -> bool {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => true,
        HirKind::Literal(literal) => match std::str::from_utf8(&literal.0) {
            Ok(part) => {
                text.push_str(part);
                true
            }
            Err(_) => false,
        },
        HirKind::Class(Class::Unicode(class)) => {
            let chars = class
                .ranges()
                .iter()
                .flat_map(|range| [range.start(), range.end()]);
            // A letter or digit is accepted by more of the other checks than a control character.
            let all: Vec<char> = "a1A-_"
                .chars()
                .filter(|c| {
                    class
                        .ranges()
                        .iter()
                        .any(|r| r.start() <= *c && *c <= r.end())
                })
                .chain(chars)
                .collect();
            match all.first() {
                Some(&c) => {
                    text.push(c);
                    true
                }
                None => false,
            }
        }
        HirKind::Class(Class::Bytes(_)) => false,
        HirKind::Repetition(repetition) => {
            let most = repetition.max.unwrap_or(u32::MAX);
            let times = if repetition.min == most {
                most
            } else {
                (repetition.min + extra - 1).min(most)
            };
            times <= 1_000 && (0..times).all(|_| write(&repetition.sub, extra, text))
        }
        HirKind::Capture(capture) => write(&capture.sub, extra, text),
        HirKind::Concat(parts) => parts.iter().all(|part| write(part, extra, text)),
        HirKind::Alternation(parts) => parts.first().is_some_and(|part| write(part, extra, text)),
    }
}

#[cfg(test)]
mod tests {
    use super::sample;

    #[test]
    fn samples_match_the_patterns_people_write() {
        assert_eq!(sample("^[^@]+@[^@]+$")[0].matches('@').count(), 1);
        assert_eq!(sample("^[A-Z]{3}$"), ["AAA", "AAA"]);
        assert_eq!(sample(r"^\d{4}-\d{2}$")[0], "1111-11");
        assert_eq!(sample("^(draft|final)$")[0], "draft");
    }

    #[test]
    fn an_ordinary_text_is_no_pattern() {
        assert!(sample("pending").is_empty());
    }
}
