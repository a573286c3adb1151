//! Roles, grants and policies.

use super::{ExprText, Ident, ObjectClause, QName, Setting, TypeExpr};
use crate::schema::{Command, Privilege};
use crate::source::Span;

/// `role NAME options`.
#[derive(Clone, Debug, PartialEq)]
pub struct Role {
    /// Where it stands.
    pub span: Span,
    /// Its doc comment.
    pub docs: Option<String>,
    /// Its name.
    pub name: Ident,
    /// Its options in order.
    pub options: Vec<RoleOption>,
    /// What every object may be told.
    pub clauses: Vec<ObjectClause>,
}

/// An option of a role.
#[derive(Clone, Debug, PartialEq)]
pub enum RoleOption {
    /// `login`, `nologin` and their kin, with whether it is on.
    Flag(RoleFlag, bool),
    /// `connection limit N`.
    ConnectionLimit(i32),
    /// `member of a, b [with admin option]`: the roles, each with whether it may be granted on.
    MemberOf(Vec<(Ident, bool)>),
    /// `set name = value`.
    Set(Setting),
}

/// An attribute of a role that is on or off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RoleFlag {
    /// `login`.
    Login,
    /// `superuser`.
    Superuser,
    /// `createdb`.
    CreateDatabase,
    /// `createrole`.
    CreateRole,
    /// `inherit`.
    Inherit,
    /// `replication`.
    Replication,
    /// `bypassrls`.
    BypassRowSecurity,
}

/// `grant … to …` or `revoke … from …`, in a file or in an object's block.
#[derive(Clone, Debug, PartialEq)]
pub struct Grant {
    /// Where it stands.
    pub span: Span,
    /// Whether it revokes.
    pub revoke: bool,
    /// What is granted; empty for `all`.
    pub privileges: Vec<PrivilegeItem>,
    /// For `all (column, …)`, the columns.
    pub all_columns: Vec<Ident>,
    /// On what; `None` inside an object's block, whose object it is.
    pub target: Option<GrantTarget>,
    /// To or from whom; `public` is everybody.
    pub grantees: Vec<Ident>,
    /// `with grant option`, or `grant option for` where it revokes.
    pub grant_option: bool,
}

/// One privilege, on the whole object or on some columns.
#[derive(Clone, Debug, PartialEq)]
pub struct PrivilegeItem {
    /// Which.
    pub privilege: Privilege,
    /// The columns it is limited to; empty for all.
    pub columns: Vec<Ident>,
    /// Where it stands.
    pub span: Span,
}

/// What a grant is on.
#[derive(Clone, Debug, PartialEq)]
pub enum GrantTarget {
    /// `on [table] a, b`: tables, views or sequences.
    Relations(Vec<QName>),
    /// `on sequence a, b`.
    Sequences(Vec<QName>),
    /// `on function f(integer), g` (or procedure, or routine).
    Routines(Vec<RoutineRef>),
    /// `on schema a, b`.
    Schemas(Vec<Ident>),
    /// `on type a, b` (or domain).
    Types(Vec<QName>),
    /// `on language a, b`.
    Languages(Vec<Ident>),
    /// `on foreign data wrapper a, b`.
    ForeignDataWrappers(Vec<Ident>),
    /// `on foreign server a, b`.
    ForeignServers(Vec<Ident>),
    /// `on identity`, behind a column: the sequence of its identity.
    Identity,
    /// `on all tables in schema a, b`.
    AllIn(ObjectClass, Vec<Ident>),
}

/// A routine by name, and by argument types where they are written.
#[derive(Clone, Debug, PartialEq)]
pub struct RoutineRef {
    /// Its name.
    pub name: QName,
    /// The types of its input arguments; `None` where no parentheses are written.
    pub arguments: Option<Vec<TypeExpr>>,
}

/// A class of objects, as default privileges know them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ObjectClass {
    /// `tables`.
    Tables,
    /// `sequences`.
    Sequences,
    /// `functions`, or `routines`.
    Functions,
    /// `types`.
    Types,
    /// `schemas`.
    Schemas,
}

/// `default privileges [for role R] [in schema S] grant … on CLASS to …`.
#[derive(Clone, Debug, PartialEq)]
pub struct DefaultPrivileges {
    /// Where it stands.
    pub span: Span,
    /// The roles whose future objects it is about; empty for the one who applies the migration.
    pub roles: Vec<Ident>,
    /// The schemas it is limited to; empty for all.
    pub schemas: Vec<Ident>,
    /// The class of objects.
    pub class: ObjectClass,
    /// The grant; its target is `None`.
    pub grant: Grant,
}

/// `database [for role R] set NAME = VALUE …`.
#[derive(Clone, Debug, PartialEq)]
pub struct DatabaseSettings {
    /// Where it stands.
    pub span: Span,
    /// The role whose sessions it is about; `None` for all.
    pub role: Option<Ident>,
    /// The settings, in order.
    pub settings: Vec<Setting>,
}

/// `[restrictive] policy NAME [for COMMAND] [to ROLE, …] [using (…)] [with check (…)]`.
#[derive(Clone, Debug, PartialEq)]
pub struct Policy {
    /// Where it stands.
    pub span: Span,
    /// Its doc comment.
    pub docs: Option<String>,
    /// Its name.
    pub name: Ident,
    /// Whether it is restrictive.
    pub restrictive: bool,
    /// The command it is for.
    pub command: Option<Command>,
    /// The roles it is for; empty where none are written.
    pub roles: Vec<Ident>,
    /// `using`.
    pub using: Option<ExprText>,
    /// `with check`.
    pub with_check: Option<ExprText>,
    /// `no using`: it has no condition at all, and so lets no row through.
    pub open: bool,
    /// What every object may be told.
    pub clauses: Vec<ObjectClause>,
}
