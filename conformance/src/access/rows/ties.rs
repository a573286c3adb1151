//! Whose a row is: the values that follow from ties, here and along foreign keys.

use std::collections::BTreeMap;
use std::sync::Arc;

use model::Id;
use model::schema::{Meant, Name, StateIs, Tie};

use super::{Fixed, World, key_of};
use crate::access::kinds::Kind;
use crate::access::people::Person;
use crate::rows::{Stop, TextRow, held, null_of};

/// A column, here or further away, that must hold a value.
pub(super) struct Wanted<'t> {
    path: &'t [Id],
    member: Option<&'t Id>,
    column: &'t Name,
    value: String,
}

impl World<'_> {
    /// Somebody who is the one that acts as far as the ties say, and nobody else.
    fn them(&mut self, meant: &Meant, kind: &Kind) -> Result<Person, Stop> {
        let schema = Arc::clone(&self.schema);
        let mut them = Person::new(self.bench, schema.intent())?;
        let mut strange = false;
        for fact in &schema.intent().facts {
            let of = |ways: &Vec<Tie>| ways.iter().any(|w| w.fact == fact.name);
            let mut ties = meant.ties.iter().filter(|(_, ways)| of(ways)).peekable();
            let mine = ties.peek().is_some() && ties.all(|(tie, _)| kind.ties.contains(tie));
            match self.me.facts.get(&fact.name).filter(|_| mine) {
                Some(value) => {
                    them.facts.insert(fact.name.clone(), value.clone());
                }
                None => strange |= true,
            }
        }
        if strange {
            self.settle(&them)?;
        }
        Ok(them)
    }

    /// What a row of that kind holds in its own columns, the rows it refers to made.
    pub(super) fn fixed(&mut self, table: &Id, meant: &Meant, kind: &Kind) -> Result<Fixed, Stop> {
        let them = self.them(meant, kind)?;
        let wanted = self.wanted(meant, kind, &them);
        let mut fixed = self.along(&wanted, &Fixed::new())?;
        let schema = Arc::clone(&self.schema);
        if let Some(column) = &kind.null
            && let Some(own) = schema.column(table, column)
        {
            fixed.insert(column.clone(), null_of(&own.ty));
        }
        if let Some(state) = kind.state.and_then(|at| meant.states.get(at))
            && let Some(own) = schema.column(table, &state.column)
        {
            let value = match &state.is {
                StateIs::Null => Some(null_of(&own.ty)),
                StateIs::Value(value) => Some(value.text.to_string()),
                StateIs::Set => None,
            };
            fixed.extend(value.map(|v| (state.column.clone(), v)));
        }
        // Rows in no state are in none.
        for state in meant.states.iter().filter(|_| kind.state.is_none()) {
            if let (StateIs::Set, Some(own)) = (&state.is, schema.column(table, &state.column)) {
                fixed
                    .entry(state.column.clone())
                    .or_insert_with(|| null_of(&own.ty));
            }
        }
        self.parents(table, &fixed)?;
        Ok(fixed)
    }

    pub(super) fn wanted<'t>(
        &self,
        meant: &'t Meant,
        kind: &Kind,
        them: &Person,
    ) -> Vec<Wanted<'t>> {
        let mut wanted = Vec::new();
        for (tie, ways) in &meant.ties {
            let mine = kind.ties.contains(tie);
            for way in ways {
                // Whoever is no member has no row that says so.
                if way.member.is_some() && !mine {
                    continue;
                }
                let whose = if mine { &self.me } else { them };
                let Some(value) = whose.sql(self.schema.intent(), &way.fact) else {
                    continue;
                };
                wanted.push(Wanted {
                    path: &way.path,
                    member: way.member.as_ref(),
                    column: &way.column,
                    value,
                });
            }
        }
        wanted
    }

    /// The values of a row's own columns that the wanted follow from.
    fn along(&mut self, wanted: &[Wanted<'_>], own: &Fixed) -> Result<Fixed, Stop> {
        let schema = Arc::clone(&self.schema);
        let mut fixed = own.clone();
        let mut hops: BTreeMap<&Id, Vec<Wanted<'_>>> = BTreeMap::new();
        for one in wanted {
            match one.path {
                [] if one.member.is_none() => {
                    fixed.insert(one.column.clone(), one.value.clone());
                }
                [] => {}
                [hop, rest @ ..] => hops.entry(hop).or_default().push(Wanted {
                    path: rest,
                    member: one.member,
                    column: one.column,
                    value: one.value.clone(),
                }),
            }
        }
        for (hop, wanted) in hops {
            let Some(key) = key_of(&schema, hop) else {
                continue;
            };
            // What the key's columns hold already, the parent holds too.
            let pairs = key.columns.iter().zip(&key.target_columns);
            let shared: Fixed = pairs
                .filter_map(|(own, target)| Some((target.clone(), fixed.get(own)?.clone())))
                .collect();
            let theirs = self.along(&wanted, &shared)?;
            let row = self.insert(&key.target, &theirs)?;
            self.members(&key.target, &row, &wanted)?;
            for (own, target) in key.columns.iter().zip(&key.target_columns) {
                if let Some(value) = held(&schema, &key.target, &row, target) {
                    fixed.insert(own.clone(), value);
                }
            }
        }
        Ok(fixed)
    }

    /// The rows by which persons are members of this one.
    pub(super) fn members(
        &mut self,
        table: &Id,
        row: &TextRow,
        wanted: &[Wanted<'_>],
    ) -> Result<(), Stop> {
        let schema = Arc::clone(&self.schema);
        for one in wanted.iter().filter(|w| w.path.is_empty()) {
            let Some((member, key)) = one.member.and_then(|m| Some((m, key_of(&schema, m)?)))
            else {
                continue;
            };
            let mut fixed = Fixed::from([(one.column.clone(), one.value.clone())]);
            for (own, target) in key.columns.iter().zip(&key.target_columns) {
                fixed.extend(held(&schema, table, row, target).map(|v| (own.clone(), v)));
            }
            let of = Id::table(member.schema.clone(), member.name.clone());
            self.insert(&of, &fixed)?;
        }
        Ok(())
    }
}
