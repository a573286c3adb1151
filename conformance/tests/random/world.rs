//! A database in the making: items that refer to one another by number, so that a new name reaches
//! whoever uses it.
//!
//! It knows nothing of the code under test: its SQL is written in `sql.rs`, not by the plan.

use std::collections::{BTreeMap, BTreeSet};

pub(crate) use super::items::*;

#[derive(Clone, Debug)]
pub(crate) struct World {
    pub(crate) items: BTreeMap<Uid, Item>,
    pub(crate) next: Uid,
}

/// What an item refers to.
#[derive(Default)]
pub(crate) struct Links<'a> {
    /// It goes when one of these goes.
    pub(crate) all: Vec<Uid>,
    /// These lists shrink; it goes when fewer are left than the number says.
    pub(crate) some: Vec<(&'a mut Vec<Uid>, usize)>,
    /// It goes on without these.
    pub(crate) loose: Vec<&'a mut Option<Uid>>,
    /// Conditions it goes on without.
    pub(crate) conditions: Vec<&'a mut Option<Condition>>,
}

impl Ty {
    fn link(&self, links: &mut Links<'_>) {
        match self {
            Ty::Builtin(_) => {}
            Ty::User(uid) => links.all.push(*uid),
            Ty::Array(of) => of.link(links),
        }
    }
}

impl Condition {
    fn link(&self, links: &mut Links<'_>) {
        links.all.push(self.column);
        links.all.extend(self.by);
    }

    pub(crate) fn uses(&self, gone: &BTreeSet<Uid>) -> bool {
        gone.contains(&self.column) || self.by.is_some_and(|by| gone.contains(&by))
    }
}

impl Item {
    pub(crate) fn links(&mut self) -> Links<'_> {
        let mut to = Links::default();
        if self.schema != PUBLIC {
            to.all.push(self.schema);
        }
        to.loose.push(&mut self.owner);
        match &mut self.what {
            What::Schema | What::Extension | What::Collation(_) | What::Enum(_) => {}
            What::TextSearch(_) | What::Wrapper(_) | What::Aggregate(_) => {}
            What::Role(role) => to.some.push((&mut role.member_of, 0)),
            What::Domain(domain) => {
                domain.base.link(&mut to);
                to.loose.push(&mut domain.collation);
            }
            What::Composite(list) => list.iter().for_each(|(_, _, ty)| ty.link(&mut to)),
            What::Range(ty) => ty.link(&mut to),
            What::Sequence(sequence) => to.loose.push(&mut sequence.owned_by),
            What::Table(table) => {
                match &mut table.form {
                    Form::Plain => {}
                    // The key is a column of the table, which goes with it.
                    Form::Partitioned(_, key) => to.all.push(*key),
                    Form::Partition(parent, _) => to.all.push(*parent),
                    Form::Inherits(parents) => to.some.push((parents, 1)),
                    Form::Foreign(server, _) => to.all.push(*server),
                    Form::Typed(ty) => to.all.push(*ty),
                }
                if let Replica::Index(index) = table.replica {
                    to.all.push(index);
                }
            }
            What::Column(column) => {
                to.all.push(column.table);
                column.ty.link(&mut to);
                to.loose.push(&mut column.collation);
                match column.value {
                    Value::Sequence(of) | Value::Call(of) | Value::Generated(of, _) => {
                        to.all.push(of);
                    }
                    Value::GeneratedBy(of, by) => to.all.extend([of, by]),
                    Value::None | Value::Sample(_) | Value::Now | Value::Identity(..) => {}
                }
            }
            What::Constraint(constraint) => {
                to.all.push(constraint.table);
                match &mut constraint.body {
                    Body::Primary(columns) => to.some.push((columns, 1)),
                    Body::Unique(columns, _, include) => {
                        to.some.push((columns, 1));
                        to.some.push((include, 0));
                    }
                    Body::Check(condition, _) => condition.link(&mut to),
                    Body::Foreign(columns, key, ..) => {
                        to.all.extend(columns.iter().copied());
                        to.all.push(*key);
                    }
                    Body::Exclusion(column, filter) => {
                        to.all.push(*column);
                        to.conditions.push(filter);
                    }
                }
            }
            What::Index(index) => {
                to.all.push(index.on);
                match &index.expression {
                    Some(condition) => {
                        condition.link(&mut to);
                        to.some.push((&mut index.keys, 0));
                    }
                    None => to.some.push((&mut index.keys, 1)),
                }
                to.some.push((&mut index.include, 0));
                to.conditions.push(&mut index.filter);
            }
            What::View(view) => {
                to.all.push(view.from);
                to.some.push((&mut view.columns, 1));
                to.conditions.push(&mut view.filter);
                to.loose.push(&mut view.call);
            }
            What::Function(function) => match &mut function.form {
                FunctionForm::Predicate(ty) | FunctionForm::Procedure(ty) => ty.link(&mut to),
                FunctionForm::Compare(ty) => ty.link(&mut to),
                FunctionForm::Value(ty, more) => {
                    ty.link(&mut to);
                    more.iter().for_each(|ty| ty.link(&mut to));
                }
                FunctionForm::Trigger | FunctionForm::EventTrigger => {}
                FunctionForm::Atomic(relation, columns) => {
                    to.all.push(*relation);
                    to.some.push((columns, 1));
                }
                FunctionForm::SetOf(relation) => to.all.push(*relation),
            },
            What::Trigger(trigger) => {
                to.all.extend([trigger.on, trigger.function]);
                to.some.push((&mut trigger.columns, 0));
                to.conditions.push(&mut trigger.when);
            }
            What::Rule(rule) => {
                to.all.push(rule.on);
                to.conditions.push(&mut rule.when);
            }
            What::Policy(policy) => {
                to.all.push(policy.on);
                to.some.push((&mut policy.roles, 0));
                policy.condition.link(&mut to);
                to.conditions.push(&mut policy.look);
            }
            What::Statistics(columns, _) => to.some.push((columns, 2)),
            What::EventTrigger(function, ..) | What::Operator(function) => to.all.push(*function),
            What::Publication(publication) => to.some.push((&mut publication.tables, 0)),
            What::Server(wrapper, _) => to.all.push(*wrapper),
            What::Mapping(server, role, _) => {
                to.all.push(*server);
                to.all.extend(*role);
            }
            What::Grant(grant) => {
                to.all.push(grant.on);
                to.all.extend(grant.to);
                let least = usize::from(!grant.columns.is_empty());
                to.some.push((&mut grant.columns, least));
            }
            What::DefaultPrivileges(defaults) => {
                to.all.push(defaults.to);
                to.all.extend(defaults.of);
                to.all.extend(defaults.within);
            }
        }
        to
    }
}

