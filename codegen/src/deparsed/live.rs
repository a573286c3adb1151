//! The live database, as far as it has to be read.
//!
//! It never takes a relation for unchanged that the server doesn't call so.

use migrations::apply::SCHEMA;
use migrations::catalog::{Catalog, CatalogError, Marks, ReadOptions, moved, read as read_all};
use model::Name;
use postgres::{Client, IsolationLevel};

use crate::failure::{Cause, Failure, Outcome};

/// What was read of a database.
pub(super) struct Live {
    /// It.
    pub(super) catalog: Catalog,
    /// How many relations were read, where not all of them were.
    pub(super) moved: Option<usize>,
}

/// What a database holds, roles included. Relations that have not moved since then are left unread:
/// what to read is found out in the snapshot that it is read in.
pub(super) fn read(client: &mut Client, marks: Option<&Marks>) -> Outcome<Live> {
    let mut options = ReadOptions::without_platforms();
    // The tool's own records are no part of what a model describes.
    options.exclude.push(Name::from(SCHEMA));
    options.roles = true;
    let read = match marks.filter(|marks| !marks.keys.is_empty()) {
        Some(marks) => what_moved(client, marks, options),
        None => read_all(client, &options).map(|catalog| Live {
            catalog,
            moved: None,
        }),
    };
    read.map_err(|e| Failure::of(Cause::Outside, format!("error: {e}")))
}

fn what_moved(
    client: &mut Client,
    marks: &Marks,
    mut options: ReadOptions,
) -> Result<Live, CatalogError> {
    let mut transaction = client
        .build_transaction()
        .isolation_level(IsolationLevel::RepeatableRead)
        .read_only(true)
        .start()?;
    options.only = moved(&mut transaction, marks)?;
    let moved = options.only.as_ref().map(Vec::len);
    let catalog = read_all(&mut transaction, &options.in_transaction())?;
    transaction.commit()?;
    Ok(Live { catalog, moved })
}
