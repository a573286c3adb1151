//! A policy that compares a column with the caller finds an index on it.

use model::Schema;

use super::{Advice, look};

pub(super) const WHY: &str = "A policy is a condition on every query of the table. Where it names \
    whose row it is, an index on that column turns a scan of the table into a look-up.";

/// Types that say whose a row is; flags and states select too many rows for an index to help.
const IDENTIFYING: [&str; 5] = ["uuid", "bigint", "integer", "text", "character varying"];

pub(super) fn check(schema: &Schema, advice: &mut Advice<'_>) {
    for (table, _) in schema.tables() {
        for (node, policy) in schema.policies(&table.id) {
            let Some(using) = &policy.using else { continue };
            for name in look::columns_named(using, &table.id) {
                let column = schema.column(&table.id, &name);
                let identifying =
                    column.is_some_and(|c| IDENTIFYING.iter().any(|name| c.ty.is(name)));
                let compared = using.text.contains("()") || using.text.contains("current_");
                let searched = [name.clone()];
                if identifying && compared && !look::is_indexed(schema, &table.id, &searched) {
                    let fact = format!(
                        "policy {} searches by {name}, which no index leads with",
                        node.id.part
                    );
                    advice.about(node, fact, format!("add `index ({name})` to the table"));
                }
            }
        }
    }
}

#[test]
fn the_column_that_is_compared_wants_an_index() {
    let model = |index: &str| {
        format!(
            "external schema auth\nexternal function auth.uid() returns uuid\n\
             table a {{\n  id bigint primary key\n  owner uuid\n  open boolean\n  {index}\n  \
             policy p for select to public using (open or owner = (select auth.uid()))\n}}\n"
        )
    };
    let said = super::said("policy_column_without_index", &model(""));
    assert_eq!(
        said,
        ["8: policy p searches by owner, which no index leads with"]
    );
    assert!(super::said("policy_column_without_index", &model("index (owner)")).is_empty());
}
