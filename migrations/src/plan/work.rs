//! From fates to steps: what each object's change is made of, and the rules of their order.
//!
//! It never writes SQL; rules do.

use model::schema::{Body, ConstraintBody, Id, Kind, Object};
use rustc_hash::{FxHashMap, FxHashSet};

use super::changes::Context;
use super::diff::Pairs;
use super::fate::Fate;
use super::needs::Side;
use super::order::Order;
use super::step::{Action, HazardKind, Statement, Step, Unplannable};
use super::{access, address, attributes, rules};

/// The parts of one object's change, in the order they must come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Slot {
    /// It, or what stands in the way of its change, goes.
    Release,
    /// It changes where it stands.
    Alter,
    /// It is made, or what had to go comes back.
    Establish,
    /// What can be done only once others exist: ownership of a sequence, cleaning up.
    Finish,
    /// Grants.
    Grant,
    /// Row-level security: last, or readers are locked out before their policies exist.
    Secure,
}

const SLOTS: usize = 6;
const NONE: u32 = u32::MAX;

struct Op {
    pair: usize,
    slot: Slot,
    action: Action,
    statements: Vec<Statement>,
}

/// The work to be done, before it has an order.
pub(super) struct Work<'a, 'c> {
    context: &'c Context<'a>,
    pairs: &'c Pairs<'a>,
    fates: Vec<Fate>,
    ops: Vec<Op>,
    at: Vec<[u32; SLOTS]>,
    faults: Vec<Unplannable>,
}

impl<'a, 'c> Work<'a, 'c> {
    pub(super) fn new(context: &'c Context<'a>, pairs: &'c Pairs<'a>, fates: Vec<Fate>) -> Self {
        Work {
            context,
            pairs,
            at: vec![[NONE; SLOTS]; fates.len()],
            fates,
            ops: Vec::new(),
            faults: Vec::new(),
        }
    }

    /// The steps in their order, or what stands against them.
    pub(super) fn steps(mut self) -> (Vec<Step>, Vec<Unplannable>) {
        let order = loop {
            self.gather();
            let order = self.order();
            let cycles = order.cycles();
            if cycles.is_empty() || !self.cut(&cycles) {
                break order;
            }
        };
        let keys: Vec<_> = self.ops.iter().map(|op| self.key(op)).collect();
        let sorted = order.sorted(&keys);
        let mut ops: Vec<Option<Op>> = std::mem::take(&mut self.ops)
            .into_iter()
            .map(Some)
            .collect();
        let mut steps = Vec::with_capacity(ops.len());
        for i in sorted {
            if let Some(op) = ops[i].take() {
                steps.push(self.step(op));
            }
        }
        (steps, self.faults)
    }

