//! Triggers: each fires on each of its events, and a `touch` column is set to the time.
//!
//! What a function does that a person wrote is not for a schema to say. That the trigger calls it
//! is shown by putting a function in its place, for one transaction, that raises an error.

use model::quote::{dollar, ident, literal, qualified};
use model::schema::{Column, Node, Schema, Trigger, TriggerEnabled, TriggerEvent, TriggerTiming};
use model::{Id, Kind, Name};

use super::{Check, Family, said};
use crate::rows::{Bench, Refusal, Stop, TextRow, Wish, this_row};

/// The SQLSTATE of the function that takes the trigger's place.
const FIRED: &str = "PLF01";

pub(super) fn checks(schema: &Schema, table: &Id, found: &mut Vec<Check>) {
    for (node, trigger) in schema.triggers(table) {
        let enabled = matches!(
            trigger.enabled,
            TriggerEnabled::Origin | TriggerEnabled::Always
        );
        if trigger.inherited || !enabled || trigger.timing == TriggerTiming::InsteadOf {
            continue;
        }
        for event in &trigger.events {
            fires(schema, table, node, trigger, event, found);
        }
        let touched = node
            .derived_from
            .as_ref()
            .filter(|id| id.kind == Kind::Column);
        if let Some(column) = touched {
            touches(table, node, column, found);
        }
    }
}

fn fires(
    schema: &Schema,
    table: &Id,
    node: &Node,
    trigger: &Trigger,
    event: &TriggerEvent,
    found: &mut Vec<Check>,
) {
    let word = match event {
        TriggerEvent::Insert => "insert",
        TriggerEvent::Delete => "delete",
        TriggerEvent::Update(_) => "update",
        TriggerEvent::Truncate => "truncate",
    };
    let others: Vec<Name> = schema
        .triggers(table)
        .map(|(other, _)| other.id.part.clone())
        .filter(|name| *name != node.id.part)
        .collect();
    let (own, table, trigger, event) = (
        node.id.clone(),
        table.clone(),
        trigger.clone(),
        event.clone(),
    );
    let name = format!("{}: trigger {} fires on {word}", said(&table), own.part);
    found.push(Check::altering(
        Family::Trigger,
        &node.id,
        name,
        move |bench| {
            let relation = qualified(&table.schema, &table.name);
            if !stands(bench, &own)? {
                return Err(Stop::Failed("it is not there, or disabled".into()));
            }
            // A function that is built in can't be replaced; that the trigger is there must do.
            if trigger.function.schema == "pg_catalog" {
                return Ok(());
            }
            for other in &others {
                let sql = format!("ALTER TABLE {relation} DISABLE TRIGGER {}", ident(other));
                // One that is not there is not in the way.
                drop(bench.attempt(&sql)?);
            }
            // On a partition it is the trigger's own copy that fires.
            let schema = bench.schema();
            bench.silence(&table, |near| {
                *near != table && !is_partition_of(&schema, near, &table)
            })?;
            let condition = trigger.condition.as_ref().map(|c| c.text.to_string());
            let outcome = match &event {
                TriggerEvent::Insert => {
                    let mut wish = Wish::default();
                    wish.demands
                        .extend(condition.as_ref().map(|c| bare(c, "new.")));
                    let made = bench.make(&table, &wish)?;
                    replace(bench, &own, &trigger)?;
                    bench.try_put(&made)?.map(drop)
                }
                TriggerEvent::Delete => {
                    let mut wish = Wish::default();
                    wish.demands
                        .extend(condition.as_ref().map(|c| bare(c, "old.")));
                    let row = quietly(bench, &own, |bench| bench.insert(&table, &wish))?;
                    replace(bench, &own, &trigger)?;
                    let sql = format!("DELETE FROM {relation} WHERE {}", this_row(&row));
                    bench.attempt(&sql)?.map(drop)
                }
                TriggerEvent::Truncate => {
                    replace(bench, &own, &trigger)?;
                    bench
                        .attempt(&format!("TRUNCATE {relation} CASCADE"))?
                        .map(drop)
                }
                TriggerEvent::Update(columns) => update(bench, &table, &own, &trigger, columns)?,
            };
            match outcome {
                Err(refusal) if refusal.state == FIRED => Ok(()),
                Err(refusal) => Err(Stop::Undecided(format!("something came first: {refusal}"))),
                Ok(()) if condition.is_some() => Err(Stop::Undecided(
                    "no change was found for which its WHEN holds".into(),
                )),
                Ok(()) => Err(Stop::Failed(format!("the {word} did not set it off"))),
            }
        },
    ));
}

fn is_partition_of(schema: &Schema, table: &Id, of: &Id) -> bool {
    let parent = |id: &Id| {
        let own = schema.get(id)?.object.as_table()?.partition_of.as_ref()?;
        Some(own.parent.clone())
    };
    let above = std::iter::successors(parent(table), |id| parent(id));
    above.take(16).any(|id| id == *of)
}

/// The condition on one row, as SQL over the table's columns.
fn bare(condition: &str, row: &str) -> String {
    condition.replace(row, "").replace(&row.to_uppercase(), "")
}

/// How the trigger is enabled, in the catalog's letters; none where there is no such trigger.
fn state_of(bench: &mut Bench, trigger: &Id) -> Result<Option<String>, Stop> {
    let asked = bench.query(&format!(
        "SELECT tgenabled AS e FROM pg_trigger WHERE tgrelid = {}::regclass AND tgname = {}",
        literal(&qualified(&trigger.schema, &trigger.name)),
        literal(&trigger.part)
    ))?;
    Ok(asked
        .first()
        .and_then(|row| row.get("e").cloned().flatten()))
}

