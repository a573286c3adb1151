//! Whole rows: every column given, parents made first.
//!
//! It never inserts what it has not asked the server about; a row that can't be found is said.

use std::collections::BTreeSet;

use model::quote::{ident, literal, qualified, type_name};
use model::schema::{Column, Constraint, ConstraintBody, ForeignKey, Name, Schema};
use model::{Id, Kind};

use super::accepted::needs_the_server;
use super::answer::{Refusal, Stop, TextRow};
use super::bench::Bench;
use super::candidates::{Wanted, candidates};
use super::conditions::{Condition, INITIAL, SELF};
use super::documents::Typed;
use super::existing::free;
use super::solve::{Choice, null_of};
use super::types::{base_type, refuses_null};
use super::wish::{Made, Wish};

impl Bench {
    /// A row of the table as wished. Its parents are inserted, it is not.
    pub(crate) fn make(&mut self, table: &Id, wish: &Wish) -> Result<Made, Stop> {
        self.make_below(table, wish, &mut Vec::new())
    }

    /// A row as wished, inserted: its columns as the server returns them.
    pub(crate) fn insert(&mut self, table: &Id, wish: &Wish) -> Result<TextRow, Stop> {
        self.insert_below(table, wish, &mut Vec::new())
    }

    /// The same for a row that others wait for. A key that is taken already is looked for again.
    pub(super) fn insert_below(
        &mut self,
        table: &Id,
        wish: &Wish,
        above: &mut Vec<Id>,
    ) -> Result<TextRow, Stop> {
        let mut wish = wish.clone();
        loop {
            let made = self.make_below(table, &wish, above)?;
            let refusal = match self.try_put(&made)? {
                Ok(row) => return Ok(row),
                Err(refusal) => refusal,
            };
            let schema = self.schema();
            let taken = matches!(refusal.state.as_str(), "23505" | "23P01")
                && refusal.table.as_deref() == Some(table.name.as_str());
            let name = refusal.constraint.as_deref().filter(|_| taken);
            match name.and_then(|name| free(&schema, table, name)) {
                Some(free) if !wish.demands.contains(&free) => wish.demands.push(free),
                _ => return Err(self.refused(&made, refusal)),
            }
        }
    }

    /// Inserts a row that must be accepted.
    pub(crate) fn put(&mut self, made: &Made) -> Result<TextRow, Stop> {
        self.try_put(made)?
            .map_err(|refusal| self.refused(made, refusal))
    }

    fn refused(&mut self, made: &Made, refusal: Refusal) -> Stop {
        let why = format!(
            "a row that satisfies every constraint was refused: {refusal}\n  {}",
            made.insert()
        );
        self.raised = Some(refusal).filter(|r| !r.state.starts_with("23"));
        Stop::Failed(why)
    }

    /// Inserts a row that may be refused.
    pub(crate) fn try_put(&mut self, made: &Made) -> Result<Result<TextRow, Refusal>, Stop> {
        let rows = self.attempt(&made.insert())?;
        Ok(rows.map(|rows| rows.into_iter().next().unwrap_or_default()))
    }

    /// Changes a row that was inserted; the update may be refused.
    pub(crate) fn try_update(
        &mut self,
        table: &Id,
        row: &TextRow,
        changes: &[(Name, String)],
    ) -> Result<Result<TextRow, Refusal>, Stop> {
        let sets: Vec<String> = changes
            .iter()
            .map(|(name, value)| format!("{} = {value}", ident(name)))
            .collect();
        let rows = self.attempt(&format!(
            "UPDATE {} SET {} WHERE {} RETURNING {RETURNED}",
            qualified(&table.schema, &table.name),
            sets.join(", "),
            this_row(row),
        ))?;
        Ok(rows.map(|rows| rows.into_iter().next().unwrap_or_default()))
    }

    pub(super) fn make_below(
        &mut self,
        table: &Id,
        wish: &Wish,
        above: &mut Vec<Id>,
    ) -> Result<Made, Stop> {
        match self.try_make(table, wish, above)? {
            Ok(made) => Ok(made),
            // Only a parent that need not be there may be what the checks ask for.
            Err(_) if wish.least => {
                let wish = Wish {
                    least: false,
                    ..wish.clone()
                };
                self.try_make(table, &wish, above)?.map_err(Stop::Undecided)
            }
            Err(why) => Err(Stop::Undecided(why)),
        }
    }

