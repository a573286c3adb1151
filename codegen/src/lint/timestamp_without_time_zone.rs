//! A moment is a `timestamptz`.

use model::Schema;

use super::{Advice, look};

pub(super) const WHY: &str = "`timestamp` keeps what a clock on some wall showed, not a moment: two \
    servers or sessions with different time zones read it differently. `timestamptz` takes the \
    same eight bytes.";

pub(super) fn check(schema: &Schema, advice: &mut Advice<'_>) {
    for (node, column) in look::columns(schema) {
        if column.ty.element().is("timestamp without time zone") {
            let fact = format!("{} keeps a time of day without its zone", node.id.part);
            advice.about(node, fact, "write `timestamptz`");
        }
    }
}

#[test]
fn a_moment_has_a_zone() {
    let model = "table a {\n  id bigint primary key\n  at timestamp\n  until timestamptz\n}\n";
    let said = super::said("timestamp_without_time_zone", model);
    assert_eq!(said, ["3: at keeps a time of day without its zone"]);
}
