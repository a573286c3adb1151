//! The layout of a corpus: its index, and the files of a case.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::Deserialize;

/// One case: a pair of schemas, or a single one.
#[derive(Clone, Debug)]
pub struct Case {
    /// `source/name`.
    pub name: String,
    /// What the comparison of old and new must say; `None` for a single schema.
    pub expect: Option<Expect>,
    /// Whether its scripts make roles, which belong to the server.
    pub cluster_wide: bool,
    /// `pre.sql`, which comes first on both sides.
    pub before: Option<PathBuf>,
    /// `old.sql`, or the `schema.sql` of a single schema.
    pub old: PathBuf,
    /// `new.sql`.
    pub new: Option<PathBuf>,
    /// `seed.sql`: rows of the old side that must survive.
    pub rows: Option<PathBuf>,
}

/// What the comparison of the two sides must say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expect {
    /// Something beside the order of columns differs.
    Differs,
    /// Nothing differs, or only the order of columns.
    Same,
}

#[derive(Deserialize)]
struct Row {
    id: String,
    expect: Option<String>,
    cluster_wide: bool,
}

/// The cases of the corpus in that folder whose names contain `filter`, in the index's order.
///
/// # Errors
///
/// Those of the file system, and of an index that isn't as described.
pub fn cases(corpus: &Path, filter: &str) -> io::Result<Vec<Case>> {
    let index = fs::read_to_string(corpus.join("index.json"))?;
    let rows: Vec<Row> = serde_json::from_str(&index)?;
    let mut cases = Vec::new();
    for row in rows.into_iter().filter(|row| row.id.contains(filter)) {
        let expect = match row.expect.as_deref() {
            Some("differs") => Some(Expect::Differs),
            Some(_) => Some(Expect::Same),
            None => None,
        };
        let folder = if row.id.starts_with("real/") {
            corpus.join(&row.id)
        } else {
            corpus.join("pairs").join(&row.id)
        };
        let file = |name: &str| Some(folder.join(name)).filter(|path| path.is_file());
        let (old, new) = match file("schema.sql") {
            Some(schema) => (schema, None),
            None => (folder.join("old.sql"), file("new.sql")),
        };
        cases.push(Case {
            name: row.id,
            expect,
            cluster_wide: row.cluster_wide,
            before: file("pre.sql"),
            old,
            new,
            rows: file("seed.sql"),
        });
    }
    Ok(cases)
}
