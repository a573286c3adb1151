//! A database in the making: items that refer to one another by number, so that a new name reaches
//! whoever uses it.
//!
//! It knows nothing of the code under test: its SQL is written in `sql.rs`, not by the plan.

use std::collections::{BTreeMap, BTreeSet};

/// An item's number; the same item has the same one in both worlds of a pair.
pub(crate) type Uid = u32;

/// `public`, which every world has.
pub(crate) const PUBLIC: Uid = 0;

#[derive(Clone, Debug)]
pub(crate) struct World {
    pub(crate) items: BTreeMap<Uid, Item>,
    pub(crate) next: Uid,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Item {
    pub(crate) name: String,
    /// The schema it lives in, for what lives in one.
    pub(crate) schema: Uid,
    pub(crate) what: What,
    pub(crate) comment: Option<String>,
    pub(crate) owner: Option<Uid>,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Ty {
    Builtin(&'static str),
    User(Uid),
    Array(Box<Ty>),
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum What {
    Schema,
    Role(Role),
    Extension,
    Collation(&'static str),
    /// Labels, each with a number of its own.
    Enum(Vec<(u32, String)>),
    Domain(Domain),
    /// Attributes, each with a number of its own.
    Composite(Vec<(u32, String, Ty)>),
    Range(Ty),
    Sequence(Sequence),
    Table(Table),
    Column(Column),
    Constraint(Constraint),
    Index(Index),
    View(View),
    Function(Function),
    Aggregate(&'static str),
    Trigger(Trigger),
    Rule(Rule),
    Policy(Policy),
    Statistics(Vec<Uid>, &'static str),
    EventTrigger(Uid, &'static str, bool),
    Publication(Publication),
    Wrapper(u32),
    Server(Uid, u32),
    Mapping(Uid, Option<Uid>, u32),
    TextSearch(&'static str),
    Operator(Uid),
    Grant(Grant),
    DefaultPrivileges(DefaultPrivileges),
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Role {
    pub(crate) login: bool,
    pub(crate) inherit: bool,
    pub(crate) create_database: bool,
    pub(crate) limit: Option<u32>,
    pub(crate) member_of: Vec<Uid>,
    pub(crate) timeout: Option<u32>,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Domain {
    pub(crate) base: Ty,
    pub(crate) not_null: bool,
    pub(crate) default: Option<u32>,
    pub(crate) collation: Option<Uid>,
    pub(crate) checks: Vec<(String, u32, bool)>,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Sequence {
    pub(crate) ty: &'static str,
    pub(crate) increment: i32,
    pub(crate) start: Option<u32>,
    pub(crate) cache: u32,
    pub(crate) cycle: bool,
    pub(crate) owned_by: Option<Uid>,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Table {
    pub(crate) form: Form,
    pub(crate) unlogged: bool,
    pub(crate) fillfactor: Option<u32>,
    pub(crate) replica: Replica,
    pub(crate) rls: bool,
    pub(crate) force: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Form {
    Plain,
    /// Strategy and key.
    Partitioned(&'static str, Uid),
    /// Parent, and which of its bounds; `None` is the default partition.
    Partition(Uid, Option<u32>),
    /// Parents.
    Inherits(Vec<Uid>),
    /// Server and an option.
    Foreign(Uid, u32),
    /// A composite type's table.
    Typed(Uid),
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Replica {
    Default,
    Full,
    Nothing,
    Index(Uid),
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Column {
    pub(crate) table: Uid,
    pub(crate) ty: Ty,
    pub(crate) not_null: bool,
    pub(crate) value: Value,
    pub(crate) collation: Option<Uid>,
    pub(crate) storage: Option<&'static str>,
    pub(crate) compression: Option<&'static str>,
    pub(crate) statistics: Option<u32>,
    pub(crate) distinct: Option<u32>,
}

/// Where a column's value comes from where an insert gives none.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    None,
    Sample(u32),
    Sequence(Uid),
    /// A function without arguments.
    Call(Uid),
    Now,
    /// Always, increment, start.
    Identity(bool, i32, u32),
    /// A column it is computed from, and a number in the expression.
    Generated(Uid, u32),
    /// The same, by a function.
    GeneratedBy(Uid, Uid),
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Constraint {
    pub(crate) table: Uid,
    pub(crate) body: Body,
    /// Not, immediate, deferred.
    pub(crate) deferrable: u8,
    pub(crate) valid: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Body {
    Primary(Vec<Uid>),
    Unique(Vec<Uid>, bool, Vec<Uid>),
    Check(Condition, bool),
    /// Columns, the key referred to, actions, whether all match.
    Foreign(Vec<Uid>, Uid, u8, u8, bool),
    Exclusion(Uid, Option<Condition>),
}

/// A condition on one column: with a number, or by a function.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Condition {
    pub(crate) column: Uid,
    pub(crate) number: u32,
    pub(crate) by: Option<Uid>,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Index {
    pub(crate) on: Uid,
    pub(crate) keys: Vec<Uid>,
    pub(crate) expression: Option<Condition>,
    pub(crate) unique: bool,
    pub(crate) nulls_not_distinct: bool,
    pub(crate) method: &'static str,
    pub(crate) descending: bool,
    pub(crate) include: Vec<Uid>,
    pub(crate) filter: Option<Condition>,
    pub(crate) fillfactor: Option<u32>,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct View {
    pub(crate) from: Uid,
    pub(crate) columns: Vec<Uid>,
    pub(crate) shape: u8,
    pub(crate) filter: Option<Condition>,
    pub(crate) call: Option<Uid>,
    pub(crate) materialized: bool,
    pub(crate) barrier: bool,
    pub(crate) invoker: bool,
    pub(crate) populated: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Function {
    pub(crate) form: FunctionForm,
    pub(crate) volatility: &'static str,
    pub(crate) strict: bool,
    pub(crate) definer: bool,
    pub(crate) parallel: &'static str,
    pub(crate) setting: Option<&'static str>,
    pub(crate) body: u32,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum FunctionForm {
    /// A value of the type to boolean.
    Predicate(Ty),
    /// Nothing to a value of the type; with a second, defaulted argument where one is given.
    Value(Ty, Option<Ty>),
    Trigger,
    EventTrigger,
    /// SQL-standard body on columns of a relation.
    Atomic(Uid, Vec<Uid>),
    /// Rows of a relation.
    SetOf(Uid),
    Procedure(Ty),
    /// Two values of the type to boolean, for an operator.
    Compare(Ty),
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Trigger {
    pub(crate) on: Uid,
    pub(crate) function: Uid,
    /// 0 before, 1 after, 2 constraint, 3 instead.
    pub(crate) timing: u8,
    pub(crate) events: u8,
    pub(crate) columns: Vec<Uid>,
    pub(crate) row: bool,
    pub(crate) when: Option<Condition>,
    pub(crate) enabled: u8,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Rule {
    pub(crate) on: Uid,
    pub(crate) event: &'static str,
    pub(crate) when: Option<Condition>,
    pub(crate) instead: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Policy {
    pub(crate) on: Uid,
    pub(crate) permissive: bool,
    pub(crate) command: &'static str,
    pub(crate) roles: Vec<Uid>,
    pub(crate) condition: Condition,
    /// A table that a subquery looks into.
    pub(crate) look: Option<Condition>,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Publication {
    pub(crate) tables: Vec<Uid>,
    pub(crate) all: bool,
    pub(crate) publish: &'static str,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Grant {
    pub(crate) on: Uid,
    /// `None` is everybody.
    pub(crate) to: Option<Uid>,
    pub(crate) privileges: u8,
    pub(crate) option: bool,
    pub(crate) columns: Vec<Uid>,
    pub(crate) revoke: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct DefaultPrivileges {
    pub(crate) of: Option<Uid>,
    pub(crate) within: Option<Uid>,
    pub(crate) class: &'static str,
    pub(crate) to: Uid,
    pub(crate) privileges: u8,
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
