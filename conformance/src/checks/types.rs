//! Types of the database on their own: an enum has its labels and no others; a domain its checks.

use model::Kind;
use model::quote::qualified;
use model::schema::Schema;

use super::refusal::{Expected, state};
use super::{Check, Family, said};
use crate::rows::Stop;

pub(super) fn checks(schema: &Schema, found: &mut Vec<Check>) {
    for node in schema.of_kind(Kind::Enum).filter(|n| !n.external) {
        let Some(labels) = node.object.as_enum().map(|e| e.labels.clone()) else {
            continue;
        };
        let name = qualified(&node.id.schema, &node.id.name);
        found.push(Check::new(
            Family::Enum,
            &node.id,
            format!(
                "{}: has its labels, in order, and no others",
                said(&node.id)
            ),
            move |bench| {
                let sql =
                    format!("SELECT label::text FROM unnest(enum_range(NULL::{name})) AS label");
                let rows = bench.query(&sql)?;
                let have: Vec<String> = rows
                    .into_iter()
                    .filter_map(|mut row| row.remove("label").flatten())
                    .collect();
                let same = have
                    .iter()
                    .map(String::as_str)
                    .eq(labels.iter().map(|l| l.as_ref()));
                match same {
                    true => Ok(()),
                    false => Err(Stop::Failed(format!("it has {}", have.join(", ")))),
                }
            },
        ));
    }
    for node in schema.of_kind(Kind::Domain).filter(|n| !n.external) {
        let not_null = node.object.as_domain().is_some_and(|d| d.not_null);
        if !not_null {
            continue;
        }
        let name = qualified(&node.id.schema, &node.id.name);
        found.push(Check::new(
            Family::NotNull,
            &node.id,
            format!("{}: refuses null", said(&node.id)),
            move |bench| {
                let outcome = bench.attempt(&format!("SELECT NULL::{name}"))?;
                let outcome = outcome.map(|_| Default::default());
                Expected::state(&state::NOT_NULL).of(bench, outcome)
            },
        ));
    }
}
