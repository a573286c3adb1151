//! A model in the words of a server: made there, and read back.
//!
//! Two texts of one expression are compared in the form that PostgreSQL deparses, so a model and a
//! live database are only ever compared this way. It never touches the live database.

use conformance::server::{Server, Wanted};
use migrations::apply;
use migrations::catalog::{self, ReadOptions};
use model::{Kind, Node, Schema};

use crate::console::Console;
use crate::derived::between;
use crate::failure::{Cause, Failure, Outcome};
use crate::source::Source;

/// Both schemas, fit to be compared: where one comes from a live database, so does the other.
///
/// # Errors
///
/// [`Cause::Input`](crate::failure::Cause::Input) where a source is wrong, [`Cause::Outside`](crate::failure::Cause::Outside) where a database or a server
/// fails.
pub fn both(from: &Source, to: &Source, console: &Console) -> Outcome<(Schema, Schema)> {
    let live = |source: &Source| matches!(source, Source::Database(_));
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
    Ok(match (live(from), live(to)) {
        (true, false) => (a, as_the_server_says(&b, console)?),
        (false, true) => (as_the_server_says(&a, console)?, b),
        (true, true) | (false, false) => (a, b),
    })
}

/// The schema, made on a server of its own and read back, with the model's hints kept.
fn as_the_server_says(schema: &Schema, console: &Console) -> Outcome<Schema> {
    if schema.is_empty() {
        return Ok(Schema::default());
    }
    let wanted = Wanted::from_env().map_err(|e| Failure::input(e, "unset the variable"))?;
    let server = Server::start(&wanted).map_err(|e| Failure::database("start a server", e))?;
    console.note(format!("comparing by way of {}", server.describe()));
    let database = server
        .database()
        .map_err(|e| Failure::database("make a database", e))?;
    let mut client = database
        .connect()
        .map_err(|e| Failure::database("connect", e))?;
    let failed = |e: apply::ApplyError| Failure::database("make the model on the server", e);
    if schema.nodes().any(|node| node.external) {
        apply::script(&mut client, model::platform::supabase_sql()).map_err(failed)?;
    }
    let plan = between(&Schema::default(), schema, false)?;
    apply::script(&mut client, &plan.sql()).map_err(failed)?;
    let read = catalog::read(&mut client, &ReadOptions::without_platforms())
        .map_err(|e| Failure::of(Cause::Outside, format!("error: {e}")))?;
    let mut builder = model::schema::Builder::default();
    for node in read.schema.nodes() {
        let mut node: Node = node.clone();
        if let Some(said) = schema.get(&node.id) {
            node.hints = said.hints.clone();
            node.origin = said.origin;
            node.owner = said.owner.clone();
        }
        // Ids are those of a schema, so none can be there twice.
        let _ = builder.insert(node);
    }
    for node in schema
        .nodes()
        .filter(|node| node.external || node.id.kind == Kind::Raw)
    {
        let _ = builder.insert(node.clone());
    }
    Ok(builder.finish())
}
