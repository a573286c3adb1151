//! The check in the database and the Rust type of a shape accept the same documents.
//!
//! Documents are drawn at random; `PILASTER_DOCUMENTS` says how many, `PILASTER_SEED` which.

#[path = "shapes/draw.rs"]
mod draw;
#[allow(dead_code, unreachable_pub)]
#[path = "shapes/schema.rs"]
mod schema;

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use conformance::server::{Database, Server};
use draw::Draw;
use migrations::{apply, plan, render};
use model::schema::{Column, Schema, ShapeType};
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

/// A validator that is not ours, judging by the documents that `json_schema` writes. It is the
/// package `jsonschema` of Python, where `PILASTER_PYTHON` (or `python3`) has it.
struct Validator {
    python: String,
}

impl Validator {
    fn found() -> Option<Self> {
        let python = std::env::var("PILASTER_PYTHON").unwrap_or_else(|_| "python3".to_owned());
        let output = Command::new(&python)
            .args(["-c", "import jsonschema"])
            .output();
        output
            .is_ok_and(|output| output.status.success())
            .then_some(Validator { python })
    }

    /// Whether it accepts each document, given with the name of its shape.
    fn ask(&self, documents: &[(&str, String)]) -> Vec<bool> {
        let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/shapes");
        let mut child = Command::new(&self.python)
            .arg(tests.join("validate.py"))
            .arg(tests.join("documents"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("python");
        let mut to = child.stdin.take().expect("a pipe");
        let lines = documents
            .iter()
            .map(|(shape, text)| format!("{shape}\t{text}\n"));
        let text: String = lines.collect();
        let writing = std::thread::spawn(move || to.write_all(text.as_bytes()));
        let output = child.wait_with_output().expect("an answer");
        writing.join().expect("a writer").expect("all read");
        let said = String::from_utf8(output.stdout).expect("text");
        said.lines().map(|line| line == "true").collect()
    }
}

#[test]
fn a_validator_of_others_accepts_the_same_documents() {
    let Some(validator) = Validator::found() else {
        println!("skipped: no Python with the package jsonschema (PILASTER_PYTHON)");
        return;
    };
    let schema = model();
    let (_database, mut client) = database(&schema);
    let mut draw = Draw::new(&schema, setting("PILASTER_SEED").unwrap_or(1));
    let (mut asked, mut answers) = (Vec::new(), Vec::new());
    for node in schema.of_kind(Kind::Column) {
        let column = node.object.as_column();
        let Some(ty @ ShapeType::Shape(_, shape)) = column.and_then(|c| c.documents.0.as_deref())
        else {
            continue;
        };
        let name = node.id.part.as_str();
        let (_, read) = READERS.iter().find(|(n, _)| *n == name).expect(name);
        let function = function(&schema, node);
        let drawn: Vec<String> = (0..300).map(|_| draw.document(ty)).collect();
        for (document, server) in ask(&mut client, function.as_deref(), &drawn) {
            // Of a pattern Rust knows nothing.
            let rust = read(&document).is_ok() && (server || name != "slug");
            answers.push((server, rust));
            asked.push((shape.as_str(), document));
        }
    }
    let others = validator.ask(&asked);
    assert_eq!(others.len(), asked.len());
    let mut problems = String::new();
    for (((shape, document), (server, rust)), other) in asked.iter().zip(answers).zip(&others) {
        if *other != server || *other != rust {
            let _ = writeln!(
                problems,
                "{shape}: {document}\n  server {server}, rust {rust}, validator {other}"
            );
        }
    }
    assert!(problems.is_empty(), "{problems}");
    let accepted = others.iter().filter(|accepted| **accepted).count();
    println!("{} documents, {accepted} accepted", others.len());
    assert!(accepted > 5000 && others.len() - accepted > 1000);
}

/// That a shape only widens is told from the shapes: what is told to fit is put to the server.
#[test]
fn what_is_said_to_fit_fits() {
    let schema = model();
    let (_database, mut client) = database(&schema);
    let seed = setting("PILASTER_SEED").unwrap_or(2);
    let mut draw = Draw::new(&schema, seed);
    let columns: Vec<(&Node, &ShapeType)> = schema
        .of_kind(Kind::Column)
        .filter_map(|node| Some((node, node.object.as_column()?.documents.0.as_deref()?)))
        .collect();
    let (mut pairs, mut accepted) = (0, 0);
    for (node, old) in &columns {
        let judge = function(&schema, node);
        let documents: Vec<String> = (0..200).map(|_| draw.document(old)).collect();
        let valid = ask(&mut client, judge.as_deref(), &documents);
        let valid: Vec<String> = valid
            .into_iter()
            .filter(|(_, ok)| *ok)
            .map(|(d, _)| d)
            .collect();
        for (other, new) in &columns {
            if node.id == other.id || !plan::fits(&schema, old, &schema, new) {
                continue;
            }
            pairs += 1;
            let wider = function(&schema, other);
            for (document, fits) in ask(&mut client, wider.as_deref(), &valid) {
                accepted += 1;
                let (old, new) = (&node.id.part, &other.id.part);
                assert!(fits, "seed {seed}: a {old} is no {new}: {document}");
            }
        }
    }
    println!("{pairs} pairs, {accepted} documents");
    assert!(pairs > 80, "{pairs} pairs");
}

#[test]
fn times_in_documents_are_compared_by_the_instant() {
    use pilaster::Row;
    use pilaster::chrono::{DateTime, NaiveDateTime, Utc};
    let schema = model();
    let (_database, mut client) = database(&schema);
    let times = [
        r#""2026-03-01T12:00:00+02:00""#,
        r#""2026-03-01T11:00:00.5Z""#,
        r#""2026-03-01T09:30:00-01:00""#,
    ];
    let all: Vec<String> = times
        .iter()
        .map(|time| format!(r#"('{{"instant": {time}, "local": "2026-03-01T01:00:00"}}')"#))
        .collect();
    let rows = format!(
        "INSERT INTO documents (optionals) VALUES {}, ('{{}}'), (null)",
        all.join(", ")
    );
    client.batch_execute(&rows).expect("rows");
    let noon: DateTime<Utc> = "2026-03-01T10:00:00Z".parse().expect("a time");
    let mut found = |filter| {
        let rows = schema::Document::filter(filter)
            .all(&mut client)
            .expect("rows");
        rows.len()
    };
    let instant = || schema::Document::optionals().instant();
    assert_eq!(found(instant().lt(noon)), 0);
    assert_eq!(found(instant().le(noon)), 1);
    assert_eq!(found(instant().gt(noon)), 2);
    let later: DateTime<Utc> = "2026-03-01T10:45:00Z".parse().expect("a time");
    assert_eq!(found(instant().ge(later)), 1);
    let day: NaiveDateTime = "2026-03-01T00:59:59".parse().expect("a time");
    assert_eq!(found(schema::Document::optionals().local().gt(day)), 3);
}
