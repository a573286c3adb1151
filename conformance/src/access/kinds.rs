//! The kinds of rows a table can have, and who a person is in front of each.

use std::collections::BTreeSet;

use model::Id;
use model::schema::{
    Cell, ConstraintBody, Intent, Meant, Name, Persona, Privilege, RowState, Schema, StateIs,
};

/// A kind of row.
#[derive(Clone, Debug)]
pub(super) struct Kind {
    /// In words.
    pub(super) label: String,
    /// The ties between it and the person who acts.
    pub(super) ties: BTreeSet<Name>,
    /// The state of the intent that it is in.
    pub(super) state: Option<usize>,
    /// A column that is null, so that it belongs to nobody.
    pub(super) null: Option<Name>,
}

/// Every kind of row: tied as each persona is, belonging to nobody, and all of these in each state.
pub(super) fn kinds(schema: &Schema, table: &Id, meant: &Meant, intent: &Intent) -> Vec<Kind> {
    let mut sets: Vec<(BTreeSet<Name>, String)> = Vec::new();
    for persona in &intent.personas {
        let ties = meant.ties_of(persona);
        if sets.iter().all(|(known, _)| *known != ties) {
            let label = match (ties.is_empty(), meant.ties.is_empty()) {
                (_, true) => "any row".to_owned(),
                (true, false) => "another's row".to_owned(),
                (false, _) => format!("row of {}", persona.name),
            };
            sets.push((ties, label));
        }
    }
    if !meant.ties.is_empty() && sets.iter().all(|(ties, _)| !ties.is_empty()) {
        sets.push((BTreeSet::new(), "another's row".to_owned()));
    }
    let mut found: Vec<Kind> = Vec::new();
    for (ties, label) in &sets {
        found.push(Kind {
            label: label.clone(),
            ties: ties.clone(),
            state: None,
            null: None,
        });
    }
    for column in nullable(schema, table, meant) {
        found.push(Kind {
            label: format!("row without {column}"),
            ties: BTreeSet::new(),
            state: None,
            null: Some(column),
        });
    }
    for (at, state) in meant.states.iter().enumerate() {
        let is = match &state.is {
            StateIs::Set => "set".to_owned(),
            StateIs::Null => "null".to_owned(),
            StateIs::Value(value) => value.text.to_string(),
        };
        for (ties, label) in &sets {
            found.push(Kind {
                label: format!("{label} with {} {is}", state.column),
                ties: ties.clone(),
                state: Some(at),
                null: None,
            });
        }
    }
    found
}

/// The columns by which rows are tied and that may be null.
fn nullable(schema: &Schema, table: &Id, meant: &Meant) -> BTreeSet<Name> {
    let mut found = BTreeSet::new();
    for way in meant.ties.values().flatten() {
        let columns = match way.path.first() {
            None if way.member.is_none() => vec![way.column.clone()],
            None => Vec::new(),
            Some(hop) => match schema.get(hop).and_then(|n| n.object.as_constraint()) {
                Some(constraint) => match &constraint.body {
                    ConstraintBody::ForeignKey(key) => key.columns.clone(),
                    _ => Vec::new(),
                },
                None => Vec::new(),
            },
        };
        let may = |c: &&Name| schema.column(table, c).is_some_and(|c| !c.not_null);
        found.extend(columns.iter().find(may).cloned());
    }
    let stated = |c: &Name| {
        let of = |s: &RowState| s.column == *c && s.is == StateIs::Null;
        meant.states.iter().any(of)
    };
    found.retain(|c| !stated(c));
    found
}

impl Kind {
    /// Who of one person's personas they are in front of such a row: those with just the ties that
    /// hold. Nobody where no persona is: an admin's own rows are not what `admin` is about. Who carries
    /// no facts has nothing to do with any row, whoever it belongs to.
    pub(super) fn personas<'p>(&self, class: &[&'p Persona], meant: &Meant) -> Vec<&'p Persona> {
        let fits = |p: &&&Persona| !p.identified || meant.ties_of(p) == self.ties;
        let best: Vec<&Persona> = class.iter().filter(fits).copied().collect();
        let allowed = |p: &Persona| self.cell(meant, p).map(|c| &c.allowed);
        match best
            .windows(2)
            .all(|pair| allowed(pair[0]) == allowed(pair[1]))
        {
            true => best,
            false => Vec::new(),
        }
    }

    /// What is meant of the persona and such a row.
    pub(super) fn cell<'m>(&self, meant: &'m Meant, persona: &Persona) -> Option<&'m Cell> {
        let state = self.state.and_then(|at| meant.states.get(at));
        meant.cell(&persona.name, state)
    }

    /// Whether the command is meant to be allowed.
    pub(super) fn allows(&self, meant: &Meant, persona: &Persona, command: Privilege) -> bool {
        let cell = self.cell(meant, persona);
        cell.is_some_and(|c| c.allowed.contains_key(&command))
    }
}

/// The personas that are one person, together, in the order of the first of them.
pub(super) fn classes(intent: &Intent) -> Vec<Vec<&Persona>> {
    let mut found: Vec<Vec<&Persona>> = Vec::new();
    for persona in &intent.personas {
        match found.iter_mut().find(|c| c[0].is_same_person(persona)) {
            Some(class) => class.push(persona),
            None => found.push(vec![persona]),
        }
    }
    found
}
