//! A function with its owner's rights is called by whom it was made for.

use model::schema::{PUBLIC, Privilege};
use model::{Kind, Name, Schema};

use super::{Advice, look};

pub(super) const WHY: &str = "A `security definer` function passes by the policies of every table it \
    touches, and PostgreSQL lets everybody execute a new function until that is revoked.";

pub(super) fn check(schema: &Schema, advice: &mut Advice<'_>) {
    for node in schema.of_kind(Kind::Function) {
        let Some(routine) = node.object.as_routine() else {
            continue;
        };
        // A trigger's function can't be called.
        let called = routine
            .returns
            .as_ref()
            .is_none_or(|r| !r.text.contains("trigger"));
        if !routine.security_definer || !called {
            continue;
        }
        let role = match node.privileges.contains_key(&Name::from(PUBLIC)) {
            true => look::open_to(node, &[Privilege::Execute]),
            false => Some(PUBLIC),
        };
        if let Some(role) = role {
            let who = if role == PUBLIC { "everybody" } else { role };
            let name = &node.id.name;
            let fact = format!("{who} may call {name}, which runs as its owner");
            let help = format!("`revoke execute on function {name}(…) from public`");
            advice.about(node, fact, help);
        }
    }
}

#[test]
fn what_everybody_may_call_is_named() {
    let model = "function f() returns integer language sql security definer set search_path = '' \
        as $$ select 1 $$\n\
        function g() returns integer language sql security definer set search_path = '' \
        as $$ select 1 $$\nrevoke execute on function g() from public\n";
    let said = super::said("definer_function_open", model);
    assert_eq!(said, ["1: everybody may call f, which runs as its owner"]);
}
