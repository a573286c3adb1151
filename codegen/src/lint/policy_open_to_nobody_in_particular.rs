//! Who says nothing of himself is not let through for it.

use model::Schema;

use super::{Advice, look};

pub(super) const WHY: &str = "`auth.uid() is null or …` is true for every request without claims: \
    the condition was meant to leave them out, and lets them see every row.";

pub(super) fn check(schema: &Schema, advice: &mut Advice<'_>) {
    for (table, _) in schema.tables() {
        for (node, policy) in schema.policies(&table.id) {
            let reads = policy.permissive && look::reads(policy.command);
            let using = policy.using.as_ref().filter(|_| reads);
            if using.is_some_and(|expr| is_open(&expr.text)) {
                let fact = format!("policy {} lets through who has no claims", node.id.part);
                advice.about(node, fact, "write `is not null and …`, or leave it out");
            }
        }
    }
}

/// Whether one of the conditions that `or` joins outside parentheses asks for the lack of claims.
fn is_open(text: &str) -> bool {
    let flat = text.to_lowercase();
    let mut depth = 0;
    let mut parts = vec![String::new()];
    for word in flat.split_inclusive([' ', '(', ')']) {
        if depth == 0 && word.trim() == "or" {
            parts.push(String::new());
            continue;
        }
        depth += word.matches('(').count() as i32 - word.matches(')').count() as i32;
        if let Some(last) = parts.last_mut() {
            last.push_str(word);
        }
    }
    let asks = |part: &String| {
        let part: String = part.chars().filter(|c| !c.is_whitespace()).collect();
        let part = part.trim_start_matches('(').replace("select", "");
        let of_claims = [
            "auth.uid()",
            "auth.jwt()",
            "auth.role()",
            "current_setting(",
        ];
        of_claims.iter().any(|call| part.starts_with(call))
            && part.trim_end_matches(')').ends_with("isnull")
    };
    parts.len() > 1 && parts.iter().any(asks)
}

#[test]
fn what_and_joins_is_fine() {
    let model = "external schema auth\nexternal function auth.uid() returns uuid\n\
        table a {\n  id bigint primary key\n  owner uuid\n  \
        policy p for select to public using ((select auth.uid()) is null or owner = (select auth.uid()))\n  \
        policy q for select to public using (owner = (select auth.uid()) or (owner is null and (select auth.uid()) is null))\n}\n";
    let said = super::said("policy_open_to_nobody_in_particular", model);
    assert_eq!(said, ["6: policy p lets through who has no claims"]);
}
