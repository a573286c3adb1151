//! Columns: null, type, length, range, enum labels.

use model::quote::{ident, literal, qualified};
use model::schema::{Column, Node, Schema, Type};
use model::{Id, Kind};

use super::refusal::{Expected, state};
use super::{Check, Family, default, said};
use crate::rows::{
    Bench, Made, Refusal, Stop, TextRow, Wish, base_type, cast, conditions, filled_by, foreign_key,
    length_limit,
};

pub(super) fn checks(schema: &Schema, table: &Id, found: &mut Vec<Check>) {
    for (node, column) in schema.columns(table) {
        not_null(schema, table, node, column, found);
        type_refuses(schema, table, node, column, found);
        length(schema, table, node, column, found);
        labels(schema, table, node, column, found);
        default::checks(table, node, column, found);
    }
}

fn not_null(schema: &Schema, table: &Id, node: &Node, column: &Column, found: &mut Vec<Check>) {
    if !column.not_null {
        return;
    }
    let (table, name) = (table.clone(), node.id.part.clone());
    if column.generated.is_some() {
        // What is computed from no column is the same in every row, and no row could make it null.
        let filled = conditions(schema, &table).into_iter();
        if let Some(filled) = filled.clone().find(|c| c.name == filled_by(&name))
            && !filled.columns.is_empty()
        {
            computed_not_null(&table, node, filled.name, found);
        }
        return;
    }
    found.push(Check::new(
        Family::NotNull,
        &node.id,
        format!("{}: refuses null", said(&node.id)),
        move |bench| {
            let mut made = bench.make(&table, &Wish::default())?.with(&name, "NULL");
            let mut outcome = bench.try_put(&made)?;
            // A null in a partition key finds no partition before it is refused; in a partition
            // itself, `NOT NULL` is the first to be asked.
            for leaf in bench.leaves(&table) {
                if !outcome.as_ref().is_err_and(|r| r.state == state::CHECK) {
                    break;
                }
                made.table = leaf;
                outcome = bench.try_put(&made)?;
            }
            // A domain refuses null before the column is asked, and names no column. What a query
            // over no row gives is of the domain already: no domain is asked, and the column is.
            if outcome.as_ref().is_err_and(|r| r.data_type.is_some()) {
                let relation = qualified(&table.schema, &table.name);
                let nothing = format!("(SELECT {} FROM {relation} WHERE false)", ident(&name));
                made.table = table.clone();
                made = made.with(&name, nothing);
                outcome = bench.try_put(&made)?;
            }
            Expected {
                column: Some(name.as_str()),
                table: Some(&table),
                ..Expected::state(&state::NOT_NULL)
            }
            .of(bench, outcome)
        },
    ));
}

/// A value that the database computes is null where the row's other columns make it so.
fn computed_not_null(table: &Id, node: &Node, filled: String, found: &mut Vec<Check>) {
    let (table, name) = (table.clone(), node.id.part.clone());
    found.push(Check::new(
        Family::NotNull,
        &node.id,
        format!("{}: refuses a row for which it is null", said(&node.id)),
        move |bench| {
            let made = bench.make(
                &table,
                &Wish {
                    broken: Some(filled.clone()),
                    ..Wish::default()
                },
            )?;
            let outcome = bench.try_put(&made)?;
            Expected {
                column: Some(name.as_str()),
                table: Some(&table),
                ..Expected::state(&state::NOT_NULL)
            }
            .of(bench, outcome)
        },
    ));
}

