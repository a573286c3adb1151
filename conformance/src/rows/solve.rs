//! Which values of a row's columns satisfy all conditions: the server searches.
//!
//! Columns that no condition names take their first candidate. Those that share conditions are
//! tried together, as one query over every combination that stops at the first that fits.

use std::collections::BTreeSet;

use model::quote::{ident, type_name};
use model::schema::{ConstraintBody, Name, Schema};
use model::{Id, Kind};

use super::bench::{Bench, Stop};
use super::candidates::domain_of;
use super::words::{Word, names, words};

/// A condition on a row: a check of the table, of a column's domain, or a demand of the caller.
#[derive(Clone, Debug)]
pub(crate) struct Condition {
    /// The constraint's name; empty for a demand.
    pub(crate) name: String,
    /// SQL over the columns of the table.
    pub(crate) sql: String,
    /// The columns it names.
    pub(crate) columns: BTreeSet<Name>,
}

/// A column with the values to try, as SQL expressions of its type.
#[derive(Clone, Debug)]
pub(crate) struct Choice {
    pub(crate) column: Name,
    pub(crate) values: Vec<String>,
}

/// Combinations that one query goes through at the most.
const MOST_COMBINATIONS: usize = 400_000;

impl Condition {
    pub(crate) fn new(name: &str, sql: String, choices: &[Name]) -> Self {
        let columns = choices
            .iter()
            .filter(|column| names(&sql, column))
            .cloned()
            .collect();
        Condition {
            name: name.to_owned(),
            sql,
            columns,
        }
    }
}

/// Every condition that the schema puts on a row of `table`.
pub(crate) fn conditions(schema: &Schema, table: &Id) -> Vec<Condition> {
    let columns: Vec<_> = schema.columns(table);
    let names: Vec<Name> = columns
        .iter()
        .map(|(node, _)| node.id.part.clone())
        .collect();
    let mut found = Vec::new();
    for (node, constraint) in schema.constraints(table) {
        if let ConstraintBody::Check(check) = &constraint.body {
            let mut sql = check.condition.text.to_string();
            for (node, column) in &columns {
                if let Some(generated) = &column.generated {
                    sql = replace_name(&sql, &node.id.part, &format!("({})", generated.expr.text));
                }
            }
            found.push(Condition::new(&node.id.part, sql, &names));
        }
    }
    for (node, column) in &columns {
        let mut ty = column.ty.clone();
        while let Some(domain) = (!ty.array).then(|| domain_of(schema, &ty)).flatten() {
            let name = ident(&node.id.part).into_owned();
            for check in &domain.checks {
                let sql = replace_name(&check.condition.text, "value", &name);
                found.push(Condition::new(&check.name, sql, &names));
            }
            ty = domain.base.clone();
        }
    }
    for node in schema.parts(table, Kind::Transitions) {
        let Some(transitions) = node.object.as_transitions() else {
            continue;
        };
        if !transitions.initial.is_empty() {
            let states: Vec<_> = transitions
                .initial
                .iter()
                .map(|s| model::quote::literal(s))
                .collect();
            let sql = format!("{}::text in ({})", ident(&node.id.part), states.join(", "));
            found.push(Condition::new("", sql, &names));
        }
    }
    found
}

/// `sql` with every bare occurrence of a name replaced.
fn replace_name(sql: &str, name: &str, by: &str) -> String {
    if !words(sql)
        .iter()
        .any(|word| matches!(word, Word::Name(n) if n == name))
    {
        return sql.to_owned();
    }
    let mut out = String::with_capacity(sql.len());
    let mut in_text = false;
    let mut rest = sql;
    while let Some(c) = rest.chars().next() {
        if c == '\'' {
            in_text = !in_text;
        }
        let word = rest
            .find(|c: char| !(c.is_alphanumeric() || c == '_'))
            .unwrap_or(rest.len());
        if !in_text && word > 0 && rest[..word].eq_ignore_ascii_case(name) {
            out.push_str(by);
            rest = &rest[word..];
        } else {
            let step = if word > 0 { word } else { c.len_utf8() };
            out.push_str(&rest[..step]);
            rest = &rest[step..];
        }
    }
    out
}

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
            Err(refusal) => {
                return Err(Stop::Undecided(format!(
                    "the conditions on {table} could not be tried: {refusal}"
                )));
            }
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
    fn a_name_is_replaced_outside_literals_only() {
        assert_eq!(replace_name("VALUE > 'value'", "value", "x"), "x > 'value'");
        assert_eq!(replace_name("values > 1", "value", "x"), "values > 1");
    }

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
