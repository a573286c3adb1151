//! A function finds the names that its author meant.

use model::schema::Body;
use model::{Kind, Name, Schema};

use super::Advice;

pub(super) const WHY: &str = "A function without a search path of its own resolves names along its \
    caller's. Triggers, checks and policies run it with whatever path that is, and a dump is \
    restored with none.";

pub(super) fn check(schema: &Schema, advice: &mut Advice<'_>) {
    for node in schema.of_kind(Kind::Function) {
        let Some(routine) = node.object.as_routine() else {
            continue;
        };
        // Those that run as their owner have a rule of their own; a parsed body names objects.
        let text = matches!(routine.body, Body::Text(_));
        let set = routine.settings.contains_key(&Name::from("search_path"));
        if text && !set && !routine.security_definer {
            let fact = format!(
                "{} finds names along its caller's search path",
                node.id.name
            );
            advice.about(
                node,
                fact,
                "add `set search_path = ''` and qualify the names in its body",
            );
        }
    }
}

#[test]
fn a_set_search_path_is_fine() {
    let model = "function f() returns integer language sql as $$ select 1 $$\n\
        function g() returns integer language sql set search_path = '' as $$ select 1 $$\n";
    let said = super::said("function_without_search_path", model);
    assert_eq!(said, ["1: f finds names along its caller's search path"]);
}
