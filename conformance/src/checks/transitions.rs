//! State machines: allowed changes are accepted, all others are refused; frozen rows stay as they are.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use model::names::object_name;
use model::quote::{ident, literal};
use model::schema::{Name, Schema, Transitions};
use model::{Id, Kind};

use super::refusal::{Expected, state};
use super::{Check, Family, said};
use crate::rows::{Bench, Refusal, Stop, TextRow, Wish, cast, conditions, held};

#[derive(Clone)]
struct Machine {
    table: Id,
    column: Id,
    rules: Transitions,
}

pub(super) fn checks(schema: &Schema, table: &Id, found: &mut Vec<Check>) {
    for node in schema.parts(table, Kind::Transitions) {
        let Some(rules) = node.object.as_transitions() else {
            continue;
        };
        let machine = Machine {
            table: table.clone(),
            column: table.within(Kind::Column, node.id.part.clone()),
            rules: rules.clone(),
        };
        machine.initial_states(found);
        machine.changes(found);
        machine.frozen(schema, found);
    }
}

impl Machine {
    fn constraint(&self, suffix: &str) -> String {
        object_name(&self.table.name, Some(&self.column.part), suffix)
    }

    /// Whether a row in that state may not even change its state.
    fn freezes_state(&self, at: &str) -> bool {
        let mut frozen = self.rules.frozen.iter().filter(|(state, _)| **state == *at);
        frozen.any(|(_, excepted)| !excepted.contains(&self.column.part))
    }

    fn value(&self, schema: &Schema, to: &str) -> String {
        match schema.column(&self.table, &self.column.part) {
            Some(column) => cast(to, &column.ty),
            None => literal(to),
        }
    }

    fn push(
        &self,
        found: &mut Vec<Check>,
        what: String,
        run: impl Fn(&mut Bench) -> Result<(), Stop> + Send + Sync + 'static,
    ) {
        let subject = self
            .table
            .within(Kind::Transitions, self.column.part.clone());
        let name = format!("{}: {what}", said(&self.column));
        found.push(Check::new(Family::Transition, &subject, name, run));
    }

    fn initial_states(&self, found: &mut Vec<Check>) {
        if self.rules.initial.is_empty() {
            return;
        }
        for to in &self.rules.states {
            let (own, to) = (self.clone(), to.clone());
            if self.rules.initial.contains(&to) {
                self.push(
                    found,
                    format!("a new row may be {}", literal(&to)),
                    move |bench| own.insert(bench, &to).map(drop),
                );
            } else {
                self.push(
                    found,
                    format!("a new row can't be {}", literal(&to)),
                    move |bench| {
                        let value = own.value(&bench.schema(), &to);
                        let wish = Wish {
                            any_state: true,
                            ..Wish::default()
                        };
                        let made = bench.make(&own.table, &wish.with(&own.column.part, value))?;
                        let outcome = bench.try_put(&made)?;
                        Expected::constraint(&state::CHECK, &own.constraint("transition"))
                            .of(bench, outcome)
                    },
                );
            }
        }
    }

    fn changes(&self, found: &mut Vec<Check>) {
        for from in self.reachable() {
            for to in self.rules.states.iter().filter(|to| **to != from) {
                let (own, from, to) = (self.clone(), from.clone(), to.clone());
                let change = format!("{} -> {}", literal(&from), literal(&to));
                if self.rules.edges.contains(&(from.clone(), to.clone())) {
                    self.push(found, format!("accepts {change}"), move |bench| {
                        let row = own.reach(bench, &from)?;
                        own.step(bench, &row, &from, &to).map(drop)
                    });
                } else {
                    self.push(found, format!("refuses {change}"), move |bench| {
                        let row = own.reach(bench, &from)?;
                        let value = own.value(&bench.schema(), &to);
                        let changes = [(own.column.part.clone(), value)];
                        let outcome = bench.try_update(&own.table, &row, &changes)?;
                        let kind = if own.freezes_state(&from) {
                            "frozen"
                        } else {
                            "transition"
                        };
                        let name = own.constraint(kind);
                        Expected::constraint(&state::CHECK, &name).of(bench, outcome)
                    });
                }
            }
        }
    }

    fn frozen(&self, schema: &Schema, found: &mut Vec<Check>) {
        let reachable: BTreeSet<_> = self.reachable().into_iter().collect();
        for (at, excepted) in self
            .rules
            .frozen
            .iter()
            .filter(|(s, _)| reachable.contains(s))
        {
            for (node, column) in schema.columns(&self.table) {
                let name = &node.id.part;
                let state_column = *name == self.column.part;
                let computed = column.generated.is_some() || touched(schema, &self.table, name);
                if state_column || excepted.contains(name) || computed {
                    continue;
                }
                let (own, at, name) = (self.clone(), at.clone(), name.clone());
                let what = format!("{} freezes {name}", literal(&at));
                self.push(found, what, move |bench| {
                    let row = own.reach(bench, &at)?;
                    let Some(value) = another(bench, &own.table, &row, &name)? else {
                        return Err(Stop::Undecided(format!(
                            "no other value of {name} is known"
                        )));
                    };
                    let outcome = bench.try_update(&own.table, &row, &[(name.clone(), value)])?;
                    Expected::constraint(&state::CHECK, &own.constraint("frozen"))
                        .of(bench, outcome)
                });
            }
        }
    }

