//! Who a row belongs to where it isn't the one who acts.

use std::collections::BTreeMap;
use std::sync::Arc;

use model::Id;
use model::schema::{ConstraintBody, Meant, Name, PersonValue, Tie};

use super::World;
use crate::access::kinds::Kind;
use crate::access::people::Person;
use crate::rows::Stop;

impl World<'_> {
    /// Somebody who is the one that acts as far as the ties say, and nobody else.
    pub(super) fn them(&mut self, table: &Id, meant: &Meant, kind: &Kind) -> Result<Person, Stop> {
        let schema = Arc::clone(&self.schema);
        let mut them = Person::new(self.bench, schema.intent())?;
        let mut open = Vec::new();
        for fact in &schema.intent().facts {
            let of = |ways: &Vec<Tie>| ways.iter().any(|w| w.fact == fact.name);
            let mut ties = meant.ties.iter().filter(|(_, ways)| of(ways)).peekable();
            let said = ties.peek().is_some();
            let mine = said && ties.all(|(tie, _)| kind.ties.contains(tie));
            match self.me.facts.get(&fact.name).filter(|_| mine) {
                Some(value) => {
                    them.facts.insert(fact.name.clone(), value.clone());
                }
                None if !said => open.push(fact.name.clone()),
                None => {}
            }
        }
        // Whoever has the key of one's row is oneself: what that row holds besides follows.
        while let Some(fact) = self.follows(&them, &open) {
            open.retain(|name| *name != fact);
            let value = self.me.facts.get(&fact).cloned().unwrap_or_default();
            them.facts.insert(fact, value);
        }
        // A person's row without what ties it to anybody is the only one that they have.
        let lacks = kind.null.is_some() && schema.intent().rows.iter().any(|r| r.table == *table);
        if them != self.me && !lacks {
            self.settle(&them)?;
        }
        Ok(them)
    }

    /// Who a row belongs to by a tie, where it belongs to a stranger by another tie of the same fact: two
    /// ties are two people.
    pub(super) fn others(
        &mut self,
        meant: &Meant,
        kind: &Kind,
        them: &Person,
    ) -> Result<BTreeMap<Name, Person>, Stop> {
        let schema = Arc::clone(&self.schema);
        let (mut seen, mut others) = (Vec::new(), BTreeMap::new());
        let strange = meant
            .ties
            .iter()
            .filter(|(tie, _)| !kind.ties.contains(*tie));
        for (tie, ways) in strange {
            let Some(way) = ways.iter().find(|way| way.member.is_none()) else {
                continue;
            };
            if seen.contains(&&way.fact) {
                // What other ties say of the row holds for all of its people.
                let mut other = Person::new(self.bench, schema.intent())?;
                let ways = meant.ties.values().flatten();
                for fact in ways.map(|way| &way.fact).filter(|fact| **fact != way.fact) {
                    let value = them.facts.get(fact).cloned();
                    other.facts.extend(value.map(|value| (fact.clone(), value)));
                }
                self.settle(&other)?;
                others.insert(tie.clone(), other);
            }
            seen.push(&way.fact);
        }
        Ok(others)
    }

    /// One of these facts that a row of every person holds beside a unique key which that person and
    /// the one who acts have in common.
    fn follows(&self, them: &Person, facts: &[Name]) -> Option<Name> {
        let is_key = |table: &Id, column: &Name| {
            let mut constraints = self.schema.constraints(table);
            constraints.any(|(_, constraint)| match &constraint.body {
                ConstraintBody::PrimaryKey(key) | ConstraintBody::Unique(key) => {
                    key.columns.len() == 1 && key.columns.contains(column)
                }
                _ => false,
            })
        };
        let shared = |fact: &Name| them.facts.get(fact) == self.me.facts.get(fact);
        for row in &self.schema.intent().rows {
            let held = row.values.iter().filter_map(|(column, value)| match value {
                PersonValue::Fact(fact) => Some((column, fact)),
                PersonValue::Literal(_) => None,
            });
            let mut keys = held.clone();
            if keys.any(|(column, fact)| is_key(&row.table, column) && shared(fact)) {
                let mut rest = held.map(|(_, fact)| fact);
                if let Some(fact) = rest.find(|fact| facts.contains(fact)) {
                    return Some(fact.clone());
                }
            }
        }
        None
    }
}
