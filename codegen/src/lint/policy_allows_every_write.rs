//! A policy for writing says which rows.

use model::Schema;
use model::schema::Command;

use super::{Advice, look};

pub(super) const WHY: &str = "A permissive policy whose condition is `true` lets the role write \
    every row, and no other permissive policy can take that back.";

pub(super) fn check(schema: &Schema, advice: &mut Advice<'_>) {
    for (table, _) in schema.tables() {
        for (node, policy) in schema.policies(&table.id) {
            let writes = policy.command != Command::Select && policy.permissive;
            let outside = policy
                .roles
                .iter()
                .any(|role| look::OUTSIDE.contains(&role.as_str()));
            let exprs = [&policy.using, &policy.with_check];
            let open = exprs
                .into_iter()
                .flatten()
                .any(|expr| expr.text.trim() == "true");
            if writes && outside && open {
                let roles: Vec<_> = policy.roles.iter().cloned().collect();
                let roles = look::list(&roles);
                let fact = format!("policy {} lets {roles} write every row", node.id.part);
                advice.about(node, fact, "say whose rows, or limit it to `for select`");
            }
        }
    }
}

#[test]
fn reading_every_row_is_fine_and_writing_is_not() {
    let model = "table a {\n  id bigint primary key\n  \
        policy p for select to public using (true)\n  policy q for all to public using (true)\n}\n";
    let said = super::said("policy_allows_every_write", model);
    assert_eq!(said, ["4: policy q lets public write every row"]);
}
