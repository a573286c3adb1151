//! Parameters: each takes its type from the first place that says one.

use std::collections::{BTreeMap, BTreeSet};

use sqlparser::ast::Expr;

use super::Typer;
use super::fault::Fault;
use super::value::{Found, Open, Value};

/// The parameters of a statement.
#[derive(Default)]
pub(super) struct Params {
    seen: BTreeMap<usize, (usize, usize)>,
    typed: BTreeMap<usize, Value>,
    /// Those that may be null, as found before.
    known_optional: BTreeSet<usize>,
    optional: BTreeSet<usize>,
    required: BTreeSet<usize>,
}

impl Params {
    pub(super) fn new(known_optional: BTreeSet<usize>) -> Self {
        Params {
            seen: BTreeMap::new(),
            typed: BTreeMap::new(),
            known_optional,
            optional: BTreeSet::new(),
            required: BTreeSet::new(),
        }
    }

    /// A parameter at that place.
    pub(super) fn found(&mut self, number: usize, place: (usize, usize)) -> Found {
        self.seen.entry(number).or_insert(place);
        Found::Open(Open {
            params: vec![number],
            null: self.known_optional.contains(&number),
            text: false,
        })
    }

    pub(super) fn optional(&self) -> BTreeSet<usize> {
        self.optional.difference(&self.required).copied().collect()
    }

    pub(super) fn finish(mut self, faults: &mut Vec<Fault>) -> Vec<Value> {
        let optional = self.optional();
        let count = self.seen.keys().last().copied().unwrap_or(0);
        let mut params = Vec::new();
        for number in 1..=count {
            let Some((start, end)) = self.seen.get(&number).copied() else {
                let message = format!("`${number}` is missing: parameters are numbered from `$1`");
                faults.push(Fault::new(0, usize::MAX, message));
                continue;
            };
            match self.typed.remove(&number) {
                Some(value) => params.push(Value {
                    nullable: optional.contains(&number),
                    ..value
                }),
                None => {
                    let message = format!("nothing says what type `${number}` has");
                    let help = format!("cast it: `${number}::bigint`");
                    faults.push(Fault::new(start, end, message).help(help));
                }
            }
        }
        params
    }
}

impl Typer<'_> {
    /// Gives what is open that type.
    pub(super) fn bind(&mut self, open: &Open, value: &Value) {
        for number in &open.params {
            let typed = &mut self.params.typed;
            let before = typed.entry(*number).or_insert_with(|| value.clone());
            let (one, other) = (before.ty.clone(), value.ty.clone());
            let same =
                one.schema == other.schema && one.name == other.name && one.array == other.array;
            if before.origin.is_none() && same {
                before.origin.clone_from(&value.origin);
            }
            if !same {
                let (start, end) = self.params.seen[number];
                let message = format!("`${number}` is {one} in one place and {other} in another");
                let help = format!("cast it everywhere: `${number}::{other}`");
                self.faults.push(Fault::new(start, end, message).help(help));
            }
        }
    }

    /// Says that these parameters may be null.
    pub(super) fn allow_null(&mut self, found: &Found) {
        if let Found::Open(open) = found {
            self.params.optional.extend(&open.params);
        }
    }

    /// Says that a parameter may be null which stands there, cast or not.
    pub(super) fn may_be_null(&mut self, expr: &Expr) {
        match expr {
            Expr::Nested(inner) | Expr::Cast { expr: inner, .. } => self.may_be_null(inner),
            Expr::Value(_) => {
                let found = self.expr(expr);
                self.allow_null(&found);
            }
            _ => {}
        }
    }

    /// Says that these parameters may not be null, whatever else is done with them.
    pub(super) fn forbid_null(&mut self, found: &Found) {
        if let Found::Open(open) = found {
            self.params.required.extend(&open.params);
        }
    }
}
