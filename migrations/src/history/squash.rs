//! Folding the first migrations of a history into one that takes the place of the last of them.
//!
//! It keeps that one's number, so that what follows keeps its own, and names all that it replaces:
//! what follows the last of them follows it, and a database that has applied the last of them has
//! it. It never plans; what the scripts say is the caller's, as is the proof that they arrive.

use super::header::{self, Header};
use super::{Hash, History, Migration};

/// A migration that a squash took the place of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replaced {
    /// Its number.
    pub number: u32,
    /// Its slug.
    pub slug: String,
    /// Its hash.
    pub hash: Hash,
}

/// A part of what is folded, in the order of the way up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece<'a> {
    /// Migrations whose SQL a plan can write again, all at once: the one whose schema they start from
    /// (none for the empty schema), and the one they reach.
    Planned {
        /// The migration before the first of them.
        from: Option<&'a Migration>,
        /// The last of them.
        to: &'a Migration,
    },
    /// One that was written by hand, and is kept as it is.
    Kept(&'a Migration),
}

impl History {
    /// What folding every migration up to number `to` has to do: plans where a plan can write the SQL
    /// again, and between them what was written by hand (a squash that kept some counts as such).
    pub fn pieces(&self, to: u32) -> Vec<Piece<'_>> {
        let mut pieces = Vec::new();
        let mut before: Option<&Migration> = None;
        // Where the run of migrations that can be planned again begins.
        let mut from: Option<&Migration> = None;
        for migration in self.migrations().iter().filter(|m| m.number <= to) {
            if migration.by_hand {
                if let Some(last) = before.filter(|last| Some(*last) != from) {
                    pieces.push(Piece::Planned { from, to: last });
                }
                pieces.push(Piece::Kept(migration));
                from = Some(migration);
            }
            before = Some(migration);
        }
        if let Some(last) = before.filter(|last| Some(*last) != from) {
            pieces.push(Piece::Planned { from, to: last });
        }
        pieces
    }

    /// The one migration in place of all up to number `to`, with that slug and those scripts;
    /// `by_hand` where some of the scripts can't be planned again. `None` where no migration has that
    /// number. Nothing is written.
    pub fn squash(
        &self,
        to: u32,
        slug: &str,
        up: &str,
        down: &str,
        by_hand: bool,
    ) -> Option<Migration> {
        let last = self.migrations().iter().find(|m| m.number == to)?;
        let folded = self.migrations().iter().filter(|m| m.number <= to);
        let mut replaces = Vec::new();
        for migration in folded {
            replaces.extend(migration.replaces.iter().cloned());
            replaces.push(Replaced {
                number: migration.number,
                slug: migration.slug.clone(),
                hash: migration.hash,
            });
        }
        let mut header = Header {
            number: to,
            slug: slug.to_owned(),
            by_hand,
            replaces,
            ..Header::default()
        };
        Some(Migration::new(
            &mut header,
            up,
            down,
            header::body(&last.snapshot),
        ))
    }
}

impl Migration {
    /// The way up below its header.
    pub fn up_body(&self) -> &str {
        header::body(&self.up)
    }

    /// The way down below its header.
    pub fn down_body(&self) -> &str {
        header::body(&self.down)
    }
}
