//! Primary keys, unique constraints and unique indexes: the same key twice is refused.

use std::collections::BTreeSet;

use model::Id;
use model::quote::{ident, literal, qualified};
use model::schema::{ConstraintBody, KeyTerm, Name, Schema};

use super::refusal::{Expected, state};
use super::{Check, Family, apart, said};
use crate::rows::{Bench, Stop, TextRow, Wish, held, refuses_null, this_row, words};

/// What must differ between two rows.
#[derive(Clone)]
pub(super) struct Key {
    pub(super) id: Id,
    pub(super) table: Id,
    pub(super) columns: BTreeSet<Name>,
    nulls_not_distinct: bool,
    predicate: Option<String>,
    /// What the key is made of.
    pub(super) terms: Vec<Term>,
}

/// One part of a key: a column, or an expression over columns.
#[derive(Clone)]
pub(super) struct Term {
    /// SQL over the table's columns.
    pub(super) sql: String,
    pub(super) columns: BTreeSet<Name>,
    pub(super) is_column: bool,
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
        apart::checks(key, &shorter, found);
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
            terms: key.columns.iter().map(Term::column).collect(),
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
                .collect::<BTreeSet<_>>()
        };
        let terms = index.keys.iter().map(|key| match &key.term {
            KeyTerm::Column(name) => Term::column(name),
            KeyTerm::Expr(expr) => Term {
                sql: format!("({})", expr.text),
                columns: named(&expr.text),
                is_column: false,
            },
        });
        let terms: Vec<Term> = terms.collect();
        keys.push(Key {
            id: node.id.clone(),
            table: table.clone(),
            columns: terms.iter().flat_map(|t| t.columns.clone()).collect(),
            nulls_not_distinct: index.nulls_not_distinct,
            predicate: index.predicate.as_ref().map(|p| p.text.to_string()),
            terms,
        });
    }
    keys
}

impl Key {
    /// A row to which the key applies: none of its columns is null, and its predicate holds.
    pub(super) fn wish(&self) -> Wish {
        Wish {
            demands: self.predicate.clone().into_iter().collect(),
            ..Wish::present(&self.columns)
        }
    }

    pub(super) fn said(&self) -> String {
        let columns: Vec<&str> = self.columns.iter().map(|c| c.as_str()).collect();
        format!(
            "{}: {} ({})",
            said(&self.table),
            self.id.part,
            columns.join(", ")
        )
    }
}

impl Term {
    fn column(name: &Name) -> Self {
        Term {
            sql: ident(name).into_owned(),
            columns: BTreeSet::from([name.clone()]),
            is_column: true,
        }
    }

    /// What the part is in a row that was inserted, as an SQL expression of its type.
    pub(super) fn held(
        &self,
        bench: &mut Bench,
        table: &Id,
        row: &TextRow,
    ) -> Result<String, Stop> {
        let relation = qualified(&table.schema, &table.name);
        let sql = format!(
            "SELECT ({term})::text AS v, pg_typeof({term})::text AS ty FROM {relation} WHERE {}",
            this_row(row),
            term = self.sql,
        );
        let rows = bench.query(&sql)?;
        let row = rows.into_iter().next().unwrap_or_default();
        let cell = |name: &str| row.get(name).cloned().flatten();
        let ty = match cell("ty").unwrap_or_default().as_str() {
            // Without a length these two names stand for a length of one.
            "character" => "bpchar".to_owned(),
            "bit" => "varbit".to_owned(),
            other => other.to_owned(),
        };
        let value = cell("v").map_or_else(|| "NULL".to_owned(), |v| literal(&v));
        Ok(format!("{value}::{ty}"))
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
            let mut different = Vec::new();
            for term in &own.terms {
                let value = term.held(bench, &own.table, &first)?;
                different.push(format!(
                    "({})::text IS DISTINCT FROM ({value})::text",
                    term.sql
                ));
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
    let plain = key.terms.iter().all(|term| term.is_column);
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
