//! Roles, privileges and row-level security policies.

use std::collections::{BTreeMap, BTreeSet};

use super::{Expr, Name, Settings};

/// The grantee that stands for everybody.
pub const PUBLIC: &str = "public";

/// What one grantee may do with one object: each privilege, and whether it may be granted on.
///
/// On a node only deviations from PostgreSQL's defaults are kept: a grantee that is absent has what
/// the default gives (the owner everything, `public` what the manual's table of default privileges
/// says). An empty map therefore means "revoked".
pub type Privileges = BTreeMap<Privilege, bool>;

/// The privileges of the manual's table "ACL Privilege Abbreviations".
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Privilege {
    /// `SELECT`.
    Select,
    /// `INSERT`.
    Insert,
    /// `UPDATE`.
    Update,
    /// `DELETE`.
    Delete,
    /// `TRUNCATE`.
    Truncate,
    /// `REFERENCES`.
    References,
    /// `TRIGGER`.
    Trigger,
    /// `MAINTAIN` (PostgreSQL 17).
    Maintain,
    /// `USAGE`.
    Usage,
    /// `CREATE`.
    Create,
    /// `EXECUTE`.
    Execute,
    /// `CONNECT`.
    Connect,
    /// `TEMPORARY`.
    Temporary,
    /// `SET`.
    Set,
    /// `ALTER SYSTEM`.
    AlterSystem,
}

impl Privilege {
    /// The keyword.
    pub fn sql(self) -> &'static str {
        match self {
            Privilege::Select => "SELECT",
            Privilege::Insert => "INSERT",
            Privilege::Update => "UPDATE",
            Privilege::Delete => "DELETE",
            Privilege::Truncate => "TRUNCATE",
            Privilege::References => "REFERENCES",
            Privilege::Trigger => "TRIGGER",
            Privilege::Maintain => "MAINTAIN",
            Privilege::Usage => "USAGE",
            Privilege::Create => "CREATE",
            Privilege::Execute => "EXECUTE",
            Privilege::Connect => "CONNECT",
            Privilege::Temporary => "TEMPORARY",
            Privilege::Set => "SET",
            Privilege::AlterSystem => "ALTER SYSTEM",
        }
    }

    /// The privilege of that keyword, in any case.
    pub fn parse(word: &str) -> Option<Self> {
        use Privilege::*;
        [
            Select,
            Insert,
            Update,
            Delete,
            Truncate,
            References,
            Trigger,
            Maintain,
            Usage,
            Create,
            Execute,
            Connect,
            Temporary,
            Set,
            AlterSystem,
        ]
        .into_iter()
        .find(|p| p.sql().eq_ignore_ascii_case(word))
    }
}

/// A role the model owns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Role {
    /// `LOGIN`.
    pub login: bool,
    /// `SUPERUSER`.
    pub superuser: bool,
    /// `CREATEDB`.
    pub create_database: bool,
    /// `CREATEROLE`.
    pub create_role: bool,
    /// `INHERIT`.
    pub inherit: bool,
    /// `REPLICATION`.
    pub replication: bool,
    /// `BYPASSRLS`.
    pub bypass_row_security: bool,
    /// `CONNECTION LIMIT`; -1 is none.
    pub connection_limit: i32,
    /// The roles it is a member of, each with whether it may grant the membership on.
    pub member_of: BTreeMap<Name, bool>,
    /// `ALTER ROLE … SET`.
    pub settings: Settings,
}

impl Default for Role {
    fn default() -> Self {
        Role {
            login: false,
            superuser: false,
            create_database: false,
            create_role: false,
            inherit: true,
            replication: false,
            bypass_row_security: false,
            connection_limit: -1,
            member_of: BTreeMap::new(),
            settings: Settings::new(),
        }
    }
}

/// A row-level security policy. Its name is the id's `part`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// Whether one such policy is enough (`PERMISSIVE`) or all must hold (`RESTRICTIVE`).
    pub permissive: bool,
    /// The command it is for.
    pub command: Command,
    /// The roles it is for; `public` alone where none are named.
    pub roles: BTreeSet<Name>,
    /// `USING`.
    pub using: Option<Expr>,
    /// `WITH CHECK`.
    pub with_check: Option<Expr>,
}

/// The command of a policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Command {
    /// `ALL`.
    All,
    /// `SELECT`.
    Select,
    /// `INSERT`.
    Insert,
    /// `UPDATE`.
    Update,
    /// `DELETE`.
    Delete,
}

impl Command {
    /// The keyword.
    pub fn sql(self) -> &'static str {
        match self {
            Command::All => "ALL",
            Command::Select => "SELECT",
            Command::Insert => "INSERT",
            Command::Update => "UPDATE",
            Command::Delete => "DELETE",
        }
    }
}
