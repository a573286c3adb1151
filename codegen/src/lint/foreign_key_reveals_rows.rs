//! A reference to a row that one may not see is not accepted.

use model::schema::{ConstraintBody, Expr, Name, Policy, Privilege};
use model::{Id, Kind, Node, Schema};

use super::{Advice, look};

pub(super) const WHY: &str = "PostgreSQL checks a foreign key with the rights of the table's owner. \
    Unless a policy asks whether the parent may be seen, a role can refer to rows of others, and \
    learns from the refusal which of them exist.";

pub(super) fn check(schema: &Schema, advice: &mut Advice<'_>) {
    for (table, _) in schema.tables() {
        for (node, constraint) in schema.constraints(&table.id) {
            let ConstraintBody::ForeignKey(key) = &constraint.body else {
                continue;
            };
            let parent = schema.get(&key.target).filter(|parent| !parent.external);
            let secured = parent
                .filter(|p| p.object.as_table().is_some_and(|own| own.row_security))
                .filter(|p| p.id != table.id);
            let Some(parent) = secured else { continue };
            if let Some(role) = refers_unseen(schema, table, parent) {
                let fact = format!(
                    "{role} can refer to rows of {} that it may not see",
                    parent.id.name
                );
                let columns = look::list(&key.columns);
                let help = format!(
                    "add `{columns} in (select … from {})` to the policy's `with check`",
                    parent.id.name
                );
                advice.about(node, fact, help);
            }
        }
    }
}

/// A role that writes the table, sees some rows of the parent only, and is not asked about it.
fn refers_unseen<'a>(schema: &'a Schema, table: &'a Node, parent: &Node) -> Option<&'a Name> {
    let writes = |privileges: &model::schema::Privileges| {
        privileges.contains_key(&Privilege::Insert) || privileges.contains_key(&Privilege::Update)
    };
    let mut roles = table.privileges.iter().filter(|(_, p)| writes(p));
    roles
        .find(|(role, _)| {
            let open = |p: &Policy| {
                p.permissive
                    && look::reads(p.command)
                    && look::is_for(p, role)
                    && p.using.as_ref().is_some_and(look::is_true)
            };
            let sees_all = schema.policies(&parent.id).any(|(_, p)| open(p));
            !sees_all
                && !look::passes_row_security(schema, role)
                && may_write_without_parent(schema, table, &parent.id, role)
        })
        .map(|(role, _)| role)
}

/// Whether some policy for writing never looks at the parent; without row-level security none does.
fn may_write_without_parent(schema: &Schema, table: &Node, parent: &Id, role: &Name) -> bool {
    let secured = table.object.as_table().is_some_and(|own| own.row_security);
    if !secured {
        return true;
    }
    let mut policies = schema
        .policies(&table.id)
        .map(|(_, p)| p)
        .filter(|p| p.permissive && look::is_for(p, role) && look::writes_rows(p.command));
    policies.any(|policy| {
        let asked = policy.with_check.as_ref().or(policy.using.as_ref());
        asked.is_some_and(|expr| !names(expr, parent))
    })
}

fn names(expr: &Expr, table: &Id) -> bool {
    expr.refs.iter().any(|reference| {
        let id = &reference.id;
        let of_it = id.schema == table.schema && id.name == table.name;
        of_it && matches!(id.kind, Kind::Table | Kind::Column)
    })
}

#[test]
fn a_policy_that_asks_for_the_parent_is_fine() {
    let model = "role app\nexternal schema auth\nexternal function auth.uid() returns uuid\n\
        table deals {\n  id bigint identity primary key\n  owner uuid\n  \
        policy p for all to app using (owner = (select auth.uid()))\n  grant all to app\n}\n\
        table mails {\n  id bigint identity primary key\n  deal bigint references deals\n  \
        policy p for all to app using (deal in (select d.id from deals d))\n  grant all to app\n}\n\
        table notes {\n  id bigint identity primary key\n  owner uuid\n  deal bigint references deals\n  \
        policy p for all to app using (owner = (select auth.uid()))\n  grant all to app\n}\n";
    let said = super::said("foreign_key_reveals_rows", model);
    assert_eq!(
        said,
        ["19: app can refer to rows of deals that it may not see"]
    );
}
