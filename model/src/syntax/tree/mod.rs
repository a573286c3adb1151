//! The syntax tree: what stands in one file, construct by construct, each with its place.
//!
//! Names are as written and nothing is looked up here; defaults are not filled in. A node's `docs`
//! are the `///` lines above it. Comments are kept by the file, in order, by place.

mod access;
mod index;
mod intent;
mod json;
mod object;
mod routine;
mod table;
mod template;
mod transitions;

pub use access::*;
pub use index::*;
pub use intent::*;
pub use json::*;
pub use object::*;
pub use routine::*;
pub use table::*;
pub use template::*;
pub use transitions::*;

use crate::schema::Name;
use crate::source::{FileId, Span};

/// One file.
#[derive(Clone, Debug, PartialEq)]
pub struct File {
    /// Which file.
    pub file: FileId,
    /// Its statements in order, without those that could not be read.
    pub items: Vec<Item>,
    /// Names that statements which could not be read most likely declare: what refers to them is no
    /// fault of its own.
    pub broken: Vec<Name>,
    /// Its comments in order, doc comments too.
    pub comments: Vec<Comment>,
}

impl File {
    /// A file with nothing in it.
    pub fn empty(file: FileId) -> Self {
        File {
            file,
            items: Vec::new(),
            broken: Vec::new(),
            comments: Vec::new(),
        }
    }
}

/// A comment, from its slashes to the end of its line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Comment {
    /// Where it stands.
    pub span: Span,
    /// Whether it begins with exactly three slashes, and so documents what follows.
    pub doc: bool,
}

/// A statement of a file.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs)] // each variant is named for its type, which is documented
pub enum Item {
    Schema(Schema),
    Extension(Extension),
    External(External),
    Platform(Platform),
    Enum(Enum),
    Domain(Domain),
    Composite(Composite),
    Range(Range),
    Role(Role),
    /// `grant … on …`, or `revoke … on …`.
    Grant(Grant),
    DefaultPrivileges(DefaultPrivileges),
    DatabaseSettings(DatabaseSettings),
    Sequence(Sequence),
    Table(Box<Table>),
    View(Box<View>),
    Function(Box<Function>),
    Define(Define),
    Raw(Raw),
    Seed(Seed),
    Mixin(Mixin),
    Json(Json),
    Template(Template),
    Identity(Identity),
    Persona(Persona),
    Intent(Intent),
}

impl Item {
    /// Where it stands, from its first word to its last.
    pub fn span(&self) -> Span {
        match self {
            Item::Schema(x) => x.span,
            Item::Extension(x) => x.span,
            Item::External(x) => x.span,
            Item::Platform(x) => x.span,
            Item::Enum(x) => x.span,
            Item::Domain(x) => x.span,
            Item::Composite(x) => x.span,
            Item::Range(x) => x.span,
            Item::Role(x) => x.span,
            Item::Grant(x) => x.span,
            Item::DefaultPrivileges(x) => x.span,
            Item::DatabaseSettings(x) => x.span,
            Item::Sequence(x) => x.span,
            Item::Table(x) => x.span,
            Item::View(x) => x.span,
            Item::Function(x) => x.span,
            Item::Define(x) => x.span,
            Item::Raw(x) => x.span,
            Item::Seed(x) => x.span,
            Item::Mixin(x) => x.span,
            Item::Json(x) => x.span,
            Item::Template(x) => x.span,
            Item::Identity(x) => x.span,
            Item::Persona(x) => x.span,
            Item::Intent(x) => x.span,
        }
    }
}

/// An identifier.
#[derive(Clone, Debug, PartialEq)]
pub struct Ident {
    /// The name, without quotes and exactly as written.
    pub name: Name,
    /// Where it stands, quotes included.
    pub span: Span,
    /// Whether it was written in double quotes (or, for a label, in single ones).
    pub quoted: bool,
}

/// A name, in a schema or not.
#[derive(Clone, Debug, PartialEq)]
pub struct QName {
    /// The schema, where one is written.
    pub schema: Option<Ident>,
    /// The name.
    pub name: Ident,
}

impl QName {
    /// Where it stands, schema included.
    pub fn span(&self) -> Span {
        self.schema
            .as_ref()
            .map_or(self.name.span, |s| s.span.to(self.name.span))
    }
}

/// A string: `'…'`, `E'…'`, `U&'…'` or `$tag$…$tag$`.
#[derive(Clone, Debug, PartialEq)]
pub struct Text {
    /// Its value, with escapes resolved.
    pub value: Box<str>,
    /// Where it stands, quotes included.
    pub span: Span,
    /// Where the text between its quotes stands. It has the length of `value` exactly where no
    /// escape was resolved; then byte offsets in one are byte offsets in the other.
    pub inner: Span,
}

/// A PostgreSQL expression, query, or operator list.
#[derive(Clone, Debug, PartialEq)]
pub struct ExprText {
    /// The source text of `span`, in which comments are replaced by as many blanks: byte offsets in
    /// it, added to `span.start`, are places in the file.
    pub text: Box<str>,
    /// Where it stands, without the parentheses around it.
    pub span: Span,
}

/// A type as written.
#[derive(Clone, Debug, PartialEq)]
pub struct TypeExpr {
    /// Its name. The built-in ones of several words come as one, in lower case with single blanks
    /// and without modifiers: `timestamp with time zone`, `double precision`,
    /// `interval day to second`, `character varying`.
    pub name: QName,
    /// What stands between its parentheses.
    pub modifiers: Option<ExprText>,
    /// Whether `[]` follows, however often and with whatever number; or `array`.
    pub array: bool,
    /// Whether `?` follows: the value may be null.
    pub nullable: bool,
    /// The shape between `<` and `>` of a `jsonb`.
    pub shape: Option<Box<JsonType>>,
    /// Where it stands, `?` included.
    pub span: Span,
}

/// A storage parameter or option, `name = value`, or `name` alone.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameter {
    /// Its name, dotted where it is (`toast.autovacuum_enabled`).
    pub name: Ident,
    /// Its value as written: a word, a number, or a string with its quotes.
    pub value: Option<ExprText>,
    /// Where it stands.
    pub span: Span,
}

/// `set name = value`, of a function or role.
#[derive(Clone, Debug, PartialEq)]
pub struct Setting {
    /// Its name, dotted where it is.
    pub name: Ident,
    /// Its value as written, lists too (`public, pg_temp`).
    pub value: ExprText,
    /// Where it stands.
    pub span: Span,
}

/// What every kind of object may be told.
#[derive(Clone, Debug, PartialEq)]
pub enum ObjectClause {
    /// `owner ROLE`.
    Owner(Ident),
    /// `comment 'text'`.
    Comment(Text),
    /// `was OLD_NAME`, with its schema where it moved from another one.
    Was(QName),
    /// `allow HAZARD`.
    Allow(Ident),
    /// `accept RULE 'reason'`.
    Accept(Ident, Text),
    /// `grant … to …` or `revoke … from …` on the object.
    Grant(Box<Grant>),
}

impl ObjectClause {
    /// Where its value stands.
    pub fn span(&self) -> Span {
        match self {
            ObjectClause::Owner(name) | ObjectClause::Allow(name) => name.span,
            ObjectClause::Comment(text) => text.span,
            ObjectClause::Was(name) => name.span(),
            ObjectClause::Accept(rule, reason) => rule.span.to(reason.span),
            ObjectClause::Grant(grant) => grant.span,
        }
    }
}
