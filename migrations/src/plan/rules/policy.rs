//! Row-level security policies.
//!
//! Which rows a predicate lets through is found out by asking the server, never from its text.

use model::quote::ident;
use model::schema::{Command, Node, Policy};

use super::{Difference, sql};
use crate::plan::access::role;
use crate::plan::address::{address, label, relation};
use crate::plan::changes::Context;
use crate::plan::step::{HazardKind, Lock, Statement};

pub(super) fn create(node: &Node, policy: &Policy) -> Vec<Statement> {
    let mut lines = vec![format!(
        "CREATE POLICY {} ON {}",
        ident(&node.id.part),
        relation(&node.id)
    )];
    if !policy.permissive {
        lines.push("AS RESTRICTIVE".to_owned());
    }
    if policy.command != Command::All {
        lines.push(format!("FOR {}", policy.command.sql()));
    }
    if policy.roles.len() > 1 || policy.roles.iter().any(|name| *name != *"public") {
        lines.push(format!("TO {}", roles(policy)));
    }
    lines.extend(predicates(policy));
    vec![Statement::new(Lock::AccessExclusive, lines.join("\n  "))]
}

fn roles(policy: &Policy) -> String {
    let roles: Vec<_> = policy.roles.iter().map(role).collect();
    roles.join(", ")
}

fn predicates(policy: &Policy) -> Vec<String> {
    let using = policy
        .using
        .iter()
        .map(|e| format!("USING {}", sql::in_parentheses(e)));
    let check = policy
        .with_check
        .iter()
        .map(|e| format!("WITH CHECK {}", sql::in_parentheses(e)));
    using.chain(check).collect()
}

pub(super) fn alter(node: &Node, a: &Policy, b: &Policy) -> Difference {
    // ALTER POLICY can give a predicate and change it, never take it away.
    let gone = (a.using.is_some() && b.using.is_none())
        || (a.with_check.is_some() && b.with_check.is_none());
    if a.permissive != b.permissive || a.command != b.command || gone {
        return Difference::Replace;
    }
    let mut lines = vec![format!(
        "ALTER POLICY {} ON {}",
        ident(&node.id.part),
        relation(&node.id)
    )];
    if a.roles != b.roles {
        lines.push(format!("TO {}", roles(b)));
    }
    let mut changed = b.clone();
    if a.using == b.using {
        changed.using = None;
    }
    if a.with_check == b.with_check {
        changed.with_check = None;
    }
    lines.extend(predicates(&changed));
    let name = &node.id.part;
    let message = |more: &str| format!("policy {name} may let {more} rows through");
    let statement = Statement::new(Lock::AccessExclusive, lines.join("\n  "))
        .hazard(HazardKind::WidenedAccess, message("more"))
        .hazard(HazardKind::NarrowedAccess, message("fewer"));
    Difference::main(vec![statement])
}

pub(super) fn drop(
    context: &Context<'_>,
    node: &Node,
    policy: &Policy,
    again: bool,
) -> Vec<Statement> {
    let sql = format!("DROP {}", address(context.from, node));
    let statement = Statement::new(Lock::AccessExclusive, sql);
    if again {
        return vec![statement];
    }
    let table = label(&model::Id::table(
        node.id.schema.clone(),
        node.id.name.clone(),
    ));
    let name = &node.id.part;
    vec![if policy.permissive {
        let message = format!("rows of {table} that only policy {name} shows are hidden");
        statement.hazard(HazardKind::NarrowedAccess, message)
    } else {
        let message = format!("rows of {table} that policy {name} hides are shown");
        statement.hazard(HazardKind::WidenedAccess, message)
    }]
}
