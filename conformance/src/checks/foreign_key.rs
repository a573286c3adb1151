//! Foreign keys: an orphan is refused. What becomes of children is in `actions`.

use model::Id;
use model::quote::{ident, literal, qualified};
use model::schema::{ForeignKey, Name, Schema};

use super::refusal::{Expected, state};
use super::{Check, Family, actions, said};
use crate::rows::{Bench, Stop, TextRow, Wish, foreign_key, held};

/// A foreign key of a table.
#[derive(Clone)]
pub(super) struct Subject {
    pub(super) id: Id,
    pub(super) table: Id,
    pub(super) key: ForeignKey,
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
        actions::checks(schema, &subject, found);
    }
}

impl Subject {
    pub(super) fn said(&self) -> String {
        format!("{}: {}", said(&self.table), self.id.part)
    }

    /// A child row whose reference is not null, of a parent made for it.
    pub(super) fn child(&self, bench: &mut Bench) -> Result<TextRow, Stop> {
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
    pub(super) fn parent(&self, schema: &Schema, child: &TextRow) -> String {
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
    pub(super) fn another(&self, bench: &mut Bench, child: &TextRow) -> Result<Wish, Stop> {
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

    pub(super) fn target(&self) -> String {
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
