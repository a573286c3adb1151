//! Documents in rows that a migration would find wanting: counted and named before it begins.
//!
//! What is made to ask is undone with the transaction it was made in; nothing is changed.

use std::fmt;

use postgres::Client;

use crate::plan::{NAMED, Question};

/// Documents that would not fit.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Unfit {
    /// `table.column`, by its later name.
    pub column: String,
    /// How many rows hold a document that would be refused.
    pub refused: i64,
    /// How many rows hold a document.
    pub rows: i64,
    /// The first ten of those that would be refused, by their primary key.
    pub keys: Vec<String>,
}

impl fmt::Display for Unfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Unfit {
            column,
            refused,
            rows,
            keys,
        } = self;
        let keys = keys.join("; ");
        write!(
            f,
            "{refused} of {rows} documents in {column} would not fit: {keys}"
        )?;
        match *refused > NAMED as i64 {
            true => f.write_str("; …"),
            false => Ok(()),
        }
    }
}

/// Asks; `None` where every document would fit. Nothing is changed.
///
/// # Errors
///
/// Where the server refuses the question: a schema that the migration makes is not there yet.
pub fn unfit(client: &mut Client, question: &Question) -> Result<Option<Unfit>, postgres::Error> {
    let mut transaction = client.transaction()?;
    for function in &question.functions {
        transaction.batch_execute(function)?;
    }
    let row = transaction.query_one(&question.count, &[])?;
    let (refused, rows) = (row.get(0), row.get(1));
    if refused == 0 {
        return Ok(None);
    }
    let keys = transaction.query(&question.keys, &[])?;
    let keys = keys.iter().map(|row| row.get(0)).collect();
    transaction.rollback()?;
    Ok(Some(Unfit {
        column: format!("{}.{}", question.column.name, question.column.part),
        refused,
        rows,
        keys,
    }))
}
