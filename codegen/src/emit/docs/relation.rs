//! The page of a table or a view.

use std::collections::BTreeMap;

use model::schema::{ConstraintBody, ForeignKey, Object, ShapeType};
use model::{Id, Kind, Node, Schema};
use serde::Serialize;

use super::matrix::Matrix;
use super::words::{self, cell, code, said};
use super::{Places, diagram};
use crate::files::MARK;

/// The foreign keys that refer to each table: from which table, by which name.
pub(super) type Incoming<'a> = BTreeMap<&'a Id, Vec<(&'a Id, &'a Id, &'a ForeignKey)>>;

pub(super) fn incoming(schema: &Schema) -> Incoming<'_> {
    let mut all = Incoming::new();
    for (table, _) in schema.tables() {
        for (node, constraint) in schema.constraints(&table.id) {
            if let ConstraintBody::ForeignKey(key) = &constraint.body {
                let own = all.entry(&key.target).or_default();
                own.push((&table.id, &node.id, key));
            }
        }
    }
    all
}

#[derive(Serialize)]
pub(super) struct Page<'a> {
    mark: &'static str,
    title: &'a str,
    up: &'static str,
    name: String,
    what: String,
    about: String,
    diagram: String,
    columns: Vec<ColumnView>,
    parts: Vec<Part>,
    query: String,
    matrix: Option<&'a Matrix>,
}

#[derive(Serialize)]
struct ColumnView {
    name: String,
    ty: String,
    null: &'static str,
    default: String,
    about: String,
}

#[derive(Serialize)]
struct Part {
    title: &'static str,
    lines: Vec<String>,
}

pub(super) fn page<'a>(
    schema: &Schema,
    places: &Places,
    node: &Node,
    incoming: &Incoming<'_>,
    matrix: Option<&'a Matrix>,
    title: &'a str,
) -> Page<'a> {
    let id = &node.id;
    let query = match &node.object {
        Object::View(view) => view.query.text.to_string(),
        _ => String::new(),
    };
    let mut parts = parts(schema, places, node);
    let from = incoming
        .get(id)
        .into_iter()
        .flatten()
        .map(|(from, own, key)| {
            let columns = code(&format!("({})", words::names(&key.columns)));
            format!("{} {columns}, by {}", places.link(from), code(&own.part))
        });
    push(&mut parts, "Referred to by", from);
    Page {
        mark: MARK,
        title,
        up: "../README.md",
        name: cell(&said(id)),
        what: what(schema, places, node),
        about: node.comment.as_deref().unwrap_or_default().to_owned(),
        diagram: diagram::around(schema, id, incoming),
        columns: columns(schema, node),
        parts,
        query,
        matrix,
    }
}

/// What it is, in a sentence.
fn what(schema: &Schema, places: &Places, node: &Node) -> String {
    let table = match &node.object {
        Object::Table(table) => table,
        Object::View(view) if view.materialized => return "A materialized view.".to_owned(),
        _ => return "A view.".to_owned(),
    };
    let mut text = match (&table.partition_of, &table.partition_key, &table.foreign) {
        (Some(partition), ..) => format!("A partition of {}", places.link(&partition.parent)),
        (_, Some(key), _) => {
            format!("A table, partitioned by {}", code(&key.definition.text))
        }
        (_, _, Some(foreign)) => format!("A foreign table of server {}", code(&foreign.server)),
        _ if table.unlogged => "An unlogged table".to_owned(),
        _ => "A table".to_owned(),
    };
    if !table.inherits.is_empty() {
        let parents: Vec<String> = table.inherits.iter().map(|id| places.link(id)).collect();
        text += &format!(", inherits {}", parents.join(", "));
    }
    text += match (table.row_security, table.force_row_security) {
        (true, true) => ". Row-level security holds for everybody, its owner too.",
        (true, false) => ". Row-level security is enabled.",
        (false, _) => ". It has no row-level security.",
    };
    if schema.is_append_only(&node.id) {
        text += " Its rows are only ever added, never changed or deleted.";
    }
    if let Some((_, audited)) = schema.audited(&node.id) {
        text += &format!(
            " Each change of a row is written into {}",
            places.link(&audited.into)
        );
        if !audited.except.is_empty() {
            let except = audited.except.iter();
            let except: Vec<String> = except.map(|column| code(column)).collect();
            text += &format!(", but for {}", except.join(", "));
        }
        text.push('.');
    }
    let soft = schema.columns(&node.id).into_iter();
    let soft = soft
        .filter(|(_, column)| column.soft_delete.0)
        .map(|(n, _)| &n.id.part);
    for column in soft {
        text += &format!(" A row is deleted softly, by {}.", code(column));
    }
    text
}

