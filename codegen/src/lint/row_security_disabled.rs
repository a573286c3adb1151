//! A table that outside roles may use has row-level security enabled.

use model::{Name, Schema};

use super::{Advice, look};

pub(super) const WHY: &str = "A grant to `public`, `anon` or `authenticated` opens every row of the \
    table to whoever reaches the database's API, unless row-level security says which rows.";

pub(super) fn check(schema: &Schema, advice: &mut Advice<'_>) {
    for (node, table) in schema.tables() {
        let granted = look::OUTSIDE.into_iter().find(|role| {
            node.privileges
                .get(&Name::from(*role))
                .is_some_and(|privileges| !privileges.is_empty())
        });
        if let Some(role) = granted.filter(|_| !table.row_security) {
            let fact = format!("{role} may use {}, and every row of it", node.id.name);
            advice.about(node, fact, "write a policy, or `rls enabled` to close it");
        }
    }
}

#[test]
fn a_policy_enables_row_level_security() {
    let model = "external role anon\n\
        table a {\n  id bigint primary key\n  grant select to anon\n}\n\
        table b {\n  id bigint primary key\n  grant select to anon\n  \
        policy p for select to anon using (true)\n}\n";
    let said = super::said("row_security_disabled", model);
    assert_eq!(said, ["2: anon may use a, and every row of it"]);
}
