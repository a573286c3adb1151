//! What the tool keeps in a database about that database and one model, so that the next comparison
//! has less to ask: the catalog's fingerprint, and the model's expressions in the server's words.
//!
//! It never takes what it finds for another model's, another version's or another server's.

use migrations::catalog::{Marks, fingerprint, marks};
use migrations::history::Hash;
use migrations::known::{self, Known};
use migrations::{Url, known::prepare};
use model::{Kind, Schema};
use postgres::Client;

use crate::args::Format;
use crate::console::Console;
use crate::deparsed::{Pair, forms, live_and};
use crate::derived::between;
use crate::failure::{Cause, Failure, Outcome};
use crate::source::{Source, connect, read_files};

/// What a model is known by: its text as it stands, this tool and that server.
///
/// `None` where the source is no text.
fn key(client: &mut Client, model: &Source) -> Outcome<Option<String>> {
    let Source::Model(paths) = model else {
        return Ok(None);
    };
    let server: String = client
        .query_one("SHOW server_version_num", &[])
        .map_err(|e| Failure::database("ask for the server's version", e))?
        .get(0);
    let mut text = format!("{} {server}", env!("CARGO_PKG_VERSION"));
    for (_, _, file) in read_files(paths)?.files() {
        text.push('\n');
        text.push_str(file);
    }
    Ok(Some(Hash::of_text(&text).to_string()))
}

/// What the database has kept about that model.
///
/// # Errors
///
/// Where the model's files or the database can't be read.
pub fn recall(client: &mut Client, model: &Source) -> Outcome<Option<Known>> {
    let Some(known) = known::read(client).map_err(|e| Failure::database("read the record", e))?
    else {
        return Ok(None);
    };
    let key = key(client, model)?;
    Ok(Some(known).filter(|known| key.as_ref() == Some(&known.model)))
}

/// Reads the rest of what is known.
///
/// # Errors
///
/// Where the database can't be read.
pub fn complete(client: &mut Client, known: &mut Known) -> Outcome<()> {
    known::complete(client, known).map_err(|e| Failure::database("read the record", e))
}

/// The catalog's fingerprint, for those roles.
///
/// # Errors
///
/// Where the database can't be read.
pub fn fingerprint_of(client: &mut Client, roles: &[String]) -> Outcome<String> {
    let failed = |e| Failure::of(Cause::Outside, format!("error: {e}"));
    fingerprint(client, roles).map_err(failed)
}

/// The roles that a model declares.
pub fn declared(model: &Schema) -> Vec<String> {
    let roles = model.of_kind(Kind::Role).filter(|role| !role.external);
    roles.map(|role| role.id.name.to_string()).collect()
}

/// What shows that a catalog, or a part of it, has not changed.
#[derive(Debug, Default)]
pub struct State {
    fingerprint: Option<String>,
    marks: Marks,
}

impl State {
    /// That of the database now, for those roles.
    ///
    /// # Errors
    ///
    /// Where the database can't be read.
    pub fn now(client: &mut Client, roles: &[String]) -> Outcome<State> {
        let failed = |e| Failure::of(Cause::Outside, format!("error: {e}"));
        Ok(State {
            fingerprint: Some(fingerprint_of(client, roles)?),
            marks: marks(client).map_err(failed)?,
        })
    }
}

/// Keeps what a comparison has shown; `now` is the state of before the catalog was read, and only
/// given where nothing differed.
///
/// # Errors
///
/// Where the model's files can't be read, or the role may not write.
pub fn keep(
    client: &mut Client,
    source: &Source,
    pair: &Pair,
    now: Option<State>,
    notes: Vec<String>,
) -> Outcome<bool> {
    let (Some(model), Some(key)) = (&pair.model, key(client, source)?) else {
        return Ok(false);
    };
    let now = now.unwrap_or_default();
    let known = Known {
        model: key,
        roles: declared(&pair.to),
        fingerprint: now.fingerprint,
        forms: Some(forms(model, &pair.to)),
        marks: now.marks.without(&pair.remarkable),
        notes,
        at: String::new(),
    };
    known::write(client, &known).map_err(|e| Failure::database("keep what was found", e))?;
    Ok(true)
}

/// Compares the database with the model after a migration, and keeps what that has shown. No server
/// is started for it.
///
/// # Errors
///
/// Why nothing is kept.
pub fn renew(url: &Url, model: &Source) -> Outcome<bool> {
    let mut client = connect(url)?;
    prepare(&mut client).map_err(|e| Failure::database("make the place of the record", e))?;
    let silent = Console::new(Format::Human);
    let before = State::now(&mut client, &declared(&model.schema(&silent)?))?;
    let mut known = recall(&mut client, model)?;
    if let Some(known) = &mut known {
        complete(&mut client, known)?;
        // What a migration leaves is read as a whole.
        known.marks = Marks::default();
    }
    let (pair, notes) = live_and(url, &mut client, model, known.as_ref(), None)?;
    let clean = pair.missing.is_empty() && between(&pair.from, &pair.to, false)?.steps.is_empty();
    keep(&mut client, model, &pair, clean.then_some(before), notes)
}
