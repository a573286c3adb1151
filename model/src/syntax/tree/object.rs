//! Schemas, extensions, external objects, types, sequences, definitions, raw blocks and seeds.

use super::{
    ExprText, Ident, ObjectClause, Param, QName, Returns, Table, TableItem, Text, TypeExpr,
};
use crate::schema::Kind;
use crate::source::Span;

/// `schema NAME [owner ROLE] [default]`.
#[derive(Clone, Debug, PartialEq)]
pub struct Schema {
    /// Where it stands.
    pub span: Span,
    /// Its doc comment.
    pub docs: Option<String>,
    /// Its name.
    pub name: Ident,
    /// Whether names without a schema are in it.
    pub default: bool,
    /// What every object may be told.
    pub clauses: Vec<ObjectClause>,
}

/// `extension NAME [in schema S] [version 'V']`.
#[derive(Clone, Debug, PartialEq)]
pub struct Extension {
    /// Where it stands.
    pub span: Span,
    /// Its doc comment.
    pub docs: Option<String>,
    /// Its name.
    pub name: Ident,
    /// The schema of its objects.
    pub schema: Option<Ident>,
    /// Its version.
    pub version: Option<Text>,
    /// What every object may be told.
    pub clauses: Vec<ObjectClause>,
}

/// `platform NAME`: the schemas, roles, tables and functions a platform brings.
#[derive(Clone, Debug, PartialEq)]
pub struct Platform {
    /// Where it stands.
    pub span: Span,
    /// Its name.
    pub name: Ident,
}

/// `external …`: what is verified and never migrated.
#[derive(Clone, Debug, PartialEq)]
pub struct External {
    /// Where it stands.
    pub span: Span,
    /// Its doc comment.
    pub docs: Option<String>,
    /// What it declares.
    pub what: ExternalItem,
}

/// What can be external.
#[derive(Clone, Debug, PartialEq)]
pub enum ExternalItem {
    /// `external schema a, b`.
    Schemas(Vec<Ident>),
    /// `external role a, b`.
    Roles(Vec<Ident>),
    /// `external type a, b`.
    Types(Vec<QName>),
    /// `external extension a, b`.
    Extensions(Vec<Ident>),
    /// `external function name(parameters) [returns type]`.
    Function {
        /// Its name.
        name: QName,
        /// Its parameters.
        params: Vec<Param>,
        /// Its result.
        returns: Option<Returns>,
    },
    /// `external sequence a, b`.
    Sequences(Vec<QName>),
    /// `external table name { columns and keys }`, or `external view …` alike.
    Table(Box<Table>),
}

/// `enum NAME { label, … }`.
#[derive(Clone, Debug, PartialEq)]
pub struct Enum {
    /// Where it stands.
    pub span: Span,
    /// Its doc comment.
    pub docs: Option<String>,
    /// Its name.
    pub name: QName,
    /// Its labels in order.
    pub labels: Vec<Label>,
    /// What every object may be told.
    pub clauses: Vec<ObjectClause>,
}

/// A label of an enum.
#[derive(Clone, Debug, PartialEq)]
pub struct Label {
    /// Where it stands.
    pub span: Span,
    /// Its doc comment.
    pub docs: Option<String>,
    /// The label, bare or in quotes of either kind.
    pub name: Ident,
    /// `was old_label`.
    pub was: Option<Ident>,
}

/// `domain NAME type [default …] [collate …] [check …]…`.
#[derive(Clone, Debug, PartialEq)]
pub struct Domain {
    /// Where it stands.
    pub span: Span,
    /// Its doc comment.
    pub docs: Option<String>,
    /// Its name.
    pub name: QName,
    /// The type underneath.
    pub base: TypeExpr,
    /// `default`.
    pub default: Option<ExprText>,
    /// `collate`.
    pub collation: Option<QName>,
    /// Its checks.
    pub checks: Vec<super::Check>,
    /// What every object may be told.
    pub clauses: Vec<ObjectClause>,
}

/// `type NAME { attribute type … }`.
#[derive(Clone, Debug, PartialEq)]
pub struct Composite {
    /// Where it stands.
    pub span: Span,
    /// Its doc comment.
    pub docs: Option<String>,
    /// Its name.
    pub name: QName,
    /// Its attributes in order.
    pub attributes: Vec<Attribute>,
    /// What every object may be told.
    pub clauses: Vec<ObjectClause>,
}

/// An attribute of a composite type.
#[derive(Clone, Debug, PartialEq)]
pub struct Attribute {
    /// Where it stands.
    pub span: Span,
    /// Its doc comment.
    pub docs: Option<String>,
    /// Its name.
    pub name: Ident,
    /// Its type.
    pub ty: TypeExpr,
    /// `collate`.
    pub collation: Option<QName>,
    /// `was old_name`.
    pub was: Option<Ident>,
}

/// `range NAME (subtype = type, …)`.
#[derive(Clone, Debug, PartialEq)]
pub struct Range {
    /// Where it stands.
    pub span: Span,
    /// Its doc comment.
    pub docs: Option<String>,
    /// Its name.
    pub name: QName,
    /// `subtype`.
    pub subtype: TypeExpr,
    /// `subtype_opclass`.
    pub operator_class: Option<QName>,
    /// `collation`.
    pub collation: Option<QName>,
    /// `canonical`.
    pub canonical: Option<QName>,
    /// `subtype_diff`.
    pub subtype_diff: Option<QName>,
    /// `multirange_type_name`.
    pub multirange: Option<QName>,
    /// What every object may be told.
    pub clauses: Vec<ObjectClause>,
}