    /// The states a row can be in, in the order of the model.
    fn reachable(&self) -> Vec<Arc<str>> {
        let paths = self.paths();
        self.rules
            .states
            .iter()
            .filter(|state| paths.contains_key(*state))
            .cloned()
            .collect()
    }

    /// For each state that can be reached, the one before it on a shortest way there.
    fn paths(&self) -> BTreeMap<Arc<str>, Option<Arc<str>>> {
        let starts = match self.rules.initial.is_empty() {
            true => &self.rules.states,
            false => &self.rules.initial,
        };
        let mut before: BTreeMap<Arc<str>, Option<Arc<str>>> =
            starts.iter().map(|state| (state.clone(), None)).collect();
        let mut queue: VecDeque<_> = starts.iter().cloned().collect();
        while let Some(state) = queue.pop_front() {
            for (_, to) in self.rules.edges.iter().filter(|(from, _)| *from == state) {
                if !before.contains_key(to) {
                    before.insert(to.clone(), Some(state.clone()));
                    queue.push_back(to.clone());
                }
            }
        }
        before
    }

    fn insert(&self, bench: &mut Bench, at: &str) -> Result<TextRow, Stop> {
        let value = self.value(&bench.schema(), at);
        bench.insert(&self.table, &Wish::default().with(&self.column.part, value))
    }

    /// A row in that state, brought there by allowed changes only.
    fn reach(&self, bench: &mut Bench, at: &Arc<str>) -> Result<TextRow, Stop> {
        let paths = self.paths();
        let mut way = vec![at.clone()];
        while let Some(Some(before)) = paths.get(way.last().unwrap_or(at)) {
            way.push(before.clone());
        }
        way.reverse();
        let mut row = self.insert(bench, &way[0])?;
        for pair in way.windows(2) {
            row = self.step(bench, &row, &pair[0], &pair[1])?;
        }
        Ok(row)
    }

    /// One allowed change, with whatever the checks ask of the new state.
    fn step(
        &self,
        bench: &mut Bench,
        row: &TextRow,
        from: &str,
        to: &str,
    ) -> Result<TextRow, Stop> {
        let schema = bench.schema();
        let value = self.value(&schema, to);
        let related = self.related(&schema);
        let editable = |name: &Name| {
            let frozen = self.rules.frozen.iter().find(|(state, _)| **state == *from);
            related.contains(name) && frozen.is_none_or(|(_, excepted)| excepted.contains(name))
        };
        let mut wish = Wish {
            any_state: true,
            ..Wish::default()
        };
        for (node, column) in schema.columns(&self.table) {
            let name = &node.id.part;
            if *name == self.column.part {
                wish.fixed.insert(name.clone(), value.clone());
            } else if column.generated.is_none()
                && !editable(name)
                && let Some(value) = held(&schema, &self.table, row, name)
            {
                wish.fixed.insert(name.clone(), value);
            }
        }
        let made = bench.make(&self.table, &wish)?;
        let changes: Vec<(Name, String)> = made
            .values
            .into_iter()
            .filter(|(name, _)| *name == self.column.part || editable(name))
            .collect();
        let outcome: Result<TextRow, Refusal> = bench.try_update(&self.table, row, &changes)?;
        outcome.map_err(|refusal| {
            Stop::Failed(format!(
                "the change {} -> {} was refused: {refusal}",
                literal(from),
                literal(to)
            ))
        })
    }

    /// The columns that conditions tie to the state.
    fn related(&self, schema: &Schema) -> BTreeSet<Name> {
        let conditions = conditions(schema, &self.table);
        let mut related = BTreeSet::from([self.column.part.clone()]);
        loop {
            let before = related.len();
            for condition in &conditions {
                if condition
                    .columns
                    .iter()
                    .any(|column| related.contains(column))
                {
                    related.extend(condition.columns.iter().cloned());
                }
            }
            if related.len() == before {
                return related;
            }
        }
    }
}

/// Whether a trigger sets the column at each change, so that no statement can.
fn touched(schema: &Schema, table: &Id, column: &Name) -> bool {
    let mut sources = schema
        .triggers(table)
        .filter_map(|(node, _)| node.derived_from.as_ref());
    sources.any(|id| id.kind == Kind::Column && id.part == *column)
}

/// A value of the column other than the one the row holds.
/// Another value for a column of that row, as SQL; none where there is none.
pub(super) fn another(
    bench: &mut Bench,
    table: &Id,
    row: &TextRow,
    column: &Name,
) -> Result<Option<String>, Stop> {
    let schema = bench.schema();
    let Some(current) = held(&schema, table, row, column) else {
        return Ok(None);
    };
    let name = ident(column);
    let demands = vec![format!("{name}::text IS DISTINCT FROM ({current})::text")];
    match bench.make(
        table,
        &Wish {
            demands,
            ..Wish::default()
        },
    ) {
        Ok(made) => Ok(made
            .value(column)
            .filter(|v| !v.is_empty())
            .map(str::to_owned)),
        Err(Stop::Undecided(_)) => Ok(None),
        Err(other) => Err(other),
    }
}
