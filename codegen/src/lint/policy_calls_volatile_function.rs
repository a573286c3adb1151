//! A policy gives the same answer for the same row.

use model::schema::Volatility;
use model::{Id, Kind, Schema};

use super::Advice;

pub(super) const WHY: &str = "A volatile function may write, and may answer otherwise each time: the \
    row that was seen can be gone on the next look. It is called for every row, and no index helps.";

/// What PostgreSQL itself has of that kind and people use.
const BUILT_IN: [&str; 5] = [
    "random()",
    "clock_timestamp()",
    "gen_random_uuid()",
    "timeofday()",
    "set_config(",
];

pub(super) fn check(schema: &Schema, advice: &mut Advice<'_>) {
    for (table, _) in schema.tables() {
        for (node, policy) in schema.policies(&table.id) {
            let exprs = [&policy.using, &policy.with_check];
            for expr in exprs.into_iter().flatten() {
                let text = expr.text.to_lowercase();
                let own = expr.refs.iter().map(|r| &r.id);
                let own = own.chain(&node.needs).find(|id| is_volatile(schema, id));
                let own = own.map(|id| id.name.to_string());
                let built_in = BUILT_IN.into_iter().find(|call| text.contains(call));
                let built_in = built_in.map(|call| call.trim_end_matches(['(', ')']).to_owned());
                if let Some(name) = own.or(built_in) {
                    let fact = format!("policy {} calls {name}, which is volatile", node.id.part);
                    let help = "declare it `stable` where it is, or ask something that is";
                    advice.about(node, fact, help);
                    break;
                }
            }
        }
    }
}

fn is_volatile(schema: &Schema, id: &Id) -> bool {
    let node = schema.get(id).filter(|_| id.kind == Kind::Function);
    let routine = node.and_then(|node| node.object.as_routine());
    routine.is_some_and(|routine| routine.volatility == Volatility::Volatile)
}

#[test]
fn a_stable_function_is_fine() {
    let model = "function f() returns boolean language sql as $$ select true $$\n\
        function g() returns boolean language sql stable as $$ select true $$\n\
        table a {\n  id bigint primary key\n  policy p for select to public using (f())\n  \
        policy q for delete to public using (g())\n  \
        policy r for update to public using (random() < 0.5)\n}\n";
    let said = super::said("policy_calls_volatile_function", model);
    assert_eq!(
        said,
        [
            "5: policy p calls f, which is volatile",
            "7: policy r calls random, which is volatile"
        ]
    );
}
