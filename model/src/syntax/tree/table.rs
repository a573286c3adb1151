//! Tables, views, and what stands in their blocks.

use super::{
    ExprText, Ident, Index, IndexKey, ObjectClause, Parameter, Policy, QName, SequenceOption, Text,
    Transitions, Trigger, TypeExpr,
};
use crate::schema::{Deferrable, ForeignKeyAction, GeneratedKind, IdentityMode, MatchKind};
use crate::source::Span;

/// `[unlogged | foreign] table NAME … { … }`.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// Where it stands, block included.
    pub span: Span,
    /// Its doc comment.
    pub docs: Option<String>,
    /// Its name.
    pub name: QName,
    /// `unlogged`.
    pub unlogged: bool,
    /// `inherits (a, b)`.
    pub inherits: Vec<QName>,
    /// What follows `partition by`: `range (at)`.
    pub partition_by: Option<ExprText>,
    /// `partition of PARENT …`.
    pub partition_of: Option<PartitionOf>,
    /// `of TYPE`.
    pub of_type: Option<QName>,
    /// `server NAME [options (name 'value', …)]` of a foreign table.
    pub server: Option<(Ident, Vec<Parameter>)>,
    /// `using METHOD`: the table access method.
    pub access_method: Option<Ident>,
    /// What every object may be told, where it stands before the block.
    pub clauses: Vec<ObjectClause>,
    /// The statements of its block.
    pub body: Vec<TableItem>,
}

/// `partition of PARENT for values … | default`.
#[derive(Clone, Debug, PartialEq)]
pub struct PartitionOf {
    /// The partitioned table.
    pub parent: QName,
    /// `for values …`, or `default`.
    pub bound: ExprText,
}

/// `[materialized] view NAME [(columns)] [with (…)] as ( query ) [with no data] [{ … }]`.
#[derive(Clone, Debug, PartialEq)]
pub struct View {
    /// Where it stands, block included.
    pub span: Span,
    /// Its doc comment.
    pub docs: Option<String>,
    /// Its name.
    pub name: QName,
    /// `materialized`.
    pub materialized: bool,
    /// `recursive`.
    pub recursive: bool,
    /// The names of its columns, where they are written.
    pub columns: Vec<Ident>,
    /// `using METHOD`: a materialized view's access method.
    pub access_method: Option<Ident>,
    /// `with (name = value)`.
    pub options: Vec<Parameter>,
    /// `tablespace NAME`.
    pub tablespace: Option<Ident>,
    /// The query.
    pub query: ExprText,
    /// `with no data`.
    pub with_no_data: bool,
    /// What every object may be told, where it stands before the block.
    pub clauses: Vec<ObjectClause>,
    /// The statements of its block: never columns or constraints.
    pub body: Vec<TableItem>,
}

/// A statement in the block of a table, a view or a mixin.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs)] // variants without a word here are named for their documented type
pub enum TableItem {
    Column(Box<Column>),
    /// `primary key (…)` or `unique (…)`.
    Key(Box<KeyConstraint>),
    Check(Box<Check>),
    ForeignKey(Box<ForeignKey>),
    Exclude(Box<Exclude>),
    Index(Box<Index>),
    /// `include MIXIN`.
    Include(Ident),
    /// `use TEMPLATE(arguments)`.
    Use(Box<super::Use>),
    Policy(Box<Policy>),
    Trigger(Box<Trigger>),
    Transitions(Transitions),
    /// `append only`.
    AppendOnly(Span),
    /// `audited into TRAIL`.
    Audited(Box<Audited>),
    /// `rls enabled | forced | disabled`.
    RowSecurity(RowSecurity, Span),
    /// `with (name = value)`.
    With(Vec<Parameter>),
    /// `tablespace NAME`.
    Tablespace(Ident),
    /// `replica identity …`.
    ReplicaIdentity(ReplicaIdentity, Span),
    /// `column NAME [clauses]`: a view's column that carries a comment or the like.
    ViewColumn(ViewColumn),
    /// `inherited` before a constraint or a trigger: it is there because the parent table has it.
    Inherited(Box<TableItem>),
    /// `constraint NAME not null COLUMN`, or one that only the server can read.
    OtherConstraint(Box<OtherConstraint>),
    /// Owner, comment, `was`, `allow`, `accept`, grants.
    Clause(ObjectClause),
}

