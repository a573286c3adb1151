//! The rows of a model's `seed` blocks as statements that can be run any number of times.
//!
//! It never asks a database; the statements find out for themselves what is there.

use std::collections::BTreeSet;

use model::quote::{ident, literal, qualified};
use model::schema::{
    Column, ConstraintBody, Id, IdentityMode, KeyTerm, Kind, Name, Schema, Seed, SeedKind,
};

/// One statement of a seed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// The table.
    pub table: Id,
    /// How many rows it brings; none where it moves a sequence.
    pub rows: usize,
    /// The SQL, without a closing semicolon.
    pub sql: String,
}

/// A seed whose rows cannot be found again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotUnique {
    /// The table.
    pub table: Id,
    /// The columns its rows are found by.
    pub key: Vec<Name>,
}

/// Types without an equality operator; their text is compared instead.
const INCOMPARABLE: [&str; 5] = ["json", "xml", "point", "polygon", "txid_snapshot"];

/// The statements, referenced tables first. Run them in one transaction.
///
/// # Errors
///
/// Every seed whose key no unique constraint or index covers: `ON CONFLICT` needs one.
pub fn statements(schema: &Schema) -> Result<Vec<Statement>, Vec<NotUnique>> {
    let mut statements = Vec::new();
    let mut faults = Vec::new();
    for table in in_order(schema) {
        for seed in schema
            .parts(&table, Kind::Seed)
            .filter_map(|node| node.object.as_seed())
        {
            if seed.rows.is_empty() {
                continue;
            }
            if is_unique(schema, &table, &seed.key) {
                statements.push(insert(schema, &table, seed));
            } else {
                faults.push(NotUnique {
                    table: table.clone(),
                    key: seed.key.clone(),
                });
            }
        }
        statements.extend(moved_sequences(schema, &table));
    }
    if faults.is_empty() {
        Ok(statements)
    } else {
        Err(faults)
    }
}

/// Seeded tables, each behind those its foreign keys refer to. Tables that refer to each other
/// come in the order of their names; their keys must be deferrable.
fn in_order(schema: &Schema) -> Vec<Id> {
    let seeded: BTreeSet<Id> = schema
        .of_kind(Kind::Seed)
        .filter_map(|node| node.id.relation())
        .collect();
    let mut ordered = Vec::new();
    let mut seen = BTreeSet::new();
    for table in &seeded {
        visit(schema, table, &mut seen, &mut ordered);
    }
    ordered.retain(|table| seeded.contains(table));
    ordered
}

fn visit(schema: &Schema, table: &Id, seen: &mut BTreeSet<Id>, ordered: &mut Vec<Id>) {
    if !seen.insert(table.clone()) {
        return;
    }
    for (_, constraint) in schema.constraints(table) {
        if let ConstraintBody::ForeignKey(key) = &constraint.body {
            visit(schema, &key.target, seen, ordered);
        }
    }
    ordered.push(table.clone());
}

fn is_unique(schema: &Schema, table: &Id, key: &[Name]) -> bool {
    let same = |columns: &[Name]| {
        columns.len() == key.len() && columns.iter().all(|column| key.contains(column))
    };
    let constraint = schema.constraints(table).any(|(_, c)| match &c.body {
        ConstraintBody::PrimaryKey(unique) | ConstraintBody::Unique(unique) => {
            same(&unique.columns)
        }
        _ => false,
    });
    constraint
        || schema.indexes(table).any(|(_, index)| {
            let columns: Vec<Name> = index
                .keys
                .iter()
                .filter_map(|key| match &key.term {
                    KeyTerm::Column(name) => Some(name.clone()),
                    KeyTerm::Expr(_) => None,
                })
                .collect();
            index.unique && index.predicate.is_none() && same(&columns)
        })
}

fn insert(schema: &Schema, table: &Id, seed: &Seed) -> Statement {
    let name = qualified(&table.schema, &table.name);
    let overriding = seed
        .columns
        .iter()
        .any(|column| schema.column(table, column).is_some_and(is_always_identity));
    let rows: Vec<String> = seed
        .rows
        .iter()
        .map(|row| {
            let values: Vec<_> = row.iter().map(|value| value.text.to_string()).collect();
            format!("  ({})", values.join(", "))
        })
        .collect();
    let mut sql = format!("insert into {name} ({})\n", idents(&seed.columns));
    if overriding {
        sql += "overriding system value\n";
    }
    sql += &format!(
        "values\n{}\non conflict ({}) do ",
        rows.join(",\n"),
        idents(&seed.key)
    );
    let others: Vec<&Name> = seed
        .columns
        .iter()
        .filter(|c| can_change(schema, table, seed, c))
        .collect();
    if seed.kind == SeedKind::Sample || others.is_empty() {
        sql += "nothing";
    } else {
        let sets: Vec<_> = others
            .iter()
            .map(|c| format!("{0} = excluded.{0}", ident(c)))
            .collect();
        let row = |of: &str| {
            let values: Vec<_> = others
                .iter()
                .map(|c| comparable(schema, table, of, c))
                .collect();
            format!("({})", values.join(", "))
        };
        // A row that is as it should be is not written, so no trigger fires for it.
        let (have, want) = (row(&ident(&table.name)), row("excluded"));
        sql += &format!(
            "update set {}\nwhere {have} is distinct from {want}",
            sets.join(", ")
        );
    }
    Statement {
        table: table.clone(),
        rows: seed.rows.len(),
        sql,
    }
}

fn can_change(schema: &Schema, table: &Id, seed: &Seed, column: &Name) -> bool {
    let fixed = schema
        .column(table, column)
        .is_some_and(|c| is_always_identity(c) || c.generated.is_some());
    !fixed && !seed.key.contains(column)
}

fn comparable(schema: &Schema, table: &Id, of: &str, column: &Name) -> String {
    let value = format!("{of}.{}", ident(column));
    let incomparable = |c: &Column| INCOMPARABLE.iter().any(|name| c.ty.element().is(name));
    if schema.column(table, column).is_some_and(incomparable) {
        value + "::text"
    } else {
        value
    }
}

fn is_always_identity(column: &Column) -> bool {
    column
        .identity
        .as_ref()
        .is_some_and(|identity| identity.mode == IdentityMode::Always)
}

/// Sequences are moved past the numbers that seeds used, and never back.
fn moved_sequences(schema: &Schema, table: &Id) -> Vec<Statement> {
    let seeds: Vec<&Seed> = schema
        .parts(table, Kind::Seed)
        .filter_map(|node| node.object.as_seed())
        .collect();
    let name = qualified(&table.schema, &table.name);
    let mut statements = Vec::new();
    for (node, column) in schema.columns(table) {
        let numbered = column.identity.is_some()
            || column
                .default
                .as_ref()
                .is_some_and(|d| d.text.starts_with("nextval("));
        if numbered
            && seeds
                .iter()
                .any(|seed| seed.columns.contains(&node.id.part))
        {
            let sequence = format!(
                "pg_get_serial_sequence({}, {})::regclass",
                literal(&name),
                literal(&node.id.part)
            );
            let id = ident(&node.id.part);
            let sql = format!(
                "select setval({sequence}, greatest(max({id}), pg_sequence_last_value({sequence})))\n\
                 from {name} having max({id}) > 0"
            );
            statements.push(Statement {
                table: table.clone(),
                rows: 0,
                sql,
            });
        }
    }
    statements
}

fn idents(names: &[Name]) -> String {
    names
        .iter()
        .map(|name| ident(name))
        .collect::<Vec<_>>()
        .join(", ")
}
