//! A materialized view holds what its owner saw.

use model::schema::Privilege;
use model::{Kind, Schema};

use super::{Advice, look};

pub(super) const WHY: &str = "A materialized view is filled with its owner's rights and has no \
    row-level security: whoever may read it reads all that the owner could see.";

pub(super) fn check(schema: &Schema, advice: &mut Advice<'_>) {
    for node in schema.of_kind(Kind::View) {
        let own = node.object.as_view().is_some_and(|view| view.materialized);
        if let Some(role) = look::open_to(node, &[Privilege::Select]).filter(|_| own) {
            let fact = format!("{role} may read every row of {}", node.id.name);
            let help = "revoke it, and give a plain view or a function that asks who is calling";
            advice.about(node, fact, help);
        }
    }
}

#[test]
fn one_that_outside_roles_may_read_is_named() {
    let model = "external role anon\ntable a {\n  id bigint primary key\n}\n\
        materialized view v as (select id from a) {\n  grant select to anon\n}\n\
        materialized view w as (select id from a)\n";
    let said = super::said("materialized_view_open", model);
    assert_eq!(said, ["5: anon may read every row of v"]);
}
