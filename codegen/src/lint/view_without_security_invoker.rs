//! A view over a table with row-level security asks as its caller.

use model::{Kind, Name, Schema};

use super::Advice;

pub(super) const WHY: &str = "A view reads its tables with its owner's rights, whom row-level \
    security does not hold: whoever may read the view reads every row.";

pub(super) fn check(schema: &Schema, advice: &mut Advice<'_>) {
    for node in schema.of_kind(Kind::View) {
        let Some(view) = node.object.as_view() else {
            continue;
        };
        let invoker = view.options.get(&Name::from("security_invoker"));
        if view.materialized || invoker.is_some_and(|value| matches!(&**value, "true" | "on" | "1"))
        {
            continue;
        }
        let secured = node
            .needs
            .iter()
            .map(|id| id.relation().unwrap_or_else(|| id.clone()));
        let secured = secured.filter_map(|id| schema.get(&id)).find(|table| {
            table
                .object
                .as_table()
                .is_some_and(|table| table.row_security)
        });
        if let Some(table) = secured {
            let fact = format!(
                "view {} passes by the policies of {}",
                node.id.name, table.id.name
            );
            advice.about(
                node,
                fact,
                "add `with (security_invoker = true)` (PostgreSQL 15)",
            );
        }
    }
}

#[test]
fn a_view_that_asks_as_its_caller_is_fine() {
    let model = "table a {\n  id bigint primary key\n  rls enabled\n}\n\
        view v as (select id from a)\nview w with (security_invoker = true) as (select id from a)\n";
    let said = super::said("view_without_security_invoker", model);
    assert_eq!(said, ["5: view v passes by the policies of a"]);
}
