//! A model in the words of a server: made there, and read back.
//!
//! Two texts of one expression are compared in the form that PostgreSQL deparses, so a model and a
//! live database are only ever compared this way. It never changes the live database.

pub(crate) mod outside;
pub(crate) mod platform;
mod scratch;
mod text;

use conformance::server::{Server, Wanted};
use migrations::Url;
use migrations::catalog::ReadOptions;
use model::{Kind, Node, Schema};
use postgres::Client;

use crate::console::Console;
use crate::derived::between;
use crate::failure::{Failure, Outcome};
use crate::source::{Source, connect};

/// Two schemas that can be compared, and what there is to say about how.
#[derive(Debug)]
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
}

/// Both schemas, fit to be compared: where one comes from a live database, so does the other.
///
/// # Errors
///
/// [`Cause::Input`](crate::failure::Cause::Input) where a source is wrong,
/// [`Cause::Outside`](crate::failure::Cause::Outside) where a database or a server fails.
pub fn both(from: &Source, to: &Source, console: &Console) -> Outcome<Pair> {
    let (a, b) = std::thread::scope(|scope| {
        let a = scope.spawn(|| from.schema(console));
        let b = to.schema(console);
        (
            a.join()
                .unwrap_or_else(|panic| std::panic::resume_unwind(panic)),
            b,
        )
    });
    let (a, b) = (a?, b?);
    let mut pair = match (from, to) {
        (Source::Database(url), other) if !matches!(other, Source::Database(_)) => {
            let (live, model) = (a, b);
            let words = in_words(&model, &live, url, console)?;
            Pair {
                from: words.live,
                to: words.model,
                way: words.way,
                undecided: words.undecided,
                missing: words.missing,
            }
        }
        (other, Source::Database(url)) if !matches!(other, Source::Database(_)) => {
            let (model, live) = (a, b);
            let words = in_words(&model, &live, url, console)?;
            Pair {
                from: words.model,
                to: words.live,
                way: words.way,
                undecided: words.undecided,
                missing: words.missing,
            }
        }
        _ => Pair {
            from: a,
            to: b,
            way: None,
            undecided: Vec::new(),
            missing: Vec::new(),
        },
    };
    pair.missing.sort();
    Ok(pair)
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
    let words = in_words(model, live, url, console)?;
    Ok(Pair {
        from: words.live,
        to: words.model,
        way: words.way,
        undecided: words.undecided,
        missing: words.missing,
    })
}

/// A live database and a model, in the same words.
struct Words {
    live: Schema,
    model: Schema,
    way: Option<String>,
    undecided: Vec<model::Id>,
    missing: Vec<model::Id>,
}

fn in_words(model: &Schema, live: &Schema, url: &Url, console: &Console) -> Outcome<Words> {
    let live = &platform::without(live, model);
    if model.is_empty() {
        return Ok(Words {
            live: live.clone(),
            model: Schema::default(),
            way: None,
            undecided: Vec::new(),
            missing: Vec::new(),
        });
    }
    let mut client = connect(url)?;
    let missing = outside::missing(&mut client, model)
        .map_err(|e| Failure::database("look for external objects", e))?;
    let (read, way) = match on_a_server(model, url, &mut client, console) {
        Ok(found) => found,
        Err(why) => {
            let (live, model, undecided) = text::compared(live, model);
            return Ok(Words {
                live,
                model,
                way: Some(format!("compared as text, because {why}")),
                undecided,
                missing,
            });
        }
    };
    Ok(Words {
        live: live.clone(),
        model: as_said(read, model),
        way: Some(way),
        undecided: Vec::new(),
        missing,
    })
}

/// The model as a server reads it: in a database of its own beside the live one, or on a server
/// of ours.
fn on_a_server(
    model: &Schema,
    url: &Url,
    live: &mut Client,
    console: &Console,
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

/// What was read, with what only the model can say: hints, places, owners, what is external.
fn as_said(read: Schema, model: &Schema) -> Schema {
    let mut builder = model::schema::Builder::default();
    for node in read.nodes() {
        let mut node: Node = node.clone();
        match model.get(&node.id) {
            Some(said) if said.external => continue,
            Some(said) => {
                node.hints = said.hints.clone();
                node.origin = said.origin;
                node.owner = said.owner.clone();
            }
            // Whatever was made on the way to the model is its maker's.
            None => node.owner = None,
        }
        // Ids are those of a schema, so none can be there twice.
        let _ = builder.insert(node);
    }
    for node in model.nodes() {
        if node.external || node.id.kind == Kind::Raw {
            let _ = builder.insert(node.clone());
        }
    }
    builder.finish()
}
