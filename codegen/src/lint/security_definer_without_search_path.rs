//! A function with its owner's rights sets its search path.

use model::{Kind, Name, Schema};

use super::Advice;

pub(super) const WHY: &str = "A `security definer` function runs with its owner's rights, and finds \
    names along its caller's search path: the caller can put an object of his own in the way.";

pub(super) fn check(schema: &Schema, advice: &mut Advice<'_>) {
    for node in schema.of_kind(Kind::Function) {
        let Some(routine) = node.object.as_routine() else {
            continue;
        };
        if routine.security_definer && !routine.settings.contains_key(&Name::from("search_path")) {
            let fact = format!(
                "{} runs as its owner, along its caller's search path",
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
    let model = "function f() returns integer language sql security definer as $$ select 1 $$\n\
        function g() returns integer language sql security definer set search_path = '' \
        as $$ select 1 $$\n";
    let said = super::said("security_definer_without_search_path", model);
    assert_eq!(
        said,
        ["1: f runs as its owner, along its caller's search path"]
    );
}
