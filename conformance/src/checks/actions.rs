//! What foreign keys do with children when their parent goes, or its key changes.
//!
//! Never touches a parent that is not the suite's own: the rows of an external table are, where the
//! server is, and nowhere else.

use model::quote::{ident, qualified};
use model::schema::{ForeignKeyAction, IdentityMode, Name, Schema};

use super::foreign_key::Subject;
use super::refusal::{Expected, state};
use super::{Check, Family};
use crate::rows::{Bench, Refusal, Stop, TextRow, held, this_row};

pub(super) fn checks(schema: &Schema, subject: &Subject, found: &mut Vec<Check>) {
    let external = schema
        .get(&subject.key.target)
        .is_none_or(|target| target.external);
    delete(subject, external, found);
    match change(schema, subject) {
        Some((target, Change::Given)) => update(subject, target, Change::Given, external, found),
        // A sequence does not roll back, so none is drawn from in a database that others use.
        Some((target, Change::Drawn)) => update(subject, target, Change::Drawn, true, found),
        None => {}
    }
}

/// How the key of a parent can change.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Change {
    /// To another value.
    Given,
    /// To the next of its sequence: an identity that is always generated takes nothing but `DEFAULT`.
    Drawn,
}

/// The column of the parent's key that can change, and how. The last alone: the ones before it are
/// most often shared with other keys.
fn change(schema: &Schema, subject: &Subject) -> Option<(Name, Change)> {
    let target = subject.key.target_columns.last()?;
    let column = schema.column(&subject.key.target, target)?;
    let identity = column.identity.as_ref();
    let always = identity.is_some_and(|identity| identity.mode == IdentityMode::Always);
    match (column.generated.is_some(), always) {
        (true, _) => None,
        (false, true) => Some((target.clone(), Change::Drawn)),
        (false, false) => Some((target.clone(), Change::Given)),
    }
}

fn delete(subject: &Subject, alters: bool, found: &mut Vec<Check>) {
    let own = subject.clone();
    let what = match subject.key.on_delete {
        ForeignKeyAction::NoAction | ForeignKeyAction::Restrict => {
            "refuses to delete a parent with children"
        }
        ForeignKeyAction::Cascade => "deletes the children with their parent",
        ForeignKeyAction::SetNull => "sets null when the parent is deleted",
        ForeignKeyAction::SetDefault => "sets the default when the parent is deleted",
    };
    let check = Check::new(
        Family::ForeignKey,
        &subject.id,
        format!("{} {what}", subject.said()),
        move |bench| {
            let schema = bench.schema();
            let child = own.child(bench)?;
            let parent = own.parent(&schema, &child);
            let sql = format!("DELETE FROM {} WHERE {parent} RETURNING *", own.target());
            let outcome = bench.attempt(&sql)?;
            happened(bench, &own, own.key.on_delete, &child, outcome, None)
        },
    );
    found.push(Check { alters, ..check });
}

fn update(subject: &Subject, target: Name, change: Change, alters: bool, found: &mut Vec<Check>) {
    let own = subject.clone();
    let what = match subject.key.on_update {
        ForeignKeyAction::NoAction | ForeignKeyAction::Restrict => {
            "refuses to change a key that has children"
        }
        ForeignKeyAction::Cascade => "changes the children with their parent's key",
        ForeignKeyAction::SetNull => "sets null when the parent's key changes",
        ForeignKeyAction::SetDefault => "sets the default when the parent's key changes",
    };
    let check = Check::new(
        Family::ForeignKey,
        &subject.id,
        format!("{} {what}", subject.said()),
        move |bench| {
            let schema = bench.schema();
            let child = own.child(bench)?;
            let parent = own.parent(&schema, &child);
            let value = match change {
                Change::Drawn => "DEFAULT".to_owned(),
                Change::Given => {
                    let other = own.another(bench, &child)?;
                    let other = bench.make(&own.key.target, &other)?;
                    let value = other.value(&target).map(str::to_owned);
                    value.ok_or_else(|| {
                        Stop::Undecided("no other key of the parent is known".into())
                    })?
                }
            };
            if value.is_empty() {
                return Err(Stop::Undecided("the parent's key is a default".into()));
            }
            let sql = format!(
                "UPDATE {} SET {} = {value} WHERE {parent} RETURNING *",
                own.target(),
                ident(&target)
            );
            let outcome = bench.attempt(&sql)?;
            let action = own.key.on_update;
            happened(bench, &own, action, &child, outcome, Some(&target))
        },
    );
    found.push(Check { alters, ..check });
}