    /// The inner error says that no row was found.
    fn try_make(
        &mut self,
        table: &Id,
        wish: &Wish,
        above: &mut Vec<Id>,
    ) -> Result<Result<Made, String>, Stop> {
        let schema = self.schema();
        let columns = schema.columns(table);
        let names: Vec<Name> = columns
            .iter()
            .map(|(node, _)| node.id.part.clone())
            .collect();
        let mut all = self.conditions(table);
        all.retain(|c| {
            let free = wish.any_state && c.name == INITIAL;
            !(free || self.is_aside(c.obstacle.as_ref()))
        });
        all.retain(|c| {
            wish.ignored
                .as_ref()
                .is_none_or(|ignored| c.name != *ignored)
        });
        let bound = self.bound(table)?;
        if bound.as_deref() == Some("false") {
            return Err(Stop::Undecided(format!(
                "{table} has no partition, so it can hold no row"
            )));
        }
        let demands = wish.demands.iter().chain(&bound);
        all.extend(demands.map(|sql| Condition::new("", sql.clone(), &names)));
        let references = self.make_parents(&schema, table, wish, &all, above)?;
        let refers_to_itself =
            |c: &Condition| c.columns.iter().any(|c| references.fixed.contains_key(c));
        all.retain(|c| c.name != SELF || !refers_to_itself(c));
        let nonce = self.next_nonce();
        let mut choices = Vec::new();
        for (node, column) in columns.iter().filter(|(_, c)| c.generated.is_none()) {
            let name = node.id.part.clone();
            let offered = references.offered.get(&name);
            let values = match (references.fixed.get(&name), offered) {
                (Some(value), _) => vec![value.clone()],
                (None, Some(values)) => values.clone(),
                (None, None) => self.values(&name, column, &all, wish, nonce)?,
            };
            if values.is_empty() {
                return Err(Stop::Undecided(format!(
                    "no value is known for {table}.{name}, whose type {} the suite can't make",
                    column.ty
                )));
            }
            choices.push(Choice {
                column: name,
                values,
            });
        }
        let (must_not, must): (Vec<Condition>, Vec<Condition>) = all
            .into_iter()
            .partition(|c| wish.broken.as_ref().is_some_and(|broken| c.name == *broken));
        let Some(picked) = self.solve(table, &choices, &must, &must_not)? else {
            let touched: BTreeSet<&Name> = must_not.iter().flat_map(|c| &c.columns).collect();
            let others = must
                .iter()
                .filter(|c| !touched.is_disjoint(&c.columns.iter().collect()));
            self.obstructions
                .extend(others.filter_map(|c| c.obstacle.clone()));
            return Ok(Err(match &wish.broken {
                Some(broken) => format!("no row of {table} was found that breaks only {broken}"),
                None => format!("no row of {table} was found that satisfies its checks"),
            }));
        };
        let values = choices
            .into_iter()
            .zip(picked)
            .filter(|(choice, at)| choice.values[*at] != LEFT_OUT)
            .map(|(mut choice, at)| (choice.column, choice.values.swap_remove(at)))
            .collect();
        Ok(Ok(Made {
            table: table.clone(),
            values,
        }))
    }

    /// The values to try for one column, in the order of preference that the wish asks for.
    fn values(
        &mut self,
        name: &Name,
        column: &Column,
        conditions: &[Condition],
        wish: &Wish,
        nonce: u64,
    ) -> Result<Vec<String>, Stop> {
        let schema = self.schema();
        let hints: Vec<&str> = conditions
            .iter()
            .filter(|c| c.columns.contains(name))
            .map(|c| c.sql.as_str())
            .collect();
        // In a search, values have the base type: a domain would refuse what a check must refuse.
        let ty = base_type(&schema, &column.ty);
        let documents = column.documents.0.as_deref().cloned().map(Typed);
        let wanted = Wanted {
            schema: &schema,
            ty: &ty,
            documents: documents.as_ref(),
            hints: &hints,
            nonce,
        };
        let mut found = candidates(&wanted);
        if needs_the_server(&schema, &column.ty) {
            found = self.accepted(&column.ty, found)?;
        }
        let default = self.usable_default(column)?;
        if let Some(default) = default {
            let value = if hints.is_empty() {
                LEFT_OUT.to_owned()
            } else {
                format!("({default})::{}", type_name(&ty))
            };
            if wish.least || found.is_empty() {
                found.insert(0, value)
            } else if !hints.is_empty() {
                found.push(value)
            }
        }
        let broken = conditions
            .iter()
            .any(|c| Some(&c.name) == wish.broken.as_ref() && c.columns.contains(name));
        let nullable = !refuses_null(&schema, column) || (broken && self.is_nullable_now(name));
        if nullable && !wish.present.contains(name) {
            let null = null_of(&ty);
            if wish.least && default.is_none() {
                found.insert(0, null)
            } else {
                found.push(null)
            }
        }
        Ok(found)
    }

    /// The default, where leaving the column out is a choice. A sequence's is not: it does not roll
    /// back. Nor is one that is null here, as `auth.uid()` is, for a column that can't be.
    fn usable_default<'a>(&mut self, column: &'a Column) -> Result<Option<&'a str>, Stop> {
        let default = column.default.as_ref().map(|d| d.text.as_ref());
        let Some(default) = default.filter(|d| !d.contains("nextval(")) else {
            return Ok(None);
        };
        let unusable = column.not_null && self.default_is_null(default)?;
        Ok((!unusable).then_some(default))
    }
}

/// What an insert or an update returns: where the row is, and all its columns.
pub(crate) const RETURNED: &str = "tableoid, ctid, *";

/// A value that stands for "not given, the default applies".
const LEFT_OUT: &str = "";

pub(crate) fn foreign_key<'a>(
    (_, constraint): (&'a model::Node, &'a Constraint),
) -> Option<&'a ForeignKey> {
    match &constraint.body {
        ConstraintBody::ForeignKey(key) => Some(key),
        _ => None,
    }
}

/// The condition that finds a row again. It was returned by this transaction, so nobody moved it.
pub(crate) fn this_row(row: &TextRow) -> String {
    let place = |column: &str| row.get(column).cloned().flatten().unwrap_or_default();
    format!(
        "tableoid = {} AND ctid = '{}'",
        place("tableoid"),
        place("ctid")
    )
}

/// What a column of a row holds, as an SQL expression of the column's type.
pub(crate) fn held(schema: &Schema, table: &Id, row: &TextRow, column: &str) -> Option<String> {
    let ty = base_type(schema, &schema.column(table, column)?.ty);
    Some(match row.get(column).cloned().flatten() {
        Some(text) => format!("{}::{}", literal(&text), type_name(&ty)),
        None => null_of(&ty),
    })
}

/// The table's id where the kind can hold rows that the suite makes.
pub(crate) fn rows_can_be_made(schema: &Schema, table: &Id) -> bool {
    schema.get(table).is_some_and(|node| {
        !node.external
            && node.id.kind == Kind::Table
            && node.object.as_table().is_some_and(|t| t.foreign.is_none())
    })
}
