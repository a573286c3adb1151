//! A text that a regular expression matches.
//!
//! Only what patterns in checks use is understood: literals, classes, groups, alternatives and
//! repetition. Anything else gives no sample, never a wrong claim: the server tries each sample.

use regex_syntax::hir::{Class, Hir, HirKind};

/// Up to three texts the pattern is likely to match, the first of them the nonce's own where the
/// pattern leaves room for that; none where it is not understood.
pub(crate) fn sample(pattern: &str, nonce: u64) -> Vec<String> {
    let looks_like_one = pattern.contains(['^', '[', '\\', '+', '*', '$']);
    let Some(hir) = looks_like_one
        .then(|| regex_syntax::parse(pattern).ok())
        .flatten()
    else {
        return Vec::new();
    };
    [(6, Some(nonce)), (1, None), (2, None)]
        .into_iter()
        .filter_map(|(extra, mut own)| {
            let mut text = String::new();
            write(&hir, extra, &mut own, &mut text).then_some(text)
        })
        .collect()
}

/// Writes a match; `extra` is how often an unbounded repetition repeats, `own` the number whose
/// digits choose the characters. False where it can't.
fn write(hir: &Hir, extra: u32, own: &mut Option<u64>, text: &mut String) -> bool {
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
            let plain = match own {
                Some(_) => OWN,
                None => "a1A-_",
            };
            let within = |c: &char| {
                let mut ranges = class.ranges().iter();
                ranges.any(|r| r.start() <= *c && *c <= r.end())
            };
            let mut all: Vec<char> = plain.chars().filter(within).collect();
            let place = match own {
                Some(number) if !all.is_empty() => {
                    let base = all.len() as u64;
                    let digit = *number % base;
                    *number /= base;
                    digit as usize
                }
                _ => 0,
            };
            all.extend(chars);
            all.get(place).inspect(|c| text.push(**c)).is_some()
        }
        HirKind::Class(Class::Bytes(_)) => false,
        HirKind::Repetition(repetition) => {
            let most = repetition.max.unwrap_or(u32::MAX);
            let times = if repetition.min == most {
                most
            } else {
                (repetition.min + extra - 1).min(most)
            };
            times <= 1_000 && (0..times).all(|_| write(&repetition.sub, extra, own, text))
        }
        HirKind::Capture(capture) => write(&capture.sub, extra, own, text),
        HirKind::Concat(parts) => parts.iter().all(|part| write(part, extra, own, text)),
        HirKind::Alternation(parts) => parts
            .first()
            .is_some_and(|part| write(part, extra, own, text)),
    }
}

/// What a text of one's own is made of.
const OWN: &str = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

#[cfg(test)]
mod tests {
    use super::sample;

    #[test]
    fn samples_match_the_patterns_people_write() {
        assert_eq!(sample("^[^@]+@[^@]+$", 0)[0].matches('@').count(), 1);
        assert_eq!(sample("^[A-Z]{3}$", 27), ["BBA", "AAA", "AAA"]);
        assert_eq!(sample(r"^\d{4}-\d{2}$", 0)[1], "1111-11");
        assert_eq!(sample("^(draft|final)$", 0)[0], "draft");
    }

    #[test]
    fn each_nonce_has_a_text_of_its_own() {
        let texts = (0..1_000).map(|n| sample("^[^@ ]+@[a-z]+\\.test$", n * 7_919).swap_remove(0));
        let texts: std::collections::BTreeSet<String> = texts.collect();
        assert_eq!(texts.len(), 1_000);
    }

    #[test]
    fn an_ordinary_text_is_no_pattern() {
        assert!(sample("pending", 0).is_empty());
    }
}