impl World {
    pub(crate) fn new(first: Uid) -> World {
        let public = Item {
            name: "public".to_owned(),
            schema: PUBLIC,
            what: What::Schema,
            comment: None,
            owner: None,
        };
        World {
            items: BTreeMap::from([(PUBLIC, public)]),
            next: first.max(1),
        }
    }

    pub(crate) fn add(&mut self, item: Item) -> Uid {
        let uid = self.next;
        self.next += 1;
        self.items.insert(uid, item);
        uid
    }

    /// Takes the items out, and whatever can't go on without them.
    pub(crate) fn remove(&mut self, mut gone: BTreeSet<Uid>) {
        gone.remove(&PUBLIC);
        loop {
            self.items.retain(|uid, _| !gone.contains(uid));
            let mut more = BTreeSet::new();
            for (uid, item) in &mut self.items {
                let links = item.links();
                let mut goes = links.all.iter().any(|link| gone.contains(link));
                for (list, least) in links.some {
                    list.retain(|link| !gone.contains(link));
                    goes |= list.len() < least;
                }
                for link in links.loose {
                    *link = link.filter(|link| !gone.contains(link));
                }
                for condition in links.conditions {
                    if condition.as_ref().is_some_and(|c| c.uses(&gone)) {
                        *condition = None;
                    }
                }
                if goes {
                    more.insert(*uid);
                }
            }
            if more.is_empty() {
                return;
            }
            gone = more;
        }
    }

    /// The numbers of the items for which that holds.
    pub(crate) fn all(&self, holds: impl Fn(&Item) -> bool) -> Vec<Uid> {
        let items = self.items.iter();
        items
            .filter(|(_, item)| holds(item))
            .map(|(uid, _)| *uid)
            .collect()
    }

    pub(crate) fn get(&self, uid: Uid) -> Option<&Item> {
        self.items.get(&uid)
    }

    pub(crate) fn table(&self, uid: Uid) -> Option<&Table> {
        match &self.get(uid)?.what {
            What::Table(table) => Some(table),
            _ => None,
        }
    }

    pub(crate) fn column(&self, uid: Uid) -> Option<&Column> {
        match &self.get(uid)?.what {
            What::Column(column) => Some(column),
            _ => None,
        }
    }

    /// The columns declared in the table itself.
    pub(crate) fn own_columns(&self, table: Uid) -> Vec<Uid> {
        self.all(|item| matches!(&item.what, What::Column(column) if column.table == table))
    }

    /// Whether a table of that form would inherit from that one, directly or not.
    pub(crate) fn is_below(&self, form: &Form, table: Uid) -> bool {
        let Form::Inherits(parents) = form else {
            return false;
        };
        let further = |uid: &Uid| {
            let form = self.table(*uid).map(|t| &t.form);
            form.is_some_and(|form| self.is_below(form, table))
        };
        parents.iter().any(|uid| *uid == table || further(uid))
    }

    /// All columns of a table or view.
    pub(crate) fn columns(&self, relation: Uid) -> Vec<Uid> {
        match self.get(relation).map(|item| &item.what) {
            Some(What::View(view)) => view.columns.clone(),
            Some(What::Table(table)) => {
                let mut columns = match &table.form {
                    Form::Partition(parent, _) => self.columns(*parent),
                    Form::Inherits(parents) => parents
                        .iter()
                        .flat_map(|parent| self.columns(*parent))
                        .collect(),
                    _ => Vec::new(),
                };
                columns.extend(self.own_columns(relation));
                columns
            }
            _ => Vec::new(),
        }
    }

    /// The table a partition key of which must be in every unique key.
    pub(crate) fn partition_key(&self, table: Uid) -> Option<Uid> {
        match self.table(table)?.form {
            Form::Partitioned(_, key) => Some(key),
            Form::Partition(parent, _) => self.partition_key(parent),
            _ => None,
        }
    }
}
