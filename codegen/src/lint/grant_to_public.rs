//! Writing is granted to roles, not to everybody.

use model::schema::{PUBLIC, Privilege};
use model::{Name, Schema};

use super::Advice;

pub(super) const WHY: &str = "`public` is every role there is and every one there will be; nothing \
    can be taken from a single role that everybody has.";

pub(super) fn check(schema: &Schema, advice: &mut Advice<'_>) {
    for (node, _) in schema.tables() {
        let writes = node
            .privileges
            .get(&Name::from(PUBLIC))
            .is_some_and(|privileges| {
                privileges
                    .keys()
                    .any(|privilege| *privilege != Privilege::Select)
            });
        if writes {
            let fact = format!("every role may write {}", node.id.name);
            advice.about(node, fact, "grant to the roles that need it");
        }
    }
}

#[test]
fn reading_may_be_everybodys() {
    let model = "table a {\n  id bigint primary key\n  grant select to public\n}\n\
        table b {\n  id bigint primary key\n  grant insert to public\n}\n";
    assert_eq!(
        super::said("grant_to_public", model),
        ["5: every role may write b"]
    );
}
