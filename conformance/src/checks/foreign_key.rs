//! Foreign keys: an orphan is refused, and the actions do what they say.

use model::Id;
use model::quote::{ident, literal, qualified};
use model::schema::{ForeignKey, ForeignKeyAction, IdentityMode, Name, Schema};

use super::refusal::{Expected, state};
use super::{Check, Family, said};
use crate::rows::{Bench, Refusal, Stop, TextRow, Wish, foreign_key, held, this_row};

#[derive(Clone)]
struct Subject {
    id: Id,
    table: Id,
    key: ForeignKey,
}

pub(super) fn checks(schema: &Schema, table: &Id, found: &mut Vec<Check>) {
    for (node, constraint) in schema.constraints(table) {
        let Some(key) = foreign_key((node, constraint)) else {
            continue;
        };
        if !constraint.enforced {
            continue;
        }
        let subject = Subject {
            id: node.id.clone(),
            table: table.clone(),
            key: key.clone(),
        };
        orphan(&subject, found);
        if schema
            .get(&key.target)
            .is_some_and(|target| !target.external)
        {
            delete(&subject, found);
            if can_be_updated(schema, key) {
                update(&subject, found);
            }
        }
    }
}

fn can_be_updated(schema: &Schema, key: &ForeignKey) -> bool {
    key.target_columns.iter().all(|c| {
        schema.column(&key.target, c).is_some_and(|column| {
            let always = column
                .identity
                .as_ref()
                .is_some_and(|i| i.mode == IdentityMode::Always);
            !always && column.generated.is_none()
        })
    })
}

impl Subject {
    fn said(&self) -> String {
        format!("{}: {}", said(&self.table), self.id.part)
    }

    /// A child row whose reference is not null, of a parent made for it.
    fn child(&self, bench: &mut Bench) -> Result<TextRow, Stop> {
        let schema = bench.schema();
        let mut wish = Wish::present(&self.key.columns);
        // A table that refers to itself would otherwise be made without a parent.
        if self.key.target == self.table {
            let parent = bench.insert(&self.table, &Wish::least())?;
            for (column, target) in self.key.columns.iter().zip(&self.key.target_columns) {
                if let Some(value) = held(&schema, &self.table, &parent, target) {
                    wish.fixed.insert(column.clone(), value);
                }
            }
        }
        bench.insert(&self.table, &wish)
    }

    /// The condition that finds the row that the child refers to.
    fn parent(&self, schema: &Schema, child: &TextRow) -> String {
        let same = self.key.columns.iter().zip(&self.key.target_columns);
        let terms: Vec<String> = same
            .filter_map(|(column, target)| {
                Some(format!(
                    "{} = {}",
                    ident(target),
                    held(schema, &self.table, child, column)?
                ))
            })
            .collect();
        terms.join(" AND ")
    }

    /// A parent with another key than the child's, and than any row there is: it would be no orphan's.
    fn another(&self, bench: &mut Bench, child: &TextRow) -> Result<Wish, Stop> {
        let schema = bench.schema();
        let (Some(column), Some(target)) =
            (self.key.columns.last(), self.key.target_columns.last())
        else {
            return Ok(Wish::default());
        };
        let target = ident(target);
        let there = format!(
            "SELECT DISTINCT {target}::text AS value FROM {} LIMIT 1000",
            self.target()
        );
        let rows = bench.query(&there)?;
        let values = rows
            .iter()
            .filter_map(|row| row.get("value").cloned().flatten());
        let mut taken: Vec<String> = values.map(|value| literal(&value)).collect();
        let own = held(&schema, &self.table, child, column);
        taken.extend(own.map(|value| format!("({value})::text")));
        let different = format!("({target})::text NOT IN ({})", taken.join(", "));
        Ok(Wish {
            demands: taken.first().map(|_| different).into_iter().collect(),
            ..Wish::default()
        })
    }

    fn target(&self) -> String {
        qualified(&self.key.target.schema, &self.key.target.name)
    }
}

