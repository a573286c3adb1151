//! A history whose migrations were edited, or moved, before they were applied: its chain made anew.
//!
//! It never changes what a migration does, and never joins what a plan wrote to a schema that the
//! plan didn't start from: such a migration is planned again, not moved.

use std::path::Path;

use super::header;
use super::read::{Trust, is_next, links};
use super::{Broken, Hash, History, Migration};

/// A migration whose header is no longer right, as it is to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rechained {
    /// With its new header.
    pub migration: Migration,
    /// The hash of its files as they lie there.
    pub was: Hash,
}

/// The history as it should be, and which of its migrations have to be written for that.
///
/// An edited migration's followers are chained to its new hash. One that was written by hand may
/// have been given another number and name by renaming its folder; it takes over the schema of the
/// one before it.
///
/// # Errors
///
/// [`Broken`] for what no chain mends: what is missing, doubled, or not named like a migration.
pub fn rechain(folder: &Path) -> Result<(History, Vec<Rechained>), Broken> {
    let mut faults = Vec::new();
    let links = links(folder, Trust::Author, &mut faults);
    if !faults.is_empty() {
        return Err(Broken { faults });
    }
    let (mut all, mut changed): (Vec<Migration>, Vec<Rechained>) = (Vec::new(), Vec::new());
    for (found, mut header) in links {
        let before = all.last();
        let right = is_next(before, &header);
        if !right || header.replaces.is_empty() {
            header.follows = before.map(|before| match (right, header.follows) {
                // A squash may be followed by the hash of the last that it replaces.
                (true, Some(follows)) => follows,
                _ => (before.number, before.hash),
            });
        }
        (header.number, header.slug) = (found.number, found.slug.clone());
        let moved = header.by_hand && header.replaces.is_empty();
        let reached = match before.filter(|_| moved) {
            Some(before) => header::body(&before.snapshot),
            None => header::body(&found.snapshot),
        };
        let right = Migration::new(&mut header, found.up_body(), found.down_body(), reached);
        if right.hash != found.hash {
            changed.push(Rechained {
                migration: right.clone(),
                was: found.hash,
            });
        }
        all.push(right);
    }
    let history = History {
        folder: folder.to_path_buf(),
        migrations: all,
    };
    Ok((history, changed))
}
