//! The conditions on a row of a table: checks, domains' checks, and the states a new row may be in.
//!
//! Never says whether one holds.

use std::collections::BTreeSet;

use model::quote::{ident, type_name};
use model::schema::{ConstraintBody, MatchKind, Name, Schema};
use model::{Id, Kind};

use super::aside::Obstacle;
use super::bench::Bench;
use super::types::domain_of;
use super::words::{Word, words};

/// The name of the condition that a row which refers to itself needs.
pub(super) const SELF: &str = "?self";

/// The name of the condition that limits a new row's state.
pub(super) const INITIAL: &str = "?initial";

/// The name of the condition that a computed column which is `NOT NULL` is not null.
pub(crate) fn filled_by(column: &str) -> String {
    format!("?filled {column}")
}

/// A condition on a row: a check of the table, of a column's domain, or a demand of the caller.
#[derive(Clone, Debug)]
pub(crate) struct Condition {
    /// The constraint's name; empty for a demand.
    pub(crate) name: String,
    /// SQL over the columns of the table.
    pub(crate) sql: String,
    /// The columns it names.
    pub(crate) columns: BTreeSet<Name>,
    /// How it is set aside, where it is a constraint that can be.
    pub(crate) obstacle: Option<Obstacle>,
}

impl Condition {
    pub(crate) fn new(name: &str, sql: String, choices: &[Name]) -> Self {
        let named: BTreeSet<String> = words(&sql)
            .into_iter()
            .filter_map(|word| match word {
                Word::Name(name) => Some(name),
                Word::Text(_) | Word::Number(_) => None,
            })
            .collect();
        let columns = choices
            .iter()
            .filter(|column| named.contains(column.as_str()))
            .cloned()
            .collect();
        Condition {
            name: name.to_owned(),
            sql,
            columns,
            obstacle: None,
        }
    }
}

impl Bench {
    /// Every condition that the schema puts on a row of `table`.
    pub(super) fn conditions(&mut self, table: &Id) -> Vec<Condition> {
        if let Some(known) = self.conditions.get(table) {
            return known.clone();
        }
        let found = conditions(&self.schema, table);
        self.conditions.insert(table.clone(), found.clone());
        found
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
            if !constraint.enforced {
                continue;
            }
            found.push(Condition {
                obstacle: Some(Obstacle::constraint(schema, &node.id)),
                ..Condition::new(&node.id.part, sql, &names)
            });
        }
        // A row may be the parent that its own foreign key asks for.
        if let ConstraintBody::ForeignKey(key) = &constraint.body
            && key.target == *table
        {
            let same = key.columns.iter().zip(&key.target_columns);
            let terms: Vec<String> = same
                .clone()
                .map(|(column, target)| format!("{} = {}", ident(column), ident(target)))
                .collect();
            let needed = |c: &Name| schema.column(table, c).is_some_and(|c| c.not_null);
            if key.columns.iter().all(needed) {
                found.push(Condition::new(SELF, terms.join(" AND "), &names));
            }
        }
        if let ConstraintBody::ForeignKey(key) = &constraint.body
            && key.matching == MatchKind::Full
            && key.columns.len() > 1
        {
            let columns: Vec<_> = key.columns.iter().map(|c| ident(c)).collect();
            let sql = format!(
                "num_nulls({}) IN (0, {})",
                columns.join(", "),
                columns.len()
            );
            found.push(Condition::new("", sql, &names));
        }
    }
    for (node, column) in &columns {
        let mut ty = column.ty.clone();
        while let Some(domain) = (!ty.array).then(|| domain_of(schema, &ty)).flatten() {
            let name = ident(&node.id.part).into_owned();
            for check in &domain.checks {
                let sql = replace_name(&check.condition.text, "value", &name);
                found.push(Condition {
                    obstacle: Some(Obstacle::of_domain(&ty, &check.name)),
                    ..Condition::new(&check.name, sql, &names)
                });
            }
            ty = domain.base.clone();
        }
    }
    // A type may be called like the column that is computed, and none is computed from another.
    let given = columns.iter().filter(|(_, c)| c.generated.is_none());
    let given: Vec<Name> = given.map(|(node, _)| node.id.part.clone()).collect();
    // A generated value that does not fit its column refuses the row with an error.
    for (node, column) in &columns {
        if let Some(generated) = &column.generated {
            let ty = type_name(&column.ty);
            let sql = format!(
                "coalesce((({})::{ty})::text, '') IS NOT NULL",
                generated.expr.text
            );
            found.push(Condition::new("", sql, &names));
            let name = &node.id.part;
            let sql = format!("(({}) IS NOT NULL)", generated.expr.text);
            if column.not_null {
                found.push(Condition {
                    obstacle: Some(Obstacle::not_null(table, name)),
                    ..Condition::new(&filled_by(name), sql, &given)
                });
            }
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
            found.push(Condition::new(INITIAL, sql, &names));
        }
    }
    found
}

/// `sql` with every occurrence of a name replaced, quotes and all.
pub(super) fn replace_name(sql: &str, name: &str, by: &str) -> String {
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
        // A quoted name is one as a whole, and none inside a text.
        if c == '"'
            && !in_text
            && let Some(length) = rest[1..].find('"')
        {
            let (quoted, behind) = rest.split_at(length + 2);
            out.push_str(match quoted[1..=length] == *name {
                true => by,
                false => quoted,
            });
            rest = behind;
            continue;
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

#[cfg(test)]
mod tests {
    use super::replace_name;

    #[test]
    fn a_name_is_replaced_outside_literals_only() {
        assert_eq!(replace_name("VALUE > 'value'", "value", "x"), "x > 'value'");
        assert_eq!(replace_name("values > 1", "value", "x"), "values > 1");
        assert_eq!(
            replace_name("\"ownId\" = \"own Id\"", "ownId", "\"x y\""),
            "\"x y\" = \"own Id\""
        );
    }
}
