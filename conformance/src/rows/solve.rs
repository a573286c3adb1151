//! Which values of a row's columns satisfy all conditions: the server searches.
//!
//! Columns that no condition names take their first candidate. Those that share conditions are
//! tried together, as one query over every combination that stops at the first that fits.

use std::collections::BTreeSet;

use model::Id;
use model::quote::{dollar, ident, type_name};
use model::schema::Name;

use super::answer::{Refusal, Stop};
use super::bench::Bench;
use super::conditions::Condition;

/// A column with the values to try, as SQL expressions of its type.
#[derive(Clone, Debug)]
pub(crate) struct Choice {
    pub(crate) column: Name,
    pub(crate) values: Vec<String>,
}

/// Combinations that are tried one by one at the most.
const MOST_ONE_BY_ONE: usize = 5_000;

/// Combinations that one query goes through at the most.
const MOST_COMBINATIONS: usize = 400_000;

impl Bench {
    /// The number of the value to take for each choice, or `None` where no combination satisfies
    /// all of `must` and breaks all of `must_not`.
    pub(super) fn solve(
        &mut self,
        table: &Id,
        choices: &[Choice],
        must: &[Condition],
        must_not: &[Condition],
    ) -> Result<Option<Vec<usize>>, Stop> {
        let mut picked = vec![0; choices.len()];
        let mut left: BTreeSet<usize> = (0..choices.len()).collect();
        while let Some(&first) = left.iter().next() {
            let group = component(first, choices, must, must_not);
            left.retain(|i| !group.contains(i));
            let touches = |c: &&Condition| {
                group
                    .iter()
                    .any(|&i| c.columns.contains(&choices[i].column))
            };
            let must: Vec<_> = must.iter().filter(touches).collect();
            let must_not: Vec<_> = must_not.iter().filter(touches).collect();
            if must.is_empty() && must_not.is_empty() {
                continue;
            }
            match self.search(table, choices, &group, &must, &must_not)? {
                Some(values) => {
                    for (&choice, value) in group.iter().zip(values) {
                        picked[choice] = value;
                    }
                }
                None => return Ok(None),
            }
        }
        Ok(Some(picked))
    }

    fn search(
        &mut self,
        table: &Id,
        choices: &[Choice],
        group: &[usize],
        must: &[&Condition],
        must_not: &[&Condition],
    ) -> Result<Option<Vec<usize>>, Stop> {
        let mut lengths: Vec<usize> = group.iter().map(|&i| choices[i].values.len()).collect();
        // The longest lists lose their last, least likely values until one query can try all.
        while lengths.iter().product::<usize>() > MOST_COMBINATIONS {
            if let Some(longest) = lengths.iter_mut().max() {
                *longest -= 1;
            }
        }
        let from: Vec<String> = group
            .iter()
            .zip(&lengths)
            .enumerate()
            .map(|(at, (&choice, &length))| {
                let values: Vec<String> = choices[choice].values[..length]
                    .iter()
                    .enumerate()
                    .map(|(i, value)| format!("({i}, {value})"))
                    .collect();
                format!("(VALUES {}) AS c{at} (i, v)", values.join(", "))
            })
            .collect();
        let columns: Vec<String> = group
            .iter()
            .enumerate()
            .map(|(at, &choice)| {
                format!(
                    "c{at}.i AS \"?{at}\", c{at}.v AS {}",
                    ident(&choices[choice].column)
                )
            })
            .collect();
        let holds = must.iter().map(|c| format!("(({}) IS NOT FALSE)", c.sql));
        let fails = must_not.iter().map(|c| format!("(({}) IS FALSE)", c.sql));
        let filter: Vec<String> = fails.chain(holds).collect();
        let sql = format!(
            "SELECT * FROM (SELECT {} FROM {}) AS {} WHERE {} LIMIT 1",
            columns.join(", "),
            from.join(" CROSS JOIN "),
            ident(&table.name),
            filter.join(" AND ")
        );
        let rows = match self.attempt(&sql)? {
            Ok(rows) => rows,
            Err(refusal) => return self.one_by_one(table, choices, group, &filter, &refusal),
        };
        let Some(row) = rows.into_iter().next() else {
            return Ok(None);
        };
        let number = |at: usize| {
            row.get(&format!("?{at}"))
                .and_then(|v| v.as_deref()?.parse::<usize>().ok())
        };
        Ok((0..group.len()).map(number).collect())
    }

