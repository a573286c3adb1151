//! A table's owner is held by its policies too, where the owner is who logs in.

use model::{Id, Kind, Schema};

use super::Advice;

pub(super) const WHY: &str = "Row-level security does not hold a table's owner unless it is forced. \
    An application that logs in as the owner of its tables has no policies at all.";

pub(super) fn check(schema: &Schema, advice: &mut Advice<'_>) {
    for (node, table) in schema.tables() {
        let Some(owner) = &node.owner else { continue };
        let role = schema.get(&Id::global(Kind::Role, owner.clone()));
        let logs_in = role
            .and_then(|node| node.object.as_role())
            .is_some_and(|role| role.login);
        if table.row_security && !table.force_row_security && logs_in {
            let fact = format!(
                "the policies of {} do not hold {owner}, who owns it and logs in",
                node.id.name
            );
            advice.about(node, fact, "write `rls forced`, or give it another owner");
        }
    }
}

#[test]
fn an_owner_who_logs_in_is_named() {
    let model = "role app login\nrole keeper\n\
        table a {\n  id bigint primary key\n  owner app\n  rls enabled\n}\n\
        table b {\n  id bigint primary key\n  owner app\n  rls forced\n}\n\
        table c {\n  id bigint primary key\n  owner keeper\n  rls enabled\n}\n";
    let said = super::said("owner_passes_row_security", model);
    assert_eq!(
        said,
        ["3: the policies of a do not hold app, who owns it and logs in"]
    );
}
