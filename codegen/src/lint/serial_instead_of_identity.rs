//! Numbered keys are identity columns.

use model::{Kind, Schema};

use super::Advice;

pub(super) const WHY: &str = "A `serial` column's sequence has grants and an owner of its own, \
    which roles that insert need besides the table's; and anybody can write over the numbers. An \
    identity column has neither trouble, and is the standard's form.";

pub(super) fn check(schema: &Schema, advice: &mut Advice<'_>) {
    for node in schema.of_kind(Kind::Sequence) {
        let owner = node
            .object
            .as_sequence()
            .and_then(|sequence| sequence.owned_by.as_ref());
        let Some(column) = owner.and_then(|id| schema.get(id)) else {
            continue;
        };
        let Some(default) = column.object.as_column().and_then(|c| c.default.as_ref()) else {
            continue;
        };
        if default.text.starts_with("nextval(") {
            let fact = format!("{} is a serial column", column.id.part);
            advice.about(column, fact, "write `bigint identity`");
        }
    }
}

#[test]
fn an_identity_column_is_fine() {
    let model = "table a { id serial primary key }\ntable b { id bigint identity primary key }\n";
    assert_eq!(
        super::said("serial_instead_of_identity", model),
        ["1: id is a serial column"]
    );
}
