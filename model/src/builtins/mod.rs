//! What PostgreSQL and its well-known extensions bring along: functions, types, operator classes.
//!
//! The lists are a server's own answer (`pg_proc`, `pg_depend`), with the additions of later majors
//! behind it. They never decide what an expression means, only whether a name is known.

use rustc_hash::{FxHashMap, FxHashSet};
use std::sync::LazyLock;

static FUNCTIONS: LazyLock<FxHashSet<&'static str>> =
    LazyLock::new(|| include_str!("functions.txt").lines().collect());

static EXTENSIONS: LazyLock<FxHashMap<&'static str, KnownExtension>> = LazyLock::new(|| {
    include_str!("extensions.txt")
        .lines()
        .filter_map(KnownExtension::read)
        .map(|e| (e.name, e))
        .collect()
});

/// An extension whose contents we know: a line `name|types|functions|operator classes`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct KnownExtension {
    pub(crate) name: &'static str,
    types: &'static str,
    functions: &'static str,
    operator_classes: &'static str,
}

impl KnownExtension {
    fn read(line: &'static str) -> Option<Self> {
        let mut parts = line.split('|');
        Some(KnownExtension {
            name: parts.next()?,
            types: parts.next()?,
            functions: parts.next()?,
            operator_classes: parts.next()?,
        })
    }

    pub(crate) fn types(&self) -> impl Iterator<Item = &'static str> + use<> {
        self.types.split_ascii_whitespace()
    }

    /// Whether the extension has a function of that name; `st_*` in the list stands for a family.
    pub(crate) fn has_function(&self, name: &str) -> bool {
        self.functions
            .split_ascii_whitespace()
            .any(|f| match f.strip_suffix('*') {
                Some(prefix) => name.starts_with(prefix),
                None => f == name,
            })
    }

    pub(crate) fn has_operator_class(&self, name: &str) -> bool {
        self.operator_classes
            .split_ascii_whitespace()
            .any(|c| c == name)
    }
}

/// Whether `pg_catalog` has a function of that name, or the grammar something that is called like
/// one.
pub(crate) fn is_function(name: &str) -> bool {
    FUNCTIONS.contains(name)
}

/// All function names, for suggestions.
pub(crate) fn functions() -> impl Iterator<Item = &'static str> {
    include_str!("functions.txt").lines()
}

/// Every extension we know, by name.
pub(crate) fn extensions() -> impl Iterator<Item = &'static KnownExtension> {
    let mut all: Vec<_> = EXTENSIONS.values().collect();
    all.sort_by_key(|e| e.name);
    all.into_iter()
}

/// The extension of that name, where we know it.
pub(crate) fn extension(name: &str) -> Option<&'static KnownExtension> {
    EXTENSIONS.get(name)
}
