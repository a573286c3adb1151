//! The check in the database and the Rust type of a shape accept the same documents.
//!
//! Documents are drawn at random; `PILASTER_DOCUMENTS` says how many, `PILASTER_SEED` which.

#[path = "shapes/draw.rs"]
mod draw;
#[allow(dead_code, unreachable_pub)]
#[path = "shapes/schema.rs"]
mod schema;

use std::fmt::Write as _;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use conformance::server::{Database, Server};
use draw::Draw;
use migrations::{apply, plan, render};
use model::schema::{Column, Schema};
use model::{Kind, Node};
use pilaster::JsonType;
use pilaster::json::{from_str, to_string};
use postgres::Client;

/// How many documents are drawn where nothing else is said.
const DOCUMENTS: usize = 20_000;

/// What Rust makes of a document: why it refuses it, or how it writes it, where it can.
type Reader = fn(&str) -> Result<Option<String>, String>;

fn read<T: JsonType>(text: &str) -> Result<Option<String>, String> {
    let value: T = from_str(text).map_err(|error| error.to_string())?;
    Ok(to_string(&value).ok())
}

macro_rules! readers {
    ($($column:literal: $ty:ident),* $(,)?) => {
        /// The Rust type of each column's documents.
        const READERS: &[(&str, Reader)] = &[$(($column, read::<schema::$ty>)),*];
    };
}

readers! {
    "anything": Anything, "flag": Flag, "words": Words, "name": Name, "slug": Slug,
    "small": Small, "normal": Normal, "big": Big, "rating": Rating, "measure": Measure,
    "amount": Amount, "key": Key, "day": Day, "local": Local, "instant": Instant,
    "one": One, "yes": Yes, "nothing": Nothing, "word": Word, "status": Status,
    "feeling": Feeling, "scalars": Scalars, "optionals": Optionals, "nullables": Nullables,
    "defaults": Defaults, "open": Open, "typed": Typed, "empty": Empty,
    "open_empty": OpenEmpty, "counts": Counts, "matrix": Matrix, "names": Names,
    "pair": Pair, "lists": Lists, "either": Either, "alternatives": Alternatives,
    "payment": Payment, "node": Node, "ping": Ping, "stars": DocumentStars,
    "note": DocumentNote,
}

fn setting(name: &str) -> Option<u64> {
    let text = std::env::var(name).ok()?;
    Some(
        text.parse()
            .unwrap_or_else(|_| panic!("{name} is no number: {text}")),
    )
}

fn model() -> Schema {
    let mut sources = model::Sources::new();
    sources.add("shapes.pilaster", include_str!("shapes/shapes.pilaster"));
    let (model, faults) = model::load(&sources);
    assert!(
        !faults.has_errors(),
        "{}",
        faults.render(&sources, model::Color::Never)
    );
    model.schema
}

fn database(schema: &Schema) -> (Database, Client) {
    let database = Server::shared().database().expect("a database");
    let mut client = database.connect().expect("a connection");
    let plan = plan::plan(&Schema::default(), schema, &plan::Options::default());
    let script = render::script(&plan.expect("a plan"));
    apply::script(&mut client, &script).expect("the model");
    (database, client)
}

/// The function that the column's check calls.
fn function(schema: &Schema, column: &Node) -> Option<String> {
    let check = format!("{}_{}_shape", column.id.name, column.id.part);
    let table = model::Id::table(column.id.schema.clone(), column.id.name.clone());
    let check = schema.get(&table.within(Kind::Constraint, check.as_str()))?;
    let function = check.needs.iter().find(|id| id.kind == Kind::Function)?;
    Some(model::quote::qualified(&function.schema, &function.name))
}

/// Each document as `jsonb` prints it, and whether the server accepts it.
fn ask(client: &mut Client, function: Option<&str>, documents: &[String]) -> Vec<(String, bool)> {
    let judge = function.map_or("true".to_owned(), |f| format!("{f}(text::jsonb)"));
    let query = format!(
        "SELECT text::jsonb::text, {judge} \
         FROM unnest($1::text[]) WITH ORDINALITY AS documents (text, number) ORDER BY number"
    );
    let rows = client
        .query(&query, &[&documents])
        .expect("an answer for every document");
    let answer = |row: &postgres::Row| (row.get(0), row.get(1));
    rows.iter().map(answer).collect()
}

#[test]
fn server_and_serde_accept_the_same_documents() {
    let schema = model();
    let (_database, mut client) = database(&schema);
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |d| d.as_nanos() as u64);
    let seed = setting("PILASTER_SEED").unwrap_or(now);
    let wanted = setting("PILASTER_DOCUMENTS").map_or(DOCUMENTS, |n| n as usize);
    let columns: Vec<(&Node, &Column)> = schema
        .of_kind(Kind::Column)
        .filter_map(|node| Some((node, node.object.as_column()?)))
        .collect();
    assert_eq!(columns.len(), READERS.len());

    let mut draw = Draw::new(&schema, seed);
    let (mut drawn, mut accepted, mut problems, mut count) = (0, 0, String::new(), 0);
    let start = Instant::now();
    for (node, column) in &columns {
        let name = node.id.part.as_str();
        let (_, read) = READERS.iter().find(|(n, _)| *n == name).expect(name);
        let ty = column.documents.0.as_ref().expect("documents with a shape");
        let function = function(&schema, node);
        let documents: Vec<String> = (0..wanted.div_ceil(columns.len()))
            .map(|_| draw.document(ty))
            .collect();
        let mut written = Vec::new();
        let mut valid = 0;
        for (document, server) in ask(&mut client, function.as_deref(), &documents) {
            drawn += 1;
            let rust = read(&document);
            // A pattern is PostgreSQL's, so only the database judges it.
            let by_pattern = name == "slug" && !server && rust.is_ok();
            if server != rust.is_ok() && !by_pattern {
                count += 1;
                if count <= 30 {
                    let rust = rust.as_ref().err().map_or("accepts", String::as_str);
                    let _ = writeln!(
                        problems,
                        "{name}: {document}\n  server {server}, rust: {rust}"
                    );
                }
            }
            if server {
                valid += 1;
                written.extend(rust.ok().flatten());
            }
        }
        accepted += valid;
        assert!(
            valid > 0 && (valid < documents.len() || name == "anything"),
            "{name}: {valid}"
        );
        for (document, server) in ask(&mut client, function.as_deref(), &written) {
            if !server {
                count += 1;
                let _ = writeln!(
                    problems,
                    "{name}: Rust writes {document}, the server refuses"
                );
            }
        }
    }
    println!(
        "{drawn} documents, {accepted} accepted, seed {seed}, {:?}",
        start.elapsed()
    );
    assert!(
        count == 0,
        "PILASTER_SEED={seed}: {count} disagreements\n{problems}"
    );
}