/// `audited into TRAIL [(COLUMN [= COLUMN], …)] [except (COLUMN, …)]`.
#[derive(Clone, Debug, PartialEq)]
pub struct Audited {
    /// Where it stands.
    pub span: Span,
    /// The table that the lines go to.
    pub into: QName,
    /// Columns of the trail, each with the column of this table that it holds.
    pub columns: Vec<(Ident, Ident)>,
    /// Columns that are left out.
    pub except: Vec<Ident>,
}

/// `constraint NAME not null COLUMN [no inherit]` or `constraint NAME sql $$ … $$`.
#[derive(Clone, Debug, PartialEq)]
pub struct OtherConstraint {
    /// Where it stands.
    pub span: Span,
    /// Its doc comment.
    pub docs: Option<String>,
    /// Its name.
    pub name: Ident,
    /// What it demands.
    pub body: OtherBody,
    /// `not valid`.
    pub not_valid: bool,
    /// What every object may be told.
    pub clauses: Vec<ObjectClause>,
}

/// What a constraint of no other form demands.
#[derive(Clone, Debug, PartialEq)]
pub enum OtherBody {
    /// A column that is not null, and whether child tables are spared.
    NotNull(Ident, bool),
    /// The server's own definition.
    Sql(Text),
}

/// A view's column that carries a comment or the like.
#[derive(Clone, Debug, PartialEq)]
pub struct ViewColumn {
    /// Where it stands.
    pub span: Span,
    /// Its doc comment, or the text of `comment`.
    pub docs: Option<String>,
    /// Its name.
    pub name: Ident,
    /// Its default, storage, compression, statistics and options.
    pub clauses: Vec<ColumnClause>,
}

/// A column.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// Where it stands, clauses included.
    pub span: Span,
    /// Its doc comment.
    pub docs: Option<String>,
    /// Its name.
    pub name: Ident,
    /// Its type.
    pub ty: TypeExpr,
    /// Its clauses in order.
    pub clauses: Vec<ColumnClause>,
}

/// A clause of a column.
#[derive(Clone, Debug, PartialEq)]
pub struct ColumnClause {
    /// Where it stands.
    pub span: Span,
    /// `constraint NAME` before it. For `check NAME (…)` the name is here as well.
    pub constraint: Option<Ident>,
    /// What it says.
    pub kind: ColumnClauseKind,
}

/// What a clause of a column says.
#[derive(Clone, Debug, PartialEq)]
pub enum ColumnClauseKind {
    /// `primary key`, or `unique [nulls not distinct]`; the key's own `columns` are empty.
    Key(Box<KeyConstraint>),
    /// `default EXPR`.
    Default(ExprText),
    /// `identity [always | by default] [([sequence name NAME] options)]`.
    Identity(Option<IdentityMode>, Vec<SequenceOption>, Option<Ident>),
    /// `generated (EXPR) [stored | virtual]`.
    Generated(ExprText, Option<GeneratedKind>),
    /// `check [NAME] (EXPR) …`.
    Check(Box<Check>),
    /// `[check NAME] in (value, …)`.
    In(Vec<ExprText>),
    /// `references …`.
    References(Box<References>),
    /// `collate NAME`.
    Collate(QName),
    /// `storage NAME`.
    Storage(Ident),
    /// `compression NAME`.
    Compression(Ident),
    /// `statistics N`.
    Statistics(i32),
    /// `with (n_distinct = …)`.
    With(Vec<Parameter>),
    /// `options (name 'value')` of a foreign table's column.
    Options(Vec<Parameter>),
    /// `using (EXPR)`: how old values become the new type.
    Using(ExprText),
    /// `touch`: set to `now()` on update.
    Touch,
    /// `soft delete`: when the row was deleted, which is kept.
    SoftDelete,
    /// `trail WORD`: what the column of a trail says.
    Trail(crate::schema::TrailPart),
    /// `was`, `comment`, `allow`, `accept`, `grant`, `revoke`; never an owner.
    Clause(ObjectClause),
}