    /// Writes every operation's statements.
    fn gather(&mut self) {
        self.ops.clear();
        self.faults.clear();
        self.at.iter_mut().for_each(|slots| *slots = [NONE; SLOTS]);
        let mut riders: FxHashMap<usize, Vec<usize>> = FxHashMap::default();
        for (i, fate) in self.fates.iter().enumerate() {
            if let Some(host) = fate.established_with {
                riders.entry(host).or_default().push(i);
            }
        }
        let none = Vec::new();
        for i in 0..self.pairs.len() {
            let pair = &self.pairs.all[i];
            let fate = &self.fates[i];
            if fate.is_kept() || pair.external() {
                continue;
            }
            let replaced = fate.released && fate.established;
            let whole = |lone: Action| if replaced { Action::Replace } else { lone };
            let mut found: Vec<(Slot, Action, Vec<Statement>)> = Vec::new();
            if let Some(from) = pair.from.filter(|_| fate.released) {
                if fate.released_with.is_none() {
                    let statements = if fate.swapped {
                        rules::types::set_aside(self.context, from)
                    } else {
                        rules::drop(self.context, from, replaced)
                    };
                    found.push((Slot::Release, whole(Action::Drop), statements));
                }
                if fate.swapped {
                    let statements = rules::types::drop_set_aside(self.context, from);
                    found.push((Slot::Finish, whole(Action::Drop), statements));
                }
            }
            if let Some(to) = pair.to.filter(|_| fate.established) {
                let mut late = Vec::new();
                if fate.established_with.is_none() {
                    let riders = riders.get(&i).unwrap_or(&none);
                    let riding: FxHashSet<&Id> = riders
                        .iter()
                        .map(|&r| &self.pairs.all[r].node().id)
                        .collect();
                    let mut making = rules::create(self.context, to, &riding);
                    making.main.extend(rules::finish_new(self.context, to));
                    for &rider in riders {
                        if let Some(rider) = self.pairs.all[rider].to {
                            making.main.extend(rules::finish_new(self.context, rider));
                        }
                    }
                    found.push((Slot::Establish, whole(Action::Create), making.main));
                    late = making.late;
                } else if let Object::Column(_) | Object::Constraint(_) = &to.object {
                    late = rules::create_late(self.context, to);
                }
                if !fate.swapped {
                    found.push((Slot::Finish, whole(Action::Create), late));
                }
                let grants = access::grants_on_new(self.context, to);
                found.push((Slot::Grant, whole(Action::Create), grants));
                let secure = rules::table::secure_new(to);
                found.push((Slot::Secure, Action::Alter, secure));
            }
            if let (Some(from), Some(to)) = (pair.from, pair.to)
                && !fate.established
            {
                let mut main = Vec::new();
                if let Some(alteration) = &fate.altered {
                    found.push((Slot::Release, Action::Alter, alteration.before.clone()));
                    main.extend(alteration.main.iter().cloned());
                    found.push((Slot::Establish, Action::Alter, alteration.after.clone()));
                    found.push((Slot::Finish, Action::Alter, alteration.late.clone()));
                }
                main.extend(rules::finish_altered(self.context, from, to));
                found.push((Slot::Alter, Action::Alter, main));
                let grants = access::grants_between(self.context, from, to);
                found.push((Slot::Grant, Action::Alter, grants));
                let secure = rules::table::secure_between(from, to);
                found.push((Slot::Secure, Action::Alter, secure));
            }
            for (slot, action, statements) in found {
                if !statements.is_empty() {
                    self.at[i][slot as usize] = self.ops.len() as u32;
                    self.ops.push(Op {
                        pair: i,
                        slot,
                        action,
                        statements,
                    });
                }
            }
        }
    }

    /// The operation in that slot, its own or that of the object it goes or comes with.
    fn op(&self, i: usize, slot: Slot) -> Option<usize> {
        let mut i = i;
        loop {
            let host = match slot {
                Slot::Release => self.fates[i].released_with,
                Slot::Establish => self.fates[i].established_with,
                Slot::Alter | Slot::Finish | Slot::Grant | Slot::Secure => None,
            };
            match host {
                Some(host) if host != i => i = host,
                _ => break,
            }
        }
        let op = self.at[i][slot as usize];
        (op != NONE).then_some(op as usize)
    }

    /// The rules of order.
    fn order(&self) -> Order {
        let mut order = Order::new(self.ops.len());
        let must = |order: &mut Order, first: Option<usize>, then: Option<usize>| {
            if let (Some(first), Some(then)) = (first, then) {
                order.must(first).before(then);
            }
        };
        use Slot::{Alter, Establish, Finish, Grant, Release, Secure};
        let slots = [Release, Alter, Establish, Finish, Grant, Secure];
        for i in 0..self.pairs.len() {
            let pair = &self.pairs.all[i];
            if self.fates[i].is_kept() {
                continue;
            }
            for (n, &first) in slots.iter().enumerate() {
                for &then in &slots[n + 1..] {
                    must(&mut order, self.op(i, first), self.op(i, then));
                }
            }
            if let Some(from) = pair.from {
                for j in self.context.needs(Side::From, from) {
                    must(&mut order, self.op(i, Release), self.op(j, Release));
                    must(&mut order, self.op(i, Release), self.op(j, Alter));
                    if self.fates[j].swapped {
                        must(&mut order, self.op(i, Alter), self.op(j, Finish));
                    } else if !self.fates[i].released {
                        must(&mut order, self.op(i, Alter), self.op(j, Release));
                    }
                    must(&mut order, self.op(i, Release), self.op(j, Finish));
                }
                if let Object::Sequence(sequence) = &from.object
                    && let Some(owner) = &sequence.owned_by
                    && let Some(j) = self.pairs.index_of(owner)
                {
                    must(&mut order, self.op(i, Alter), self.op(j, Release));
                }
            }
            if let Some(to) = pair.to {
                for j in self.context.needs(Side::To, to) {
                    for slot in [Establish, Alter] {
                        must(&mut order, self.op(j, Establish), self.op(i, slot));
                        must(&mut order, self.op(j, Alter), self.op(i, slot));
                    }
                    for slot in [Finish, Grant] {
                        must(&mut order, self.op(j, Establish), self.op(i, slot));
                    }
                    if j != i && self.pairs.all[j].node().id.kind == Kind::Table {
                        must(&mut order, self.op(i, Establish), self.op(j, Secure));
                        must(&mut order, self.op(i, Grant), self.op(j, Secure));
                    }
                }
                self.late_needs(i, &mut order);
            }
        }
        self.words_of_bodies(&mut order);
        self.names_are_free_again(&mut order);
        order
    }

