//! A policy does not believe what its caller can write.

use std::collections::BTreeSet;

use model::schema::{Command, ConstraintBody, Name, PUBLIC, Policy, Privilege};
use model::{Id, Kind, Schema};

use super::{Advice, look};

pub(super) const WHY: &str = "A policy that looks into another table is as strong as what keeps its \
    caller from writing there: whoever may set `role` in `profiles` may give himself any role.";

pub(super) fn check(schema: &Schema, advice: &mut Advice<'_>) {
    for (table, _) in schema.tables() {
        for (node, policy) in schema.policies(&table.id) {
            let exprs = [&policy.using, &policy.with_check];
            let read: BTreeSet<&Id> = exprs
                .into_iter()
                .flatten()
                .flat_map(|expr| expr.refs.iter().map(|r| &r.id))
                .filter(|id| id.kind == Kind::Column)
                .filter(|id| id.schema != table.id.schema || id.name != table.id.name)
                .collect();
            let found = read.into_iter().find_map(|column| {
                let role = writer(schema, policy, column)?;
                Some((column, role))
            });
            if let Some((column, role)) = found {
                let name = format!("{}.{}", column.name, column.part);
                let fact = format!(
                    "policy {} believes {name}, which {role} can write",
                    node.id.part
                );
                let help = format!(
                    "let a policy of {} say what {} may become, or grant its other columns only",
                    column.name, column.part
                );
                advice.about(node, fact, help);
            }
        }
    }
}

/// A role that the policy is for, and that can give the column a value of its choice.
fn writer(schema: &Schema, policy: &Policy, column: &Id) -> Option<Name> {
    let relation = Id::table(column.schema.clone(), column.name.clone());
    let table = schema.get(&relation).filter(|node| !node.external)?;
    let own = table.object.as_table()?;
    // A row's identity belongs to nobody else, whatever its number.
    if is_key(schema, &relation, &column.part) {
        return None;
    }
    let roles = table.privileges.keys().chain(
        schema
            .get(column)
            .into_iter()
            .flat_map(|node| node.privileges.keys()),
    );
    let reached = roles.filter(|role| {
        policy.roles.contains(&Name::from(PUBLIC))
            || policy.roles.contains(*role)
            || ***role == *PUBLIC
    });
    for role in reached {
        if look::passes_row_security(schema, role) {
            continue;
        }
        for (privilege, command) in [
            (Privilege::Update, Command::Update),
            (Privilege::Insert, Command::Insert),
        ] {
            let granted = [schema.get(&relation), schema.get(column)]
                .into_iter()
                .flatten()
                .any(|node| {
                    let has = node.privileges.get(role);
                    has.is_some_and(|p| p.contains_key(&privilege))
                });
            let mut open = schema.policies(&relation).filter(|(_, p)| {
                p.permissive
                    && look::is_for(p, role)
                    && [command, Command::All].contains(&p.command)
            });
            let unpinned = |p: &Policy| {
                let asked = p.with_check.as_ref().or(p.using.as_ref());
                asked.is_some_and(|e| !look::columns_named(e, &relation).contains(&column.part))
            };
            if granted && (!own.row_security || open.any(|(_, p)| unpinned(p))) {
                return Some(role.clone());
            }
        }
    }
    None
}

fn is_key(schema: &Schema, table: &Id, column: &Name) -> bool {
    let mut keys = schema
        .constraints(table)
        .filter_map(|(_, c)| match &c.body {
            ConstraintBody::PrimaryKey(key) => Some(key),
            _ => None,
        });
    keys.any(|key| key.columns.contains(column) && key.columns.len() == 1)
}

#[test]
fn a_column_that_its_own_policy_pins_is_fine() {
    let model = "role app\nexternal schema auth\nexternal function auth.uid() returns uuid\n\
        table profiles {\n  id uuid primary key\n  role text\n  \
        policy own for all to app using (id = (select auth.uid()))\n  \
        grant select, update to app\n}\n\
        table deals {\n  id bigint identity primary key\n  owner uuid\n  \
        policy own for all to app using (owner = (select auth.uid()))\n  \
        grant select, insert, update to app\n}\n\
        table secrets {\n  id bigint primary key\n  deal bigint\n  \
        policy admin for select to app using ((select p.role from profiles p where p.id = (select auth.uid())) = 'admin')\n  \
        policy own for delete to app using (deal in (select d.id from deals d where d.owner = (select auth.uid())))\n  \
        grant select to app\n}\n";
    let said = super::said("policy_reads_what_its_caller_changes", model);
    assert_eq!(
        said,
        ["19: policy admin believes profiles.role, which app can write"]
    );
}
