//! Names, stored exactly as written; never folded, never quoted here.

use std::borrow::Borrow;
use std::cmp::Ordering;
use std::collections::HashSet;
use std::fmt;
use std::hash::{BuildHasher, Hash, Hasher};
use std::sync::{Mutex, PoisonError};

use rustc_hash::{FxBuildHasher, FxHashSet};

/// One identifier of a database, as the catalog stores it: case-sensitive and without quotes.
///
/// Each text is kept once, for as long as the process lives. So cloning copies a pointer, equality
/// compares two, and the empty name costs nothing; what it takes is the memory of all the different
/// names that were ever read. Quoting for SQL happens in one place, when a statement is rendered.
///
/// ```
/// let name = model::Name::from("dealSpaces");
/// assert_eq!(name.as_str(), "dealSpaces");
/// ```
#[derive(Clone, Default)]
pub struct Name(Option<&'static Text>);

/// A text that is a name, and what comparing it asks for again and again.
struct Text {
    /// Of the text's bytes alone, so that it is the same in every run.
    hash: u64,
    /// Its first bytes, the first of them highest: enough to order most names without their texts.
    start: u128,
    text: Box<str>,
}

/// How a table of names knows a text.
struct Known(&'static Text);

/// All names there are, in parts, so that threads seldom wait for one another.
static NAMES: [Mutex<FxHashSet<Known>>; 16] =
    [const { Mutex::new(HashSet::with_hasher(FxBuildHasher)) }; 16];

impl Text {
    /// The one text of these bytes.
    fn of(text: &str) -> &'static Text {
        let hash = FxBuildHasher.hash_one(text);
        let mut known = NAMES[hash as usize % NAMES.len()]
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        match known.get(text) {
            Some(Known(text)) => text,
            None => {
                let text = Box::leak(Box::new(Text {
                    hash,
                    start: start(text),
                    text: text.into(),
                }));
                known.insert(Known(text));
                text
            }
        }
    }
}

/// The first sixteen bytes as a number that orders as they do.
fn start(text: &str) -> u128 {
    let mut bytes = [0; 16];
    let length = text.len().min(bytes.len());
    bytes[..length].copy_from_slice(&text.as_bytes()[..length]);
    u128::from_be_bytes(bytes)
}

impl Borrow<str> for Known {
    fn borrow(&self) -> &str {
        &self.0.text
    }
}

impl Hash for Known {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.text.hash(state);
    }
}

impl PartialEq for Known {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.0, other.0)
    }
}

impl Eq for Known {}

impl Name {
    /// The text of the name.
    pub fn as_str(&self) -> &'static str {
        self.0.map_or("", |text| &text.text)
    }

    /// Whether this is the empty name, which stands for "no such part" in an [`Id`](super::Id).
    pub fn is_empty(&self) -> bool {
        self.0.is_none()
    }
}

impl PartialEq for Name {
    fn eq(&self, other: &Self) -> bool {
        match (self.0, other.0) {
            (Some(one), Some(two)) => std::ptr::eq(one, two),
            (one, two) => one.is_none() && two.is_none(),
        }
    }
}

impl Eq for Name {}

impl PartialOrd for Name {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Name {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self.0, other.0) {
            (Some(one), Some(two)) if std::ptr::eq(one, two) => Ordering::Equal,
            (Some(one), Some(two)) => {
                let starts = one.start.cmp(&two.start);
                starts.then_with(|| one.text.cmp(&two.text))
            }
            (one, two) => one.is_some().cmp(&two.is_some()),
        }
    }
}

impl Hash for Name {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(self.0.map_or(0, |text| text.hash));
    }
}

impl From<&str> for Name {
    fn from(text: &str) -> Self {
        Name((!text.is_empty()).then(|| Text::of(text)))
    }
}

impl From<String> for Name {
    fn from(text: String) -> Self {
        Name::from(text.as_str())
    }
}

impl From<&String> for Name {
    fn from(text: &String) -> Self {
        Name::from(text.as_str())
    }
}

impl AsRef<str> for Name {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl std::ops::Deref for Name {
    type Target = str;

    fn deref(&self) -> &str {
        self.as_str()
    }
}

impl PartialEq<str> for Name {
    fn eq(&self, other: &str) -> bool {
        self.as_str() == other
    }
}

impl PartialEq<&str> for Name {
    fn eq(&self, other: &&str) -> bool {
        self.as_str() == *other
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}
