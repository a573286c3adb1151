//! Whole rows: every column given, parents made first.
//!
//! It never inserts what it has not asked the server about; a row that can't be found is said.

use std::collections::BTreeMap;

use model::quote::{ident, literal, qualified, type_name};
use model::schema::{Column, Constraint, ConstraintBody, ForeignKey, Name, Schema};
use model::{Id, Kind};

use super::bench::{Bench, Refusal, Stop, TextRow};
use super::candidates::{Wanted, base_type, candidates};
use super::documents::Typed;
use super::solve::{Choice, Condition, conditions, null_of};

/// What is wished of a row.
#[derive(Clone, Debug, Default)]
pub(crate) struct Wish {
    /// Columns with the SQL expression they must hold.
    pub(crate) fixed: BTreeMap<Name, String>,
    /// The check that must be the only one to fail.
    pub(crate) broken: Option<String>,
    /// A check that may hold or fail, whichever.
    pub(crate) ignored: Option<String>,
    /// Further conditions, as SQL over the table's columns.
    pub(crate) demands: Vec<String>,
    /// Leave out what may be left out, instead of filling every column.
    pub(crate) least: bool,
    /// Don't limit the state column to the states a new row may be in.
    pub(crate) any_state: bool,
}

/// A row that was found, ready to be inserted.
#[derive(Clone, Debug)]
pub(crate) struct Made {
    pub(crate) table: Id,
    /// Columns with SQL expressions.
    pub(crate) values: Vec<(Name, String)>,
}

impl Made {
    /// The statement that inserts it and returns every column.
    pub(crate) fn insert(&self) -> String {
        let columns: Vec<_> = self.values.iter().map(|(name, _)| ident(name)).collect();
        let values: Vec<_> = self
            .values
            .iter()
            .map(|(_, value)| value.as_str())
            .collect();
        let table = qualified(&self.table.schema, &self.table.name);
        if columns.is_empty() {
            return format!("INSERT INTO {table} DEFAULT VALUES RETURNING {RETURNED}");
        }
        format!(
            "INSERT INTO {table} ({}) OVERRIDING SYSTEM VALUE VALUES ({}) RETURNING {RETURNED}",
            columns.join(", "),
            values.join(", ")
        )
    }

    /// The same row with another value for one column.
    pub(crate) fn with(mut self, column: &str, value: impl Into<String>) -> Self {
        let value = value.into();
        match self.values.iter_mut().find(|(name, _)| name == column) {
            Some(slot) => slot.1 = value,
            None => self.values.push((Name::from(column), value)),
        }
        self
    }

    pub(crate) fn value(&self, column: &str) -> Option<&str> {
        self.values
            .iter()
            .find(|(name, _)| name == column)
            .map(|(_, value)| value.as_str())
    }
}

impl Wish {
    /// A row in which this column holds this SQL expression.
    pub(crate) fn with(mut self, column: &str, value: impl Into<String>) -> Self {
        self.fixed.insert(Name::from(column), value.into());
        self
    }
}

impl Bench {
    /// A row of the table as wished. Its parents are inserted, it is not.
    pub(crate) fn make(&mut self, table: &Id, wish: &Wish) -> Result<Made, Stop> {
        self.make_below(table, wish, &mut Vec::new())
    }

    /// A row as wished, inserted: its columns as the server returns them.
    pub(crate) fn insert(&mut self, table: &Id, wish: &Wish) -> Result<TextRow, Stop> {
        let made = self.make(table, wish)?;
        self.put(&made)
    }

