//! Owns the settings of a server that is made for one run.
//!
//! Never used for a server that outlives the run: a crash loses all that is on it.

/// What makes it fast, and what a model may need of it.
///
/// `wal_level` is logical because a model may hold publications and slots, and PostgreSQL warns
/// about the one and refuses the other below it. The locks are for a transaction that makes, or
/// rolls back, a whole schema.
pub(super) const SETTINGS: [(&str, &str); 12] = [
    ("fsync", "off"),
    ("synchronous_commit", "off"),
    ("full_page_writes", "off"),
    ("autovacuum", "off"),
    ("wal_level", "logical"),
    ("max_wal_size", "4GB"),
    ("checkpoint_timeout", "1h"),
    ("max_connections", "200"),
    ("max_locks_per_transaction", "256"),
    ("max_prepared_transactions", "10"),
    ("timezone", "UTC"),
    ("log_min_messages", "warning"),
];

/// A password that nobody sees, in 32 characters.
///
/// The keys of a hash map are seeded by the operating system, which is the one source of
/// randomness in the standard library.
pub(super) fn secret() -> String {
    use std::hash::{BuildHasher, RandomState};
    let half = || RandomState::new().hash_one(0);
    format!("{:016x}{:016x}", half(), half())
}