    /// What a finishing touch waits for: the owner of a sequence, the index of a replica identity.
    fn late_needs(&self, i: usize, order: &mut Order) {
        let Some(to) = self.pairs.all[i].to else {
            return;
        };
        let target = match &to.object {
            Object::Sequence(sequence) => sequence.owned_by.clone(),
            Object::Table(table) => match &table.replica_identity {
                model::schema::ReplicaIdentity::Index(name) => {
                    let index = to.id.within(Kind::Index, name.clone());
                    let constraint = to.id.within(Kind::Constraint, name.clone());
                    let index = self.pairs.index_of(&index).map(|_| index);
                    Some(index.unwrap_or(constraint))
                }
                _ => None,
            },
            _ => None,
        };
        let Some(j) = target.and_then(|id| self.pairs.index_of(&id)) else {
            return;
        };
        if let Some(finish) = self.op(i, Slot::Finish) {
            for slot in [Slot::Establish, Slot::Alter, Slot::Finish] {
                if let Some(first) = self.op(j, slot).filter(|_| i != j) {
                    order.must(first).before(finish);
                }
            }
        }
    }

    /// A body that is a string says nothing to the catalog about what it uses: its words do.
    fn words_of_bodies(&self, order: &mut Order) {
        let routines: Vec<_> = self
            .ops
            .iter()
            .enumerate()
            .filter_map(|(n, op)| {
                let node = self.pairs.all[op.pair].to?;
                let Object::Routine(routine) = &node.object else {
                    return None;
                };
                let Body::Text(body) = &routine.body else {
                    return None;
                };
                matches!(op.slot, Slot::Establish | Slot::Alter).then_some((n, body))
            })
            .collect();
        if routines.is_empty() {
            return;
        }
        let mut named: FxHashMap<&str, Vec<usize>> = FxHashMap::default();
        for (n, op) in self.ops.iter().enumerate() {
            let id = &self.pairs.all[op.pair].node().id;
            let word = match id.kind {
                Kind::Table | Kind::View | Kind::Function => id.name.as_str(),
                Kind::Column => id.part.as_str(),
                _ => continue,
            };
            if matches!(op.slot, Slot::Establish | Slot::Alter) {
                named.entry(word).or_default().push(n);
            }
        }
        for (n, body) in routines {
            let words = body
                .as_str()
                .split(|c: char| !c.is_alphanumeric() && c != '_');
            for first in words.filter_map(|word| named.get(word)).flatten() {
                order.must(*first).rather_before(n);
            }
        }
    }

    /// A name must be free before another object takes it.
    fn names_are_free_again(&self, order: &mut Order) {
        let mut taken: FxHashMap<rules::Place, Vec<usize>> = FxHashMap::default();
        for i in 0..self.pairs.len() {
            if let (Some(node), Some(op)) = (self.pairs.all[i].from, self.op(i, Slot::Release))
                && (self.fates[i].released || self.loses_identity(i))
            {
                for place in rules::places(node) {
                    taken.entry(place).or_default().push(op);
                }
            }
        }
        if taken.is_empty() {
            return;
        }
        for i in 0..self.pairs.len() {
            let Some(node) = self.pairs.all[i].to else {
                continue;
            };
            if let Some(op) = self.op(i, Slot::Establish) {
                for place in rules::places(node) {
                    for &free in taken.get(&place).into_iter().flatten() {
                        order.must(free).before(op);
                    }
                }
            }
        }
    }

