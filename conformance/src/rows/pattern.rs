//! A text that a regular expression matches.
//!
//! Only what patterns in checks use is understood: literals, classes, groups, alternatives and
//! repetition. Anything else gives no sample, never a wrong claim: the server tries each sample.

use regex_syntax::hir::{Class, Hir, HirKind};

/// How many texts are drawn by chance, so that several rows can each have their own.
const DRAWN: u64 = 6;

/// Texts the pattern is likely to match: some that the nonce makes a row's own, then the plainest;
/// none where the pattern is not understood.
pub(crate) fn samples(pattern: &str, nonce: u64) -> Vec<String> {
    let looks_like_one = pattern.contains(['^', '[', '\\', '+', '*', '$']);
    let Some(hir) = looks_like_one
        .then(|| regex_syntax::parse(pattern).ok())
        .flatten()
    else {
        return Vec::new();
    };
    let drawn = (0..DRAWN).map(|n| Draw {
        extra: 1,
        seed: Some(nonce.wrapping_mul(DRAWN).wrapping_add(n)),
    });
    let plain = [1, 2].map(|extra| Draw { extra, seed: None });
    let mut found = Vec::new();
    for mut draw in drawn.chain(plain) {
        let mut text = String::new();
        if draw.write(&hir, &mut text) && !found.contains(&text) {
            found.push(text);
        }
    }
    found
}

/// One text in the making.
struct Draw {
    /// How often an unbounded repetition repeats.
    extra: u32,
    /// Where chance begins; the first of everything without one.
    seed: Option<u64>,
}

impl Draw {
    /// Which of so many.
    fn pick(&mut self, of: usize) -> usize {
        let Some(seed) = &mut self.seed else { return 0 };
        // Splitmix64: neighbouring seeds give texts with nothing in common.
        *seed = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = *seed;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % of.max(1) as u64) as usize
    }

    /// Writes a match. False where it can't.
    fn write(&mut self, hir: &Hir, text: &mut String) -> bool {
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
                let within = |c: &char| {
                    let ranges = class.ranges();
                    ranges.iter().any(|r| r.start() <= *c && *c <= r.end())
                };
                // A letter or digit is accepted by more of the other checks than a control character.
                let liked = match self.seed {
                    Some(_) => ('a'..='z').chain('A'..='Z').chain('0'..='9').collect(),
                    None => "a1A-_".to_owned(),
                };
                let mut all: Vec<char> = liked.chars().filter(within).collect();
                if all.is_empty() {
                    all.extend(class.ranges().iter().flat_map(|r| [r.start(), r.end()]));
                }
                let at = self.pick(all.len());
                text.extend(all.get(at));
                !all.is_empty()
            }
            HirKind::Class(Class::Bytes(_)) => false,
            HirKind::Repetition(repetition) => {
                let most = repetition.max.unwrap_or(u32::MAX);
                let times = if repetition.min == most {
                    most
                } else {
                    (repetition.min + self.extra - 1).min(most)
                };
                times <= 1_000 && (0..times).all(|_| self.write(&repetition.sub, text))
            }
            HirKind::Capture(capture) => self.write(&capture.sub, text),
            HirKind::Concat(parts) => parts.iter().all(|part| self.write(part, text)),
            HirKind::Alternation(parts) => {
                let at = self.pick(parts.len());
                parts.get(at).is_some_and(|part| self.write(part, text))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::samples;

    #[test]
    fn samples_match_the_patterns_people_write() {
        let one = |pattern| samples(pattern, 7).pop().unwrap_or_default();
        assert_eq!(one("^[^@]+@[^@]+$").matches('@').count(), 1);
        assert_eq!(one("^[A-Z]{3}$"), "AAA");
        assert_eq!(one(r"^\d{4}-\d{2}$"), "1111-11");
        assert_eq!(one("^(draft|final)$"), "draft");
    }

    #[test]
    fn rows_have_texts_of_their_own() {
        let all: std::collections::BTreeSet<String> = (0..20)
            .flat_map(|nonce| samples("^[A-Z]{3}$", nonce))
            .collect();
        assert!(all.len() > 100, "{all:?}");
        assert!(all.iter().all(|text| text.len() == 3));
    }

    #[test]
    fn an_ordinary_text_is_no_pattern() {
        assert!(samples("pending", 7).is_empty());
    }
}
