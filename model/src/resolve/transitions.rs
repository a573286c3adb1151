//! Which changes of a column are allowed: its states, the steps between them, what is frozen.

use std::sync::Arc;

use super::Lowered;
use super::world::{ColumnWork, TableWork, World, at};
use crate::diagnostic::{Diagnostic, code};
use crate::schema::{Kind, Node, Object, Transitions};
use crate::source::FileId;
use crate::syntax::tree::{self, ColumnClauseKind, State};

/// `transitions`.
pub(super) fn lower<'t>(
    work: &TableWork<'t>,
    file: FileId,
    x: &'t tree::Transitions,
    world: &World<'t>,
    lowered: &mut Lowered<'t>,
) {
    let names = std::slice::from_ref(&x.column);
    if world
        .columns_named(&work.id, file, names, &mut lowered.faults)
        .is_none()
    {
        return;
    }
    let Some(column) = work.column(&x.column.name) else {
        return;
    };
    let values = values(column, world);
    let is_text = ["text", "character varying", "character", "bpchar"]
        .iter()
        .any(|t| column.ty.is(t));
    if values.is_none() && !is_text && !column.broken {
        lowered.faults.push(
            Diagnostic::error(
                code::TRANSITIONS_COLUMN,
                format!(
                    "`{}` is {}, and its states are not known",
                    column.name, column.ty
                ),
                at(file, x.column.span),
            )
            .label("neither an enum nor text")
            .help("give it an enum type, or text checked by `in (…)`"),
        );
        return;
    }
    let mut reader = States {
        file,
        column: &column.name,
        values,
        states: Vec::new(),
        lowered,
    };
    let initial = reader.read(&x.initial);
    let mut edges = Vec::new();
    for chain in &x.chains {
        let places: Vec<Vec<Arc<str>>> = chain.iter().map(|place| reader.read(place)).collect();
        // A `*` is resolved once every state has been named.
        let stars: Vec<bool> = chain.iter().map(|p| is_any(p)).collect();
        edges.push((places, stars));
    }
    let frozen: Vec<_> = x
        .frozen
        .iter()
        .map(|f| (reader.read(&f.states), &f.except))
        .collect();
    let states = match &reader.values {
        Some(values) => values.clone(),
        None => reader.states.clone(),
    };
    let mut allowed: Vec<(Arc<str>, Arc<str>)> = Vec::new();
    for (places, stars) in &edges {
        for step in 0..places.len().saturating_sub(1) {
            let side = |i: usize| if stars[i] { &states } else { &places[i] };
            for from in side(step) {
                for to in side(step + 1) {
                    let edge = (from.clone(), to.clone());
                    if from != to && !allowed.contains(&edge) {
                        allowed.push(edge);
                    }
                }
            }
        }
    }
    let mut frozen_states = Vec::new();
    for (named, except) in frozen {
        let except = world
            .columns_named(&work.id, file, except, &mut lowered.faults)
            .unwrap_or_default();
        frozen_states.extend(named.into_iter().map(|state| (state, except.clone())));
    }
    let object = Transitions {
        states,
        edges: allowed,
        initial,
        frozen: frozen_states,
    };
    let id = work.id.within(Kind::Transitions, column.name.clone());
    let mut node = Node::new(id, Object::Transitions(object));
    node.needs
        .push(work.id.within(Kind::Column, column.name.clone()));
    node.comment = x.docs.as_deref().map(Into::into);
    node.origin = Some(at(file, x.column.span));
    lowered.add(node);
}

fn is_any(place: &[State]) -> bool {
    place.iter().any(|s| matches!(s, State::Any(_)))
}

/// What the column can hold: its enum's labels, or what `in (…)` lists.
pub(super) fn values(column: &ColumnWork<'_>, world: &World<'_>) -> Option<Vec<Arc<str>>> {
    if let Some(labels) = column.needs.as_ref().and_then(|id| world.enums.get(id)) {
        return Some(labels.iter().map(|l| Arc::from(l.as_str())).collect());
    }
    let (_, tree) = column.tree?;
    tree.clauses.iter().find_map(|clause| match &clause.kind {
        ColumnClauseKind::In(values) => Some(
            values
                .iter()
                .map(|v| Arc::from(super::table::unquoted(&v.text)))
                .collect(),
        ),
        _ => None,
    })
}

struct States<'a, 'l, 't> {
    file: FileId,
    column: &'a str,
    values: Option<Vec<Arc<str>>>,
    /// The states in the order they are first named.
    states: Vec<Arc<str>>,
    lowered: &'l mut Lowered<'t>,
}

impl States<'_, '_, '_> {
    fn read(&mut self, place: &[State]) -> Vec<Arc<str>> {
        let mut found = Vec::new();
        for state in place {
            let State::Named(name) = state else { continue };
            let text: Arc<str> = Arc::from(name.name.as_str());
            if let Some(values) = self.values.as_ref().filter(|v| !v.contains(&text)) {
                let place = at(self.file, name.span);
                let near = crate::expr::nearest(&text, values.iter().map(|v| &**v));
                let mut fault = Diagnostic::error(
                    code::UNKNOWN_STATE,
                    format!("`{text}` is no value of `{}`", self.column),
                    place,
                )
                .help(format!("it has: {}", values.join(", ")));
                if let Some(near) = near {
                    let written = if name.quoted {
                        format!("'{near}'")
                    } else {
                        super::world::bare(near)
                    };
                    fault = fault
                        .help(format!("did you mean `{near}`?"))
                        .suggest(place, written);
                }
                self.lowered.faults.push(fault);
                continue;
            }
            if !self.states.contains(&text) {
                self.states.push(text.clone());
            }
            found.push(text);
        }
        found
    }
}