/// `[unlogged] sequence NAME [as type] options`.
#[derive(Clone, Debug, PartialEq)]
pub struct Sequence {
    /// Where it stands.
    pub span: Span,
    /// Its doc comment.
    pub docs: Option<String>,
    /// Its name.
    pub name: QName,
    /// `unlogged`.
    pub unlogged: bool,
    /// `as`.
    pub ty: Option<TypeExpr>,
    /// Its options in order.
    pub options: Vec<SequenceOption>,
    /// `owned by table.column`.
    pub owned_by: Option<(QName, Ident)>,
    /// What every object may be told.
    pub clauses: Vec<ObjectClause>,
}

/// An option of a sequence or identity column.
#[derive(Clone, Debug, PartialEq)]
pub struct SequenceOption {
    /// Where it stands.
    pub span: Span,
    /// Which.
    pub kind: SequenceOptionKind,
}

/// Which option of a sequence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SequenceOptionKind {
    /// `start [with] N`.
    Start(i64),
    /// `increment [by] N`.
    Increment(i64),
    /// `minvalue N`; `None` for `no minvalue`.
    Min(Option<i64>),
    /// `maxvalue N`; `None` for `no maxvalue`.
    Max(Option<i64>),
    /// `cache N`.
    Cache(i64),
    /// `cycle` or `no cycle`.
    Cycle(bool),
}

/// `define KIND NAME $$ CREATE … $$ [$$ ALTER … $$]…`.
#[derive(Clone, Debug, PartialEq)]
pub struct Define {
    /// Where it stands.
    pub span: Span,
    /// Its doc comment.
    pub docs: Option<String>,
    /// The kind of object.
    pub kind: Kind,
    /// What it is called.
    pub target: DefineTarget,
    /// The statement that makes it.
    pub definition: Text,
    /// Statements that finish it.
    pub then: Vec<Text>,
    /// What every object may be told.
    pub clauses: Vec<ObjectClause>,
}

/// What identifies an object that is carried as its definition.
#[derive(Clone, Debug, PartialEq)]
pub enum DefineTarget {
    /// A name.
    Named(QName),
    /// `aggregate total(integer)`, `aggregate middle(numeric order by text)`.
    Aggregate {
        /// Its name.
        name: QName,
        /// The types of its direct arguments.
        direct: Vec<TypeExpr>,
        /// The types by which an ordered-set aggregate's rows are ordered.
        ordered: Option<Vec<TypeExpr>>,
    },
    /// `operator schema.+ (integer, integer)`; `none` for a missing operand.
    Operator {
        /// The schema.
        schema: Option<Ident>,
        /// The operator's symbol.
        symbol: Ident,
        /// The type of the left operand.
        left: Option<TypeExpr>,
        /// The type of the right operand.
        right: Option<TypeExpr>,
    },
    /// `operator class NAME using METHOD`, `operator family NAME using METHOD`.
    WithMethod(QName, Ident),
    /// `cast (source as target)`.
    Cast(TypeExpr, TypeExpr),
    /// `rule NAME on TABLE`.
    OnTable(Ident, QName),
    /// `user mapping for ROLE server SERVER`.
    Mapping(Ident, Ident),
    /// `transform for TYPE language LANGUAGE`.
    Transform(TypeExpr, Ident),
}

/// `raw NAME { up $$…$$ down $$…$$ }`.
#[derive(Clone, Debug, PartialEq)]
pub struct Raw {
    /// Where it stands.
    pub span: Span,
    /// Its doc comment.
    pub docs: Option<String>,
    /// Its name.
    pub name: Ident,
    /// The way up.
    pub up: Text,
    /// The way down; `None` for `down none`.
    pub down: Option<Text>,
    /// Names of what must come before it.
    pub after: Vec<QName>,
    /// Names of what must come after it.
    pub before: Vec<QName>,
}

/// `seed [sample] TABLE (columns) [key (columns)] { rows }`.
#[derive(Clone, Debug, PartialEq)]
pub struct Seed {
    /// Where it stands.
    pub span: Span,
    /// Its doc comment.
    pub docs: Option<String>,
    /// Whether rows that are there already are left alone.
    pub sample: bool,
    /// The table.
    pub table: QName,
    /// The columns given.
    pub columns: Vec<Ident>,
    /// The columns that tell whether a row is there; empty for the primary key.
    pub key: Vec<Ident>,
    /// The rows.
    pub rows: Vec<SeedRow>,
}

/// A row of a seed.
#[derive(Clone, Debug, PartialEq)]
pub struct SeedRow {
    /// Where it stands.
    pub span: Span,
    /// A value a column.
    pub values: Vec<SeedValue>,
}

/// A value of a seed row.
#[derive(Clone, Debug, PartialEq)]
pub enum SeedValue {
    /// A literal, a call, or an expression (without its parentheses).
    Expr(ExprText),
    /// `{ … }` or `[ … ]`: JSON text, checked to be well formed.
    Json(ExprText),
}

/// `mixin NAME { … }`.
#[derive(Clone, Debug, PartialEq)]
pub struct Mixin {
    /// Where it stands.
    pub span: Span,
    /// Its doc comment.
    pub docs: Option<String>,
    /// Its name.
    pub name: Ident,
    /// Its statements.
    pub body: Vec<TableItem>,
}