    /// Whether the column's hidden sequence goes while the column stays.
    fn loses_identity(&self, i: usize) -> bool {
        let identity = |node: Option<&model::schema::Node>| {
            let column = node?.object.as_column()?;
            column.identity.as_ref().map(|_| ())
        };
        let pair = &self.pairs.all[i];
        identity(pair.from).is_some() && identity(pair.to).is_none()
    }

    /// Takes apart what goes round in a circle; false where nothing more can be.
    fn cut(&mut self, cycles: &[Vec<usize>]) -> bool {
        let mut cut = false;
        let members: FxHashSet<usize> =
            cycles.iter().flatten().map(|&n| self.ops[n].pair).collect();
        // Foreign keys first: they alone make most circles. Then other constraints, and what a
        // relation's rules, triggers and policies hold on to when it is dropped.
        let turn = |i: usize| match &self.pairs.all[i].node().object {
            Object::Constraint(c) if matches!(c.body, ConstraintBody::ForeignKey(_)) => Some(0),
            Object::Constraint(_) => Some(1),
            Object::Trigger(_) | Object::Policy(_) => Some(2),
            Object::Defined(_) if self.pairs.all[i].node().id.kind == Kind::Rule => Some(2),
            _ => None,
        };
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
        cut
    }

    fn step(&self, op: Op) -> Step {
        let pair = &self.pairs.all[op.pair];
        let node = match op.slot {
            Slot::Release => pair.from.unwrap_or(pair.node()),
            _ => pair.node(),
        };
        let named = address::named(node);
        let title = match (op.slot, &op.action, node.id.kind) {
            (Slot::Grant, ..) => format!("grants on {named}"),
            (Slot::Secure, ..) => format!("row-level security of {named}"),
            (_, Action::Create, Kind::Column | Kind::Constraint) => format!("add {named}"),
            (_, Action::Create, _) => format!("create {named}"),
            (_, Action::Drop, _) => format!("drop {named}"),
            (Slot::Release, Action::Replace, _) => format!("drop {named} to make it anew"),
            (_, Action::Replace, _) => format!("make {named} anew"),
            (_, Action::Alter, _) => format!("alter {named}"),
            (_, Action::Rename { .. }, _) => format!("rename {named}"),
        };
        let changes = match (pair.from, pair.to, op.slot) {
            (Some(from), Some(to), slot) => attributes::changes(from, to, slot),
            _ => Vec::new(),
        };
        let lossy = op
            .statements
            .iter()
            .flat_map(|statement| &statement.hazards)
            .find(|hazard| hazard.kind == HazardKind::DataLoss)
            .map(|hazard| hazard.message.clone());
        Step {
            id: node.id.clone(),
            action: op.action,
            title,
            changes,
            statements: op.statements,
            lossy,
        }
    }

    /// What comes first of all that may: by phase, then by kind, then by place in the model.
    fn key(&self, op: &Op) -> (u8, u8, u32, u32, u32) {
        let pair = &self.pairs.all[op.pair];
        let kind = rules::rank(pair.node());
        let (phase, kind) = match op.slot {
            Slot::Release => (0, u8::MAX - kind),
            Slot::Alter => (1, kind),
            Slot::Establish => (2, kind),
            Slot::Finish => (3, kind),
            Slot::Grant => (4, kind),
            Slot::Secure => (5, kind),
        };
        // Policies come between grants and the enabling of row-level security.
        let phase = if phase == 2 && kind == rules::POLICY_RANK {
            4
        } else {
            phase
        };
        let origin = pair.to.and_then(|node| node.origin);
        let (file, start) = origin.map_or((0, 0), |origin| (origin.file + 1, origin.start));
        (phase, kind, file, start, op.pair as u32)
    }
}
