//! The rules of order between the parts of changes, and where a circle of them is cut.

use model::schema::{Body, Constraint, ConstraintBody, Kind, Node, Object};
use rustc_hash::FxHashMap;

use super::{NONE, SLOTS, Slot, Work};
use crate::plan::needs::Side;
use crate::plan::order::Order;
use crate::plan::rules;

impl<'a> Work<'a, '_> {
    /// The rules of order.
    pub(super) fn order(&self) -> Order {
        let mut order = Order::new(self.ops.len());
        let must = |order: &mut Order, first: Option<usize>, then: Option<usize>| {
            if let (Some(first), Some(then)) = (first, then) {
                order.must(first).before(then);
            }
        };
        use Slot::{Alter, Establish, Finish, Grant, Loosen, Release, Secure};
        let slots = [Loosen, Release, Alter, Establish, Finish, Grant, Secure];
        let mut needed = Vec::new();
        for i in 0..self.pairs.len() {
            let pair = &self.pairs.all[i];
            if self.fates[i].is_kept() {
                continue;
            }
            if self.at[i] == [NONE; SLOTS] {
                continue;
            }
            for (n, &first) in slots.iter().enumerate() {
                for &then in &slots[n + 1..] {
                    must(&mut order, self.op(i, first), self.op(i, then));
                }
            }
            if let Some(from) = pair.from {
                self.context.needs_into(Side::From, i, &mut needed);
                for &j in &needed {
                    if self.fates[i].loosened && !self.needs_at_first(from, j) {
                        must(&mut order, self.op(i, Loosen), self.op(j, Release));
                        must(&mut order, self.op(i, Loosen), self.op(j, Alter));
                        continue;
                    }
                    must(&mut order, self.op(i, Release), self.op(j, Release));
                    // Whoever is in a role, or has something from it, can go after it changes as well.
                    let role = self.pairs.all[j].node().id.kind == Kind::Role;
                    if !role && !self.bears_change(i, j) {
                        must(&mut order, self.op(i, Release), self.op(j, Alter));
                    }
                    if self.fates[j].built_beside {
                        must(&mut order, self.op(j, Loosen), self.op(i, Release));
                    } else if self.fates[j].loosened
                        && matches!(from.id.kind, Kind::Column | Kind::Constraint | Kind::Index)
                    {
                        // The table has let go of its type, or of its parent.
                        for slot in [Release, Alter, Establish] {
                            must(&mut order, self.op(j, Loosen), self.op(i, slot));
                        }
                    }
                    if self.fates[j].swapped {
                        must(&mut order, self.op(i, Alter), self.op(j, Finish));
                        if self.fates[i].swapped {
                            must(&mut order, self.op(i, Finish), self.op(j, Finish));
                        }
                    } else if !self.fates[i].released && !self.lets_go_of(i, j) {
                        must(&mut order, self.op(i, Alter), self.op(j, Release));
                    }
                    must(&mut order, self.op(i, Release), self.op(j, Finish));
                    if self.fates[i].swapped && !self.fates[j].established && !self.fates[j].swapped
                    {
                        // What was set aside still stands on it.
                        must(&mut order, self.op(i, Finish), self.op(j, Release));
                    }
                    if role {
                        // A role that still holds privileges, or owns a view, can't be dropped.
                        must(&mut order, self.op(i, Grant), self.op(j, Release));
                        must(&mut order, self.op(i, Finish), self.op(j, Release));
                    }
                }
                if let Object::Sequence(sequence) = &from.object
                    && let Some(owner) = &sequence.owned_by
                    && let Some(j) = self.pairs.index_of(owner)
                {
                    must(&mut order, self.op(i, Alter), self.op(j, Release));
                }
            }
            if let Some(to) = pair.to {
                self.context.needs_into(Side::To, i, &mut needed);
                for &j in &needed {
                    if self.is_taken_over(to, j) {
                        must(&mut order, self.op(i, Establish), self.op(j, Establish));
                        continue;
                    }
                    let apart = self.fates[i].halved && !self.needs_at_first(to, j);
                    let now = if apart { &[][..] } else { &[Establish, Alter] };
                    for &slot in now {
                        must(&mut order, self.op(j, Establish), self.op(i, slot));
                        if !self.comes_before_leaving(to, j) {
                            must(&mut order, self.op(j, Alter), self.op(i, slot));
                        }
                    }
                    for slot in [Finish, Grant] {
                        must(&mut order, self.op(j, Establish), self.op(i, slot));
                    }
                    if self.fates[i].built_beside {
                        must(&mut order, self.op(j, Establish), self.op(i, Loosen));
                        if self.bears_change(i, j) {
                            must(&mut order, self.op(j, Alter), self.op(i, Loosen));
                        }
                    }
                    let above = &self.pairs.all[j].node().id;
                    let relation = matches!(above.kind, Kind::Table | Kind::View);
                    if to.id.kind == Kind::Column && relation && above.name == to.id.name {
                        // What is taken back on a table is taken back on its columns too.
                        must(&mut order, self.op(j, Grant), self.op(i, Grant));
                    }
                    if relation && matches!(to.id.kind, Kind::Column | Kind::Constraint) {
                        // A table joins its parent once it has what that asks for.
                        let foreign = |c: &model::schema::Constraint| {
                            matches!(c.body, ConstraintBody::ForeignKey(_))
                        };
                        if above.name == to.id.name
                            && !to.object.as_constraint().is_some_and(foreign)
                        {
                            must(&mut order, self.op(i, Alter), self.op(j, Finish));
                            must(&mut order, self.op(i, Establish), self.op(j, Finish));
                        }
                    }
                    if j != i && self.pairs.all[j].node().id.kind == Kind::Table {
                        must(&mut order, self.op(i, Establish), self.op(j, Secure));
                        must(&mut order, self.op(i, Grant), self.op(j, Secure));
                    }
                }
                if let Some((column, _)) = self.context.documents.judged_by(to)
                    && let Some(j) = self.pairs.index_of(column)
                {
                    // The check holds for new rows, old documents are lifted, all are read.
                    must(&mut order, self.op(i, Establish), self.op(j, Finish));
                    must(&mut order, self.op(j, Finish), self.op(i, Finish));
                }
                self.late_needs(i, &mut order);
                self.joins_parent(i, &mut order);
                self.after_parent(i, &mut order);
            }
        }
        self.partitions_after_foreign_keys(&mut order);
        self.new_bounds_in_between(&mut order);
        self.follow_leaders(&mut order);
        self.words_of_bodies(&mut order);
        self.names_are_free_again(&mut order);
        order
    }

    /// Whether a key that serves until its new index is built stays while that column or table changes:
    /// the build then finds it as it shall be.
    fn bears_change(&self, key: usize, needed: usize) -> bool {
        let pair = &self.pairs.all[key];
        let constraint = |node: Option<&'a Node>| node?.object.as_constraint();
        let (Some(old), Some(new)) = (constraint(pair.from), constraint(pair.to)) else {
            return false;
        };
        let id = &self.pairs.all[needed].node().id;
        let has = |constraint: &Constraint| match &constraint.body {
            ConstraintBody::PrimaryKey(key) | ConstraintBody::Unique(key) => {
                let mut columns = key.columns.iter().chain(&key.include);
                id.kind == Kind::Column && columns.any(|column| *column == id.part)
            }
            _ => false,
        };
        // A primary key's columns are not null for as long as it is there.
        let alike = std::mem::discriminant(&old.body) == std::mem::discriminant(&new.body);
        self.fates[key].built_beside && (id.kind == Kind::Table || has(new) && (alike || !has(old)))
    }

    /// Whether a column's default, which alone calls that function or sequence, gives way before the
    /// column changes.
    fn lets_go_of(&self, column: usize, used: usize) -> bool {
        let kind = |i: usize| self.pairs.all[i].node().id.kind;
        kind(column) == Kind::Column
            && matches!(kind(used), Kind::Function | Kind::Sequence)
            && self.op(column, Slot::Release).is_some()
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
                let in_table = rules::place_in_table(node);
                for place in rules::places(node).into_iter().chain(in_table) {
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
                let in_table = rules::place_in_table(node);
                for place in rules::places(node).into_iter().chain(in_table) {
                    for &free in taken.get(&place).into_iter().flatten() {
                        order.must(free).before(op);
                    }
                }
            }
            if let Some(constraint) = node.object.as_constraint()
                && constraint.inherited
                && let Some(free) = rules::place_in_table(node).and_then(|p| taken.get(&p))
            {
                // The parent's brings it.
                for brings in self.brought_by(node) {
                    free.iter()
                        .for_each(|&free| order.must(free).before(brings));
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
}
