//! Indexes, and the keys they share with exclusion constraints.

use super::{ExprText, Ident, ObjectClause, Parameter, QName};
use crate::source::Span;

/// `[unique] index [NAME] [using METHOD] (key, …) …`.
#[derive(Clone, Debug, PartialEq)]
pub struct Index {
    /// Where it stands.
    pub span: Span,
    /// Its doc comment.
    pub docs: Option<String>,
    /// Its name.
    pub name: Option<Ident>,
    /// `unique`.
    pub unique: bool,
    /// The access method.
    pub method: Option<Ident>,
    /// Its keys.
    pub keys: Vec<IndexKey>,
    /// `include (…)`.
    pub include: Vec<Ident>,
    /// `nulls not distinct`.
    pub nulls_not_distinct: bool,
    /// `with (…)`.
    pub parameters: Vec<Parameter>,
    /// `tablespace NAME`.
    pub tablespace: Option<Ident>,
    /// `where (…)`.
    pub predicate: Option<ExprText>,
    /// `invalid`: what a failed `CREATE INDEX CONCURRENTLY` leaves.
    pub invalid: bool,
    /// `clustered`.
    pub clustered: bool,
    /// `attached to PARENT_INDEX`: of a partition, the parent's index it is part of.
    pub attached_to: Option<QName>,
    /// `statistics (key target, …)`, for expression keys: key number and target.
    pub statistics: Vec<(u16, i32)>,
    /// What every object may be told.
    pub clauses: Vec<ObjectClause>,
}

/// A key of an index or of an exclusion constraint.
#[derive(Clone, Debug, PartialEq)]
pub struct IndexKey {
    /// Where it stands.
    pub span: Span,
    /// What it indexes.
    pub term: KeyTerm,
    /// `collate NAME`.
    pub collation: Option<QName>,
    /// The operator class.
    pub operator_class: Option<QName>,
    /// Its parameters, `(siglen = 32)`.
    pub operator_class_parameters: Vec<Parameter>,
    /// `desc`.
    pub descending: bool,
    /// `nulls first` where true, `nulls last` where false.
    pub nulls_first: Option<bool>,
}

/// What an index key indexes.
#[derive(Clone, Debug, PartialEq)]
pub enum KeyTerm {
    /// A column.
    Column(Ident),
    /// A call, or an expression (without its parentheses).
    Expr(ExprText),
}
