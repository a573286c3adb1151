//! Where a circle of needs is cut: foreign keys first, then what else can stand by itself, then
//! defaults and bodies of routines, which are set once all is there.
//!
//! What can't be cut is refused: no statement is written that the server would refuse.

use model::schema::{Body, ConstraintBody, Id, Kind, Node, Object};
use rustc_hash::FxHashSet;

use super::{Slot, Work};
use crate::plan::Unplannable;
use crate::plan::address::named;
use crate::plan::needs::Side;
use crate::script;

impl Work<'_, '_> {
    /// Takes apart what goes round in a circle; false where nothing more can be.
    pub(super) fn cut(&mut self, cycles: &[Vec<usize>]) -> bool {
        let mut cut = false;
        for &op in cycles.iter().flatten() {
            let fate = &mut self.fates[self.ops[op].pair];
            // The old key can't serve until then.
            cut |= std::mem::take(&mut fate.built_beside);
        }
        if cut {
            return true;
        }
        let members: FxHashSet<usize> =
            cycles.iter().flatten().map(|&n| self.ops[n].pair).collect();
        // Foreign keys first: they alone make most circles. Then other constraints and indexes, and what a
        // relation's rules, triggers and policies hold on to when it is dropped.
        let turn = |i: usize| match &self.pairs.all[i].node().object {
            Object::Constraint(c) if matches!(c.body, ConstraintBody::ForeignKey(_)) => Some(0),
            Object::Constraint(_) | Object::Index(_) => Some(1),
            Object::Trigger(_) | Object::Policy(_) => Some(2),
            Object::Defined(_) if self.pairs.all[i].node().id.kind == Kind::Rule => Some(2),
            _ => None,
        };
        // What rides along and closes no circle need not be taken out of it.
        let closing = self.closing(&members);
        let turn = |i: usize| turn(i).filter(|_| closing.is_empty() || closing.contains(&i));
        let turns: Vec<Option<u8>> = (0..self.pairs.len()).map(turn).collect();
        for now in 0..3 {
            for (fate, _) in self
                .fates
                .iter_mut()
                .zip(&turns)
                .filter(|(_, turn)| **turn == Some(now))
            {
                for host in [&mut fate.established_with, &mut fate.released_with] {
                    if host.is_some_and(|host| members.contains(&host)) {
                        *host = None;
                        cut = true;
                    }
                }
            }
            if cut {
                break;
            }
        }
        cut || cycles.iter().filter(|cycle| self.halve(cycle)).count() > 0
            || cycles.iter().filter(|cycle| self.make_anew(cycle)).count() > 0
    }

    /// What goes or comes with one of the members and needs another one, with all that it rides on.
    fn closing(&self, members: &FxHashSet<usize>) -> FxHashSet<usize> {
        let mut closing = FxHashSet::default();
        for i in 0..self.pairs.len() {
            for (side, slot) in [(Side::From, Slot::Release), (Side::To, Slot::Establish)] {
                let Some(host) = self.fates[i].host(slot) else {
                    continue;
                };
                let last = self.last_host(host, slot);
                let rides = |j: usize| self.fates[j].host(slot).map(|h| self.last_host(h, slot));
                let other = |j: usize| {
                    let j = rides(j).unwrap_or(j);
                    j != last && members.contains(&j)
                };
                if members.contains(&last) && self.context.needs(side, i).into_iter().any(other) {
                    let mut rider = i;
                    while rider != last && closing.insert(rider) {
                        rider = self.fates[rider].host(slot).unwrap_or(last);
                    }
                }
            }
        }
        closing
    }

    /// A policy or a trigger that would change in the middle of the circle goes first and comes back
    /// last.
    fn make_anew(&mut self, cycle: &[usize]) -> bool {
        let places = cycle
            .iter()
            .map(|&op| (self.ops[op].pair, self.ops[op].slot));
        let changes = |&(i, slot): &(usize, Slot)| {
            let kind = self.pairs.all[i].node().id.kind;
            slot == Slot::Alter && matches!(kind, Kind::Policy | Kind::Trigger)
        };
        let Some((i, _)) = places.into_iter().find(changes) else {
            return false;
        };
        self.fates[i].replace();
        true
    }

