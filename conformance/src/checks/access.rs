//! Grants: each role that the model names may do with a table what it was granted, and no more.

use std::collections::BTreeSet;

use model::quote::{ident, qualified};
use model::schema::{IdentityMode, Name, PUBLIC, Privilege, Schema};
use model::{Id, Kind};

use super::refusal::{Expected, state};
use super::{Check, Family, said};
use crate::rows::Stop;

pub(super) fn checks(schema: &Schema, table: &Id, found: &mut Vec<Check>) {
    let Some(node) = schema.get(table) else {
        return;
    };
    let grantees: BTreeSet<&Name> = schema
        .tables()
        .flat_map(|(node, _)| node.privileges.keys())
        .filter(|n| **n != *PUBLIC)
        .collect();
    let public = node.privileges.get(&Name::from(PUBLIC));
    for role in grantees {
        let bypasses = |r: &model::schema::Role| r.superuser || !r.member_of.is_empty();
        let own = schema.get(&Id::global(Kind::Role, role.clone()));
        if own.and_then(|n| n.object.as_role()).is_some_and(bypasses)
            || node.owner.as_ref() == Some(role)
        {
            continue;
        }
        for privilege in [
            Privilege::Select,
            Privilege::Insert,
            Privilege::Update,
            Privilege::Delete,
        ] {
            let granted = [node.privileges.get(role), public]
                .into_iter()
                .flatten()
                .any(|privileges| privileges.contains_key(&privilege));
            let by_column = schema.columns(table).iter().any(|(column, _)| {
                [role.as_str(), PUBLIC].iter().any(|r| {
                    column
                        .privileges
                        .get(&Name::from(*r))
                        .is_some_and(|p| p.contains_key(&privilege))
                })
            });
            if by_column && !granted {
                continue;
            }
            let granted = granted && may_look_inside(schema, &table.schema, role);
            push(table, schema, role, privilege, granted, found);
        }
    }
}

/// Whether the role has `USAGE` on the schema: without it, no grant on a table is of any use.
fn may_look_inside(schema: &Schema, owner: &Name, role: &Name) -> bool {
    let Some(node) = schema.get(&Id::global(Kind::Schema, owner.clone())) else {
        return true;
    };
    let has = |who: &str| {
        let own = node.privileges.get(&Name::from(who));
        own.is_some_and(|p| p.contains_key(&Privilege::Usage))
    };
    // PostgreSQL lets everybody use the schema `public`, unless that was revoked.
    let by_default = *owner == "public" && !node.privileges.contains_key(&Name::from(PUBLIC));
    by_default || has(role) || has(PUBLIC) || node.owner.as_ref() == Some(role) || node.external
}

fn push(
    table: &Id,
    schema: &Schema,
    role: &Name,
    privilege: Privilege,
    granted: bool,
    found: &mut Vec<Check>,
) {
    let name = qualified(&table.schema, &table.name);
    // Every column is given: a default may call what the role may not execute.
    let columns: Vec<String> = schema
        .columns(table)
        .iter()
        .filter(|(_, c)| {
            let always = c.identity.as_ref().map(|i| i.mode) == Some(IdentityMode::Always);
            c.generated.is_none() && !always
        })
        .map(|(node, _)| ident(&node.id.part).into_owned())
        .collect();
    let Some(column) = columns.first() else {
        return;
    };
    // Privileges are checked when a statement begins, so no row needs to be touched.
    let sql = match privilege {
        Privilege::Select => format!("SELECT 1 FROM {name} WHERE false"),
        Privilege::Insert => format!(
            "INSERT INTO {name} ({}) SELECT {} WHERE false",
            columns.join(", "),
            vec!["NULL"; columns.len()].join(", ")
        ),
        Privilege::Update => format!("UPDATE {name} SET {column} = NULL WHERE false"),
        _ => format!("DELETE FROM {name} WHERE false"),
    };
    let role = role.clone();
    let verb = privilege.sql().to_lowercase();
    let what = if granted {
        format!("{role} may {verb}")
    } else {
        format!("{role} may not {verb}")
    };
    found.push(Check::new(
        Family::Access,
        table,
        format!("{}: {what}", said(table)),
        move |bench| {
            bench.query(&format!("SET LOCAL ROLE {}", ident(&role)))?;
            let outcome = bench.attempt(&sql)?.map(|_| Default::default());
            let outcome = match (granted, outcome) {
                (false, outcome) => Expected::state(&state::NO_PRIVILEGE).of(bench, outcome),
                (true, Err(refusal)) if refusal.state == state::NO_PRIVILEGE => {
                    Err(Stop::Failed(format!("refused with {refusal}")))
                }
                (true, _) => Ok(()),
            };
            bench.query("RESET ROLE")?;
            outcome
        },
    ));
}
