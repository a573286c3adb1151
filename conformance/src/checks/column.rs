//! Columns: null, type, length, range, default, identity, generated values, enum labels.

use model::quote::{literal, type_name};
use model::schema::{Column, IdentityMode, Name, Node, Schema, Type};
use model::{Id, Kind};

use super::refusal::{Expected, state};
use super::{Check, Family, said};
use crate::rows::{Stop, Wish, base_type, cast, conditions, foreign_key, length_limit, this_row};

pub(super) fn checks(schema: &Schema, table: &Id, found: &mut Vec<Check>) {
    for (node, column) in schema.columns(table) {
        not_null(table, node, column, found);
        type_refuses(schema, table, node, column, found);
        length(schema, table, node, column, found);
        labels(schema, table, node, column, found);
        default(table, node, column, found);
        if column.identity.is_some() {
            from_sequence(table, node, found);
        }
        generated(table, node, column, found);
    }
}

fn not_null(table: &Id, node: &Node, column: &Column, found: &mut Vec<Check>) {
    if !column.not_null || column.generated.is_some() {
        return;
    }
    let (table, name) = (table.clone(), node.id.part.clone());
    let domain = column.ty.schema.is_some();
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
            // A domain refuses null before the column is asked, and names no column.
            let by_domain = outcome.as_ref().is_err_and(|r| r.data_type.is_some()) && domain;
            Expected {
                column: Some(name.as_str()).filter(|_| !by_domain),
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
                constraint: None,
                column: None,
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
                let outcome = bench.try_put(&made)?;
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
                let outcome = bench.try_put(&made)?;
                Expected::state(&state::OUT_OF_RANGE).of(bench, outcome)
            },
        ));
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
    let ty = type_name(&column.ty);
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
            // The rest of the row must agree with the default, where checks tie them together.
            let wish = Wish::default().with(&name, format!("({text})::{ty}"));
            let made = match (null.as_deref(), not_null) {
                (Some("t"), true) => bench.make(&table, &Wish::default()),
                _ => bench.make(&table, &wish),
            };
            // A default that a check refuses is still the default.
            if matches!(made, Err(Stop::Undecided(_))) {
                bench.obstructed_by_conditions(&table, &name);
            }
            let mut made = made?;
            made.values.retain(|(column, _)| *column != name);
            // A default such as `auth.uid()` is null where nobody is signed in.
            if not_null && null.as_deref() == Some("t") {
                let outcome = bench.try_put(&made)?;
                let expected = Expected::state(&state::NOT_NULL);
                return Expected {
                    column: Some(&name),
                    ..expected
                }
                .of(bench, outcome);
            }
            let row = bench.put(&made)?;
            let relation = model::quote::qualified(&table.schema, &table.name);
            let column = model::quote::ident(&name);
            // What differs each time it is asked, such as `gen_random_uuid()`, can't be foretold. A
            // clock may not have moved within one statement.
            let ask = format!("SELECT ({text})::text AS value");
            let volatile = bench.query(&ask)? != bench.query(&ask)?;
            let same = match volatile {
                true => format!("{column} IS NOT NULL"),
                // Of the column's type first: `now()` in a `timestamp` is shown without its zone.
                false => format!("{column}::text IS NOT DISTINCT FROM (({text})::{ty})::text"),
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
