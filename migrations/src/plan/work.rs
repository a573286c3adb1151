//! From fates to steps: what each object's change is made of, and the rules of their order.
//!
//! It never writes SQL; rules do.

mod circles;
mod families;
mod ordering;
mod titles;

use model::schema::{Id, Node};
use model::share;
use rustc_hash::{FxHashMap, FxHashSet};

use super::changes::Context;
use super::diff::Pairs;
use super::fate::Fate;
use super::step::{Action, HazardKind, Statement, Step, Unplannable};
use super::{access, attributes, rules};

/// The parts of one object's change, in the order they must come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Slot {
    /// It lets go of what needs it.
    Loosen,
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

const SLOTS: usize = 7;

const NONE: u32 = u32::MAX;

/// Below this many objects a second thread costs more than it saves.
const WORTH_A_THREAD: usize = 4_000;

struct Op {
    pair: usize,
    slot: Slot,
    step: Step,
}

/// The work to be done, before it has an order.
pub(super) struct Work<'a, 'c> {
    context: &'c Context<'a>,
    pairs: &'c Pairs<'a>,
    fates: Vec<Fate>,
    ops: Vec<Op>,
    /// Each object's operations, its own or those of the object it goes or comes with.
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
                self.refuse(&cycles);
                break order;
            }
        };
        let keys: Vec<_> = self.ops.iter().map(|op| self.key(op)).collect();
        let sorted = order.sorted(&keys);
        let mut ops: Vec<Option<Op>> = std::mem::take(&mut self.ops)
            .into_iter()
            .map(Some)
            .collect();
        let mut steps: Vec<Step> = Vec::with_capacity(ops.len());
        let mut came_back = false;
        for i in sorted {
            let Some(op) = ops[i].take() else { continue };
            let comes_back = op.slot == Slot::Establish && self.fates[op.pair].comes_back;
            let mut step = op.step;
            // What gave way together comes back in one transaction.
            if came_back
                && comes_back
                && let Some(before) = steps.last_mut().and_then(|s| s.statements.last_mut())
                && let Some(last) = step.statements.last_mut()
            {
                last.commit_after |= std::mem::take(&mut before.commit_after);
            }
            came_back = comes_back;
            steps.push(step);
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
        let made = share::map(self.pairs.len(), WORTH_A_THREAD, |i| self.parts(i, &riders));
        self.ops.reserve(made.iter().map(Vec::len).sum());
        self.ops.extend(made.into_iter().flatten());
        for (n, op) in self.ops.iter().enumerate() {
            self.at[op.pair][op.slot as usize] = n as u32;
        }
        for i in 0..self.pairs.len() {
            if let Some(table) = self.leaves_with(i) {
                self.at[i][Slot::Release as usize] = self.at[table][Slot::Alter as usize];
            }
        }
        for i in 0..self.pairs.len() {
            if let Some(op) = self.brought_with(i) {
                self.at[i][Slot::Establish as usize] = op;
            }
        }
        for (i, fate) in self.fates.iter().enumerate() {
            for slot in [Slot::Release, Slot::Establish] {
                if let Some(host) = fate.host(slot) {
                    self.at[i][slot as usize] = self.at[self.last_host(host, slot)][slot as usize];
                }
            }
        }
    }

    /// The table whose leaving of its parent takes the column along that the parent brought.
    fn leaves_with(&self, i: usize) -> Option<usize> {
        let fate = &self.fates[i];
        let column = self.pairs.all[i].from?.object.as_column()?;
        let leaves = fate.released && fate.released_with.is_none() && column.inherited;
        leaves.then(|| self.pairs.relation_at(i)).flatten()
    }

    /// What makes the parent's column that brings this one, which has no statement of its own.
    fn brought_with(&self, i: usize) -> Option<u32> {
        let fate = &self.fates[i];
        let column = self.pairs.all[i].to?.object.as_column()?;
        let alone = fate.established && fate.established_with.is_none() && column.inherited;
        if !alone || self.op(i, Slot::Establish).is_some() {
            return None;
        }
        let mut above = i;
        loop {
            let node = self.pairs.all[above].to?;
            above = self
                .pairs
                .index_of(&rules::column::above(self.context, node)?)?;
            let op = self.at[above][Slot::Establish as usize];
            if op != NONE {
                return Some(op);
            }
        }
    }

    /// The object that one goes or comes with, in the end.
    fn last_host(&self, mut i: usize, slot: Slot) -> usize {
        while let Some(host) = self.fates[i].host(slot).filter(|&host| host != i) {
            i = host;
        }
        i
    }

    /// The parts of one object's change, each with its statements; `riders` are those that come with
    /// others.
    fn parts(&self, i: usize, riders: &FxHashMap<usize, Vec<usize>>) -> Vec<Op> {
        let pair = &self.pairs.all[i];
        let fate = &self.fates[i];
        if fate.is_kept() || pair.external() {
            return Vec::new();
        }
        let replaced = fate.released && fate.established;
        let whole = |lone: Action| if replaced { Action::Replace } else { lone };
        let mut found = Found::default();
        if let Some(from) = pair.from.filter(|_| fate.loosened) {
            found.add(Slot::Loosen, Action::Alter, rules::loosen(from));
        }
        let beside = pair.to.filter(|_| fate.built_beside);
        let beside = beside.and_then(rules::constraint::replaced_beside);
        if let Some((build, _)) = &beside {
            found.add(Slot::Loosen, Action::Replace, vec![build.clone()]);
        }
        if let Some(from) = pair.from.filter(|_| fate.released) {
            if fate.released_with.is_none() {
                let statements = if fate.swapped {
                    rules::set_aside(self.context, from)
                } else {
                    rules::drop(self.context, from, replaced)
                };
                found.add(Slot::Release, whole(Action::Drop), statements);
            }
            if fate.swapped {
                let statements = rules::drop_set_aside(self.context, from);
                found.add(Slot::Finish, whole(Action::Drop), statements);
            }
        }
        if let Some(to) = pair.to.filter(|_| fate.established) {
            let mut late = Vec::new();
            if fate.established_with.is_none() {
                let riders = riders.get(&i).map_or(&[][..], Vec::as_slice);
                let ids = |bare: bool| -> FxHashSet<&Id> {
                    let riders = riders.iter().filter(|&&r| !bare || self.fates[r].halved);
                    riders.map(|&r| &self.pairs.all[r].node().id).collect()
                };
                let riding = rules::Riding {
                    all: ids(false),
                    bare: ids(true),
                    parent_made: self.makes_parents_index(to),
                };
                let mut making = match (beside, self.comes_with_table(i)) {
                    (Some((_, take_over)), _) => rules::Making::from(vec![take_over]),
                    (None, true) => rules::Making::default(),
                    (None, false) => rules::create(self.context, to, &riding),
                };
                making.and(rules::finish_new(self.context, to));
                for &rider in riders {
                    if let Some(rider) = self.pairs.all[rider].to {
                        making.and(rules::finish_new(self.context, rider));
                    }
                }
                if fate.comes_back {
                    making.leave_for_later();
                }
                if fate.halved {
                    making = rules::halves(to, making);
                }
                found.add(Slot::Establish, whole(Action::Create), making.main);
                late = making.late;
            } else if fate.halved {
                late = rules::halves(to, rules::Making::default()).late;
            }
            if !fate.swapped {
                found.add(Slot::Finish, whole(Action::Create), late);
            }
            let grants = access::grants_on_new(self.context, to);
            found.add(Slot::Grant, whole(Action::Create), grants);
            let secure = rules::table::secure_new(to);
            found.add(Slot::Secure, Action::Alter, secure);
        }
        if let (Some(from), Some(to)) = (pair.from, pair.to)
            && !fate.established
        {
            let mut making = rules::Making::default();
            if let Some(alteration) = &fate.altered {
                found.add(Slot::Release, Action::Alter, alteration.before.clone());
                making.main = alteration.main.clone();
                found.add(Slot::Establish, Action::Alter, alteration.after.clone());
                making.late = alteration.late.clone();
            }
            making.and(rules::finish_altered(self.context, from, to));
            found.add(Slot::Alter, Action::Alter, making.main);
            found.add(Slot::Finish, Action::Alter, making.late);
            let grants = access::grants_between(self.context, from, to);
            found.add(Slot::Grant, Action::Alter, grants);
            let secure = rules::table::secure_between(from, to);
            found.add(Slot::Secure, Action::Alter, secure);
        }
        let found = found.0.into_iter();
        found
            .map(|(slot, action, statements)| Op {
                pair: i,
                slot,
                step: self.step(i, slot, action, statements),
            })
            .collect()
    }

    /// Whether the index of the parent that this one is attached to is made in this plan.
    fn makes_parents_index(&self, node: &Node) -> bool {
        let index = node.object.as_index();
        let parent = index.and_then(|index| self.pairs.index_of(index.parent.as_ref()?));
        parent.is_some_and(|parent| self.fates[parent].established)
    }

    /// Whether a partition brings it when it is made.
    fn comes_with_table(&self, i: usize) -> bool {
        let constraint = self.pairs.all[i].node().object.as_constraint();
        constraint.is_some_and(|c| c.inherited)
            && self
                .pairs
                .relation_at(i)
                .is_some_and(|table| self.fates[table].established)
    }

    /// The operation in that slot, its own or that of the object it goes or comes with.
    pub(super) fn op(&self, i: usize, slot: Slot) -> Option<usize> {
        let op = self.at[i][slot as usize];
        (op != NONE).then_some(op as usize)
    }

    fn step(&self, i: usize, slot: Slot, action: Action, statements: Vec<Statement>) -> Step {
        let pair = &self.pairs.all[i];
        let node = match slot {
            Slot::Loosen | Slot::Release => pair.from.unwrap_or(pair.node()),
            _ => pair.node(),
        };
        let title = titles::title(node, slot, &action, || self.lifts(&node.id));
        let changes = match (pair.from, pair.to, slot) {
            (Some(from), Some(to), slot) => attributes::changes(from, to, slot),
            _ => Vec::new(),
        };
        let lossy = statements
            .iter()
            .flat_map(|statement| &statement.hazards)
            .find(|hazard| hazard.kind == HazardKind::DataLoss)
            .map(|hazard| hazard.message.clone());
        Step {
            id: node.id.clone(),
            action,
            title,
            changes,
            statements,
            lossy,
        }
    }

    fn lifts(&self, column: &Id) -> bool {
        let evolution = self.context.documents.of(column);
        evolution.is_some_and(|evolution| evolution.lifts())
    }

    /// What comes first of all that may: by phase, then by kind, then by place in the model.
    fn key(&self, op: &Op) -> (u8, u8, u32, u32, u32) {
        let pair = &self.pairs.all[op.pair];
        let kind = rules::rank(pair.node());
        let fate = &self.fates[op.pair];
        let (phase, kind) = match op.slot {
            Slot::Loosen if fate.built_beside => (2, kind),
            // What gave way comes back at once.
            Slot::Establish if fate.built_beside || fate.comes_back => (0, kind),
            Slot::Loosen => (0, 0),
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

/// The parts of one object's change that were found: most have few, or none.
#[derive(Default)]
struct Found(Vec<(Slot, Action, Vec<Statement>)>);

impl Found {
    fn add(&mut self, slot: Slot, action: Action, statements: Vec<Statement>) {
        if !statements.is_empty() {
            self.0.push((slot, action, statements));
        }
    }
}
