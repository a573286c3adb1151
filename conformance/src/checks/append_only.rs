//! Tables that are only ever added to: a row goes in, and no change, deletion or TRUNCATE goes
//! through.

use model::Id;
use model::names::object_name;
use model::quote::{ident, qualified};
use model::schema::{Identity, IdentityMode, Schema};

use super::refusal::{Expected, state};
use super::{Check, Family, said};
use crate::rows::{Bench, Refusal, Stop, TextRow, Wish, this_row};

pub(super) fn checks(schema: &Schema, table: &Id, found: &mut Vec<Check>) {
    let Some(own) = schema.get(table).and_then(|node| node.object.as_table()) else {
        return;
    };
    if !schema.is_append_only(table) {
        return;
    }
    // A partition's rows are refused by its parent's trigger, under the parent's name.
    if own.writes.append_only {
        for (what, change) in [("a change", None), ("to delete", Some("DELETE FROM"))] {
            let of = table.clone();
            let name = format!("{}: append only refuses {what}", said(table));
            found.push(Check::new(Family::Trigger, table, name, move |bench| {
                let row = bench.insert(&of, &Wish::default())?;
                let relation = qualified(&of.schema, &of.name);
                let start = match change {
                    Some(delete) => format!("{delete} {relation}"),
                    None => format!("UPDATE {relation} SET {}", any_change(bench, &of)?),
                };
                let outcome = bench.attempt(&format!("{start} WHERE {}", this_row(&row)))?;
                refused(bench, &of, "append_only", outcome)
            }));
        }
    }
    let of = table.clone();
    let name = format!("{}: append only refuses to truncate", said(table));
    found.push(Check::altering(
        Family::Trigger,
        table,
        name,
        move |bench| {
            let relation = qualified(&of.schema, &of.name);
            let outcome = bench.attempt(&format!("TRUNCATE {relation} CASCADE"))?;
            refused(bench, &of, "append_only_truncate", outcome)
        },
    ));
}

fn refused(
    bench: &mut Bench,
    table: &Id,
    label: &str,
    outcome: Result<Vec<TextRow>, Refusal>,
) -> Result<(), Stop> {
    let name = object_name(&table.name, None, label);
    let outcome = outcome.map(|_| TextRow::default());
    Expected::constraint(&state::RESTRICT, &name).of(bench, outcome)
}

/// `a = a`, of a column that may be written to: an update that changes nothing is one all the same.
fn any_change(bench: &mut Bench, table: &Id) -> Result<String, Stop> {
    let schema = bench.schema();
    let always = |identity: &Identity| identity.mode == IdentityMode::Always;
    let columns = schema.columns(table).into_iter();
    let mut open = columns.filter(|(_, column)| {
        column.generated.is_none() && !column.identity.as_deref().is_some_and(always)
    });
    match open.next() {
        Some((node, _)) => {
            let name = ident(&node.id.part);
            Ok(format!("{name} = {name}"))
        }
        None => Err(Stop::Undecided("it has no column to write to".into())),
    }
}
