//! A policy that is written holds.

use model::Schema;

use super::Advice;

pub(super) const WHY: &str = "Policies of a table whose row-level security is not enabled are text: \
    they read as if they protected it, and nobody asks them.";

pub(super) fn check(schema: &Schema, advice: &mut Advice<'_>) {
    for (node, table) in schema.tables() {
        let policies = schema.policies(&node.id).count();
        if !table.row_security && policies > 0 {
            let fact = format!(
                "{} has policies, and row-level security is not enabled",
                node.id.name
            );
            advice.about(node, fact, "write `rls enabled`");
        }
    }
}

#[test]
fn a_policy_that_nobody_asks_is_named() {
    let model = "table a {\n  id bigint primary key\n  rls disabled\n  \
        policy p for select to public using (true)\n}\n\
        table b {\n  id bigint primary key\n  policy p for select to public using (true)\n}\n";
    let said = super::said("policy_without_row_security", model);
    assert_eq!(
        said,
        ["1: a has policies, and row-level security is not enabled"]
    );
}
