//! A model in the words of a server: in those of the live database where they are the model's own,
//! in those that a server said earlier, or made on a server and read back.
//!
//! Two texts of one expression are compared in the form that PostgreSQL deparses, so a model and a
//! live database are only ever compared this way. It never changes the live database.

mod live;
pub(crate) mod outside;
pub(crate) mod platform;
mod scratch;
mod settle;
mod text;

use std::collections::BTreeSet;

use conformance::server::{Server, Wanted};
use migrations::Url;
use migrations::catalog::{ReadOptions, completed};
use migrations::known::Known;
use model::{Id, Kind, Node, Schema};
use postgres::Client;

use crate::console::Console;
use crate::derived::between;
use crate::failure::{Failure, Outcome};
use crate::source::{Source, connect, remarks};

pub use settle::forms;
use settle::{Settled, needed, settle};

/// Two schemas that can be compared, and what there is to say about how.
#[derive(Debug, Default)]
pub struct Pair {
    /// What is.
    pub from: Schema,
    /// What should be.
    pub to: Schema,
    /// How the model was put into the server's words, in one line; `None` where nothing had to be.
    pub way: Option<String>,
    /// Objects whose texts differ, where no server could be asked whether the meanings do.
    pub undecided: Vec<model::Id>,
    /// External objects of the model that the live database lacks.
    pub missing: Vec<model::Id>,
    /// The model as it is written, where a server has said of all of it how it reads it.
    pub model: Option<Schema>,
    /// The oids of the live relations about which something is reported beside differences.
    pub remarkable: Vec<u32>,
}

/// Both schemas, fit to be compared: where one comes from a live database, so does the other.
///
/// # Errors
///
/// [`Cause::Input`](crate::failure::Cause::Input) where a source is wrong,
/// [`Cause::Outside`](crate::failure::Cause::Outside) where a database or a server fails.
pub fn both(from: &Source, to: &Source, console: &Console) -> Outcome<Pair> {
    match (from, to) {
        (Source::Database(_), Source::Database(_)) => {}
        (Source::Database(url), model) => {
            let (pair, notes) = live_and(url, &mut connect(url)?, model, None, Some(console))?;
            notes.iter().for_each(|line| console.note(line));
            return Ok(pair);
        }
        (model, Source::Database(url)) => {
            let (pair, notes) = live_and(url, &mut connect(url)?, model, None, Some(console))?;
            notes.iter().for_each(|line| console.note(line));
            return Ok(Pair {
                from: pair.to,
                to: pair.from,
                ..pair
            });
        }
        _ => {}
    }
    let (from, to) = at_once(|| from.schema(console), || to.schema(console));
    Ok(Pair {
        from: from?,
        to: to?,
        ..Pair::default()
    })
}

/// A live database and what it should be, fit to be compared; and a line for each thing of the
/// database that no model can hold.
///
/// `known` is what a server has said of this very model before, and by which marks the database was
/// found to be as it says: relations that still have theirs are taken from the model, and not read.
/// Without a console nobody waits, and no server is started.
///
/// # Errors
///
/// As [`both`].
pub fn live_and(
    url: &Url,
    client: &mut Client,
    model: &Source,
    known: Option<&Known>,
    console: Option<&Console>,
) -> Outcome<(Pair, Vec<String>)> {
    let (live, model) = at_once(
        || live::read(client, known.map(|known| &known.marks)),
        || match console {
            Some(console) => model.schema(console),
            None => model.schema(&Console::new(crate::args::Format::Human)),
        },
    );
    let (live::Live { catalog, moved }, model) = (live?, model?);
    let declared = |name: &str| {
        let role = model.get(&Id::global(Kind::Role, name));
        role.is_some_and(|role| !role.external)
    };
    let mut notes = remarks(&catalog);
    notes.retain(|note| {
        let role = note.strip_prefix("not modelled: role membership ");
        role.is_none_or(|rest| rest.split(' ').next().is_some_and(declared))
    });
    // The others are the server's.
    let own = |node: &Node| node.id.kind != Kind::Role || declared(&node.id.name);
    let held = platform::without(catalog.schema.retained(own), &model);
    let held = completed(held, &catalog.unread, &model);
    let mut pair = in_words(&model, held, url, client, known, console)?;
    pair.remarkable = catalog.remarkable;
    if let (Some(moved), Some(known)) = (moved, known) {
        let way = pair.way.take().unwrap_or_default();
        let read = match moved {
            1 => "1 relation was read, which has".to_owned(),
            n => format!("{n} relations were read, which have"),
        };
        pair.way = Some(format!("{read} moved since {}; {way}", known.at));
    }
    Ok((pair, notes))
}

