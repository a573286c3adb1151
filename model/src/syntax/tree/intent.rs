//! What is meant of access: identity, personas, and who may do what.

use super::{ExprText, Ident, QName, Setting, TypeExpr};
use crate::schema::Privilege;
use crate::source::Span;

/// `identity { … }`.
#[derive(Clone, Debug, PartialEq)]
pub struct Identity {
    /// Where it stands.
    pub span: Span,
    /// Its facts.
    pub facts: Vec<Fact>,
    /// The rows that every person has.
    pub rows: Vec<Has>,
}

/// `NAME TYPE [claim PATH | setting NAME]`.
#[derive(Clone, Debug, PartialEq)]
pub struct Fact {
    /// Where it stands.
    pub span: Span,
    /// Its name.
    pub name: Ident,
    /// The type of its values.
    pub ty: TypeExpr,
    /// Where a request carries it.
    pub source: Option<FactSource>,
}

/// Where a request carries a fact.
#[derive(Clone, Debug, PartialEq)]
pub enum FactSource {
    /// `claim a.b`.
    Claim(Vec<Ident>),
    /// `setting a.b`, as one name.
    Setting(Ident),
}

/// `has TABLE (column = value, …)`.
#[derive(Clone, Debug, PartialEq)]
pub struct Has {
    /// Where it stands.
    pub span: Span,
    /// The table.
    pub table: QName,
    /// Columns and their values.
    pub values: Vec<(Ident, HasValue)>,
}

/// What a column of a person's row holds.
#[derive(Clone, Debug, PartialEq)]
pub enum HasValue {
    /// A bare name: a fact of the person.
    Fact(Ident),
    /// A literal.
    Literal(ExprText),
}

/// `persona NAME as ROLE [tied TIE, …] [without identity] [claims { … }] [set …] [has …]`.
#[derive(Clone, Debug, PartialEq)]
pub struct Persona {
    /// Where it stands.
    pub span: Span,
    /// Its doc comment.
    pub docs: Option<String>,
    /// Its name.
    pub name: Ident,
    /// The role of its requests.
    pub role: Ident,
    /// The ties that hold between it and its rows.
    pub ties: Vec<Ident>,
    /// `without identity`.
    pub unidentified: bool,
    /// `claims { … }`, braces included.
    pub claims: Option<ExprText>,
    /// `set name = value`.
    pub settings: Vec<Setting>,
    /// `has …`.
    pub rows: Vec<Has>,
}

/// `intent TABLE, … { … }`, or `intent VIEW of TABLE { … }`.
#[derive(Clone, Debug, PartialEq)]
pub struct Intent {
    /// Where it stands.
    pub span: Span,
    /// The tables or views it is about.
    pub relations: Vec<QName>,
    /// For a view, the table whose rows it shows.
    pub of: Option<QName>,
    /// Its lines in order.
    pub items: Vec<IntentItem>,
}

/// A line of an intent's block.
#[derive(Clone, Debug, PartialEq)]
pub enum IntentItem {
    /// `tie NAME WAY = FACT`.
    Tie(TieLine),
    /// `via column, …`: the ties of the row that the columns refer to.
    Via(Vec<Ident>),
    /// `persona, … commands`.
    Cells(Cells),
    /// `when column is set { … }`.
    When(When),
}

/// `tie NAME WAY = FACT`.
#[derive(Clone, Debug, PartialEq)]
pub struct TieLine {
    /// Where it stands.
    pub span: Span,
    /// Its name.
    pub name: Ident,
    /// The columns of the way, each but the last one a foreign key; before a member, all of them.
    pub path: Vec<Ident>,
    /// `TABLE(column [by key])` at the end of the way.
    pub member: Option<Member>,
    /// The fact.
    pub fact: Ident,
}

/// `TABLE(column [by key])`: a row of that table which refers to this one.
#[derive(Clone, Debug, PartialEq)]
pub struct Member {
    /// The table.
    pub table: QName,
    /// The column that equals the fact.
    pub column: Ident,
    /// A column of the foreign key, where there are several.
    pub by: Option<Ident>,
}

/// `persona, … commands`.
#[derive(Clone, Debug, PartialEq)]
pub struct Cells {
    /// Where it stands.
    pub span: Span,
    /// The personas.
    pub personas: Vec<Ident>,
    /// What they may do.
    pub commands: Vec<Commanded>,
}

/// A command that is allowed, with its columns.
#[derive(Clone, Debug, PartialEq)]
pub struct Commanded {
    /// Where it stands.
    pub span: Span,
    /// Which.
    pub command: Privilege,
    /// The columns that are named; empty for all.
    pub columns: Vec<Ident>,
    /// Whether it is all columns but these.
    pub except: bool,
}

/// `when column is set { … }`, `when column is null { … }` or `when column = value { … }`.
#[derive(Clone, Debug, PartialEq)]
pub struct When {
    /// Where its first line stands.
    pub span: Span,
    /// The column.
    pub column: Ident,
    /// What it shows.
    pub is: WhenIs,
    /// What differs.
    pub cells: Vec<Cells>,
}

/// What a column shows of a row in a state.
#[derive(Clone, Debug, PartialEq)]
pub enum WhenIs {
    /// `is set`.
    Set,
    /// `is null`.
    Null,
    /// `= value`.
    Value(ExprText),
}
