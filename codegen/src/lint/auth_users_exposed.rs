//! A view that others may read does not show the accounts.

use model::schema::Privilege;
use model::{Kind, Schema};

use super::{Advice, look};

pub(super) const WHY: &str = "`auth.users` holds addresses, hashed passwords and tokens. A view over \
    it, read with its owner's rights, shows them to whoever may read the view.";

pub(super) fn check(schema: &Schema, advice: &mut Advice<'_>) {
    for node in schema.of_kind(Kind::View) {
        let accounts = node
            .needs
            .iter()
            .any(|id| id.schema == "auth" && id.name == "users");
        if let Some(role) = look::open_to(node, &[Privilege::Select]).filter(|_| accounts) {
            let fact = format!("{role} may read {}, a view of auth.users", node.id.name);
            let help = "copy what may be seen into a table of its own";
            advice.about(node, fact, help);
        }
    }
}

#[test]
fn a_view_of_the_accounts_is_named() {
    let model = "platform supabase\nview v as (select id, email from auth.users) {\n  \
        grant select to authenticated\n}\nview w as (select id from auth.users)\n";
    let said = super::said("auth_users_exposed", model);
    assert_eq!(said, ["2: authenticated may read v, a view of auth.users"]);
}