/// Literals that are not of the type, and how the server refuses them.
fn wrong_literal(ty: &Type) -> Option<(&'static str, &'static [&'static str])> {
    const BAD: &[&str] = &[state::BAD_TEXT];
    const RANGE: &[&str] = &[state::OUT_OF_RANGE];
    const TIME: &[&str] = &[state::DATETIME_OVERFLOW, state::BAD_DATETIME];
    if ty.schema.is_some() {
        return None;
    }
    Some(match ty.name.as_str() {
        _ if ty.array => ("{", BAD),
        "smallint" => ("32768", RANGE),
        "integer" => ("2147483648", RANGE),
        "bigint" => ("9223372036854775808", RANGE),
        "numeric" | "boolean" | "uuid" | "inet" | "cidr" | "macaddr" | "macaddr8" | "json"
        | "jsonb" => ("no such value", BAD),
        "real" => ("1e40", RANGE),
        "double precision" => ("1e400", RANGE),
        "date" | "timestamp with time zone" | "timestamp without time zone" => ("2026-02-30", TIME),
        "time without time zone" | "time with time zone" => ("25:00", TIME),
        "interval" => ("a while", TIME),
        name if name.ends_with("range") => ("(1", BAD),
        _ => return None,
    })
}

fn type_refuses(schema: &Schema, table: &Id, node: &Node, column: &Column, found: &mut Vec<Check>) {
    let Some((wrong, states)) = wrong_literal(&base_type(schema, &column.ty)) else {
        return;
    };
    if column.generated.is_some() {
        return;
    }
    let (table, name) = (table.clone(), node.id.part.clone());
    found.push(Check::new(
        Family::Type,
        &node.id,
        format!(
            "{}: refuses {}, which is no {}",
            said(&node.id),
            literal(wrong),
            column.ty
        ),
        move |bench| {
            let made = bench
                .make(&table, &Wish::default())?
                .with(&name, literal(wrong));
            let outcome = bench.try_put(&made)?;
            Expected {
                states,
                ..Expected::state(&state::BAD_TEXT)
            }
            .of(bench, outcome)
        },
    ));
}

fn length(schema: &Schema, table: &Id, node: &Node, column: &Column, found: &mut Vec<Check>) {
    let base = base_type(schema, &column.ty);
    let (name, own) = (node.id.part.clone(), table.clone());
    if column.generated.is_some() || base.array {
        return;
    }
    if let Some(limit) = length_limit(&base).filter(|_| !base.is("name")) {
        let text = literal(&"x".repeat(limit + 1));
        found.push(Check::new(
            Family::Type,
            &node.id,
            format!("{}: refuses {} characters", said(&node.id), limit + 1),
            move |bench| {
                let made = bench
                    .make(&own, &Wish::default())?
                    .with(&name, text.clone());
                let outcome = refused_by_itself(bench, &made)?;
                Expected::state(&state::STRING_TOO_LONG).of(bench, outcome)
            },
        ));
        let free = !conditions(schema, table)
            .iter()
            .any(|c| c.columns.contains(&node.id.part));
        let refers = schema
            .constraints(table)
            .filter_map(crate::rows::foreign_key)
            .any(|key| key.columns.contains(&node.id.part));
        if free && !refers {
            let (name, own) = (node.id.part.clone(), table.clone());
            let text = cast(&"x".repeat(limit), &base);
            found.push(Check::new(
                Family::Type,
                &node.id,
                format!("{}: accepts {limit} characters", said(&node.id)),
                move |bench| {
                    bench
                        .insert(&own, &Wish::default().with(&name, text.clone()))
                        .map(drop)
                },
            ));
        }
    } else if let Some((precision, scale)) = numeric_limits(&base) {
        let text = literal(&format!("1{}", "0".repeat(precision.saturating_sub(scale))));
        found.push(Check::new(
            Family::Type,
            &node.id,
            format!(
                "{}: refuses a number of more than {precision} digits",
                said(&node.id)
            ),
            move |bench| {
                let made = bench
                    .make(&own, &Wish::default())?
                    .with(&name, text.clone());
                let outcome = refused_by_itself(bench, &made)?;
                Expected::state(&state::OUT_OF_RANGE).of(bench, outcome)
            },
        ));
    }
}

/// What the table says of a row without its triggers: a value that is too long for it may be too
/// long as well for another table that they write into, and the server names neither.
fn refused_by_itself(bench: &mut Bench, made: &Made) -> Result<Result<TextRow, Refusal>, Stop> {
    match bench.try_put(made)? {
        Err(_) if bench.quieten(&made.table)? => bench.try_put(made),
        outcome => Ok(outcome),
    }
}

fn numeric_limits(ty: &Type) -> Option<(usize, usize)> {
    let modifiers = ty.modifiers.as_ref().filter(|_| ty.is("numeric"))?;
    let (precision, scale) = modifiers.split_once(',').unwrap_or((modifiers, "0"));
    Some((precision.parse().ok()?, scale.parse().ok()?))
}

fn labels(schema: &Schema, table: &Id, node: &Node, column: &Column, found: &mut Vec<Check>) {
    let Some(owner) = column
        .ty
        .schema
        .clone()
        .filter(|_| !column.ty.array && column.generated.is_none())
    else {
        return;
    };
    let id = Id::in_schema(Kind::Enum, owner, column.ty.name.clone());
    let Some(labels) = schema
        .get(&id)
        .and_then(|n| n.object.as_enum())
        .map(|e| &e.labels)
    else {
        return;
    };
    // What a foreign key lets through is for the key's own checks to say.
    let mut constraints = schema.constraints(table);
    if constraints
        .any(|entry| foreign_key(entry).is_some_and(|key| key.columns.contains(&node.id.part)))
    {
        return;
    }
    let machine = schema.get(&table.within(Kind::Transitions, node.id.part.clone()));
    let initial = machine
        .and_then(|n| n.object.as_transitions())
        .map(|t| t.initial.clone());
    for label in labels {
        if initial
            .as_ref()
            .is_some_and(|states| !states.is_empty() && !states.contains(label))
        {
            continue;
        }
        let (table, name, value) = (table.clone(), node.id.part.clone(), cast(label, &column.ty));
        found.push(Check::new(
            Family::Enum,
            &node.id,
            format!("{}: accepts {}", said(&node.id), literal(label)),
            move |bench| {
                bench
                    .insert(&table, &Wish::default().with(&name, value.clone()))
                    .map(drop)
            },
        ));
    }
    let (table, name) = (table.clone(), node.id.part.clone());
    found.push(Check::new(
        Family::Enum,
        &node.id,
        format!("{}: refuses a label it does not have", said(&node.id)),
        move |bench| {
            let made = bench
                .make(&table, &Wish::default())?
                .with(&name, "'no such label'");
            let outcome = bench.try_put(&made)?;
            Expected::state(&state::BAD_TEXT).of(bench, outcome)
        },
    ));
}
