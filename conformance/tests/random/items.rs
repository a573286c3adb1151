//! What a world is made of: each kind of item, as data.

/// An item's number; the same item has the same one in both worlds of a pair.
pub(crate) type Uid = u32;

/// `public`, which every world has.
pub(crate) const PUBLIC: Uid = 0;

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
