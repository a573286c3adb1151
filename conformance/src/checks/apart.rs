//! Each part of a key counts: rows that differ in one of them alone are both accepted.
//!
//! Never takes two rows for different without the server: it compares the parts.

use std::collections::BTreeSet;

use model::Id;
use model::quote::{ident, qualified};
use model::schema::{ForeignKey, Name};

use super::unique::Key;
use super::{Check, Family};
use crate::rows::{Bench, Stop, TextRow, Wish, base_type, conditions, foreign_key, held, this_row};

/// Rows that are tried, where the parts of a key share columns.
const MOST_ROWS: usize = 24;

/// Values of one column that are combined with those of others.
const MOST_VALUES: usize = 6;

pub(super) fn checks(key: &Key, shorter: &[Id], found: &mut Vec<Check>) {
    if key.terms.len() < 2 {
        return;
    }
    for (at, term) in key.terms.iter().enumerate() {
        let what = match term.is_column {
            true => term.columns.iter().next().map(ToString::to_string),
            false => Some(term.sql.clone()),
        };
        let name = format!(
            "{} accepts a key that differs in {} alone",
            key.said(),
            what.unwrap_or_default()
        );
        let (own, shorter) = (key.clone(), shorter.to_vec());
        found.push(Check::new(Family::Unique, &key.id, name, move |bench| {
            let first = bench.insert(&own.table, &own.wish())?;
            let outcome = match beside(bench, &own, &first, at) {
                Err(Stop::Undecided(why)) if own.shares_columns(at) => {
                    among_known(bench, &own, &first, at, why)
                }
                outcome => outcome,
            };
            if outcome.is_err() {
                bench.obstructed_by_keys(&shorter);
                bench.obstructed_by_keys(&bound_together(bench, &own, at));
            }
            outcome
        }));
    }
}

/// What refers by a column of this part and by others of the key holds them together.
fn bound_together(bench: &Bench, key: &Key, at: usize) -> Vec<Id> {
    let own = &key.terms[at].columns;
    let other = |c: &Name| !own.contains(c) && key.columns.contains(c);
    let binds = |key: &ForeignKey| {
        key.columns.iter().any(|c| own.contains(c)) && key.columns.iter().any(other)
    };
    let schema = bench.schema();
    let constraints = schema.constraints(&key.table);
    let held = constraints.filter(|entry| foreign_key(*entry).is_some_and(binds));
    held.map(|(node, _)| node.id.clone()).collect()
}

impl Key {
    /// Whether this part has a column that another part has too.
    fn shares_columns(&self, at: usize) -> bool {
        let own = &self.terms[at].columns;
        let mut others = self.terms.iter().enumerate().filter(|(n, _)| *n != at);
        others.any(|(_, term)| !own.is_disjoint(&term.columns))
    }

    /// The columns of which this part and those that share columns with it are made.
    fn moving(&self, at: usize) -> BTreeSet<Name> {
        let mut moving = self.terms[at].columns.clone();
        loop {
            let before = moving.len();
            for term in &self.terms {
                if !moving.is_disjoint(&term.columns) {
                    moving.extend(term.columns.iter().cloned());
                }
            }
            if moving.len() == before {
                return moving;
            }
        }
    }

    /// A row with the first one's values in all columns that stay.
    fn like(&self, bench: &Bench, first: &TextRow, moving: &BTreeSet<Name>) -> Wish {
        let schema = bench.schema();
        let mut wish = self.wish();
        for column in self.columns.difference(moving) {
            if let Some(value) = held(&schema, &self.table, first, column) {
                wish.fixed.insert(column.clone(), value);
            }
        }
        wish
    }
}

/// A row beside the first: this part is another, all others are the same.
fn beside(bench: &mut Bench, key: &Key, first: &TextRow, at: usize) -> Result<(), Stop> {
    let moving = match key.shares_columns(at) {
        true => key.moving(at),
        false => key.terms[at].columns.clone(),
    };
    let mut wish = key.like(bench, first, &moving);
    for (number, term) in key.terms.iter().enumerate() {
        let value = term.held(bench, &key.table, first)?;
        let sql = &term.sql;
        if number == at {
            wish.demands
                .push(format!("({sql})::text IS DISTINCT FROM ({value})::text"));
        } else if !moving.is_disjoint(&term.columns) {
            wish.demands.push(format!("{sql} = {value}"));
        }
    }
    bench.insert(&key.table, &wish).map(drop)
}

