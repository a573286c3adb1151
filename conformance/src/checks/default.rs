//! What a column holds that was not given: defaults, identities and generated values.
//!
//! Never evaluates a default itself; the server does, as somebody who is signed in where it asks who
//! that is.

use model::Id;
use model::quote::{ident, qualified, type_name};
use model::schema::{Column, IdentityMode, Name, Node};

use super::refusal::{Expected, state};
use super::{Check, Family, said};
use crate::access::sign_in;
use crate::rows::{Bench, Made, Stop, Wish, base_type, cast, this_row};

pub(super) fn checks(table: &Id, node: &Node, column: &Column, found: &mut Vec<Check>) {
    default(table, node, column, found);
    if column.identity.is_some() {
        from_sequence(table, node, found);
    }
    generated(table, node, column, found);
}

fn default(table: &Id, node: &Node, column: &Column, found: &mut Vec<Check>) {
    let Some(default) = &column.default else {
        return;
    };
    let text = default.text.to_string();
    if text.contains("nextval(") {
        from_sequence(table, node, found);
        return;
    }
    let (table, name, not_null) = (table.clone(), node.id.part.clone(), column.not_null);
    let ty = column.ty.clone();
    found.push(Check::new(
        Family::Default,
        &node.id,
        format!("{}: defaults to {text}", said(&node.id)),
        move |bench| {
            let is_null = format!("SELECT ({text}) IS NULL AS yes");
            let null = match bench.attempt(&is_null)? {
                Ok(rows) => rows
                    .first()
                    .and_then(|row| row.get("yes").cloned().flatten()),
                Err(refusal) => {
                    return Err(Stop::Failed(format!(
                        "the default raises an error: {refusal}"
                    )));
                }
            };
            let null = null.as_deref() == Some("t");
            let signed_in = match null {
                true => by_somebody(bench, &table, &name, &text),
                false => Ok(None),
            };
            let made = match signed_in {
                Ok(Some(made)) => Ok(made),
                Err(stop) if not_null || !matches!(stop, Stop::Undecided(_)) => Err(stop),
                Ok(None) if null && not_null => Err(Stop::Undecided(format!(
                    "{text} is null here, even for somebody who is signed in; a row that leaves the \
                     column out is refused with the default as without it"
                ))),
                // The rest of the row must agree with the default, where checks tie them together.
                Ok(None) | Err(_) => {
                    let given = format!("({text})::{}", type_name(&ty));
                    bench.make(&table, &Wish::default().with(&name, given))
                }
            };
            // A default that a check refuses is still the default.
            if matches!(made, Err(Stop::Undecided(_))) {
                bench.obstructed_by_conditions(&table, &name);
            }
            let mut made = made?;
            made.values.retain(|(column, _)| *column != name);
            let row = bench.put(&made)?;
            let relation = qualified(&table.schema, &table.name);
            let column = ident(&name);
            // What differs each time it is asked, such as `gen_random_uuid()`, can't be foretold. A
            // clock may not have moved within one statement.
            let ask = format!("SELECT ({text})::text AS value");
            let volatile = bench.query(&ask)? != bench.query(&ask)?;
            let same = match volatile {
                true => format!("{column} IS NOT NULL"),
                // Of the column's type first: `now()` in a `timestamp` is shown without its zone.
                false => format!(
                    "{column}::text IS NOT DISTINCT FROM (({text})::{})::text",
                    type_name(&ty)
                ),
            };
            let sql = format!(
                "SELECT {same} AS same, {column}::text AS got FROM {relation} WHERE {}",
                this_row(&row)
            );
            let rows = bench.query(&sql)?;
            let row = rows.first().cloned().unwrap_or_default();
            match row.get("same").cloned().flatten().as_deref() {
                Some("t") => Ok(()),
                _ => Err(Stop::Failed(format!(
                    "a row without the column holds {}",
                    row.get("got")
                        .cloned()
                        .flatten()
                        .unwrap_or_else(|| "null".into())
                ))),
            }
        },
    ));
}

/// A default such as `auth.uid()` is null where nobody is signed in: a row by somebody who is, and
/// whom its parents know. None where it is null for them too.
fn by_somebody(
    bench: &mut Bench,
    table: &Id,
    column: &Name,
    default: &str,
) -> Result<Option<Made>, Stop> {
    let schema = bench.schema();
    let made = bench.make(table, &Wish::present([column]))?;
    let (Some(own), Some(known)) = (schema.column(table, column), made.value(column)) else {
        return Ok(Some(made));
    };
    let ty = base_type(&schema, &own.ty);
    let known = as_text(bench, known)?.unwrap_or_default();
    sign_in(bench, &ty, &known)?;
    match as_text(bench, default)? {
        Some(value) if value == known => Ok(Some(made)),
        Some(value) => bench
            .make(table, &Wish::default().with(column, cast(&value, &ty)))
            .map(Some),
        None => Ok(None),
    }
}

fn as_text(bench: &mut Bench, sql: &str) -> Result<Option<String>, Stop> {
    let rows = bench.attempt(&format!("SELECT ({sql})::text AS value"))?;
    let row = rows.unwrap_or_default().into_iter().next();
    Ok(row.and_then(|row| row.get("value").cloned().flatten()))
}

/// A sequence does not roll back, so none is drawn from in a database that others use.
fn from_sequence(table: &Id, node: &Node, found: &mut Vec<Check>) {
    let (table, name) = (table.clone(), node.id.part.clone());
    found.push(Check::altering(
        Family::Default,
        &node.id,
        format!("{}: is numbered by its sequence", said(&node.id)),
        move |bench| {
            let mut made = bench.make(&table, &Wish::default())?;
            made.values.retain(|(column, _)| *column != name);
            let row = bench.put(&made)?;
            match row.get(name.as_str()).cloned().flatten() {
                Some(_) => Ok(()),
                None => Err(Stop::Failed("a row without the column holds null".into())),
            }
        },
    ));
}

fn generated(table: &Id, node: &Node, column: &Column, found: &mut Vec<Check>) {
    let always = column
        .identity
        .as_ref()
        .is_some_and(|i| i.mode == IdentityMode::Always);
    if column.generated.is_none() && !always {
        return;
    }
    let (table, name): (Id, Name) = (table.clone(), node.id.part.clone());
    found.push(Check::new(
        Family::Default,
        &node.id,
        format!(
            "{}: refuses a value, because it is generated",
            said(&node.id)
        ),
        move |bench| {
            let mut made = bench.make(&table, &Wish::default())?;
            if made.value(&name).is_none() {
                made = made.with(&name, "NULL");
            }
            let mut sql = made.insert();
            if always {
                sql = sql.replacen(" OVERRIDING SYSTEM VALUE", "", 1);
            }
            let outcome = bench.attempt(&sql)?.map(|_| Default::default());
            Expected::state(&state::GENERATED_ALWAYS).of(bench, outcome)
        },
    ));
}
