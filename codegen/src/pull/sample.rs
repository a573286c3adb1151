//! Shapes that the documents of a column seem to have, proposed as comments.
//!
//! It reads and never writes, and what it proposes is no part of the model.

mod guess;

use std::collections::BTreeMap;

use migrations::Url;
use model::quote::{ident, qualified};
use model::{Id, Kind, Sources};
use postgres::Client;

use self::guess::Guess;
use super::Pulled;
use super::chunk::Chunks;
use crate::failure::{Cause, Failure, Outcome};
use crate::source::connect;

/// The text with a proposal above each column of documents that has no shape, made from at most
/// `rows` of its rows.
///
/// # Errors
///
/// [`Cause::Outside`](crate::failure::Cause::Outside) where a table can't be read.
pub fn sampled(url: &Url, pulled: &Pulled, rows: u32) -> Outcome<String> {
    let mut client = connect(url)?;
    let mut sources = Sources::new();
    let file = sources.add("pulled", pulled.text.as_str());
    let (model, _) = model::load(&sources);
    let chunks = Chunks::read(&pulled.text, file);
    let mut comments: BTreeMap<usize, String> = BTreeMap::new();
    for node in model.schema.of_kind(Kind::Column).filter(|n| !n.external) {
        let untyped = node
            .object
            .as_column()
            .is_some_and(|c| c.ty.is("jsonb") && c.documents.0.is_none());
        let place = node
            .origin
            .and_then(|origin| chunks.around(origin.start as usize, false));
        let (true, Some(place)) = (untyped, place) else {
            continue;
        };
        let (seen, guess) = look(&mut client, &node.id, rows)?;
        if seen == 0 {
            continue;
        }
        let comment = match guess.shape() {
            Some(shape) => proposal(seen, &shape),
            None => format!("  // {} with no shape in common\n", documents(seen)),
        };
        comments
            .entry(chunks.all[place].range.start)
            .or_insert(comment);
    }
    let mut text = pulled.text.clone();
    for (at, comment) in comments.into_iter().rev() {
        text.insert_str(at, &comment);
    }
    Ok(text)
}

fn documents(count: usize) -> String {
    match count {
        1 => "1 document".to_owned(),
        n => format!("{n} documents"),
    }
}

fn look(client: &mut Client, column: &Id, rows: u32) -> Outcome<(usize, Guess)> {
    let own = ident(&column.part);
    let from = qualified(&column.schema, &column.name);
    let failed = |why: String| {
        Failure::of(
            Cause::Outside,
            format!("error: failed to look at {column}: {why}"),
        )
    };
    let query = format!("SELECT {own}::text FROM {from} WHERE {own} IS NOT NULL LIMIT {rows}");
    let found = client.query(&query, &[]).map_err(|error| {
        failed(match error.as_db_error() {
            Some(said) => said.message().to_owned(),
            None => error.to_string(),
        })
    })?;
    let mut guess = Guess::default();
    for row in &found {
        let text: &str = row.try_get(0).map_err(|e| failed(e.to_string()))?;
        let document = serde_json::from_str(text).map_err(|e| failed(e.to_string()))?;
        guess.see(&document);
    }
    Ok((found.len(), guess))
}

/// The comment: on one line where it fits, otherwise a field a line.
fn proposal(seen: usize, shape: &str) -> String {
    let line = shape.split_whitespace().collect::<Vec<_>>().join(" ");
    let line = line.replace(", }", " }");
    let head = format!("  // {} fit: jsonb<", documents(seen));
    if head.len() + line.len() <= 98 {
        return format!("{head}{line}>\n");
    }
    let rest = shape.replace(",\n", "\n").replace('\n', "\n  // ");
    format!("{head}{rest}>\n")
}