/// Whether the action took place: refused, or seen in the child. `changed` is the column of the
/// parent's key that has another value, where it is still there.
fn happened(
    bench: &mut Bench,
    own: &Subject,
    action: ForeignKeyAction,
    child: &TextRow,
    outcome: Result<Vec<TextRow>, Refusal>,
    changed: Option<&Name>,
) -> Result<(), Stop> {
    if let Err(refusal) = &outcome {
        let by_another = refusal.state == state::FOREIGN_KEY
            && refusal.constraint.as_deref() != Some(own.id.part.as_str());
        if by_another {
            bench.obstructed_by(refusal);
            return Err(Stop::Undecided(format!(
                "another foreign key came first: {refusal}"
            )));
        }
    }
    match action {
        ForeignKeyAction::NoAction | ForeignKeyAction::Restrict => {
            let outcome = outcome.map(|rows| rows.into_iter().next().unwrap_or_default());
            let states = [state::FOREIGN_KEY, state::RESTRICT];
            // Only PostgreSQL 18 tells RESTRICT apart.
            let states = if action == ForeignKeyAction::Restrict {
                &states[..]
            } else {
                &states[..1]
            };
            return Expected {
                states,
                ..Expected::constraint(&state::FOREIGN_KEY, &own.id.part)
            }
            .of(bench, outcome);
        }
        _ => {}
    }
    let schema = bench.schema();
    let parents = match outcome {
        Ok(parents) => parents,
        Err(refusal) => return Err(Stop::Failed(format!("refused with {refusal}"))),
    };
    let new_key = changed
        .zip(parents.first())
        .and_then(|(target, parent)| held(&schema, &own.key.target, parent, target));
    let table = qualified(&own.table.schema, &own.table.name);
    let rest: Vec<String> = schema
        .primary_key(&own.table)
        .iter()
        .filter(|c| !own.key.columns.contains(c))
        .filter_map(|c| {
            Some(format!(
                "{} = {}",
                ident(c),
                held(&schema, &own.table, child, c)?
            ))
        })
        .collect();
    let now = if rest.is_empty() {
        this_row(child)
    } else {
        rest.join(" AND ")
    };
    let last = own.key.columns.last().cloned().unwrap_or_default();
    let ask = match (action, &new_key) {
        (ForeignKeyAction::Cascade, None) if changed.is_some() => {
            return Err(Stop::Failed("the parent's key did not change".into()));
        }
        (ForeignKeyAction::Cascade, None) => {
            format!("SELECT count(*) = 0 AS yes FROM {table} WHERE {now}")
        }
        (ForeignKeyAction::Cascade, Some(key)) => {
            format!(
                "SELECT count(*) = 1 AS yes FROM {table} WHERE {} = {key}",
                ident(&last)
            )
        }
        (ForeignKeyAction::SetNull, _) => {
            let null = own
                .key
                .delete_columns
                .first()
                .filter(|_| changed.is_none())
                .unwrap_or(&last);
            format!(
                "SELECT bool_and({} IS NULL) AS yes FROM {table} WHERE {now}",
                ident(null)
            )
        }
        _ => {
            let default = schema
                .column(&own.table, &last)
                .and_then(|c| c.default.clone());
            let default = default.map_or("NULL".into(), |d| d.text.to_string());
            format!(
                "SELECT bool_and({} IS NOT DISTINCT FROM ({default})) AS yes FROM {table} WHERE {now}",
                ident(&last)
            )
        }
    };
    let yes = bench
        .query(&ask)?
        .first()
        .and_then(|row| row.get("yes").cloned().flatten());
    match yes.as_deref() {
        Some("t") => Ok(()),
        _ => Err(Stop::Failed(format!(
            "{} did not happen to the child",
            action.sql()
        ))),
    }
}
