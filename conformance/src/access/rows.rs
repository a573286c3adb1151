//! Rows that belong to somebody: made along the ties, parents and members with them.

mod standing;
mod strangers;
mod ties;

use std::collections::BTreeMap;
use std::sync::Arc;

use model::Id;
use model::quote::{ident, qualified};
use model::schema::{
    ConstraintBody, ForeignKey, Meant, Name, PersonRow, PersonValue, Persona, Schema, StateIs,
};

use super::kinds::Kind;
use super::people::Person;
use crate::rows::{Bench, Made, Stop, TextRow, Wish, held, this_row};

/// How far foreign keys are followed before a circle is assumed.
const DEEP: usize = 24;

pub(super) type Fixed = BTreeMap<Name, String>;

/// A world of rows in the making.
pub(super) struct World<'b> {
    pub(super) bench: &'b mut Bench,
    pub(super) schema: Arc<Schema>,
    /// Who acts.
    pub(super) me: Person,
    depth: usize,
}

/// A row that is there, and one that could be.
pub(super) struct Ready {
    /// The condition that finds the row again.
    pub(super) place: String,
    /// What brings it into its state before each try, where one row stands for several states.
    pub(super) shift: String,
    /// The columns that make it the kind it is.
    pub(super) fixed: Fixed,
    /// The columns that can be written, each with what it holds.
    pub(super) values: Vec<(Name, String)>,
    pub(super) insertion: Result<Insertion, String>,
}

/// A row that is not there yet.
pub(super) struct Insertion(Made);

impl Insertion {
    /// The statement that inserts it, without columns that the role may not write and, in a database
    /// of our own, without those that a sequence fills in.
    pub(super) fn without(
        &self,
        schema: &Schema,
        fixed: &Fixed,
        alters: bool,
        may: &dyn Fn(&str) -> bool,
    ) -> String {
        let mut made = self.0.clone();
        let table = made.table.clone();
        made.values.retain(|(column, _)| {
            let own = schema.column(&table, column);
            let drawn = own.is_some_and(|c| {
                let default = c.default.as_ref().map(|d| d.text.contains("nextval("));
                c.identity.is_some() || default == Some(true)
            });
            fixed.contains_key(column) || !((drawn && alters) || !may(column))
        });
        let sql = made.insert();
        let end = sql.rfind(" RETURNING ").unwrap_or(sql.len());
        sql[..end].to_owned()
    }
}

impl<'b> World<'b> {
    /// A world in which the one who acts has the rows that every person has.
    pub(super) fn new(bench: &'b mut Bench, schema: &Arc<Schema>) -> Result<Self, Stop> {
        let me = Person::new(bench, schema.intent())?;
        let mut world = World {
            bench,
            schema: Arc::clone(schema),
            me: me.clone(),
            depth: 0,
        };
        world.settle(&me)?;
        Ok(world)
    }

    /// Makes the rows that every person has.
    fn settle(&mut self, person: &Person) -> Result<(), Stop> {
        let schema = Arc::clone(&self.schema);
        for row in &schema.intent().rows {
            let (own, rest) = self.values(row, person);
            self.ensure(&row.table, &own, &rest)?;
        }
        Ok(())
    }

    /// The values of a person's row: those that say whose it is, and the others.
    fn values(&self, row: &PersonRow, person: &Person) -> (Fixed, Fixed) {
        let (mut own, mut rest) = (Fixed::new(), Fixed::new());
        for (column, value) in &row.values {
            match value {
                PersonValue::Fact(fact) => {
                    let sql = person.sql(self.schema.intent(), fact);
                    own.extend(sql.map(|sql| (column.clone(), sql)));
                }
                PersonValue::Literal(expr) => {
                    rest.insert(column.clone(), expr.text.to_string());
                }
            }
        }
        (own, rest)
    }

    /// What a persona has besides, or instead of, the rows of every person.
    pub(super) fn equip(&mut self, persona: &Persona) -> Result<(), Stop> {
        let (schema, me) = (Arc::clone(&self.schema), self.me.clone());
        for row in &persona.rows {
            let (own, rest) = self.values(row, &me);
            let base = schema.intent().rows.iter();
            let base = base
                .filter(|b| b.table == row.table)
                .find(|_| own.is_empty());
            let Some(base) = base else {
                self.ensure(&row.table, &own, &rest)?;
                continue;
            };
            let (key, _) = self.values(base, &me);
            let set = rest.iter().map(|(c, v)| format!("{} = {v}", ident(c)));
            let sql = format!(
                "UPDATE {} SET {} WHERE {}",
                qualified(&row.table.schema, &row.table.name),
                set.collect::<Vec<_>>().join(", "),
                holds(&key)
            );
            self.bench.query(&sql)?;
        }
        Ok(())
    }

    /// The row that holds these values: one that is there, or a new one, with the rest if it can be.
    fn ensure(&mut self, table: &Id, fixed: &Fixed, rest: &Fixed) -> Result<TextRow, Stop> {
        if let Some(row) = self.find(table, fixed)? {
            return Ok(row);
        }
        let mut all = fixed.clone();
        all.extend(rest.clone());
        self.insert(table, &all)
    }

