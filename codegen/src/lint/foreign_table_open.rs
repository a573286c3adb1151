//! Rows of another server are not open to everybody.

use model::Schema;
use model::schema::Privilege;

use super::{Advice, look};

pub(super) const WHY: &str = "A foreign table has no row-level security: what the other server shows \
    to the user mapping, it shows to everybody who may read the table.";

pub(super) fn check(schema: &Schema, advice: &mut Advice<'_>) {
    for (node, _) in schema.tables().filter(|(_, table)| table.foreign.is_some()) {
        if let Some(role) = look::open_to(node, &[Privilege::Select]) {
            let fact = format!(
                "{role} may read every row of {}, which no policy can limit",
                node.id.name
            );
            advice.about(
                node,
                fact,
                "keep it in a schema of its own, behind a view or a function",
            );
        }
    }
}

#[test]
fn one_that_outside_roles_may_read_is_named() {
    let mut builder = model::schema::Builder::default();
    for (name, open) in [("a", true), ("b", false)] {
        let table = model::schema::Table {
            foreign: Some(Box::new(model::schema::Foreign {
                server: "other".into(),
                options: Default::default(),
            })),
            ..Default::default()
        };
        let mut node = model::Node::new(
            model::Id::table("public", name),
            model::Object::Table(table),
        );
        if open {
            let select = [(Privilege::Select, false)].into();
            node.privileges.insert("anon".into(), select);
        }
        builder.insert(node).expect("names differ");
    }
    let rule = super::RULES
        .iter()
        .filter(|r| r.name == "foreign_table_open");
    let found = super::lint(&builder.finish(), rule);
    let said: Vec<_> = found.iter().map(|d| d.message.clone()).collect();
    assert_eq!(
        said,
        ["anon may read every row of a, which no policy can limit"]
    );
}
