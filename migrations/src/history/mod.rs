//! The folder of migrations: `NNNN_slug/` with `up.sql`, `down.sql` and the schema reached.
//!
//! Each migration names the hash of the one before it, so an edited, missing, reordered or doubled
//! one is found before anything else happens. Nothing here plans, and nothing asks a database.

mod fault;
mod header;
mod read;
mod rechain;
mod snapshot;
mod squash;

use std::borrow::Cow;
use std::fmt;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use header::Header;

pub use fault::{Broken, Fault};
pub use rechain::{Rechained, rechain};
pub use snapshot::settle;
pub use squash::{Piece, Replaced};

/// The name of the way up in a migration's folder.
pub const UP: &str = "up.sql";
/// The name of the way down.
pub const DOWN: &str = "down.sql";
/// The name of the schema reached, as model text.
pub const SNAPSHOT: &str = "schema.pilaster";

/// All migrations of a folder, in order, with an unbroken chain.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct History {
    folder: PathBuf,
    migrations: Vec<Migration>,
}

/// One migration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Migration {
    /// Its number, from 1.
    pub number: u32,
    /// What it does, as its folder says: `add_deals_notes`.
    pub slug: String,
    /// The whole of `up.sql`.
    pub up: String,
    /// The whole of `down.sql`.
    pub down: String,
    /// The whole of `schema.pilaster`.
    pub snapshot: String,
    /// The hash of its three files.
    pub hash: Hash,
    /// Whether its SQL is the author's own, which no plan could write again.
    pub by_hand: bool,
    /// The migrations that it was folded from, where it is a squash: a database that has applied the
    /// last of them has this one.
    pub replaces: Vec<Replaced>,
}

/// The SHA-256 of a migration's files. Line ends do not count, so a checkout on Windows agrees.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hash([u8; 32]);

impl History {
    /// Reads a folder of migrations; one that does not exist holds none.
    ///
    /// ```
    /// let history = migrations::history::History::read("no/such/folder".as_ref())?;
    /// assert_eq!(history.next_number(), 1);
    /// # Ok::<(), migrations::history::Broken>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Broken`], with every fault of the folder: each names the file and the way out.
    pub fn read(folder: &Path) -> Result<History, Broken> {
        read::read(folder)
    }

    /// The migrations in order.
    pub fn migrations(&self) -> &[Migration] {
        &self.migrations
    }

    /// The schema that the last migration reaches: where its text stands, and the text.
    pub fn snapshot(&self) -> Option<(PathBuf, &str)> {
        let last = self.migrations.last()?;
        let path = self.folder.join(last.folder_name()).join(SNAPSHOT);
        Some((path, &last.snapshot))
    }

    /// The number of the next migration.
    pub fn next_number(&self) -> u32 {
        self.migrations.last().map_or(1, |last| last.number + 1)
    }

    /// The next migration, with the headers that chain it to the last one. Nothing is written.
    ///
    /// `up` and `down` are scripts; `snapshot` is the model text of the schema reached.
    pub fn next(
        &self,
        slug: &str,
        up: impl Into<String>,
        down: impl Into<String>,
        snapshot: impl Into<String>,
    ) -> Migration {
        let mut header = self.next_header(slug);
        Migration::new(&mut header, up, down, snapshot)
    }

    /// The next migration, for SQL of the author's own: `up` and `down` are where the author begins,
    /// and the schema reached is the last one's. Nothing is written.
    pub fn next_by_hand(&self, slug: &str, up: &str, down: &str) -> Migration {
        let mut header = self.next_header(slug);
        header.by_hand = true;
        let snapshot = self
            .migrations
            .last()
            .map_or("", |last| header::body(&last.snapshot));
        Migration::new(&mut header, up, down, snapshot)
    }

    fn next_header(&self, slug: &str) -> Header {
        Header {
            number: self.next_number(),
            slug: slug.to_owned(),
            follows: self.migrations.last().map(|last| (last.number, last.hash)),
            ..Header::default()
        }
    }
}

