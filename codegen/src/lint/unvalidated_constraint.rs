//! A constraint that a model declares holds for every row.

use model::Schema;

use super::Advice;

pub(super) const WHY: &str = "`not valid` spares the rows that are there already. As a step of a \
    migration it is a way to go; as the state of a model it is a promise that nobody keeps, and \
    one the planner cannot use.";

pub(super) fn check(schema: &Schema, advice: &mut Advice<'_>) {
    for (table, _) in schema.tables() {
        for (node, constraint) in schema.constraints(&table.id) {
            if !constraint.validated {
                let fact = format!("{} holds for new rows only", node.id.part);
                advice.about(
                    node,
                    fact,
                    "leave out `not valid`: migrations validate it by themselves",
                );
            }
        }
    }
}

#[test]
fn not_valid_is_named() {
    let model = "table a {\n  id bigint primary key\n  x integer\n  check low (x < 9) not valid\n  \
        check high (x > 1)\n}\n";
    assert_eq!(
        super::said("unvalidated_constraint", model),
        ["4: low holds for new rows only"]
    );
}
