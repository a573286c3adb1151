//! Tables and the foreign keys between them, for Mermaid.

use std::collections::BTreeSet;
use std::fmt::Write;

use model::schema::{ConstraintBody, ForeignKey};
use model::{Id, Schema};

use super::relation::Incoming;
use super::words::said;

/// All tables, without their columns; nothing where no key joins any.
pub(super) fn whole(schema: &Schema) -> String {
    let mut lines = BTreeSet::new();
    for (node, _) in schema.tables().filter(|(node, _)| !node.external) {
        for (_, constraint) in schema.constraints(&node.id) {
            if let ConstraintBody::ForeignKey(key) = &constraint.body {
                lines.insert(edge(schema, &node.id, key));
            }
        }
    }
    written(String::new(), &lines)
}

/// One table with its columns, and what it is joined to.
pub(super) fn around(schema: &Schema, table: &Id, incoming: &Incoming<'_>) -> String {
    let mut lines = BTreeSet::new();
    let mut referring = BTreeSet::new();
    for (_, constraint) in schema.constraints(table) {
        if let ConstraintBody::ForeignKey(key) = &constraint.body {
            lines.insert(edge(schema, table, key));
            referring.extend(&key.columns);
        }
    }
    for (from, _, key) in incoming.get(table).into_iter().flatten() {
        lines.insert(edge(schema, from, key));
    }
    let mut own = format!("  {} {{\n", name(table));
    let primary = schema.primary_key(table);
    for (node, column) in schema.columns(table) {
        let column_name = &node.id.part;
        let mark = match (
            primary.contains(column_name),
            referring.contains(column_name),
        ) {
            (true, true) => " PK, FK",
            (true, false) => " PK",
            (false, true) => " FK",
            (false, false) => "",
        };
        let ty = word(&model::print_type(&column.ty));
        let _ = writeln!(own, "    {ty} {}{mark}", word(&node.id.part));
    }
    own += "  }\n";
    written(own, &lines)
}

fn written(own: String, lines: &BTreeSet<String>) -> String {
    if lines.is_empty() {
        return String::new();
    }
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    format!("erDiagram\n{own}{}", lines.join("\n"))
}

/// `deals ||--o{ emails`: how many rows of each side belong together.
fn edge(schema: &Schema, from: &Id, key: &ForeignKey) -> String {
    let optional = key.columns.iter().any(|column| {
        let column = schema.column(from, column);
        column.is_some_and(|column| !column.not_null)
    });
    let single = schema.constraints(from).any(|(_, constraint)| {
        matches!(&constraint.body,
            ConstraintBody::PrimaryKey(own) | ConstraintBody::Unique(own)
                if own.columns.iter().all(|column| key.columns.contains(column)))
    });
    let (one, many) = (
        if optional { "|o" } else { "||" },
        if single { "o|" } else { "o{" },
    );
    let columns: Vec<&str> = key.columns.iter().map(|column| column.as_str()).collect();
    let label = columns.join(", ").replace('"', "'");
    format!(
        "  {} {one}--{many} {} : \"{label}\"",
        name(&key.target),
        name(from)
    )
}

fn name(id: &Id) -> String {
    format!("\"{}\"", said(id).replace('"', "'"))
}

/// What Mermaid takes for a column's type or name.
fn word(text: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "_-[]()".contains(c);
    text.chars()
        .map(|c| if plain(c) { c } else { '_' })
        .collect()
}
