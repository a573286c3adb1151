//! Primary keys, unique constraints and unique indexes: the same key twice is refused.

use std::collections::BTreeSet;

use model::Id;
use model::quote::{ident, literal, qualified};
use model::schema::{ConstraintBody, ForeignKey, KeyTerm, Name, Schema};

use super::refusal::{Expected, state};
use super::{Check, Family, said};
use crate::rows::{Stop, Wish, foreign_key, held, refuses_null, this_row, words};

/// What must differ between two rows.
#[derive(Clone)]
struct Key {
    id: Id,
    table: Id,
    columns: BTreeSet<Name>,
    nulls_not_distinct: bool,
    predicate: Option<String>,
    /// What the key is made of, as SQL over the table's columns.
    terms: Vec<String>,
}

pub(super) fn checks(schema: &Schema, table: &Id, found: &mut Vec<Check>) {
    let keys = keys(schema, table);
    for key in &keys {
        // Another key within this one fires first: its name is as good.
        let names: Vec<String> = keys
            .iter()
            .filter(|other| other.columns.is_subset(&key.columns))
            .map(|other| other.id.part.to_string())
            .collect();
        refuses_double(key, names, found);
        let others: Vec<Id> = keys
            .iter()
            .filter(|other| other.id != key.id)
            .map(|other| other.id.clone())
            .collect();
        // A key of no column has one value, and admits one row.
        if !key.columns.is_empty() {
            accepts_another(key, others, found);
        }
        // What a shorter key refuses, this one can't be seen to accept.
        let shorter: Vec<Id> = keys
            .iter()
            .filter(|other| other.id != key.id && other.columns.is_subset(&key.columns))
            .map(|other| other.id.clone())
            .collect();
        told_apart(key, &shorter, found);
        beyond_predicate(key, &shorter, found);
        nulls(schema, key, found);
    }
}

fn keys(schema: &Schema, table: &Id) -> Vec<Key> {
    let mut keys = Vec::new();
    for (node, constraint) in schema.constraints(table) {
        let (ConstraintBody::PrimaryKey(key) | ConstraintBody::Unique(key)) = &constraint.body
        else {
            continue;
        };
        keys.push(Key {
            id: node.id.clone(),
            table: table.clone(),
            columns: key.columns.iter().cloned().collect(),
            nulls_not_distinct: key.nulls_not_distinct,
            predicate: None,
            terms: key.columns.iter().map(|c| ident(c).into_owned()).collect(),
        });
    }
    for (node, index) in schema
        .indexes(table)
        .filter(|(_, index)| index.unique && index.valid)
    {
        let all = schema.columns(table);
        let named = |sql: &str| {
            all.iter()
                .map(|(n, _)| n.id.part.clone())
                .filter(|c| words::names(sql, c))
                .collect::<Vec<_>>()
        };
        let mut columns = BTreeSet::new();
        let mut terms = Vec::new();
        for key in &index.keys {
            match &key.term {
                KeyTerm::Column(name) => {
                    terms.push(ident(name).into_owned());
                    columns.insert(name.clone());
                }
                KeyTerm::Expr(expr) => {
                    terms.push(format!("({})", expr.text));
                    columns.extend(named(&expr.text));
                }
            }
        }
        keys.push(Key {
            id: node.id.clone(),
            table: table.clone(),
            columns,
            nulls_not_distinct: index.nulls_not_distinct,
            predicate: index.predicate.as_ref().map(|p| p.text.to_string()),
            terms,
        });
    }
    keys
}

impl Key {
    /// A row to which the key applies: none of its columns is null, and its predicate holds.
    fn wish(&self) -> Wish {
        Wish {
            demands: self.predicate.clone().into_iter().collect(),
            ..Wish::present(&self.columns)
        }
    }

    fn said(&self) -> String {
        let columns: Vec<&str> = self.columns.iter().map(|c| c.as_str()).collect();
        format!(
            "{}: {} ({})",
            said(&self.table),
            self.id.part,
            columns.join(", ")
        )
    }
}

fn refuses_double(key: &Key, names: Vec<String>, found: &mut Vec<Check>) {
    let own = key.clone();
    found.push(Check::new(
        Family::Unique,
        &key.id,
        format!("{} refuses the same key twice", key.said()),
        move |bench| {
            let schema = bench.schema();
            let first = bench.insert(&own.table, &own.wish())?;
            let mut again = own.wish();
            for column in &own.columns {
                if let Some(value) = held(&schema, &own.table, &first, column) {
                    again.fixed.insert(column.clone(), value);
                }
            }
            let made = bench.make(&own.table, &again)?;
            let outcome = bench.try_put(&made)?;
            // Where the other can't be set aside, its refusal has to do.
            if let Err(refusal) = &outcome
                && !bench.alters()
                && refusal
                    .constraint
                    .as_ref()
                    .is_some_and(|name| names.contains(name))
            {
                return Expected::state(&state::UNIQUE).of(bench, outcome);
            }
            Expected::constraint(&state::UNIQUE, &own.id.part).of(bench, outcome)
        },
    ));
}

