//! JSONB shapes: documents that fit are accepted, documents broken in one place are refused.

use model::quote::literal;
use model::schema::{ConstraintBody, Name, Schema};
use model::{Id, Kind};

use super::refusal::{Expected, state};
use super::{Check, Family, said};
use crate::rows::documents::Typed;
use crate::rows::{Stop, Wish, words};

pub(super) fn checks(schema: &Schema, table: &Id, found: &mut Vec<Check>) {
    for (node, column) in schema.columns(table) {
        let Some(ty) = column.documents.0.clone() else {
            continue;
        };
        let Some(constraint) = enforcing(schema, table, &node.id.part) else {
            continue;
        };
        let typed = Typed(*ty);
        for (at, document) in typed.valid(schema).into_iter().enumerate() {
            let what = ["every part", "no optional part", "null for optional parts"];
            let (table, name) = (table.clone(), node.id.part.clone());
            found.push(Check::new(
                Family::Shape,
                &node.id,
                format!(
                    "{}: accepts a document with {}",
                    said(&node.id),
                    what[at.min(2)]
                ),
                move |bench| {
                    let value = format!("{}::jsonb", literal(&document));
                    bench
                        .insert(&table, &Wish::default().with(&name, value))
                        .map(drop)
                },
            ));
        }
        for broken in typed.broken(schema) {
            let (table, name, constraint) =
                (table.clone(), node.id.part.clone(), constraint.clone());
            let what = broken.what.clone();
            let place = if what.starts_with("that ") {
                format!("a document {what}")
            } else {
                what
            };
            found.push(Check::new(
                Family::Shape,
                &node.id,
                format!("{}: refuses {place}", said(&node.id)),
                move |bench| {
                    let value = format!("{}::jsonb", literal(&broken.document.to_string()));
                    let ignored = Some(constraint.to_string());
                    let wish = Wish {
                        ignored,
                        ..Wish::default()
                    };
                    let made = bench.make(&table, &wish.with(&name, value))?;
                    let outcome = bench.try_put(&made)?;
                    match &outcome {
                        Err(refusal)
                            if refusal.constraint.as_deref() != Some(constraint.as_str()) =>
                        {
                            Err(Stop::Undecided(format!(
                                "something else came first: {refusal}"
                            )))
                        }
                        _ => Expected::constraint(&state::CHECK, &constraint)
                            .of(bench, outcome)
                            .map_err(|stop| with_document(stop, &broken.document)),
                    }
                },
            ));
        }
    }
}

/// The check that enforces the column's shape: derived from it, and naming the column.
fn enforcing(schema: &Schema, table: &Id, column: &Name) -> Option<Name> {
    schema.constraints(table).find_map(|(node, constraint)| {
        let ConstraintBody::Check(check) = &constraint.body else {
            return None;
        };
        let derived = node
            .derived_from
            .as_ref()
            .is_some_and(|id| matches!(id.kind, Kind::Shape | Kind::Column));
        (derived && words::names(&check.condition.text, column)).then(|| node.id.part.clone())
    })
}

fn with_document(stop: Stop, document: &serde_json::Value) -> Stop {
    match stop {
        Stop::Failed(why) => Stop::Failed(format!("{why}\n  {document}")),
        other => other,
    }
}