    /// Inserts a row that must be accepted.
    pub(crate) fn put(&mut self, made: &Made) -> Result<TextRow, Stop> {
        match self.try_put(made)? {
            Ok(row) => Ok(row),
            Err(refusal) => Err(Stop::Failed(format!(
                "a row that satisfies every constraint was refused: {refusal}\n  {}",
                made.insert()
            ))),
        }
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

    fn make_below(&mut self, table: &Id, wish: &Wish, above: &mut Vec<Id>) -> Result<Made, Stop> {
        let schema = self.schema();
        let mut fixed = wish.fixed.clone();
        self.make_parents(&schema, table, wish, &mut fixed, above)?;
        let nonce = self.next_nonce();
        let columns = schema.columns(table);
        let names: Vec<Name> = columns
            .iter()
            .map(|(node, _)| node.id.part.clone())
            .collect();
        let mut all = conditions(&schema, table);
        all.retain(|c| !(wish.any_state && c.name.is_empty()));
        all.retain(|c| {
            wish.ignored
                .as_ref()
                .is_none_or(|ignored| c.name != *ignored)
        });
        all.extend(
            wish.demands
                .iter()
                .map(|sql| Condition::new("", sql.clone(), &names)),
        );
        let mut choices = Vec::with_capacity(columns.len());
        for (node, column) in columns
            .iter()
            .filter(|(_, column)| column.generated.is_none())
        {
            let name = node.id.part.clone();
            let values = match fixed.get(&name) {
                Some(value) => vec![value.clone()],
                None => {
                    let default = self.usable_default(column)?;
                    values(&schema, &name, column, default, &all, wish, nonce)
                }
            };
            choices.push(Choice {
                column: name,
                values,
            });
        }
        if let Some(empty) = choices.iter().find(|choice| choice.values.is_empty()) {
            return Err(Stop::Undecided(format!(
                "no value is known for {table}.{}, whose type the suite can't make",
                empty.column
            )));
        }
        let (must_not, must): (Vec<Condition>, Vec<Condition>) = all
            .into_iter()
            .partition(|c| wish.broken.as_ref().is_some_and(|broken| c.name == *broken));
        let Some(picked) = self.solve(table, &choices, &must, &must_not)? else {
            return Err(Stop::Undecided(match &wish.broken {
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
        Ok(Made {
            table: table.clone(),
            values,
        })
    }

    /// The default, where leaving the column out is a choice. A sequence's is not: it does not roll
    /// back. Nor is one that is null here for a column that can't be.
    fn usable_default<'a>(&mut self, column: &'a Column) -> Result<Option<&'a str>, Stop> {
        let default = column.default.as_ref().map(|d| d.text.as_ref());
        let Some(default) = default.filter(|d| !d.contains("nextval(")) else {
            return Ok(None);
        };
        let unusable = column.not_null && self.default_is_null(default)?;
        Ok((!unusable).then_some(default))
    }

    /// Makes the row's parents, and fixes the referencing columns to their keys.
    fn make_parents(
        &mut self,
        schema: &Schema,
        table: &Id,
        wish: &Wish,
        fixed: &mut BTreeMap<Name, String>,
        above: &mut Vec<Id>,
    ) -> Result<(), Stop> {
        let mut keys: Vec<&ForeignKey> =
            schema.constraints(table).filter_map(foreign_key).collect();
        // A composite key first: the columns it shares with a shorter one then agree.
        keys.sort_by_key(|key| std::cmp::Reverse(key.columns.len()));
        for key in keys {
            if key.columns.iter().all(|column| fixed.contains_key(column)) {
                continue;
            }
            let null_column = key.columns.iter().find(|column| {
                !fixed.contains_key(*column)
                    && schema.column(table, column).is_some_and(|c| !c.not_null)
            });
            let circular = key.target == *table || above.contains(&key.target);
            let unneeded = wish.least || circular;
            if let (Some(column), true) = (null_column, unneeded) {
                if let Some(c) = schema.column(table, column) {
                    fixed.insert(column.clone(), null_of(&c.ty));
                }
                continue;
            }
            if circular {
                return Err(Stop::Undecided(format!(
                    "{table} and {} need each other before either can have a row",
                    key.target
                )));
            }
            if schema.get(&key.target).is_none_or(|node| node.external) {
                self.take_existing(schema, table, key, fixed)?;
                continue;
            }
            let mut parent = Wish {
                least: true,
                ..Wish::default()
            };
            for (column, target) in key.columns.iter().zip(&key.target_columns) {
                if let Some(value) = fixed.get(column) {
                    parent.fixed.insert(target.clone(), value.clone());
                }
            }
            above.push(table.clone());
            let made = self.make_below(&key.target, &parent, above);
            above.pop();
            let row = self.put(&made?)?;
            refer(schema, table, key, &row, fixed);
        }
        Ok(())
    }

    /// An external table's rows are not ours to make where the model does not know its columns:
    /// one that exists is referred to.
    fn take_existing(
        &mut self,
        schema: &Schema,
        table: &Id,
        key: &ForeignKey,
        fixed: &mut BTreeMap<Name, String>,
    ) -> Result<(), Stop> {
        if schema.get(&key.target).is_some() && !schema.columns(&key.target).is_empty() {
            let made = self.make_below(
                &key.target,
                &Wish {
                    least: true,
                    ..Wish::default()
                },
                &mut vec![table.clone()],
            );
            if let Ok(row) = made.and_then(|made| self.put(&made)) {
                refer(schema, table, key, &row, fixed);
                return Ok(());
            }
        }
        let target = qualified(&key.target.schema, &key.target.name);
        let rows = self
            .attempt(&format!("SELECT * FROM {target} LIMIT 1"))?
            .unwrap_or_default();
        match rows.into_iter().next() {
            Some(row) => {
                refer(schema, table, key, &row, fixed);
                Ok(())
            }
            None => Err(Stop::Undecided(format!(
                "the external table {} has no row to refer to",
                key.target
            ))),
        }
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

fn refer(
    schema: &Schema,
    table: &Id,
    key: &ForeignKey,
    row: &TextRow,
    fixed: &mut BTreeMap<Name, String>,
) {
    for (column, target) in key.columns.iter().zip(&key.target_columns) {
        let Some(ty) = schema.column(table, column).map(|c| &c.ty) else {
            continue;
        };
        let value = match row.get(target.as_str()).cloned().flatten() {
            Some(text) => format!("{}::{}", literal(&text), type_name(ty)),
            None => null_of(ty),
        };
        fixed.insert(column.clone(), value);
    }
}

/// The values to try for one column, in the order of preference that the wish asks for.
fn values(
    schema: &Schema,
    name: &Name,
    column: &Column,
    default: Option<&str>,
    conditions: &[Condition],
    wish: &Wish,
    nonce: u64,
) -> Vec<String> {
    let hints: Vec<&str> = conditions
        .iter()
        .filter(|c| c.columns.contains(name))
        .map(|c| c.sql.as_str())
        .collect();
    // In a search, values have the base type: a domain would refuse what a check must refuse.
    let ty = base_type(schema, &column.ty);
    let documents = column.documents.0.clone().map(Typed);
    let wanted = Wanted {
        schema,
        ty: &ty,
        documents: documents.as_ref(),
        hints: &hints,
        nonce,
    };
    let mut found = candidates(&wanted);
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
    if !column.not_null {
        let null = null_of(&ty);
        if wish.least && default.is_none() {
            found.insert(0, null)
        } else {
            found.push(null)
        }
    }
    found
}

/// The table's id where the kind can hold rows that the suite makes.
pub(crate) fn rows_can_be_made(schema: &Schema, table: &Id) -> bool {
    schema.get(table).is_some_and(|node| {
        !node.external
            && node.id.kind == Kind::Table
            && node.object.as_table().is_some_and(|t| t.foreign.is_none())
    })
}
