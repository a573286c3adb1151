//! Functions, procedures and triggers.

use super::{ExprText, Ident, ObjectClause, QName, Setting, Text, TypeExpr};
use crate::schema::{Parallel, TriggerEnabled, TriggerTiming, Volatility};
use crate::source::Span;

/// `function NAME(parameters) [returns …] options body [{ … }]`, or `procedure …`.
#[derive(Clone, Debug, PartialEq)]
pub struct Function {
    /// Where it stands.
    pub span: Span,
    /// Its doc comment.
    pub docs: Option<String>,
    /// Whether it is a procedure.
    pub procedure: bool,
    /// Its name.
    pub name: QName,
    /// Its parameters in order.
    pub params: Vec<Param>,
    /// Where the parameters stand, parentheses included.
    pub params_span: Span,
    /// Its result.
    pub returns: Option<Returns>,
    /// Its options in order.
    pub options: Vec<FunctionOption>,
    /// What it does.
    pub body: FunctionBody,
    /// What every object may be told.
    pub clauses: Vec<ObjectClause>,
}

/// A parameter of a routine.
#[derive(Clone, Debug, PartialEq)]
pub struct Param {
    /// Where it stands.
    pub span: Span,
    /// Its mode, where one is written.
    pub mode: Option<ParamMode>,
    /// Its name.
    pub name: Option<Ident>,
    /// Its type; never nullable.
    pub ty: TypeExpr,
    /// Its default.
    pub default: Option<ExprText>,
}

/// The mode of a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParamMode {
    /// `in`.
    In,
    /// `out`.
    Out,
    /// `inout`.
    InOut,
    /// `variadic`.
    Variadic,
}

/// What a function returns.
#[derive(Clone, Debug, PartialEq)]
pub enum Returns {
    /// `returns [setof] type`.
    Type {
        /// Whether it returns a set.
        setof: bool,
        /// The type.
        ty: TypeExpr,
    },
    /// `returns table (name type, …)`.
    Table {
        /// The columns.
        columns: Vec<(Ident, TypeExpr)>,
        /// Where it stands, from `table`.
        span: Span,
    },
}

/// An option of a routine.
#[derive(Clone, Debug, PartialEq)]
pub enum FunctionOption {
    /// `language NAME`.
    Language(Ident),
    /// `immutable`, `stable` or `volatile`.
    Volatility(Volatility),
    /// `strict` or `returns null on null input` where true; `called on null input` where false.
    Strict(bool),
    /// `security definer` where true, `security invoker` where false.
    SecurityDefiner(bool),
    /// `leakproof` or `not leakproof`.
    Leakproof(bool),
    /// `parallel safe` and its kin.
    Parallel(Parallel),
    /// `cost N`.
    Cost(Box<str>),
    /// `rows N`.
    Rows(Box<str>),
    /// `support NAME`.
    Support(QName),
    /// `transform for type a, for type b`: the text after `transform`.
    Transform(ExprText),
    /// `window`.
    Window,
    /// `set name = value`.
    Set(Setting),
}

/// The body of a routine.
#[derive(Clone, Debug, PartialEq)]
pub enum FunctionBody {
    /// `as sql $$ … $$`: a body in which nothing is looked up.
    Verbatim(Text),
    /// `as $$ … $$`.
    Text(Text),
    /// `as 'object file', 'symbol'`.
    Library(Text, Text),
    /// `return EXPR`: the expression, without parentheses around it.
    Return(ExprText),
    /// `begin atomic … end`, words included.
    Atomic(ExprText),
}

/// `[constraint] trigger NAME …`.
#[derive(Clone, Debug, PartialEq)]
pub struct Trigger {
    /// Where it stands.
    pub span: Span,
    /// Its doc comment.
    pub docs: Option<String>,
    /// Its name.
    pub name: Ident,
    /// Whether it is a constraint trigger.
    pub constraint: bool,
    /// `before`, `after` or `instead of`.
    pub timing: TriggerTiming,
    /// The events, in the order written.
    pub events: Vec<TriggerEvent>,
    /// The table that a constraint trigger says it is `from`.
    pub from: Option<QName>,
    /// `[not] deferrable [initially …]`.
    pub deferrable: Option<super::Deferral>,
    /// `referencing old table as`.
    pub old_table: Option<Ident>,
    /// `referencing new table as`.
    pub new_table: Option<Ident>,
    /// Whether it fires for each row; `for each statement` and nothing written are false.
    pub for_each_row: bool,
    /// `when (…)`.
    pub when: Option<ExprText>,
    /// The function executed.
    pub function: QName,
    /// Its arguments. Words and numbers are strings too, as in PostgreSQL.
    pub arguments: Vec<Text>,
    /// `enabled always`, `enabled replica` or `disabled`.
    pub enabled: TriggerEnabled,
    /// What every object may be told.
    pub clauses: Vec<ObjectClause>,
}

/// What fires a trigger.
#[derive(Clone, Debug, PartialEq)]
pub enum TriggerEvent {
    /// `insert`.
    Insert,
    /// `delete`.
    Delete,
    /// `update [of column, …]`.
    Update(Vec<Ident>),
    /// `truncate`.
    Truncate,
}