impl Migration {
    fn new(
        header: &mut Header,
        up: impl Into<String>,
        down: impl Into<String>,
        snapshot: impl Into<String>,
    ) -> Self {
        let (mut up, mut down, mut snapshot) = (up.into(), down.into(), snapshot.into());
        down.insert_str(0, &header::down(header));
        snapshot.insert_str(0, &header::snapshot(header));
        if !header.replaces.is_empty() {
            header.holds = Some(Hash::of(&up, &down, &snapshot));
        }
        up.insert_str(0, &header::up(header));
        Migration {
            number: header.number,
            slug: header.slug.clone(),
            hash: Hash::of(&up, &down, &snapshot),
            up,
            down,
            snapshot,
            by_hand: header.by_hand,
            replaces: header.replaces.clone(),
        }
    }

    /// Whether a migration that follows this number and hash follows this one: by its own hash, or,
    /// where it is a squash, by that of the last one it replaces.
    fn is_followed_by(&self, number: u32, hash: Hash) -> bool {
        number == self.number && (hash == self.hash || self.replaces_hash(number, hash))
    }

    /// Whether this is a squash of a migration with that number and hash.
    pub fn replaces_hash(&self, number: u32, hash: Hash) -> bool {
        let mut replaced = self.replaces.iter();
        replaced.any(|r| r.number == number && r.hash == hash)
    }

    /// What going back costs, as the comments of `down.sql` say it: `lossy: …` of what it can't bring
    /// back, `data loss: …` of what it takes away.
    pub fn losses(&self) -> Vec<String> {
        let said = self
            .down
            .lines()
            .filter_map(|line| line.strip_prefix("-- "));
        said.filter(|text| text.starts_with("lossy: ") || text.starts_with("data loss: "))
            .map(|text| text.trim_end().to_owned())
            .collect()
    }

    /// Whether `up.sql` has no statement yet: it was begun by hand, and is still to be written.
    pub fn is_unwritten(&self) -> bool {
        self.by_hand && crate::script::units(&self.up).is_empty()
    }

    /// The name of its folder: `0002_add_deals_notes`.
    pub fn folder_name(&self) -> String {
        format!("{:04}_{}", self.number, self.slug)
    }

    /// Its files, below the folder of migrations.
    pub fn files(&self) -> [(PathBuf, &str); 3] {
        let folder = PathBuf::from(self.folder_name());
        [
            (folder.join(DOWN), self.down.as_str()),
            (folder.join(SNAPSHOT), self.snapshot.as_str()),
            (folder.join(UP), self.up.as_str()),
        ]
    }

    /// As [`Migration::files`], for whoever needs nothing else of it.
    pub fn into_files(self) -> [(PathBuf, String); 3] {
        let folder = PathBuf::from(self.folder_name());
        [
            (folder.join(DOWN), self.down),
            (folder.join(SNAPSHOT), self.snapshot),
            (folder.join(UP), self.up),
        ]
    }
}

/// The labels of a way down that can't bring everything back: its lines `-- lossy: …`.
pub fn losses(down: &str) -> Vec<String> {
    let labels = down
        .lines()
        .filter_map(|line| line.strip_prefix("-- lossy: "));
    labels.map(|label| label.trim_end().to_owned()).collect()
}

impl Hash {
    /// The hash of a migration's three files.
    fn of(up: &str, down: &str, snapshot: &str) -> Self {
        let mut hasher = Sha256::new();
        for (name, text) in [(UP, up), (DOWN, down), (SNAPSHOT, snapshot)] {
            let text = match text.contains('\r') {
                true => Cow::from(text.replace("\r\n", "\n")),
                false => Cow::from(text),
            };
            // The length keeps text from moving between files without being noticed.
            hasher.update(format!("{name} {}\n", text.len()));
            hasher.update(text.as_bytes());
        }
        Hash(hasher.finalize().into())
    }

    /// The hash of one text.
    pub fn of_text(text: &str) -> Self {
        Hash(Sha256::digest(text).into())
    }

    /// Reads what [`Display`](fmt::Display) writes.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix("sha256:")?;
        if digits.len() != 64 || !digits.is_ascii() {
            return None;
        }
        let mut bytes = [0; 32];
        for (i, byte) in bytes.iter_mut().enumerate() {
            *byte = u8::from_str_radix(&digits[2 * i..2 * i + 2], 16).ok()?;
        }
        Some(Hash(bytes))
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("sha256:")?;
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
