//! Row-level security that is enabled has a policy.

use model::Schema;

use super::Advice;

pub(super) const WHY: &str = "With row-level security enabled and no policy nobody but the owner \
    sees a row, and no error says so: queries come back empty.";

pub(super) fn check(schema: &Schema, advice: &mut Advice<'_>) {
    for (node, table) in schema.tables() {
        if table.row_security && schema.policies(&node.id).next().is_none() {
            let fact = format!("{} has row-level security and no policy", node.id.name);
            advice.about(
                node,
                fact,
                "write a policy; accept this where nobody is to see a row",
            );
        }
    }
}

#[test]
fn a_closed_table_is_named() {
    let model = "table a {\n  id bigint primary key\n  rls enabled\n}\n";
    let said = super::said("row_security_without_policy", model);
    assert_eq!(said, ["1: a has row-level security and no policy"]);
}
