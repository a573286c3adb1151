//! What is made later is not open before anybody has thought of it.

use model::schema::Privileges;
use model::{Kind, Name, Object, Schema};

use super::{Advice, look};

pub(super) const WHY: &str = "Default privileges open every later object of their class. A table \
    that somebody adds next year is readable the moment it is made, with or without policies.";

pub(super) fn check(schema: &Schema, advice: &mut Advice<'_>) {
    for node in schema.of_kind(Kind::DefaultPrivileges) {
        let Object::DefaultPrivileges(grants) = &node.object else {
            continue;
        };
        let open = look::OUTSIDE.into_iter().find(|role| {
            let has = |p: &Privileges| !p.is_empty();
            grants.get(&Name::from(*role)).is_some_and(has)
        });
        if let Some(role) = open {
            let who = if role == "public" { "everybody" } else { role };
            let class = node.id.part.to_lowercase();
            let fact = format!("{who} may use all {class} that are made later");
            advice.about(node, fact, "grant on each object, where it is declared");
        }
    }
}

#[test]
fn what_opens_later_tables_is_named() {
    let model = "external role anon\nrole reporter\n\
        default privileges in schema public grant select on tables to anon\n\
        default privileges in schema public grant select on tables to reporter\n";
    let said = super::said("default_privileges_open", model);
    assert_eq!(said, ["3: anon may use all tables that are made later"]);
}