fn orphan(subject: &Subject, found: &mut Vec<Check>) {
    let own = subject.clone();
    found.push(Check::new(
        Family::ForeignKey,
        &subject.id,
        format!("{} refuses an orphan", subject.said()),
        move |bench| {
            let schema = bench.schema();
            let row = own.child(bench)?;
            // The child's own row shows that the values are right in everything but the parent.
            let other = own.another(bench, &row)?;
            let absent = bench.make(&own.key.target, &other);
            let absent = absent.ok();
            let mut changes = Vec::new();
            for (column, target) in own.key.columns.iter().zip(&own.key.target_columns) {
                // The database computes it; another parent for the others is enough.
                let computed = schema.column(&own.table, column);
                if computed.is_some_and(|c| c.generated.is_some()) {
                    continue;
                }
                let other = absent
                    .as_ref()
                    .and_then(|made| made.value(target))
                    .map(str::to_owned);
                let value = match other {
                    Some(value) if !value.is_empty() => value,
                    _ => match unused(&schema, &own.table, column) {
                        Some(value) => value,
                        None => {
                            return Err(Stop::Undecided(format!(
                                "no unused value of {column} is known"
                            )));
                        }
                    },
                };
                changes.push((column.clone(), value));
            }
            let outcome = bench.try_update(&own.table, &row, &changes)?;
            Expected::constraint(&state::FOREIGN_KEY, &own.id.part).of(bench, outcome)
        },
    ));
}

/// A value that no row has, for keys whose table the suite can't make rows for.
fn unused(schema: &Schema, table: &Id, column: &Name) -> Option<String> {
    let ty = crate::rows::base_type(schema, &schema.column(table, column)?.ty);
    let text = match ty.name.as_str() {
        "uuid" => "00000000-0000-4000-8000-00000000dead",
        "smallint" | "integer" | "bigint" | "numeric" => "-31999",
        "text" | "character varying" => "~none~",
        _ => return None,
    };
    Some(crate::rows::cast(text, &ty))
}

fn delete(subject: &Subject, found: &mut Vec<Check>) {
    let own = subject.clone();
    let what = match subject.key.on_delete {
        ForeignKeyAction::NoAction | ForeignKeyAction::Restrict => {
            "refuses to delete a parent with children"
        }
        ForeignKeyAction::Cascade => "deletes the children with their parent",
        ForeignKeyAction::SetNull => "sets null when the parent is deleted",
        ForeignKeyAction::SetDefault => "sets the default when the parent is deleted",
    };
    found.push(Check::new(
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
    ));
}

fn update(subject: &Subject, found: &mut Vec<Check>) {
    let own = subject.clone();
    let what = match subject.key.on_update {
        ForeignKeyAction::NoAction | ForeignKeyAction::Restrict => {
            "refuses to change a key that has children"
        }
        ForeignKeyAction::Cascade => "changes the children with their parent's key",
        ForeignKeyAction::SetNull => "sets null when the parent's key changes",
        ForeignKeyAction::SetDefault => "sets the default when the parent's key changes",
    };
    found.push(Check::new(
        Family::ForeignKey,
        &subject.id,
        format!("{} {what}", subject.said()),
        move |bench| {
            let schema = bench.schema();
            let child = own.child(bench)?;
            let parent = own.parent(&schema, &child);
            let other = own.another(bench, &child)?;
            let other = bench.make(&own.key.target, &other)?;
            // The last key column alone: the ones before it are most often shared with other keys.
            let Some((target, value)) = own
                .key
                .target_columns
                .last()
                .and_then(|t| Some((t, other.value(t)?.to_owned())))
            else {
                return Err(Stop::Undecided(
                    "no other key of the parent is known".into(),
                ));
            };
            if value.is_empty() {
                return Err(Stop::Undecided("the parent's key is a default".into()));
            }
            let sql = format!(
                "UPDATE {} SET {} = {value} WHERE {parent} RETURNING *",
                own.target(),
                ident(target)
            );
            let outcome = bench.attempt(&sql)?;
            happened(
                bench,
                &own,
                own.key.on_update,
                &child,
                outcome,
                Some(&value),
            )
        },
    ));
}

/// Whether the action took place: refused, or seen in the child.
fn happened(
    bench: &mut Bench,
    own: &Subject,
    action: ForeignKeyAction,
    child: &TextRow,
    outcome: Result<Vec<TextRow>, Refusal>,
    new_key: Option<&str>,
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
        _ => {
            if let Err(refusal) = outcome {
                return Err(Stop::Failed(format!("refused with {refusal}")));
            }
        }
    }
    let table = qualified(&own.table.schema, &own.table.name);
    let schema = bench.schema();
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
    let ask = match (action, new_key) {
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
                .filter(|_| new_key.is_none())
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
