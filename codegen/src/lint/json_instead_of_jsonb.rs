//! Documents are `jsonb`.

use model::Schema;

use super::{Advice, look};

pub(super) const WHY: &str = "`json` keeps the text as it came: it has no equality, no index, and is \
    parsed again by each operator. A shape can be enforced on `jsonb` only.";

pub(super) fn check(schema: &Schema, advice: &mut Advice<'_>) {
    for (node, column) in look::columns(schema) {
        if column.ty.element().is("json") {
            let fact = format!(
                "{} is json, which can be neither compared nor indexed",
                node.id.part
            );
            advice.about(
                node,
                fact,
                "write `jsonb<Shape>`, or `jsonb` where any document will do",
            );
        }
    }
}

#[test]
fn jsonb_is_fine() {
    let model = "table a {\n  id bigint primary key\n  x json\n  y jsonb\n}\n";
    let said = super::said("json_instead_of_jsonb", model);
    assert_eq!(
        said,
        ["3: x is json, which can be neither compared nor indexed"]
    );
}