    /// The same search for conditions that raise errors for some values: `jsonb_array_length` does
    /// for an object, and `1/0` for nearly everybody. Each combination is tried on its own, and one
    /// that raises an error is no answer.
    fn one_by_one(
        &mut self,
        table: &Id,
        choices: &[Choice],
        group: &[usize],
        filter: &[String],
        refusal: &Refusal,
    ) -> Result<Option<Vec<usize>>, Stop> {
        let mut lists: Vec<Vec<usize>> = Vec::new();
        for &choice in group {
            let mut sound = Vec::new();
            for (at, value) in choices[choice].values.iter().enumerate() {
                if self.attempt(&format!("SELECT {value}"))?.is_ok() {
                    sound.push(at);
                }
            }
            lists.push(sound);
        }
        while lists.iter().map(Vec::len).product::<usize>() > MOST_ONE_BY_ONE {
            if let Some(longest) = lists.iter_mut().max_by_key(|list| list.len()) {
                longest.pop();
            }
        }
        // Values are rows of a VALUES list, so that only the combination at hand is evaluated.
        let from = |at: usize| {
            let values: Vec<String> = lists[at]
                .iter()
                .map(|&i| format!("({i}, {})", choices[group[at]].values[i]))
                .collect();
            format!("(VALUES {}) AS c{at} (i, v)", values.join(", "))
        };
        let columns: Vec<String> = group
            .iter()
            .enumerate()
            .map(|(at, &choice)| format!("c{at}.v AS {}", ident(&choices[choice].column)))
            .collect();
        let field = |&choice: &usize| {
            let column = ident(&choices[choice].column);
            format!("this.{column} AS {column}")
        };
        let fields: Vec<String> = group.iter().map(field).collect();
        let numbers: Vec<String> = (0..group.len()).map(|at| format!("c{at}.i")).collect();
        let from: Vec<String> = (0..group.len()).map(from).collect();
        let block = format!(
            "DECLARE picked text; holds boolean; this record;\nBEGIN\n\
             FOR this IN SELECT concat_ws(',', {}) AS \"?picked\", {} FROM {} LOOP\n\
             BEGIN\n  SELECT {} INTO holds FROM (SELECT {}) AS {};\n\
             EXCEPTION WHEN OTHERS THEN holds := false;\nEND;\n\
             IF holds THEN PERFORM set_config('pilaster.picked', this.\"?picked\", true); RETURN; \
             END IF;\nEND LOOP;\nPERFORM set_config('pilaster.picked', '', true);\nEND",
            numbers.join(", "),
            columns.join(", "),
            from.join(" CROSS JOIN "),
            filter.join(" AND "),
            fields.join(", "),
            ident(&table.name),
        );
        let undecided = |refusal: &Refusal| {
            Stop::Undecided(format!(
                "the conditions on {table} could not be tried: {refusal}"
            ))
        };
        if lists.iter().any(Vec::is_empty) {
            return Err(undecided(refusal));
        }
        if let Err(refusal) = self.attempt(&format!("DO {}", dollar(&block)))? {
            return Err(undecided(&refusal));
        }
        let rows = self.query("SELECT current_setting('pilaster.picked') AS picked")?;
        let picked = rows
            .first()
            .and_then(|row| row.get("picked").cloned().flatten());
        let picked = picked.filter(|text| !text.is_empty());
        Ok(picked.and_then(|text| text.split(',').map(|i| i.parse().ok()).collect()))
    }
}

/// The choices that hang together with `first` through the conditions.
fn component(
    first: usize,
    choices: &[Choice],
    must: &[Condition],
    must_not: &[Condition],
) -> Vec<usize> {
    let mut names = BTreeSet::from([&choices[first].column]);
    loop {
        let before = names.len();
        for condition in must.iter().chain(must_not) {
            if condition
                .columns
                .iter()
                .any(|column| names.contains(column))
            {
                names.extend(&condition.columns);
            }
        }
        if names.len() == before {
            break;
        }
    }
    (0..choices.len())
        .filter(|&i| names.contains(&choices[i].column))
        .collect()
}

/// A null of that type.
pub(crate) fn null_of(ty: &model::schema::Type) -> String {
    format!("NULL::{}", type_name(ty))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_hang_together_through_shared_conditions() {
        let name = |n: &str| Name::from(n);
        let columns = [name("a"), name("b"), name("c"), name("d")];
        let choices: Vec<_> = columns
            .iter()
            .map(|c| Choice {
                column: c.clone(),
                values: vec![],
            })
            .collect();
        let must = [
            Condition::new("", "a < b".into(), &columns),
            Condition::new("", "b < c".into(), &columns),
        ];
        assert_eq!(component(0, &choices, &must, &[]), [0, 1, 2]);
        assert_eq!(component(3, &choices, &must, &[]), [3]);
    }
}