/// `[constraint NAME] primary key (…)` or `unique [NAME] (…)`.
#[derive(Clone, Debug, PartialEq)]
pub struct KeyConstraint {
    /// Where it stands.
    pub span: Span,
    /// Its doc comment.
    pub docs: Option<String>,
    /// Its name.
    pub name: Option<Ident>,
    /// Whether it is the primary key.
    pub primary: bool,
    /// `nulls not distinct`.
    pub nulls_not_distinct: bool,
    /// Its columns.
    pub columns: Vec<Ident>,
    /// `without overlaps` on the last of them.
    pub without_overlaps: bool,
    /// `include (…)`.
    pub include: Vec<Ident>,
    /// `with (…)`.
    pub parameters: Vec<Parameter>,
    /// `using index tablespace NAME`, or `tablespace NAME`.
    pub tablespace: Option<Ident>,
    /// `deferrable …`.
    pub deferrable: Option<Deferral>,
    /// What every object may be told.
    pub clauses: Vec<ObjectClause>,
}

/// `[not] deferrable [initially …]`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Deferral {
    /// When it is checked.
    pub deferrable: Deferrable,
    /// Where it stands.
    pub span: Span,
}

/// `check [NAME] (EXPR) [no inherit] [not valid] [not enforced]`.
#[derive(Clone, Debug, PartialEq)]
pub struct Check {
    /// Where it stands.
    pub span: Span,
    /// Its doc comment.
    pub docs: Option<String>,
    /// Its name.
    pub name: Option<Ident>,
    /// The condition.
    pub condition: ExprText,
    /// `no inherit`.
    pub no_inherit: bool,
    /// `not valid`.
    pub not_valid: bool,
    /// `not enforced` (PostgreSQL 18).
    pub not_enforced: bool,
    /// What every object may be told.
    pub clauses: Vec<ObjectClause>,
}

/// `foreign key [NAME] (…) references …`.
#[derive(Clone, Debug, PartialEq)]
pub struct ForeignKey {
    /// Where it stands.
    pub span: Span,
    /// Its doc comment.
    pub docs: Option<String>,
    /// Its name.
    pub name: Option<Ident>,
    /// The referencing columns.
    pub columns: Vec<Ident>,
    /// `period` before the last of them.
    pub period: bool,
    /// What they refer to.
    pub references: References,
    /// What every object may be told.
    pub clauses: Vec<ObjectClause>,
}

/// `references TABLE [(columns)] …`.
#[derive(Clone, Debug, PartialEq)]
pub struct References {
    /// Where it stands.
    pub span: Span,
    /// The referenced table.
    pub table: QName,
    /// The referenced columns; empty for the primary key.
    pub columns: Vec<Ident>,
    /// `on delete`.
    pub on_delete: Option<ForeignKeyAction>,
    /// The columns that `on delete set null (…)` is limited to.
    pub delete_columns: Vec<Ident>,
    /// `on update`.
    pub on_update: Option<ForeignKeyAction>,
    /// `match`.
    pub matching: Option<MatchKind>,
    /// `deferrable …`.
    pub deferrable: Option<Deferral>,
    /// `not valid`.
    pub not_valid: bool,
    /// `not enforced` (PostgreSQL 18).
    pub not_enforced: bool,
}

/// `exclude [NAME] using METHOD (key with operator, …) …`.
#[derive(Clone, Debug, PartialEq)]
pub struct Exclude {
    /// Where it stands.
    pub span: Span,
    /// Its doc comment.
    pub docs: Option<String>,
    /// Its name.
    pub name: Option<Ident>,
    /// The access method.
    pub method: Option<Ident>,
    /// Its keys, each with its operator as written (`&&`, `operator(pg_catalog.=)`).
    pub elements: Vec<(IndexKey, ExprText)>,
    /// `include (…)`.
    pub include: Vec<Ident>,
    /// `with (…)`.
    pub parameters: Vec<Parameter>,
    /// `tablespace NAME`.
    pub tablespace: Option<Ident>,
    /// `where (…)`.
    pub predicate: Option<ExprText>,
    /// `deferrable …`.
    pub deferrable: Option<Deferral>,
    /// What every object may be told.
    pub clauses: Vec<ObjectClause>,
}

/// The state of row-level security.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowSecurity {
    /// `rls enabled`.
    Enabled,
    /// `rls forced`: for the owner as well.
    Forced,
    /// `rls disabled`.
    Disabled,
    /// `rls forced disabled`: it would hold for the owner as well, once it is enabled.
    ForcedDisabled,
}

/// `replica identity …`.
#[derive(Clone, Debug, PartialEq)]
pub enum ReplicaIdentity {
    /// `default`.
    Default,
    /// `full`.
    Full,
    /// `nothing`.
    Nothing,
    /// `using index NAME`.
    Index(Ident),
}
