//! The rules of order between tables and their parents: partitions, heirs, and what follows whom.

use model::schema::{ConstraintBody, Id, Kind, Node, Object};
use rustc_hash::FxHashMap;

use super::{Slot, Work};
use crate::plan::needs::Side;
use crate::plan::order::Order;
use crate::plan::rules;

impl<'a> Work<'a, '_> {
    /// A table that joins a parent has the columns that this one shall have, and no others; its indexes
    /// are attached afterwards.
    pub(super) fn joins_parent(&self, i: usize, order: &mut Order) {
        use Slot::{Alter, Establish, Finish, Release};
        let pair = &self.pairs.all[i];
        let mut must = |first: Option<usize>, then: Option<usize>| {
            if let (Some(first), Some(then)) = (first, then) {
                order.must(first).before(then);
            }
        };
        match pair.to.map(|node| (node, &node.object)) {
            Some((node, Object::Table(table))) => {
                let joined = |parent: &&Id| rules::table::joins(self.context, &node.id, parent);
                let mut relations: Vec<&Id> = table.parents().filter(joined).collect();
                if relations.is_empty() {
                    return;
                }
                relations.push(&node.id);
                for relation in relations {
                    for schema in [self.context.from, self.context.to] {
                        for (column, _) in schema.columns(relation) {
                            let Some(j) = self.pairs.index_of(&column.id) else {
                                continue;
                            };
                            for slot in [Release, Alter, Establish] {
                                must(self.op(j, slot), self.op(i, Finish));
                                must(self.op(i, Slot::Loosen), self.op(j, slot));
                            }
                        }
                    }
                }
            }
            Some((node, Object::Index(index))) => {
                let Some(parent) = &index.parent else { return };
                let above = Id::table(parent.schema.clone(), parent.name.clone());
                let own = Id::table(node.id.schema.clone(), node.id.name.clone());
                let Some(table) = self.pairs.relation_at(i) else {
                    return;
                };
                if !rules::table::joins(self.context, &own, &above) {
                    return;
                }
                must(self.op(table, Finish), self.op(i, Finish));
                match self.pairs.index_of(parent) {
                    // Else the table would be given another index by its parent's.
                    Some(parent) if self.fates[parent].established => {
                        must(self.op(table, Finish), self.op(parent, Establish));
                    }
                    _ => must(self.op(i, Establish), self.op(table, Finish)),
                }
            }
            _ => {}
        }
    }

    /// Whether it is a partition's key, which that one of the parent takes over once it is made.
    pub(super) fn is_taken_over(&self, key: &Node, parent: usize) -> bool {
        let inherited = key.object.as_constraint().is_some_and(|c| c.inherited);
        let parent = &self.pairs.all[parent].node().id;
        let table = || self.pairs.relation_of(&key.id);
        // A table that is attached with its key finds its parent's.
        let attached = |table: usize| {
            let node = self.pairs.all[table].to;
            self.fates[table].established
                && node.is_some_and(|node| rules::table::stands_alone(self.context, node))
        };
        inherited
            && parent.kind == Kind::Constraint
            && parent.relation() != key.id.relation()
            && !table().is_some_and(attached)
    }

    /// What is done to a parent's column reaches the child's, which then gets its own again.
    pub(super) fn after_parent(&self, child: usize, order: &mut Order) {
        let node = self.pairs.all[child].node();
        let parent = rules::column::above(self.context, node);
        let Some(parent) = parent.and_then(|id| self.pairs.index_of(&id)) else {
            return;
        };
        for first in [Slot::Alter, Slot::Establish] {
            for then in [Slot::Alter, Slot::Establish] {
                if let (Some(first), Some(then)) = (self.op(parent, first), self.op(child, then)) {
                    order.must(first).before(then);
                }
            }
        }
    }

    /// No partition can be dropped of a table that foreign keys refer to.
    pub(super) fn partitions_after_foreign_keys(&self, order: &mut Order) {
        let mut partitions: FxHashMap<&Id, Vec<usize>> = FxHashMap::default();
        for (i, pair) in self.pairs.all.iter().enumerate() {
            if let Some(table) = pair.from.and_then(|node| node.object.as_table())
                && let Some(partition) = &table.partition_of
                && self.fates[i].released
            {
                partitions.entry(&partition.parent).or_default().push(i);
            }
        }
        if partitions.is_empty() {
            return;
        }
        for (i, pair) in self.pairs.all.iter().enumerate() {
            let constraint = pair.from.and_then(|node| node.object.as_constraint());
            let Some(ConstraintBody::ForeignKey(key)) = constraint.map(|c| &c.body) else {
                continue;
            };
            let (Some(gone), true) = (self.op(i, Slot::Release), self.fates[i].released) else {
                continue;
            };
            let mut open = vec![&key.target];
            while let Some(table) = open.pop() {
                for &partition in partitions.get(table).into_iter().flatten() {
                    open.push(&self.pairs.all[partition].node().id);
                    if let Some(dropped) = self.op(partition, Slot::Release) {
                        order.must(gone).before(dropped);
                    }
                }
            }
        }
    }

    /// The parent of a partition that leaves it for other bounds, and for nothing else.
    fn gets_other_bounds(&self, i: usize) -> Option<&'a Id> {
        let pair = &self.pairs.all[i];
        let partition = |node: Option<&'a Node>| node?.object.as_table()?.partition_of.as_ref();
        let (before, after) = (partition(pair.from)?, partition(pair.to)?);
        let moves = before.parent == after.parent && before.bound != after.bound;
        let alone = !self.context.gathered.reattached.contains(&pair.node().id);
        (moves && alone).then_some(&after.parent)
    }

    /// Whether the table's part comes or changes with its parent's, before the table leaves that for
    /// other bounds.
    pub(super) fn comes_before_leaving(&self, part: &Node, table: usize) -> bool {
        let inherited = match &part.object {
            Object::Column(column) => column.inherited,
            Object::Constraint(constraint) => constraint.inherited,
            _ => false,
        };
        inherited && self.gets_other_bounds(table).is_some()
    }

    /// A partition leaves its parent for other bounds once it has what is new there, and before another
    /// takes its place.
    pub(super) fn new_bounds_in_between(&self, order: &mut Order) {
        let mut leaving: FxHashMap<&Id, Vec<usize>> = FxHashMap::default();
        for i in 0..self.pairs.len() {
            if let Some(parent) = self.gets_other_bounds(i)
                && let Some(leaves) = self.op(i, Slot::Alter)
            {
                leaving.entry(parent).or_default().push(leaves);
            }
        }
        if leaving.is_empty() {
            return;
        }
        for (i, pair) in self.pairs.all.iter().enumerate() {
            let Some(node) = pair.to else { continue };
            let brings = match &node.object {
                Object::Column(_) => true,
                Object::Constraint(constraint) => {
                    matches!(constraint.body, ConstraintBody::Check(_))
                }
                _ => false,
            };
            let relation = node.id.relation().filter(|_| brings);
            for &leaves in relation.iter().flat_map(|id| leaving.get(id)).flatten() {
                for slot in [Slot::Alter, Slot::Establish, Slot::Finish] {
                    if let Some(brought) = self.op(i, slot) {
                        order.must(brought).before(leaves);
                    }
                }
            }
            let partition = node.object.as_table().and_then(|t| t.partition_of.as_ref());
            let others = partition.and_then(|partition| leaving.get(&partition.parent));
            if let Some(made) = self.op(i, Slot::Establish).filter(|_| pair.from.is_none()) {
                for &leaves in others.into_iter().flatten() {
                    order.must(leaves).before(made);
                }
            }
        }
    }

    /// What stands on a column that follows another's type waits for that other's change.
    pub(super) fn follow_leaders(&self, order: &mut Order) {
        if self.fates.iter().all(|fate| fate.altered_with.is_none()) {
            return;
        }
        let leads = |i: usize| {
            let mut last = self.fates[i].altered_with?;
            while let Some(next) = self.fates[last].altered_with {
                last = next;
            }
            self.op(last, Slot::Alter)
        };
        for i in 0..self.pairs.len() {
            if self.fates[i].is_kept() {
                continue;
            }
            for side in [Side::From, Side::To] {
                for alter in self.context.needs(side, i).into_iter().filter_map(leads) {
                    let released = self.op(i, Slot::Release);
                    let made = [Slot::Alter, Slot::Establish].map(|slot| self.op(i, slot));
                    let rules = match side {
                        Side::From => [(released, Some(alter)), (None, None)],
                        Side::To => made.map(|made| (Some(alter), made)),
                    };
                    for rule in rules {
                        if let (Some(first), Some(then)) = rule {
                            order.must(first).before(then);
                        }
                    }
                }
            }
            if let (Some(alter), Some(own)) = (leads(i), self.op(i, Slot::Alter)) {
                order.must(alter).before(own);
            }
        }
    }

    /// What makes the constraint of that name in the table's parents.
    pub(super) fn brought_by(&self, node: &'a Node) -> impl Iterator<Item = usize> {
        let table = self.pairs.relation_of(&node.id);
        let table = table.and_then(|table| self.pairs.all[table].to);
        let parents = table.and_then(|table| table.object.as_table());
        parents
            .into_iter()
            .flat_map(|table| table.parents())
            .filter_map(|parent| {
                let above = parent.within(Kind::Constraint, node.id.part.clone());
                self.op(self.pairs.index_of(&above)?, Slot::Establish)
            })
    }
}