fn columns(schema: &Schema, node: &Node) -> Vec<ColumnView> {
    let columns = schema.columns(&node.id);
    if let (true, Object::View(view)) = (columns.is_empty(), &node.object) {
        let bare = view.columns.iter().map(|name| ColumnView {
            name: code(name),
            ty: String::new(),
            null: "",
            default: String::new(),
            about: String::new(),
        });
        return bare.collect();
    }
    let is_view = node.id.kind == Kind::View;
    let columns = columns.into_iter().map(|(own, column)| ColumnView {
        name: code(&own.id.part),
        ty: match &column.documents.0 {
            Some(documents) => match &**documents {
                ShapeType::Shape(_, name) => {
                    format!("`jsonb<{name}>` ([document](../types.md#documents))")
                }
                _ => words::type_of(column),
            },
            None if is_view => String::new(),
            None => words::type_of(column),
        },
        null: if column.not_null || is_view {
            ""
        } else {
            "null"
        },
        default: words::default_of(column),
        about: cell(own.comment.as_deref().unwrap_or_default()),
    });
    columns.collect()
}

fn parts(schema: &Schema, places: &Places, node: &Node) -> Vec<Part> {
    let id = &node.id;
    let mut parts = Vec::new();
    let of = |name: &str, text: String, comment: Option<&str>| {
        let about = comment.map_or(String::new(), |text| format!(": {}", cell(text)));
        format!("{} – {text}{about}", code(name))
    };
    // What is derived from a shape or from transitions is told there.
    let constraints = schema
        .constraints(id)
        .filter(|(node, _)| node.derived_from.is_none());
    let constraints = constraints.map(|(node, constraint)| {
        let text = words::constraint(constraint, places);
        of(&node.id.part, text, node.comment.as_deref())
    });
    push(&mut parts, "Constraints", constraints);
    let indexes = schema.indexes(id);
    let indexes = indexes
        .map(|(node, index)| of(&node.id.part, words::index(index), node.comment.as_deref()));
    push(&mut parts, "Indexes", indexes);
    push(&mut parts, "States", states(schema, id));
    let triggers = schema
        .triggers(id)
        .filter(|(node, _)| node.derived_from.is_none());
    let triggers = triggers.map(|(node, trigger)| {
        let calls = format!("calls {}", code(&said(&trigger.function)));
        of(&node.id.part, calls, node.comment.as_deref())
    });
    push(&mut parts, "Triggers", triggers);
    let policies = schema.policies(id);
    let policies = policies.map(|(node, policy)| {
        of(
            &node.id.part,
            words::policy(policy),
            node.comment.as_deref(),
        )
    });
    push(&mut parts, "Policies", policies);
    parts
}

/// The changes of state that are allowed, a line for each column that has states.
fn states<'a>(schema: &'a Schema, table: &Id) -> impl Iterator<Item = String> + use<'a> {
    schema.parts(table, Kind::Transitions).filter_map(|node| {
        let transitions = node.object.as_transitions()?;
        let changes = transitions.edges.iter();
        let changes = changes.map(|(from, to)| format!("{} → {}", code(from), code(to)));
        let mut text = format!("{}: {}", code(&node.id.part), list(changes));
        if !transitions.initial.is_empty() {
            let initial = transitions.initial.iter().map(|state| code(state));
            text += &format!("; a new row is {}", list(initial));
        }
        if !transitions.frozen.is_empty() {
            let frozen = transitions.frozen.iter().map(|(state, _)| code(state));
            text += &format!("; no longer edited: {}", list(frozen));
        }
        Some(text)
    })
}

fn list(all: impl Iterator<Item = String>) -> String {
    all.collect::<Vec<_>>().join(", ")
}

fn push(parts: &mut Vec<Part>, title: &'static str, lines: impl Iterator<Item = String>) {
    let lines: Vec<String> = lines.collect();
    if !lines.is_empty() {
        parts.push(Part { title, lines });
    }
}
