//! Rows that are there already: a new row must differ from their keys where it is not to be refused,
//! and they serve where no new one may be had.
//!
//! Never says that a key is free; it asks for one that is.

use model::Id;
use model::Kind;
use model::quote::{ident, qualified};
use model::schema::{ConstraintBody, IndexKey, KeyTerm, Schema};

use super::answer::{Stop, TextRow};
use super::bench::Bench;
use super::maker::RETURNED;
use super::wish::Wish;

impl Bench {
    /// A row that is there and has what the wish fixes and demands. It stands in for a new one where the
    /// table takes no more: where its keys and checks admit a single row, say.
    pub(crate) fn standing(&mut self, table: &Id, wish: &Wish) -> Result<Option<TextRow>, Stop> {
        // What is left to a default says nothing of a row that is there.
        let said = wish
            .fixed
            .iter()
            .filter(|(_, value)| !value.eq_ignore_ascii_case("default"));
        let fixed = said.map(|(column, value)| {
            let column = ident(column);
            match value.starts_with("NULL") {
                true => format!("{column} IS NULL"),
                false => format!("{column} = {value}"),
            }
        });
        let demands = wish.demands.iter().map(|sql| format!("({sql})"));
        let all: Vec<String> = fixed.chain(demands).collect();
        let filter = match all.is_empty() {
            true => "true".to_owned(),
            false => all.join(" AND "),
        };
        let rows = self.attempt(&format!(
            "SELECT {RETURNED} FROM {} WHERE {filter} LIMIT 1",
            qualified(&table.schema, &table.name)
        ))?;
        Ok(rows.unwrap_or_default().into_iter().next())
    }
}

/// The condition that no row of the table conflicts with, for the unique or exclusion constraint or
/// unique index of that name.
pub(crate) fn free(schema: &Schema, table: &Id, name: &str) -> Option<String> {
    let (terms, predicate): (Vec<(String, String)>, _) = if let Some(constraint) = schema
        .get(&table.within(Kind::Constraint, name))
        .and_then(|n| n.object.as_constraint())
    {
        match &constraint.body {
            ConstraintBody::PrimaryKey(key) | ConstraintBody::Unique(key) => {
                let columns = key.columns.iter();
                let terms = columns.map(|c| (ident(c).into_owned(), "=".to_owned()));
                (terms.collect(), None)
            }
            ConstraintBody::Exclusion(exclusion) => {
                let elements = exclusion.elements.iter();
                let terms = elements.map(|(key, operator)| (term(key), operator.to_string()));
                (terms.collect(), exclusion.predicate.as_ref())
            }
            _ => return None,
        }
    } else {
        let index = schema
            .get(&table.within(Kind::Index, name))?
            .object
            .as_index()?;
        let terms = index.keys.iter().map(|key| (term(key), "=".to_owned()));
        (terms.collect(), index.predicate.as_ref())
    };
    let columns: Vec<String> = terms
        .iter()
        .enumerate()
        .map(|(at, (term, _))| format!("{term} AS \"?k{at}\""))
        .collect();
    let same: Vec<String> = terms
        .iter()
        .enumerate()
        .map(|(at, (term, operator))| format!("held.\"?k{at}\" {operator} {term}"))
        .collect();
    let filter = predicate.map_or("true", |p| p.text.as_ref());
    Some(format!(
        "NOT ({filter}) OR NOT EXISTS (SELECT 1 FROM (SELECT {} FROM {} WHERE {filter}) AS held \
         WHERE {})",
        columns.join(", "),
        qualified(&table.schema, &table.name),
        same.join(" AND ")
    ))
}

fn term(key: &IndexKey) -> String {
    match &key.term {
        KeyTerm::Column(name) => ident(name).into_owned(),
        KeyTerm::Expr(expr) => format!("({})", expr.text),
    }
}
