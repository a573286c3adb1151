//! Exclusion constraints: two rows that conflict in every element are refused, and two that agree in
//! one element alone are not.

use std::collections::BTreeSet;

use model::Id;
use model::schema::{ConstraintBody, KeyTerm, Name, Schema};

use super::refusal::{Expected, state};
use super::{Check, Family, said};
use crate::rows::{Wish, free, held, words};

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
        let predicate = exclusion.predicate.as_ref().map(|p| p.text.to_string());
        let wish = Wish {
            demands: predicate.into_iter().collect(),
            ..Wish::present(&columns)
        };
        let (id, own) = (node.id.clone(), table.clone());
        let differing: BTreeSet<Name> = exclusion
            .elements
            .iter()
            .filter(|(_, operator)| operator.ends_with("<>"))
            .filter_map(|(key, _)| match &key.term {
                KeyTerm::Column(name) => Some(name.clone()),
                KeyTerm::Expr(_) => None,
            })
            .collect();
        let Some(free) = free(schema, table, &id.part) else {
            continue;
        };
        let said = format!("{}: {}", said(table), id.part);
        let (apart, first_wish) = (free.clone(), wish.clone());
        found.push(Check::new(
            Family::Exclusion,
            &node.id,
            format!("{said} refuses a row that conflicts"),
            move |bench| {
                let schema = bench.schema();
                let first = bench.insert(&own, &wish)?;
                let mut again = wish.clone();
                for column in columns.difference(&differing) {
                    if let Some(value) = held(&schema, &own, &first, column) {
                        again.fixed.insert(column.clone(), value);
                    }
                }
                again.demands.push(format!("NOT ({free})"));
                let made = bench.make(&own, &again)?;
                let outcome = bench.try_put(&made)?;
                Expected::constraint(&state::EXCLUSION, &id.part).of(bench, outcome)
            },
        ));
        let several = exclusion.elements.len() > 1;
        let equal = exclusion
            .elements
            .iter()
            .filter(|(_, operator)| *operator == *"=");
        for (key, _) in equal.filter(|_| several) {
            let KeyTerm::Column(name) = &key.term else {
                continue;
            };
            let (own, name) = (table.clone(), name.clone());
            let (apart, wish) = (apart.clone(), first_wish.clone());
            found.push(Check::new(
                Family::Exclusion,
                &node.id,
                format!("{said} accepts the same {name} where the rest differs"),
                move |bench| {
                    let schema = bench.schema();
                    let first = bench.insert(&own, &wish)?;
                    let mut other = wish.clone();
                    if let Some(value) = held(&schema, &own, &first, &name) {
                        other.fixed.insert(name.clone(), value);
                    }
                    other.demands.push(apart.clone());
                    bench.insert(&own, &other).map(drop)
                },
            ));
        }
        let own = table.clone();
        found.push(Check::new(
            Family::Exclusion,
            &node.id,
            format!("{said} accepts a row that does not conflict"),
            move |bench| {
                bench.insert(&own, &first_wish)?;
                let mut other = first_wish.clone();
                other.demands.push(apart.clone());
                bench.insert(&own, &other).map(drop)
            },
        ));
    }
}
