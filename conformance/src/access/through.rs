//! What else shows a table's rows: views, and functions that answer without being asked for more.
//!
//! A view or function shows nobody more than its tables do, unless an intent of its own says so.

use std::collections::BTreeSet;

use model::quote::qualified;
use model::schema::{Body, RoutineKind, Schema};
use model::{Id, Kind};

/// A view or function that may show rows of a table.
#[derive(Clone, Debug)]
pub(super) struct Sight {
    /// As people say it.
    pub(super) name: String,
    pub(super) id: Id,
    /// The query whose answer changes with what it shows.
    pub(super) sql: String,
}

/// Everything that may show rows of the table, in the order of ids.
pub(super) fn sights(schema: &Schema, table: &Id) -> Vec<Sight> {
    let readers = readers(schema, table);
    let mut found = Vec::new();
    for id in &readers {
        let (name, from) = match id.kind {
            Kind::View => {
                let stored = schema
                    .get(id)
                    .and_then(|n| n.object.as_view())
                    .is_none_or(|v| v.materialized);
                if stored {
                    continue;
                }
                (said(id), qualified(&id.schema, &id.name))
            }
            _ => (
                format!("{}()", said(id)),
                format!("{}()", qualified(&id.schema, &id.name)),
            ),
        };
        found.push(Sight {
            name,
            id: id.clone(),
            sql: format!(
                "SELECT md5(coalesce(string_agg(shown::text, '|' ORDER BY shown::text), '')) \
                 FROM {from} AS shown"
            ),
        });
    }
    found
}

fn said(id: &Id) -> String {
    match id.schema.as_str() {
        "public" => id.name.to_string(),
        schema => format!("{schema}.{}", id.name),
    }
}

/// The views and functions that read the table, directly or through one another.
fn readers(schema: &Schema, table: &Id) -> BTreeSet<Id> {
    let mut known: BTreeSet<Id> = BTreeSet::from([table.clone()]);
    loop {
        let before = known.len();
        for node in schema.of_kind(Kind::View).filter(|n| !n.external) {
            let reads = |need: &Id| {
                let of = |kind| Id::in_schema(kind, need.schema.clone(), need.name.clone());
                match need.kind {
                    Kind::Column => {
                        known.contains(&of(Kind::Table)) || known.contains(&of(Kind::View))
                    }
                    Kind::Function => known.contains(need),
                    _ => known.contains(need),
                }
            };
            if node.needs.iter().any(reads) {
                known.insert(node.id.clone());
            }
        }
        for node in schema.of_kind(Kind::Function).filter(|n| !n.external) {
            let Some(routine) = node.object.as_routine() else {
                continue;
            };
            let answers = routine.kind == RoutineKind::Function
                && node.id.part.is_empty()
                && node.derived_from.is_none()
                && routine
                    .returns
                    .as_ref()
                    .is_some_and(|r| !matches!(&*r.text, "trigger" | "event_trigger" | "void"));
            let text = match &routine.body {
                Body::Sql(body) | Body::Text(body) => body.text.to_string(),
                Body::Library(..) => String::new(),
            };
            let names = |id: &Id| mentions(&text, &id.name);
            if answers && known.iter().any(names) {
                known.insert(node.id.clone());
            }
        }
        if known.len() == before {
            break;
        }
    }
    known.remove(table);
    known
}

/// Whether the text names it, as a word of its own.
fn mentions(text: &str, name: &str) -> bool {
    let word = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    text.match_indices(name).any(|(at, _)| {
        !word(text[..at].chars().next_back()) && !word(text[at + name.len()..].chars().next())
    })
}
