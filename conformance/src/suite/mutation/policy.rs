//! Policies swapped: the kind, the command, the roles, the condition's contrary.

use std::collections::BTreeSet;

use model::Id;
use model::quote::{ident, qualified};
use model::schema::{Command, Name, PUBLIC, Policy, Schema};

use super::Mutant;

pub(super) fn mutants(
    schema: &Schema,
    table: &Id,
    grantees: &BTreeSet<Name>,
    found: &mut Vec<Mutant>,
) {
    let relation = qualified(&table.schema, &table.name);
    for (node, policy) in schema.policies(table) {
        let name = ident(&node.id.part);
        let mut add = |what: String, sql: String| {
            found.push(Mutant::new(&node.id, what, sql));
        };
        let again = |policy: &Policy| {
            format!(
                "DROP POLICY {name} ON {relation}; {}",
                create(&name, &relation, policy)
            )
        };
        let other = Policy {
            permissive: !policy.permissive,
            ..policy.clone()
        };
        let kind = if other.permissive {
            "permissive"
        } else {
            "restrictive"
        };
        add(kind.into(), again(&other));
        for command in commands(policy) {
            let other = Policy {
                command,
                ..policy.clone()
            };
            add(
                format!("for {}", command.sql().to_lowercase()),
                again(&other),
            );
        }
        let others = grantees.iter().filter(|role| !policy.roles.contains(*role));
        for role in others.filter(|_| !policy.roles.contains(&Name::from(PUBLIC))) {
            let sql = format!("ALTER POLICY {name} ON {relation} TO {}", ident(role));
            add(format!("to {role} instead"), sql);
        }
        let contrary = |clause: &str, expr: &str| {
            format!("ALTER POLICY {name} ON {relation} {clause} (({expr}) IS NOT TRUE)")
        };
        if let Some(expr) = &policy.using {
            add("using the contrary".into(), contrary("USING", &expr.text));
        }
        if let Some(expr) = &policy.with_check {
            add(
                "with check the contrary".into(),
                contrary("WITH CHECK", &expr.text),
            );
        }
    }
}

/// Commands that a policy with these clauses can be for.
fn commands(policy: &Policy) -> Vec<Command> {
    let all = [
        Command::All,
        Command::Select,
        Command::Insert,
        Command::Update,
        Command::Delete,
    ];
    all.into_iter()
        .filter(|command| *command != policy.command)
        .filter(|command| match command {
            Command::Insert => policy.with_check.is_some(),
            _ => policy.using.is_some(),
        })
        .collect()
}

fn create(name: &str, relation: &str, policy: &Policy) -> String {
    let roles: Vec<String> = policy
        .roles
        .iter()
        .map(|role| match role.as_str() {
            PUBLIC => "PUBLIC".to_owned(),
            role => ident(role).into_owned(),
        })
        .collect();
    let kind = if policy.permissive {
        "PERMISSIVE"
    } else {
        "RESTRICTIVE"
    };
    let mut sql = format!(
        "CREATE POLICY {name} ON {relation} AS {kind} FOR {} TO {}",
        policy.command.sql(),
        roles.join(", ")
    );
    let using = policy
        .using
        .as_ref()
        .filter(|_| policy.command != Command::Insert);
    let unchecked = [Command::Select, Command::Delete].contains(&policy.command);
    if let Some(expr) = using {
        sql += &format!(" USING ({})", expr.text);
    }
    if let Some(expr) = policy.with_check.as_ref().filter(|_| !unchecked) {
        sql += &format!(" WITH CHECK ({})", expr.text);
    }
    sql
}
