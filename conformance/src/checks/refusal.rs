//! What a refusal must say: the SQLSTATE, and which constraint or column.

use model::Id;
use model::quote::{literal, qualified};

use crate::rows::{Bench, Refusal, Stop, TextRow};

/// SQLSTATEs of the manual's appendix A that the checks expect.
pub(super) mod state {
    pub(crate) const STRING_TOO_LONG: &str = "22001";
    pub(crate) const OUT_OF_RANGE: &str = "22003";
    pub(crate) const BAD_DATETIME: &str = "22007";
    pub(crate) const DATETIME_OVERFLOW: &str = "22008";
    pub(crate) const BAD_TEXT: &str = "22P02";
    pub(crate) const RESTRICT: &str = "23001";
    pub(crate) const NOT_NULL: &str = "23502";
    pub(crate) const FOREIGN_KEY: &str = "23503";
    pub(crate) const UNIQUE: &str = "23505";
    pub(crate) const CHECK: &str = "23514";
    pub(crate) const EXCLUSION: &str = "23P01";
    pub(crate) const GENERATED_ALWAYS: &str = "428C9";
    pub(crate) const NO_PRIVILEGE: &str = "42501";
}

/// What the server was expected to answer.
pub(super) struct Expected<'a> {
    pub(super) states: &'a [&'a str],
    pub(super) constraint: Option<&'a str>,
    pub(super) column: Option<&'a str>,
    /// The table whose column it is: a trigger may write into another, which has one of that name.
    pub(super) table: Option<&'a Id>,
}

impl<'a> Expected<'a> {
    pub(super) fn state(state: &'a &'a str) -> Self {
        Expected {
            states: std::slice::from_ref(state),
            constraint: None,
            column: None,
            table: None,
        }
    }

    pub(super) fn constraint(state: &'a &'a str, name: &'a str) -> Self {
        Expected {
            constraint: Some(name),
            ..Expected::state(state)
        }
    }

    /// Passes where the outcome is a refusal of exactly this kind.
    pub(super) fn of(
        &self,
        bench: &mut Bench,
        outcome: Result<TextRow, Refusal>,
    ) -> Result<(), Stop> {
        let wanted = || {
            let mut text = format!("SQLSTATE {}", self.states.join(" or "));
            if let Some(name) = self.constraint {
                text.push_str(&format!(" by {name}"));
            }
            if let Some(name) = self.column {
                text.push_str(&format!(" on column {name}"));
            }
            if let Some(table) = self.table {
                text.push_str(&format!(" of {table}"));
            }
            text
        };
        let refusal = match outcome {
            Ok(_) => {
                return Err(Stop::Failed(format!("accepted, but expected {}", wanted())));
            }
            Err(refusal) => refusal,
        };
        let by_part = match (self.constraint, &refusal.constraint) {
            (Some(name), Some(other)) if name != other => bench.is_part_of(&refusal, name)?,
            _ => false,
        };
        let same = self.states.contains(&refusal.state.as_str())
            && self
                .constraint
                .is_none_or(|name| by_part || refusal.constraint.as_deref() == Some(name))
            && self
                .column
                .is_none_or(|name| refusal.column.as_deref() == Some(name))
            && match self.table {
                Some(table) => is_within(bench, &refusal, table)?,
                None => true,
            };
        if same {
            Ok(())
        } else {
            bench.obstructed_by(&refusal);
            Err(Stop::Failed(format!(
                "refused with {refusal}, but expected {}",
                wanted()
            )))
        }
    }
}

/// Whether the table that refused is that one, or a partition or child of it.
fn is_within(bench: &mut Bench, refusal: &Refusal, table: &Id) -> Result<bool, Stop> {
    let (Some(schema), Some(name)) = (&refusal.schema, &refusal.table) else {
        return Ok(false);
    };
    if *table.schema == **schema && *table.name == **name {
        return Ok(true);
    }
    let own = literal(&qualified(schema, name));
    let above = literal(&qualified(&table.schema, &table.name));
    let rows = bench.query(&format!(
        "WITH RECURSIVE up AS (SELECT {own}::regclass::oid AS oid UNION ALL \
         SELECT i.inhparent FROM pg_inherits i JOIN up ON up.oid = i.inhrelid) \
         SELECT 1 FROM up WHERE oid = {above}::regclass"
    ))?;
    Ok(!rows.is_empty())
}
