//! A numbered key is a `bigint`.

use model::Schema;
use model::schema::Column;

use super::Advice;

pub(super) const WHY: &str = "An `integer` key runs out after two thousand million inserts, failed \
    ones included. Widening it then rewrites the table and every one that refers to it.";

pub(super) fn check(schema: &Schema, advice: &mut Advice<'_>) {
    for (table, _) in schema.tables() {
        let key = schema.primary_key(&table.id);
        for (node, column) in schema.columns(&table.id) {
            if key.as_slice() == std::slice::from_ref(&node.id.part) && counts(column) {
                let fact = format!("the key of {} counts in {}", table.id.name, column.ty);
                advice.about(node, fact, "write `bigint identity`");
            }
        }
    }
}

fn counts(column: &Column) -> bool {
    let serial = column
        .default
        .as_ref()
        .is_some_and(|d| d.text.starts_with("nextval("));
    (column.ty.is("integer") || column.ty.is("smallint")) && (column.identity.is_some() || serial)
}

#[test]
fn a_key_that_is_given_is_fine() {
    let model = "table a { id integer identity primary key }\ntable b { id integer primary key }\n";
    assert_eq!(
        super::said("integer_key_runs_out", model),
        ["1: the key of a counts in integer"]
    );
}
