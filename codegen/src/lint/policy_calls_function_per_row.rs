//! A policy asks who is calling once, not for each row.

use model::Schema;
use model::schema::Expr;

use super::Advice;

pub(super) const WHY: &str = "`auth.uid()` and `current_setting(…)` are called again for every row \
    that a policy judges. Inside `(select …)` the planner calls them once a query, which is faster \
    by orders of magnitude on large tables.";

const CALLS: [&str; 4] = ["auth.uid(", "auth.jwt(", "auth.role(", "current_setting("];

pub(super) fn check(schema: &Schema, advice: &mut Advice<'_>) {
    for (table, _) in schema.tables() {
        for (node, policy) in schema.policies(&table.id) {
            let exprs = [&policy.using, &policy.with_check];
            if let Some(call) = exprs.into_iter().flatten().find_map(per_row) {
                let fact = format!("policy {} calls {call}…) for every row", node.id.part);
                advice.about(
                    node,
                    fact,
                    format!("write `(select {call}…))`: it is called once"),
                );
            }
        }
    }
}

fn per_row(expr: &Expr) -> Option<&'static str> {
    let text = expr.text.to_ascii_lowercase();
    CALLS.into_iter().find(|call| {
        text.match_indices(call)
            .any(|(at, _)| !text[..at].trim_end().ends_with("select"))
    })
}

#[test]
fn a_call_inside_select_is_fine() {
    let model = "external schema auth\nexternal function auth.uid() returns uuid\n\
        table a {\n  id bigint primary key\n  owner uuid\n  \
        policy p for select to public using (owner = auth.uid())\n  \
        policy q for delete to public using (owner = (select auth.uid()))\n}\n";
    let said = super::said("policy_calls_function_per_row", model);
    assert_eq!(said, ["6: policy p calls auth.uid(…) for every row"]);
}
