//! A claim that a user can edit decides nothing.

use model::{Kind, Schema};

use super::Advice;

pub(super) const WHY: &str = "Supabase lets every user write his own `user_metadata`, and puts it \
    into his token. A policy that believes it believes whatever he likes; `app_metadata` is the \
    server's.";

pub(super) fn check(schema: &Schema, advice: &mut Advice<'_>) {
    for (table, _) in schema.tables() {
        for (node, policy) in schema.policies(&table.id) {
            let exprs = [&policy.using, &policy.with_check];
            if exprs
                .into_iter()
                .flatten()
                .any(|expr| is_edited(&expr.text))
            {
                let fact = format!(
                    "policy {} believes what the user wrote himself",
                    node.id.part
                );
                advice.about(
                    node,
                    fact,
                    "read `app_metadata`, which only the server writes",
                );
            }
        }
    }
    for node in schema.of_kind(Kind::Function) {
        let body = node.object.as_routine().map(|routine| match &routine.body {
            model::schema::Body::Text(text) | model::schema::Body::Sql(text) => text.text.clone(),
            model::schema::Body::Library(..) => "".into(),
        });
        if body.is_some_and(|body| body.contains("jwt") && is_edited(&body)) {
            let fact = format!("{} believes what the user wrote himself", node.id.name);
            advice.about(
                node,
                fact,
                "read `app_metadata`, which only the server writes",
            );
        }
    }
}

fn is_edited(text: &str) -> bool {
    text.contains("user_metadata") || text.contains("raw_user_meta_data")
}

#[test]
fn the_servers_own_claims_are_fine() {
    let model = "external schema auth\nexternal function auth.jwt() returns jsonb\n\
        table a {\n  id bigint primary key\n  \
        policy p for select to public using ((select auth.jwt()) -> 'user_metadata' ->> 'role' = 'admin')\n  \
        policy q for delete to public using ((select auth.jwt()) -> 'app_metadata' ->> 'role' = 'admin')\n}\n";
    let said = super::said("policy_reads_user_metadata", model);
    assert_eq!(said, ["5: policy p believes what the user wrote himself"]);
}
