//! What privileges are granted on: its SQL, what there is to give, and who has it unasked.

use std::collections::{BTreeMap, BTreeSet};

use model::quote::ident;
use model::schema::{Kind, Name, Node, Object, PUBLIC, Privilege, Privileges, RoutineKind};

use crate::plan::address;
use crate::plan::changes::Context;

/// Where privileges are granted: what follows `ON`, or `ALTER DEFAULT PRIVILEGES` around it.
pub(super) struct Target {
    pub(super) prefix: String,
    pub(super) on: String,
    pub(super) columns: Option<String>,
    pub(super) all: Vec<Privilege>,
    pub(super) public: Vec<Privilege>,
    pub(super) owner: Option<Name>,
}

pub(super) fn target(context: &Context<'_>, node: &Node) -> Option<Target> {
    use Privilege::*;
    let id = &node.id;
    let table = |version: u32| {
        let mut all = vec![
            Select, Insert, Update, Delete, Truncate, References, Trigger,
        ];
        if version >= 170_000 {
            all.push(Maintain);
        }
        all
    };
    let (all, public) = match id.kind {
        Kind::Table | Kind::View => (table(context.options.server_version), vec![]),
        Kind::Column => (vec![Select, Insert, Update, References], vec![]),
        Kind::Sequence => (vec![Select, Update, Usage], vec![]),
        Kind::Function | Kind::Aggregate => (vec![Execute], vec![Execute]),
        // initdb lets everybody use `public`, and until 15 create in it.
        Kind::Schema if id.name == "public" && context.options.server_version < 150_000 => {
            (vec![Usage, Create], vec![Usage, Create])
        }
        Kind::Schema if id.name == "public" => (vec![Usage, Create], vec![Usage]),
        Kind::Schema => (vec![Usage, Create], vec![]),
        Kind::Enum | Kind::Domain | Kind::Composite | Kind::Range | Kind::BaseType => {
            (vec![Usage], vec![Usage])
        }
        Kind::Language => (vec![Usage], vec![Usage]),
        Kind::ForeignDataWrapper | Kind::ForeignServer => (vec![Usage], vec![]),
        _ => return None,
    };
    let object = model::quote::object(id);
    let (on, columns) = match id.kind {
        Kind::Table | Kind::View => (object, None),
        Kind::Column => (address::relation(id), Some(ident(&id.part).into_owned())),
        Kind::Sequence => (format!("SEQUENCE {object}"), None),
        Kind::Function | Kind::Aggregate => match &node.object {
            Object::Routine(routine) if routine.kind == RoutineKind::Procedure => {
                (format!("PROCEDURE {object}"), None)
            }
            _ => (format!("FUNCTION {object}"), None),
        },
        Kind::Schema => (format!("SCHEMA {object}"), None),
        Kind::Language => (format!("LANGUAGE {object}"), None),
        Kind::ForeignDataWrapper => (format!("FOREIGN DATA WRAPPER {object}"), None),
        Kind::ForeignServer => (format!("FOREIGN SERVER {object}"), None),
        _ => (format!("TYPE {object}"), None),
    };
    let owner = match id.kind {
        // A column's own privileges hold nothing for anybody until they are granted.
        Kind::Column => None,
        // `public` belongs to whoever owns the database.
        Kind::Schema if id.name == "public" && node.owner.is_none() => {
            Some(Name::from("pg_database_owner"))
        }
        _ => node
            .owner
            .clone()
            .or_else(|| context.options.applier.clone()),
    };
    Some(Target {
        prefix: String::new(),
        on,
        columns,
        all,
        public,
        owner,
    })
}

pub(super) fn default_privileges(context: &Context<'_>, node: &Node) -> Target {
    use Privilege::*;
    let mut prefix = String::from("ALTER DEFAULT PRIVILEGES");
    if !node.id.name.is_empty() {
        prefix += &format!(" FOR ROLE {}", ident(&node.id.name));
    }
    let global = node.id.schema.is_empty();
    if !global {
        prefix += &format!(" IN SCHEMA {}", ident(&node.id.schema));
    }
    let class = node.id.part.to_lowercase();
    let (on, all, public) = match class.as_str() {
        "sequences" | "sequence" => ("SEQUENCES", vec![Select, Update, Usage], vec![]),
        "functions" | "function" | "routines" => ("FUNCTIONS", vec![Execute], vec![Execute]),
        "types" | "type" => ("TYPES", vec![Usage], vec![Usage]),
        "schemas" | "schema" => ("SCHEMAS", vec![Usage, Create], vec![]),
        _ => {
            let mut all = vec![
                Select, Insert, Update, Delete, Truncate, References, Trigger,
            ];
            if context.options.server_version >= 170_000 {
                all.push(Maintain);
            }
            ("TABLES", all, vec![])
        }
    };
    Target {
        prefix: prefix + " ",
        on: on.to_owned(),
        columns: None,
        all,
        // Entries for one schema add to the defaults; they start from nothing.
        public: if global { public } else { Vec::new() },
        owner: global.then(|| node.id.name.clone()),
    }
}

impl Target {
    pub(super) fn by_default(&self, grantee: &Name) -> Privileges {
        if *grantee == *PUBLIC {
            self.public.iter().map(|p| (*p, false)).collect()
        } else if self.owner.as_ref() == Some(grantee) {
            self.all.iter().map(|p| (*p, false)).collect()
        } else {
            Privileges::new()
        }
    }

    /// What the grantee may do, of what this server knows: an older one has no `MAINTAIN`.
    pub(super) fn of(&self, grants: &BTreeMap<Name, Privileges>, grantee: &Name) -> Privileges {
        let held = grants.get(grantee).cloned();
        let mut held = held.unwrap_or_else(|| self.by_default(grantee));
        held.retain(|privilege, _| self.all.contains(privilege));
        held
    }

    /// `SELECT, INSERT`, or `ALL` where it is all there is to give.
    pub(super) fn list(&self, privileges: &BTreeSet<Privilege>) -> String {
        if privileges.len() > 1 && self.all.iter().all(|p| privileges.contains(p)) {
            return match &self.columns {
                Some(columns) => format!("ALL ({columns})"),
                None => "ALL".to_owned(),
            };
        }
        let words = privileges.iter().map(|privilege| match &self.columns {
            Some(columns) => format!("{} ({columns})", privilege.sql()),
            None => privilege.sql().to_owned(),
        });
        words.collect::<Vec<_>>().join(", ")
    }
}