fn accepts_another(key: &Key, others: Vec<Id>, found: &mut Vec<Check>) {
    let own = key.clone();
    found.push(Check::new(
        Family::Unique,
        &key.id,
        format!("{} accepts another key", key.said()),
        move |bench| {
            let first = bench.insert(&own.table, &own.wish())?;
            let relation = qualified(&own.table.schema, &own.table.name);
            let mut different = Vec::new();
            for term in &own.terms {
                let sql = format!(
                    "SELECT {term}::text AS v FROM {relation} WHERE {}",
                    this_row(&first)
                );
                let value = bench
                    .query(&sql)?
                    .first()
                    .and_then(|row| row.get("v").cloned().flatten());
                let value = value.map_or("NULL".to_owned(), |v| literal(&v));
                different.push(format!("{term}::text IS DISTINCT FROM {value}"));
            }
            let mut other = own.wish();
            other.demands.push(different.join(" OR "));
            let outcome = bench.insert(&own.table, &other).map(drop);
            if outcome.is_err() {
                // Another key, or a check, may admit no second row at all.
                bench.obstructed_by_keys(&others);
                for column in &own.columns {
                    bench.obstructed_by_conditions(&own.table, column);
                }
            }
            outcome
        },
    ));
}

/// Each column of a key counts: rows that differ in it alone are both accepted.
fn told_apart(key: &Key, shorter: &[Id], found: &mut Vec<Check>) {
    if key.columns.len() < 2 || key.terms.len() != key.columns.len() {
        return;
    }
    for column in &key.columns {
        let (own, column, shorter) = (key.clone(), column.clone(), shorter.to_vec());
        let name = format!(
            "{} accepts a key that differs in {column} alone",
            key.said()
        );
        found.push(Check::new(Family::Unique, &key.id, name, move |bench| {
            let schema = bench.schema();
            let first = bench.insert(&own.table, &own.wish())?;
            let mut other = own.wish();
            for same in own.columns.iter().filter(|c| **c != column) {
                if let Some(value) = held(&schema, &own.table, &first, same) {
                    other.fixed.insert(same.clone(), value);
                }
            }
            let Some(value) = held(&schema, &own.table, &first, &column) else {
                return Ok(());
            };
            other
                .demands
                .push(format!("({})::text <> ({value})::text", ident(&column)));
            let outcome = bench.insert(&own.table, &other).map(drop);
            if outcome.is_err() {
                bench.obstructed_by_keys(&shorter);
                // What refers by this column and others of the key holds them together.
                let others = |c: &Name| *c != column && own.columns.contains(c);
                let binds = |key: &ForeignKey| {
                    key.columns.contains(&column) && key.columns.iter().any(others)
                };
                let constraints = schema.constraints(&own.table);
                let held = constraints.filter(|entry| foreign_key(*entry).is_some_and(binds));
                let held: Vec<Id> = held.map(|(node, _)| node.id.clone()).collect();
                bench.obstructed_by_keys(&held);
            }
            outcome
        }));
    }
}

/// Rows that the predicate leaves out may have the same key.
fn beyond_predicate(key: &Key, shorter: &[Id], found: &mut Vec<Check>) {
    let Some(predicate) = key.predicate.clone() else {
        return;
    };
    let (own, shorter) = (key.clone(), shorter.to_vec());
    let name = format!(
        "{} accepts the same key where its predicate is false",
        key.said()
    );
    found.push(Check::new(Family::Unique, &key.id, name, move |bench| {
        let schema = bench.schema();
        let mut wish = Wish::present(&own.columns);
        wish.demands.push(format!("({predicate}) IS NOT TRUE"));
        // Where none of the columns may be null outside the predicate, null will have to do.
        let first = match bench.insert(&own.table, &wish) {
            Err(Stop::Undecided(_)) => {
                wish.present.clear();
                bench.insert(&own.table, &wish)?
            }
            first => first?,
        };
        for column in &own.columns {
            if let Some(value) = held(&schema, &own.table, &first, column) {
                wish.fixed.insert(column.clone(), value);
            }
        }
        let outcome = bench.insert(&own.table, &wish).map(drop);
        if outcome.is_err() {
            bench.obstructed_by_keys(&shorter);
        }
        outcome
    }));
}

fn nulls(schema: &Schema, key: &Key, found: &mut Vec<Check>) {
    let plain =
        key.terms.len() == key.columns.len() && !key.terms.iter().any(|t| t.starts_with('('));
    let nullable = key.columns.iter().find(|c| {
        let column = schema.column(&key.table, c);
        column.is_some_and(|c| !refuses_null(schema, c))
    });
    let (Some(column), None, true) = (nullable, &key.predicate, plain) else {
        return;
    };
    let (own, column) = (key.clone(), column.clone());
    let verb = if key.nulls_not_distinct {
        "refuses"
    } else {
        "accepts"
    };
    found.push(Check::new(
        Family::Unique,
        &key.id,
        format!("{} {verb} a null {column} twice", key.said()),
        move |bench| {
            let schema = bench.schema();
            let null = schema
                .column(&own.table, &column)
                .map(|c| crate::rows::null_of(&c.ty));
            let mut wish = Wish::default().with(&column, null.unwrap_or_default());
            let first = bench.insert(&own.table, &wish)?;
            for c in own.columns.iter().filter(|c| **c != column) {
                if let Some(value) = held(&schema, &own.table, &first, c) {
                    wish.fixed.insert(c.clone(), value);
                }
            }
            if !own.nulls_not_distinct {
                return bench.insert(&own.table, &wish).map(drop);
            }
            let made = bench.make(&own.table, &wish)?;
            let outcome = bench.try_put(&made)?;
            Expected::constraint(&state::UNIQUE, &own.id.part).of(bench, outcome)
        },
    ));
}
