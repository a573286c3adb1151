//! Text is `text` or `varchar(n)`, not `char(n)`.

use model::Schema;

use super::{Advice, look};

pub(super) const WHY: &str = "`char(n)` pads every value with blanks and ignores them when it \
    compares, but not when it matches patterns. It saves nothing.";

pub(super) fn check(schema: &Schema, advice: &mut Advice<'_>) {
    for (node, column) in look::columns(schema) {
        if column.ty.element().is("character") {
            let fact = format!("{} is padded with blanks", node.id.part);
            let check = format!("`text check (length({}) = …)`", node.id.part);
            advice.about(
                node,
                fact,
                format!("write `varchar(n)`, or {check} for an exact length"),
            );
        }
    }
}

#[test]
fn padding_is_named() {
    let model = "table a {\n  id bigint primary key\n  code char(3)\n  name varchar(3)\n}\n";
    let said = super::said("fixed_length_character", model);
    assert_eq!(said, ["3: code is padded with blanks"]);
}
