//! Exclusion constraints: two rows that conflict in every element are refused.

use std::collections::BTreeSet;

use model::Id;
use model::quote::ident;
use model::schema::{ConstraintBody, KeyTerm, Name, Schema};

use super::refusal::{Expected, state};
use super::{Check, Family, said};
use crate::rows::{Wish, held, words};

pub(super) fn checks(schema: &Schema, table: &Id, found: &mut Vec<Check>) {
    for (node, constraint) in schema.constraints(table) {
        let ConstraintBody::Exclusion(exclusion) = &constraint.body else {
            continue;
        };
        let mut columns: BTreeSet<Name> = BTreeSet::new();
        for (key, _) in &exclusion.elements {
            match &key.term {
                KeyTerm::Column(name) => drop(columns.insert(name.clone())),
                KeyTerm::Expr(expr) => columns.extend(
                    schema
                        .columns(table)
                        .iter()
                        .map(|(n, _)| n.id.part.clone())
                        .filter(|c| words::names(&expr.text, c)),
                ),
            }
        }
        let mut demands: Vec<String> = columns
            .iter()
            .map(|c| format!("{} IS NOT NULL", ident(c)))
            .collect();
        demands.extend(exclusion.predicate.as_ref().map(|p| p.text.to_string()));
        let (id, table) = (node.id.clone(), table.clone());
        found.push(Check::new(
            Family::Exclusion,
            &node.id,
            format!(
                "{}: {} refuses a row that conflicts",
                said(&table),
                node.id.part
            ),
            move |bench| {
                let schema = bench.schema();
                let wish = Wish {
                    demands: demands.clone(),
                    ..Wish::default()
                };
                let first = bench.insert(&table, &wish)?;
                let mut again = wish.clone();
                for column in &columns {
                    if let Some(value) = held(&schema, &table, &first, column) {
                        again.fixed.insert(column.clone(), value);
                    }
                }
                let made = bench.make(&table, &again)?;
                let outcome = bench.try_put(&made)?;
                Expected::constraint(&state::EXCLUSION, &id.part).of(outcome)
            },
        ));
    }
}