/// Both pieces of work at once.
pub(crate) fn at_once<A: Send, B>(a: impl FnOnce() -> A + Send, b: impl FnOnce() -> B) -> (A, B) {
    std::thread::scope(|scope| {
        let a = scope.spawn(a);
        let b = b();
        let a = a.join();
        (
            a.unwrap_or_else(|panic| std::panic::resume_unwind(panic)),
            b,
        )
    })
}

/// A live database and a model as a server reads it.
///
/// # Errors
///
/// [`Cause::Outside`](crate::failure::Cause::Outside) where the database fails.
pub(crate) fn with_live(
    model: &Schema,
    live: &Schema,
    url: &Url,
    console: &Console,
) -> Outcome<Pair> {
    let live = platform::without(live.clone(), model);
    in_words(model, live, url, &mut connect(url)?, None, Some(console))
}

/// A live database and a model, in the same words.
fn in_words(
    model: &Schema,
    live: Schema,
    url: &Url,
    client: &mut Client,
    known: Option<&Known>,
    console: Option<&Console>,
) -> Outcome<Pair> {
    let mut pair = Pair {
        from: live,
        ..Pair::default()
    };
    if model.is_empty() {
        return Ok(pair);
    }
    pair.missing = outside::missing(client, model)
        .map_err(|e| Failure::database("look for external objects", e))?;
    pair.missing.sort();
    let settled = settle(
        model,
        &pair.from,
        known.and_then(|known| known.forms.as_ref()),
    );
    let recalled = known.filter(|_| settled.recalled > 0);
    let asked = match settled.open.is_empty() {
        true => None,
        false => Some(ask(model, &settled.open, url, client, console)),
    };
    let kept = recalled.map(|known| {
        let count = objects(settled.recalled);
        format!("compared in the words recorded at {} ({count})", known.at)
    });
    let (read, way) = match asked {
        None => (Schema::default(), None),
        Some(Ok((read, way))) => (read, Some(way)),
        Some(Err(why)) => {
            let open = &settled.open;
            let open = model.clone().retained(|node| open.contains(&node.id));
            let (read, undecided) = text::compared(&pair.from, &open);
            pair.undecided = undecided;
            pair.way = Some(format!("compared as text, because {why}"));
            pair.to = as_said(model, settled, read);
            return Ok(pair);
        }
    };
    pair.to = as_said(model, settled, read);
    pair.way = match (kept, way) {
        (None, None) => Some("compared in the database's own words".to_owned()),
        (None, Some(way)) => Some(way),
        (Some(kept), None) => Some(kept),
        (Some(kept), Some(way)) => Some(format!("{kept}; {way}")),
    };
    pair.model = Some(model.clone());
    Ok(pair)
}

fn objects(count: usize) -> String {
    match count {
        1 => "1 object".to_owned(),
        n => format!("{n} objects"),
    }
}

/// What a server reads, and which server it was, in one line.
type Answer = (Schema, String);

/// Asks a server about the open objects; about all of them, where these can't be made alone.
fn ask(
    model: &Schema,
    open: &BTreeSet<Id>,
    url: &Url,
    live: &mut Client,
    console: Option<&Console>,
) -> Result<Answer, String> {
    let part = needed(model, open);
    if part.len() < model.len()
        && let Ok((read, way)) = on_a_server(&part, url, live, console)
    {
        return Ok((read, way));
    }
    on_a_server(model, url, live, console)
}

