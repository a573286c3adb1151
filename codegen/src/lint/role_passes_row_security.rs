//! Roles that no policy holds are few and known.

use model::schema::{Name, Role};
use model::{Id, Kind, Schema};

use super::Advice;

pub(super) const WHY: &str = "A superuser, a role with `bypassrls` and, through `set role`, every \
    member of one read and write every row. No policy says so, and no test of policies shows it.";

pub(super) fn check(schema: &Schema, advice: &mut Advice<'_>) {
    for node in schema.of_kind(Kind::Role) {
        let Some(role) = node.object.as_role() else {
            continue;
        };
        let name = &node.id.name;
        let fact = match (role.superuser, role.bypass_row_security) {
            (true, _) => format!("{name} is a superuser: no policy holds it"),
            (_, true) => format!("no policy holds {name}, which bypasses row-level security"),
            _ => match role.member_of.keys().find(|other| passes(schema, other)) {
                Some(other) => format!("{name} may become {other}, whom no policy holds"),
                None => continue,
            },
        };
        let help = "keep such a role for what needs it, and accept it here with the reason";
        advice.about(node, fact, help);
    }
}

fn passes(schema: &Schema, role: &Name) -> bool {
    let node = schema.get(&Id::global(Kind::Role, role.clone()));
    let free = |r: &Role| r.superuser || r.bypass_row_security;
    node.and_then(|node| node.object.as_role())
        .is_some_and(free)
}

#[test]
fn it_and_who_may_become_it_are_named() {
    let model = "role keeper bypassrls\nrole clerk member of keeper\nrole guest\n";
    let said = super::said("role_passes_row_security", model);
    assert_eq!(
        said,
        [
            "1: no policy holds keeper, which bypasses row-level security",
            "2: clerk may become keeper, whom no policy holds"
        ]
    );
}
