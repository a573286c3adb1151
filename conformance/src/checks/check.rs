//! Checks: a row that breaks exactly one of them is refused by it.

use model::schema::{ConstraintBody, Schema};
use model::{Id, Kind};

use super::refusal::{Expected, state};
use super::{Check, Family, said};
use crate::rows::{Wish, domain_of};

pub(super) fn checks(schema: &Schema, table: &Id, found: &mut Vec<Check>) {
    for (node, constraint) in schema.constraints(table) {
        let ConstraintBody::Check(check) = &constraint.body else {
            continue;
        };
        let of_shape = node
            .derived_from
            .as_ref()
            .is_some_and(|id| matches!(id.kind, Kind::Shape | Kind::Column));
        // What a shape refuses has checks of its own, a document each.
        if of_shape || !constraint.enforced {
            continue;
        }
        push(
            table,
            &node.id,
            node.id.part.to_string(),
            &check.condition.text,
            found,
        );
    }
    for (node, column) in schema.columns(table) {
        let mut ty = column.ty.clone();
        while let Some(domain) = (!ty.array).then(|| domain_of(schema, &ty)).flatten() {
            for check in &domain.checks {
                push(
                    table,
                    &node.id,
                    check.name.to_string(),
                    &check.condition.text,
                    found,
                );
            }
            ty = domain.base.clone();
        }
    }
}

fn push(table: &Id, subject: &Id, name: String, condition: &str, found: &mut Vec<Check>) {
    let own = table.clone();
    let where_ = match subject.kind {
        Kind::Column => format!("{}: {name}", said(subject)),
        _ => format!("{}: {name}", said(table)),
    };
    let condition: String = condition.chars().take(72).collect();
    found.push(Check::new(
        Family::Check,
        subject,
        format!("{where_} refuses a row for which it is false: {condition}"),
        move |bench| {
            let wish = Wish {
                broken: Some(name.clone()),
                any_state: true,
                ..Wish::default()
            };
            let made = match bench.make(&own, &wish) {
                // Only a null may be what keeps the other checks from failing too.
                Err(crate::rows::Stop::Undecided(_)) => bench.make(
                    &own,
                    &Wish {
                        least: true,
                        ..wish
                    },
                )?,
                made => made?,
            };
            let outcome = bench.try_put(&made)?;
            Expected::constraint(&state::CHECK, &name).of(bench, outcome)
        },
    ));
}