/// The model as a server reads it: in a database of its own beside the live one, or on a server
/// of ours.
fn on_a_server(
    model: &Schema,
    url: &Url,
    live: &mut Client,
    console: Option<&Console>,
) -> Result<(Schema, String), String> {
    let beside = match scratch::Scratch::beside(url, live) {
        Ok(scratch) => {
            let version = scratch.server_version();
            let made = realised(model, &mut scratch.connect()?, live);
            made.map(|schema| {
                let way = format!("compared in a scratch database on the same server ({version})");
                (schema, way)
            })
        }
        Err(why) => Err(why),
    };
    let why = match beside {
        Ok(found) => return Ok(found),
        Err(why) => why,
    };
    let Some(console) = console else {
        return Err(why);
    };
    let mut own = || -> Result<(Schema, String), String> {
        let wanted = Wanted::from_env().map_err(|e| e.to_string())?;
        let wanted = Wanted {
            url: None,
            ..wanted
        };
        let server = Server::start(&wanted).map_err(|e| e.to_string())?;
        let database = server.database().map_err(|e| e.to_string())?;
        let mut client = database.connect().map_err(|e| e.to_string())?;
        let schema = realised(model, &mut client, live)?;
        Ok((schema, format!("compared by way of {}", server.describe())))
    };
    own().inspect_err(|_| {
        console.note(format!("no scratch database on the same server: {why}"));
    })
}

/// Makes the model in a transaction, reads it, and takes it back.
fn realised(model: &Schema, client: &mut Client, live: &mut Client) -> Result<Schema, String> {
    let there = client
        .query("SELECT rolname::text FROM pg_catalog.pg_roles", &[])
        .map_err(|e| e.to_string())?;
    let there: BTreeSet<String> = there.iter().map(|row| row.get(0)).collect();
    let missing = |node: &Node| node.id.kind != Kind::Role || !there.contains(&*node.id.name);
    let model = &model.clone().retained(missing);
    let plan = between(&Schema::default(), model, false).map_err(|e| e.to_string())?;
    let said = |e: postgres::Error| match e.as_db_error() {
        Some(db) => db.message().to_owned(),
        None => e.to_string(),
    };
    let mut transaction = client.transaction().map_err(said)?;
    transaction
        .batch_execute("SET LOCAL search_path = public; SET LOCAL check_function_bodies = off")
        .map_err(said)?;
    for sql in outside::stand_ins(live, model).map_err(said)? {
        transaction.batch_execute(&sql).map_err(said)?;
    }
    for statement in plan.steps.iter().flat_map(|step| &step.statements) {
        transaction
            .batch_execute(&statement.sql)
            .map_err(|e| format!("the model could not be made there: {}", said(e)))?;
    }
    let options = ReadOptions::without_platforms().in_transaction();
    let read = migrations::catalog::read(&mut transaction, &options).map_err(|e| e.to_string())?;
    transaction.rollback().map_err(said)?;
    Ok(read.schema)
}

/// The model in a server's words: what was settled, and of what was `read` the objects that were
/// asked about, with what only the model can say: hints, places, owners, what is external.
fn as_said(model: &Schema, settled: Settled, read: Schema) -> Schema {
    let open = &settled.open;
    let kept = |node: &Node| {
        let only_said = node.id.kind.is_model_only() && node.id.kind != Kind::Raw;
        node.external || !(only_said || open.contains(&node.id))
    };
    let model_kept = model.clone().retained(kept);
    if settled.replaced.is_empty() && read.is_empty() {
        return model_kept;
    }
    let mut builder = model_kept.into_builder();
    for node in settled.replaced {
        if let Some(there) = builder.get_mut(&node.id) {
            *there = node;
        }
    }
    for node in read.nodes() {
        let mut node: Node = node.clone();
        match model.get(&node.id) {
            Some(said) if said.external || !open.contains(&node.id) => continue,
            Some(said) => {
                node.hints = said.hints.clone();
                node.origin = said.origin;
                node.owner = said.owner.clone();
            }
            // Whatever was made on the way to the model is its maker's.
            None => node.owner = None,
        }
        // What is open was not kept, so nothing is there twice.
        let _ = builder.insert(node);
    }
    builder.finish()
}