fn stands(bench: &mut Bench, trigger: &Id) -> Result<bool, Stop> {
    let state = state_of(bench, trigger)?;
    Ok(matches!(state.as_deref(), Some("O" | "A")))
}

/// With the trigger itself disabled, and as it was again afterwards.
fn quietly<T>(
    bench: &mut Bench,
    trigger: &Id,
    work: impl FnOnce(&mut Bench) -> Result<T, Stop>,
) -> Result<T, Stop> {
    let (table, name) = (
        qualified(&trigger.schema, &trigger.name),
        ident(&trigger.part),
    );
    let asked = bench.query(&format!(
        "SELECT tgenabled AS e FROM pg_trigger WHERE tgrelid = {}::regclass AND tgname = {}",
        literal(&table),
        literal(&trigger.part)
    ))?;
    let enabled = asked
        .first()
        .and_then(|row| row.get("e").cloned().flatten());
    let verb = match enabled.as_deref() {
        Some("O") => "ENABLE",
        Some("A") => "ENABLE ALWAYS",
        _ => return work(bench),
    };
    bench.query(&format!("ALTER TABLE {table} DISABLE TRIGGER {name}"))?;
    let done = work(bench)?;
    bench.query(&format!("ALTER TABLE {table} {verb} TRIGGER {name}"))?;
    Ok(done)
}

/// Puts a function in the place of the trigger's that raises an error when this trigger calls it.
fn replace(bench: &mut Bench, own: &Id, trigger: &Trigger) -> Result<(), Stop> {
    let body = format!(
        "BEGIN IF TG_NAME = {} THEN RAISE EXCEPTION 'fired' USING ERRCODE = '{FIRED}'; END IF; \
         RETURN COALESCE(NEW, OLD); END",
        literal(&own.part)
    );
    let function = qualified(&trigger.function.schema, &trigger.function.name);
    let sql = format!(
        "CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS {}",
        dollar(&body)
    );
    bench.query(&sql).map(drop)
}

/// Changes one column after the other until the trigger fires; its condition may ask for any.
fn update(
    bench: &mut Bench,
    table: &Id,
    own: &Id,
    trigger: &Trigger,
    limited: &[Name],
) -> Result<Result<(), Refusal>, Stop> {
    let schema = bench.schema();
    let row = quietly(bench, own, |bench| bench.insert(table, &Wish::least()))?;
    let other = quietly(bench, own, |bench| bench.make(table, &Wish::default()))?;
    replace(bench, own, trigger)?;
    let changeable = |c: &Column| {
        let always = c.identity.as_ref().map(|i| i.mode);
        c.generated.is_none() && always != Some(model::schema::IdentityMode::Always)
    };
    let mut row: TextRow = row;
    let mut outcome = Ok(());
    for (node, _) in schema
        .columns(table)
        .into_iter()
        .filter(|(_, c)| changeable(c))
    {
        let name = &node.id.part;
        if !limited.is_empty() && !limited.contains(name) {
            continue;
        }
        let value = other.value(name).filter(|v| !v.is_empty());
        let same = ident(name).into_owned();
        for value in value.into_iter().chain([same.as_str()]) {
            match bench.try_update(table, &row, &[(name.clone(), value.to_owned())])? {
                Err(refusal) if refusal.state == FIRED => return Ok(Err(refusal)),
                Err(refusal) => outcome = Err(refusal),
                Ok(now) if now.contains_key("ctid") => row = now,
                Ok(_) => {}
            }
        }
    }
    // What a constraint refused says nothing where another change went through.
    Ok(match trigger.condition {
        None => Ok(()),
        Some(_) => outcome,
    })
}

fn touches(table: &Id, node: &Node, column: &Id, found: &mut Vec<Check>) {
    const LONG_AGO: &str = "2001-02-03";
    let (table, own) = (table.clone(), column.part.clone());
    let name = format!("{}: is set to the time of each change", said(column));
    found.push(Check::new(Family::Trigger, &node.id, name, move |bench| {
        let schema = bench.schema();
        let wish = Wish::default().with(&own, literal(LONG_AGO));
        let mut row = bench.insert(&table, &wish)?;
        let other = bench.make(&table, &Wish::default())?;
        let before = row.get(own.as_str()).cloned().flatten();
        for (node, column) in schema.columns(&table) {
            let name = &node.id.part;
            let value = other.value(name).filter(|v| !v.is_empty() && *name != own);
            let (Some(value), None) = (value, &column.generated) else {
                continue;
            };
            let changes = [(name.clone(), value.to_owned())];
            let Ok(now) = bench.try_update(&table, &row, &changes)? else {
                continue;
            };
            // A row that stays as it was is no change.
            if now.get(name.as_str()) == row.get(name.as_str()) {
                row = now;
                continue;
            }
            return touched(&now, &own, before.as_ref(), name);
        }
        Err(Stop::Undecided(
            "no change was found that the row accepts".into(),
        ))
    }));
}

fn touched(now: &TextRow, own: &Name, before: Option<&String>, changed: &Name) -> Result<(), Stop> {
    match now.get(own.as_str()).cloned().flatten() {
        held if held.as_ref() != before => Ok(()),
        held => Err(Stop::Failed(format!(
            "after a change of {changed} it still holds {}",
            held.unwrap_or_else(|| "null".into())
        ))),
    }
}