    /// Makes, alters or drops something of the circle in two halves: a default of a new table, or else a
    /// routine whose body says what it uses.
    fn halve(&mut self, cycle: &[usize]) -> bool {
        let is_of = |i: usize, slot: Slot| {
            let op = self.op(i, slot);
            op.is_some_and(|op| cycle.binary_search(&op).is_ok())
        };
        let defaulted = |node: Option<&Node>| {
            let column = node.and_then(|node| node.object.as_column());
            column.is_some_and(|c| c.default.is_some() && !c.inherited)
        };
        let bodied = |node: Option<&Node>| {
            let routine = node.and_then(|node| node.object.as_routine());
            routine.is_some_and(|r| matches!(r.body, Body::Sql(_)))
        };
        let calls = |i: usize, side: Side, slot: Slot| {
            let needs = self.context.needs(side, i);
            needs
                .into_iter()
                .any(|j| self.pairs.all[j].node().id.kind == Kind::Function && is_of(j, slot))
        };
        let mut found = None;
        for (i, (pair, fate)) in self.pairs.all.iter().zip(&self.fates).enumerate() {
            let makes = fate.established && !fate.halved && is_of(i, Slot::Establish);
            let drops = fate.released && !fate.loosened && is_of(i, Slot::Release);
            let default = makes
                && fate.established_with.is_some()
                && defaulted(pair.to)
                && calls(i, Side::To, Slot::Establish);
            let former = drops
                && fate.released_with.is_some()
                && defaulted(pair.from)
                && calls(i, Side::From, Slot::Release);
            if default || former {
                found = Some((i, default));
                break;
            }
            let alters = fate.altered.is_some() && !fate.loosened && is_of(i, Slot::Alter);
            let (body, before) = (
                makes && bodied(pair.to),
                (drops || alters) && bodied(pair.from),
            );
            if (body || before) && found.is_none() {
                found = Some((i, body));
            }
        }
        match found {
            Some((i, true)) => self.fates[i].halved = true,
            Some((i, false)) => self.fates[i].loosened = true,
            None => return false,
        }
        true
    }

    /// Whether the first half of a default's column or of a routine needs that other object.
    pub(super) fn needs_at_first(&self, node: &Node, other: usize) -> bool {
        let other: &Id = &self.pairs.all[other].node().id;
        match &node.object {
            Object::Routine(routine) => {
                let returns = routine.returns.iter().map(|text| text.as_str());
                let mut signature = returns.chain([routine.arguments.as_str()]);
                let name = model::quote::ident(other.own_name());
                matches!(
                    other.kind,
                    Kind::Schema | Kind::Role | Kind::Extension | Kind::Language
                ) || signature.any(|text| script::tokens(text).any(|token| token.text == name))
            }
            // It lets go of its type.
            Object::Table(_) => other.kind != Kind::Composite,
            _ => other.kind != Kind::Function,
        }
    }

    /// Views and functions that only one another could be made from: nothing of them can stand first.
    pub(super) fn refuse(&mut self, cycles: &[Vec<usize>]) {
        for cycle in cycles {
            let places: FxHashSet<usize> = cycle.iter().map(|&op| self.ops[op].pair).collect();
            let alike = |slot: Slot| cycle.iter().all(|&op| self.ops[op].slot == slot);
            let mut nodes: Vec<&Node> = places.iter().map(|&i| self.pairs.all[i].node()).collect();
            nodes.sort_unstable_by_key(|node| &node.id);
            let bare = |node: &&Node| matches!(node.id.kind, Kind::View | Kind::Function);
            let [first, others @ ..] = &nodes[..] else {
                continue;
            };
            if others.is_empty()
                || !nodes.iter().all(bare)
                || !(alike(Slot::Establish) || alike(Slot::Release))
            {
                continue;
            }
            let others: Vec<String> = others.iter().map(|node| named(node)).collect();
            let verb = if alike(Slot::Release) {
                "drops"
            } else {
                "makes"
            };
            self.faults.push(Unplannable {
                id: first.id.clone(),
                reason: format!(
                    "and {} need one another, so that PostgreSQL {verb} none of them first: take what \
                     one needs of the other into a third, or write them as a raw block",
                    others.join(", "),
                ),
            });
        }
    }
}
