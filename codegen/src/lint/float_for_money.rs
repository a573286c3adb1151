//! Money is `numeric`, or an integer count of the smallest unit.

use model::Schema;

use super::{Advice, look};

pub(super) const WHY: &str = "Binary fractions cannot hold 0.10, so sums drift; and `money` has the \
    currency and fraction digits of the server's locale, whatever the amount was meant in.";

const AMOUNTS: [&str; 9] = [
    "amount", "balance", "budget", "cost", "deposit", "fee", "price", "rent", "total",
];

pub(super) fn check(schema: &Schema, advice: &mut Advice<'_>) {
    for (node, column) in look::columns(schema) {
        let ty = column.ty.element();
        let float = ty.is("real") || ty.is("double precision");
        let amount = node.id.part.split('_').any(|word| AMOUNTS.contains(&word));
        if ty.is("money") || (float && amount) {
            let fact = format!("{} keeps money as {ty}", node.id.part);
            advice.about(
                node,
                fact,
                "write `numeric(12, 2)`, or count cents in a `bigint`",
            );
        }
    }
}

#[test]
fn a_float_that_is_no_amount_is_fine() {
    let model = "table a {\n  id bigint primary key\n  unit_price double precision\n  \
        score real\n  m money\n}\n";
    let said = super::said("float_for_money", model);
    assert_eq!(
        said,
        [
            "3: unit_price keeps money as double precision",
            "5: m keeps money as money"
        ]
    );
}
