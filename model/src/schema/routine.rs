//! Functions, procedures and triggers.

use super::{Deferrable, Expr, Id, Name, Settings};

/// A function or a procedure. Its name and input types are the id's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Routine {
    /// Function, procedure or window function.
    pub kind: RoutineKind,
    /// The argument list as `pg_get_function_arguments` prints it: modes, names, types, defaults.
    pub arguments: Expr,
    /// The result as `pg_get_function_result` prints it; `None` for procedures.
    pub returns: Option<Expr>,
    /// The language.
    pub language: Name,
    /// What it does.
    pub body: Body,
    /// `IMMUTABLE`, `STABLE` or `VOLATILE`.
    pub volatility: Volatility,
    /// `STRICT`: null in, null out.
    pub strict: bool,
    /// `SECURITY DEFINER`.
    pub security_definer: bool,
    /// `LEAKPROOF`.
    pub leakproof: bool,
    /// `PARALLEL`.
    pub parallel: Parallel,
    /// `COST`, where it is not the language's default. Text, because it is a float.
    pub cost: Option<Name>,
    /// `ROWS`, where it is not the default.
    pub rows: Option<Name>,
    /// `SUPPORT` function, qualified.
    pub support: Option<Name>,
    /// `TRANSFORM FOR TYPE` clause, as text.
    pub transform: Option<Name>,
    /// `SET name = value`, values as the catalog keeps them.
    pub settings: Settings,
}

/// What kind of routine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RoutineKind {
    /// `FUNCTION`.
    Function,
    /// `PROCEDURE`.
    Procedure,
    /// `FUNCTION … WINDOW`.
    Window,
}

/// The body of a routine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body {
    /// A string in the language of the routine, exactly as written.
    Text(Expr),
    /// A SQL-standard body (`RETURN …` or `BEGIN ATOMIC … END`), as the server deparses it.
    Sql(Expr),
    /// A function of a compiled library: object file and link symbol.
    Library(Name, Name),
}

/// How a result may change between calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Volatility {
    /// `IMMUTABLE`.
    Immutable,
    /// `STABLE`.
    Stable,
    /// `VOLATILE`.
    Volatile,
}

/// `PARALLEL`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Parallel {
    /// `UNSAFE`.
    Unsafe,
    /// `RESTRICTED`.
    Restricted,
    /// `SAFE`.
    Safe,
}

/// A trigger of a table or a view. Its name is the id's `part`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trigger {
    /// `BEFORE`, `AFTER` or `INSTEAD OF`.
    pub timing: TriggerTiming,
    /// The events, in the order insert, delete, update, truncate.
    pub events: Vec<TriggerEvent>,
    /// `FOR EACH ROW` where true, `FOR EACH STATEMENT` otherwise.
    pub for_each_row: bool,
    /// `WHEN`.
    pub condition: Option<Expr>,
    /// The function called: an id of kind [`Function`](super::Kind::Function) with an empty part.
    pub function: Id,
    /// Its arguments, as strings.
    pub arguments: Vec<Name>,
    /// For a constraint trigger: when it fires.
    pub constraint: Option<Deferrable>,
    /// The table that a constraint trigger says it is `FROM`.
    pub from_table: Option<Id>,
    /// `REFERENCING OLD TABLE AS`.
    pub old_table: Option<Name>,
    /// `REFERENCING NEW TABLE AS`.
    pub new_table: Option<Name>,
    /// When it fires with respect to replication.
    pub enabled: TriggerEnabled,
    /// Whether it exists because the partitioned parent has it.
    pub inherited: bool,
}

impl Trigger {
    /// One that runs before those events, once a row (`TRUNCATE` has none), and on no condition.
    pub fn before(events: Vec<TriggerEvent>, function: Id) -> Trigger {
        Trigger {
            timing: TriggerTiming::Before,
            for_each_row: events != [TriggerEvent::Truncate],
            events,
            condition: None,
            function,
            arguments: Vec::new(),
            constraint: None,
            from_table: None,
            old_table: None,
            new_table: None,
            enabled: TriggerEnabled::Origin,
            inherited: false,
        }
    }
}

/// When a trigger fires with respect to its event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TriggerTiming {
    /// `BEFORE`.
    Before,
    /// `AFTER`.
    After,
    /// `INSTEAD OF`.
    InsteadOf,
}

/// What fires a trigger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TriggerEvent {
    /// `INSERT`.
    Insert,
    /// `DELETE`.
    Delete,
    /// `UPDATE`, limited to those columns where any are named.
    Update(Vec<Name>),
    /// `TRUNCATE`.
    Truncate,
}

/// `ENABLE`, `DISABLE` and their kin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum TriggerEnabled {
    /// Fires in ordinary sessions.
    #[default]
    Origin,
    /// Fires in replica sessions only.
    Replica,
    /// Fires in both.
    Always,
    /// Fires never.
    Disabled,
}