/// The same where the parts share columns, as `least(a, b)` and `greatest(a, b)` do: rows that have
/// a column in common with the first are inserted, and what their columns hold is combined anew.
fn among_known(
    bench: &mut Bench,
    key: &Key,
    first: &TextRow,
    at: usize,
    why: String,
) -> Result<(), Stop> {
    let schema = bench.schema();
    let moving = key.moving(at);
    let mut rows = vec![first.clone()];
    for column in &moving {
        let mut wish = key.like(bench, first, &moving);
        if let Some(value) = held(&schema, &key.table, first, column) {
            wish.fixed.insert(column.clone(), value);
        }
        match bench.insert(&key.table, &wish) {
            Ok(row) => rows.push(row),
            Err(Stop::Undecided(_)) => {}
            Err(stop) => return Err(stop),
        }
    }
    for values in combined(bench, key, &rows, &moving, at)? {
        let mut wish = key.like(bench, first, &moving);
        wish.fixed.extend(values);
        match bench.insert(&key.table, &wish) {
            Err(Stop::Undecided(_)) => {}
            outcome => return outcome.map(drop),
        }
    }
    Err(Stop::Undecided(format!(
        "{why}; nor do the values of {} rows make two that differ in it alone",
        rows.len()
    )))
}

/// Values for the moving columns, out of what they hold in these rows: those of a row that differs
/// from one of them in that part alone, and that the checks accept.
fn combined(
    bench: &mut Bench,
    key: &Key,
    rows: &[TextRow],
    moving: &BTreeSet<Name>,
    at: usize,
) -> Result<Vec<Vec<(Name, String)>>, Stop> {
    let schema = bench.schema();
    let ty = |column: &Name| {
        schema
            .column(&key.table, column)
            .map(|c| base_type(&schema, &c.ty))
    };
    let mut pools: Vec<(Name, Vec<String>)> = Vec::new();
    for column in moving {
        let alike = moving.iter().filter(|other| ty(other) == ty(column));
        let alike: Vec<&Name> = alike.collect();
        let mut values: Vec<String> = Vec::new();
        for row in rows {
            for other in &alike {
                let value = held(&schema, &key.table, row, other);
                values.extend(value.filter(|v| !v.starts_with("NULL") && !values.contains(v)));
            }
        }
        values.truncate(MOST_VALUES);
        pools.push((column.clone(), values));
    }
    let relation = qualified(&key.table.schema, &key.table.name);
    let terms = || key.terms.iter().enumerate();
    let parts: Vec<String> = terms()
        .map(|(n, term)| format!("{} AS \"?k{n}\"", term.sql))
        .collect();
    let these: Vec<String> = rows.iter().map(this_row).collect();
    let from = pools.iter().enumerate().map(|(n, (_, values))| {
        let values: Vec<String> = values
            .iter()
            .enumerate()
            .map(|(i, v)| format!("({i}, {v})"))
            .collect();
        format!("(VALUES {}) AS c{n} (i, v)", values.join(", "))
    });
    let fields = pools
        .iter()
        .enumerate()
        .map(|(n, (column, _))| format!("c{n}.i AS \"?{n}\", c{n}.v AS {}", ident(column)));
    let same = terms()
        .filter(|(_, term)| !moving.is_disjoint(&term.columns))
        .map(|(n, term)| match n == at {
            true => format!("held.\"?k{n}\" <> {}", term.sql),
            false => format!("held.\"?k{n}\" = {}", term.sql),
        });
    let checked = conditions(&schema, &key.table)
        .into_iter()
        .filter(|c| !c.columns.is_empty() && c.columns.is_subset(moving))
        .map(|c| format!("(({}) IS NOT FALSE)", c.sql));
    let numbers: Vec<String> = (0..pools.len()).map(|n| format!("\"?{n}\"")).collect();
    let sql = format!(
        "SELECT DISTINCT {} FROM (SELECT {} FROM {} WHERE {}) AS held, \
         (SELECT {} FROM {}) AS {} WHERE {} LIMIT {MOST_ROWS}",
        numbers.join(", "),
        parts.join(", "),
        relation,
        these.join(" OR "),
        fields.collect::<Vec<_>>().join(", "),
        from.collect::<Vec<_>>().join(" CROSS JOIN "),
        ident(&key.table.name),
        same.chain(checked).collect::<Vec<_>>().join(" AND "),
    );
    // Where the checks raise errors for some values, nothing is known of any.
    let found = bench.attempt(&sql)?.unwrap_or_default();
    let values = |row: &TextRow| {
        let picked = pools
            .iter()
            .enumerate()
            .filter_map(|(n, (column, values))| {
                let number = row
                    .get(&format!("?{n}"))?
                    .as_deref()?
                    .parse::<usize>()
                    .ok()?;
                Some((column.clone(), values.get(number)?.clone()))
            });
        picked.collect()
    };
    Ok(found.iter().map(values).collect())
}
