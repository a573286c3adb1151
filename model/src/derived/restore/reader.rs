//! Tokens of a text that this crate has written, one behind the other.

use std::sync::Arc;

use crate::expr::lexer;

/// A place in the tokens of a text.
pub(super) struct Reader<'t> {
    pub(super) words: Vec<&'t str>,
    pub(super) at: usize,
}

impl<'t> Reader<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        let tokens = lexer::tokens(text, false);
        Reader {
            words: tokens.iter().map(|token| token.text(text)).collect(),
            at: 0,
        }
    }

    pub(super) fn word(&self) -> &'t str {
        self.words.get(self.at).copied().unwrap_or("")
    }

    /// The words to come.
    pub(super) fn rest(&self) -> &[&'t str] {
        self.words.get(self.at..).unwrap_or(&[])
    }

    /// Whether these words come next; then they are read.
    pub(super) fn eat(&mut self, words: &[&str]) -> bool {
        let comes = self.rest().starts_with(words);
        if comes {
            self.at += words.len();
        }
        comes
    }

    /// As [`Reader::eat`], for words with blanks between them.
    pub(super) fn eats(&mut self, words: &str) -> bool {
        let words: Vec<&str> = words.split(' ').collect();
        self.eat(&words)
    }

    /// These words, or nothing.
    pub(super) fn expect(&mut self, words: &str) -> Option<()> {
        self.eats(words).then_some(())
    }

    /// The next word.
    pub(super) fn next(&mut self) -> Option<&'t str> {
        let word = self.words.get(self.at).copied()?;
        self.at += 1;
        Some(word)
    }

    /// The value of the string that comes next.
    pub(super) fn string(&mut self) -> Option<Arc<str>> {
        let value = string_value(self.word())?;
        self.at += 1;
        Some(value)
    }

    /// Strings with commas between them.
    pub(super) fn strings(&mut self) -> Option<Vec<Arc<str>>> {
        let mut all = vec![self.string()?];
        while self.eat(&[","]) {
            all.push(self.string()?);
        }
        Some(all)
    }

    /// The number that comes next.
    pub(super) fn number<N: std::str::FromStr>(&mut self) -> Option<N> {
        self.next()?.parse().ok()
    }
}

/// The value of a literal as [`crate::quote::literal`] writes it.
fn string_value(literal: &str) -> Option<Arc<str>> {
    let escapes = literal.starts_with(['E', 'e']);
    let inner = literal
        .trim_start_matches(['E', 'e'])
        .strip_prefix('\'')?
        .strip_suffix('\'')?
        .replace("''", "'");
    Some(match escapes {
        true => inner.replace("\\\\", "\\").into(),
        false => inner.into(),
    })
}
