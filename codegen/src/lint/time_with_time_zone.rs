//! A time of day has no zone.

use model::Schema;

use super::{Advice, look};

pub(super) const WHY: &str = "A zone's offset depends on the date, and `timetz` has none. \
    PostgreSQL's manual advises against the type; it is there for the standard's sake.";

pub(super) fn check(schema: &Schema, advice: &mut Advice<'_>) {
    for (node, column) in look::columns(schema) {
        if column.ty.element().is("time with time zone") {
            let fact = format!("{} keeps an offset without a date", node.id.part);
            advice.about(
                node,
                fact,
                "write `time` with the zone's name beside it, or `timestamptz`",
            );
        }
    }
}

#[test]
fn a_time_of_day_is_plain() {
    let model = "table a {\n  id bigint primary key\n  at timetz\n  opens time\n}\n";
    let said = super::said("time_with_time_zone", model);
    assert_eq!(said, ["3: at keeps an offset without a date"]);
}
