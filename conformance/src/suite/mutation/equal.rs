//! Weakenings of rules that no row can show, proven by the server.
//!
//! Never calls one equal for what its text looks like: what changed is read from the catalog, and
//! whether it makes a difference is for the server's planner to prove.

use model::quote::{ident, qualified};
use model::schema::{Column, ConstraintBody, Index, KeyTerm, Schema};
use model::{Id, Object};

use super::Mutant;
use crate::rows::{Bench, Stop};
use crate::suite::drift::differences;

/// Why nobody can notice the weakening; `None` where nothing is proven. `plain` is the catalog
/// without it.
pub(super) fn reason(
    bench: &mut Bench,
    mutant: &Mutant,
    plain: &Schema,
) -> Result<Option<String>, Stop> {
    let outcome = bench.weakened(&mutant.sql, |bench| {
        let weakened = bench.read_catalog()?;
        let mut different = differences(&weakened, plain);
        // PostgreSQL 18 keeps `NOT NULL` as a constraint too.
        different.retain(|one| !is_not_null(plain, &one.id));
        let [only] = different.as_slice() else {
            return Ok(None);
        };
        let (Some(before), Some(now)) = (plain.get(&only.id), weakened.get(&only.id)) else {
            return Ok(None);
        };
        match (&before.object, &now.object) {
            (Object::Index(before), Object::Index(now)) => {
                without_predicate(bench, &only.id, before, now)
            }
            (Object::Column(before), Object::Column(now)) => {
                without_not_null(bench, &only.id, before, now)
            }
            _ => Ok(None),
        }
    })?;
    Ok(outcome.ok().flatten())
}

fn is_not_null(schema: &Schema, id: &Id) -> bool {
    let constraint = schema.get(id).and_then(|node| node.object.as_constraint());
    constraint.is_some_and(|c| matches!(c.body, ConstraintBody::NotNull { .. }))
}

/// A computed column loses its `NOT NULL`, and what it is computed from is never null: the planner
/// then reads no row where somebody asks for those in which it is.
fn without_not_null(
    bench: &mut Bench,
    id: &Id,
    before: &Column,
    now: &Column,
) -> Result<Option<String>, Stop> {
    let Some(generated) = &before.generated else {
        return Ok(None);
    };
    let same = Column {
        not_null: false,
        ..before.clone()
    };
    if !before.not_null || same != *now {
        return Ok(None);
    }
    let expr = &generated.expr.text;
    let table = qualified(&id.schema, &id.name);
    let script = format!("EXPLAIN SELECT FROM {table} WHERE ({expr}) IS NULL");
    let plan = bench.attempt(&script)?.unwrap_or_default();
    let mut lines = plan.iter().flat_map(|row| row.values().flatten());
    Ok(lines
        .any(|line| line.contains("One-Time Filter: false"))
        .then(|| {
            format!(
                "the server proves that ({expr}), which the column is computed from, is never null"
            )
        }))
}

/// A unique index loses its predicate, and every row that has a whole key is within it anyway: two
/// rows that are equal in all keys were in the index before. Whether that holds is what the planner
/// proves before it reads a partial index.
fn without_predicate(
    bench: &mut Bench,
    id: &Id,
    before: &Index,
    now: &Index,
) -> Result<Option<String>, Stop> {
    let Some(predicate) = &before.predicate else {
        return Ok(None);
    };
    let same = Index {
        predicate: None,
        ..before.clone()
    };
    // Where nulls are equal, rows without a whole key count too.
    if !before.unique || before.nulls_not_distinct || same != *now {
        return Ok(None);
    }
    let table = qualified(&id.schema, &id.name);
    let terms: Vec<String> = before
        .keys
        .iter()
        .map(|key| match &key.term {
            KeyTerm::Column(name) => ident(name).into_owned(),
            KeyTerm::Expr(expr) => format!("({})", expr.text),
        })
        .collect();
    let whole: Vec<String> = terms
        .iter()
        .map(|term| format!("{term} = (SELECT {term} FROM {table} LIMIT 1)"))
        .collect();
    // A table of its own has no other index that the planner could like better.
    let script = format!(
        "CREATE TEMPORARY TABLE pilaster_proof (LIKE {table}) ON COMMIT DROP; \
         CREATE INDEX pilaster_proof_index ON pilaster_proof ({}) WHERE {}; \
         SET LOCAL enable_seqscan = off; \
         EXPLAIN SELECT FROM pilaster_proof WHERE {}",
        terms.join(", "),
        predicate.text,
        whole.join(" AND "),
    );
    let plan = bench.attempt(&script)?.unwrap_or_default();
    let mut lines = plan.iter().flat_map(|row| row.values().flatten());
    Ok(lines
        .any(|line| line.contains("pilaster_proof_index"))
        .then(|| {
            format!(
                "the server proves that a row without a null in the keys has ({}): the index \
                 refuses the same rows without its predicate",
                predicate.text
            )
        }))
}