    fn find(&mut self, table: &Id, fixed: &Fixed) -> Result<Option<TextRow>, Stop> {
        if fixed.is_empty() {
            return Ok(None);
        }
        let table = qualified(&table.schema, &table.name);
        let sql = format!(
            "SELECT tableoid, ctid, * FROM {table} WHERE {} LIMIT 1",
            holds(fixed)
        );
        let rows = self.bench.attempt(&sql)?;
        Ok(rows.unwrap_or_default().into_iter().next())
    }

    fn insert(&mut self, table: &Id, fixed: &Fixed) -> Result<TextRow, Stop> {
        self.parents(table, fixed)?;
        let made = self.bench.insert(table, &wish(fixed));
        match made {
            Err(Stop::Failed(_) | Stop::Undecided(_)) => match self.find(table, fixed)? {
                Some(row) => Ok(row),
                None => made,
            },
            made => made,
        }
    }

    /// The rows that the values refer to.
    fn parents(&mut self, table: &Id, fixed: &Fixed) -> Result<(), Stop> {
        let schema = Arc::clone(&self.schema);
        if self.depth > DEEP {
            return Ok(());
        }
        for (_, key) in keys(&schema, table) {
            let value = |c: &Name| fixed.get(c).filter(|v| !v.starts_with("NULL"));
            let known = schema.get(&key.target).is_some() && key.target != *table;
            if !known || !key.columns.iter().all(|c| value(c).is_some()) {
                continue;
            }
            let pairs = key.columns.iter().zip(&key.target_columns);
            let theirs: Fixed = pairs
                .filter_map(|(own, target)| Some((target.clone(), value(own)?.clone())))
                .collect();
            self.depth += 1;
            let made = self.ensure(&key.target, &theirs, &Fixed::new());
            self.depth -= 1;
            made?;
        }
        Ok(())
    }

    /// A row of that kind, with what belongs to it, and one more that could be inserted.
    pub(super) fn ready(&mut self, table: &Id, meant: &Meant, kind: &Kind) -> Result<Ready, Stop> {
        let fixed = self.fixed(table, meant, kind)?;
        let mut wish = wish(&fixed);
        if let Some(state) = kind.state.and_then(|at| meant.states.get(at)) {
            wish.any_state = true;
            if state.is == StateIs::Set {
                wish.present.insert(state.column.clone());
                wish.least = false;
            }
        }
        let made = self.bench.insert(table, &wish);
        let (row, shift) = match made {
            Err(Stop::Failed(_) | Stop::Undecided(_)) => {
                match self.standing(table, &fixed, meant, kind)? {
                    Some((row, shift)) => (row, shift),
                    None => match self.bench.standing(table, &wish)? {
                        Some(row) => (row, None),
                        None => (made?, None),
                    },
                }
            }
            made => (made?, None),
        };
        let me = self.me.clone();
        let wanted = self.wanted(meant, kind, &me, &BTreeMap::new());
        self.members(table, &row, &wanted)?;
        let insertion = match self.bench.make(table, &wish) {
            Ok(made) => Ok(Insertion(made)),
            Err(Stop::Fault(why)) => return Err(Stop::Fault(why)),
            Err(Stop::Failed(why) | Stop::Undecided(why)) => Err(why),
        };
        let mut values = self.writable(table, &row);
        let (place, shift) = match shift {
            None => (this_row(&row), String::new()),
            Some(shift) => {
                for (column, value) in &mut values {
                    if *column == shift.column {
                        value.clone_from(&shift.value);
                    }
                }
                (shift.place.clone(), shift.sql(table))
            }
        };
        Ok(Ready {
            values,
            place,
            shift,
            fixed,
            insertion,
        })
    }

    /// The columns of a row that can be written, each with what it holds.
    fn writable(&self, table: &Id, row: &TextRow) -> Vec<(Name, String)> {
        let columns = self.schema.columns(table);
        let plain = columns.iter().filter(|(_, c)| c.generated.is_none());
        plain
            .filter_map(|(node, _)| {
                let value = held(&self.schema, table, row, &node.id.part)?;
                Some((node.id.part.clone(), value))
            })
            .collect()
    }
}

fn wish(fixed: &Fixed) -> Wish {
    Wish {
        fixed: fixed.clone(),
        least: true,
        ..Wish::default()
    }
}

fn holds(fixed: &Fixed) -> String {
    let all = fixed.iter().map(|(column, value)| {
        let column = ident(column);
        match value.starts_with("NULL") {
            true => format!("{column} IS NULL"),
            false => format!("{column} = {value}"),
        }
    });
    all.collect::<Vec<_>>().join(" AND ")
}

fn keys<'s>(
    schema: &'s Schema,
    table: &'s Id,
) -> impl Iterator<Item = (&'s Id, &'s ForeignKey)> + use<'s> {
    schema
        .constraints(table)
        .filter_map(|(node, constraint)| match &constraint.body {
            ConstraintBody::ForeignKey(key) => Some((&node.id, key)),
            _ => None,
        })
}

fn key_of<'s>(schema: &'s Schema, id: &Id) -> Option<&'s ForeignKey> {
    match &schema.get(id)?.object.as_constraint()?.body {
        ConstraintBody::ForeignKey(key) => Some(key),
        _ => None,
    }
}
