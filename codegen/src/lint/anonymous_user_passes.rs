//! Where some users are anonymous, each policy says whether it is for them.

use model::schema::{Command, PUBLIC, Policy};
use model::{Kind, Schema};

use super::{Advice, look};

pub(super) const WHY: &str = "Supabase gives anonymous users the role `authenticated` too. A model that \
    asks for `is_anonymous` anywhere has such users, and a policy that does not ask lets them do what \
    everybody who signed up may do.";

pub(super) fn check(schema: &Schema, advice: &mut Advice<'_>) {
    let asks = |policy: &Policy| {
        let exprs = [&policy.using, &policy.with_check];
        exprs.into_iter().flatten().any(|e| names(&e.text))
    };
    let helps = |node: &model::Node| {
        node.object.as_routine().is_some_and(|r| match &r.body {
            model::schema::Body::Text(body) | model::schema::Body::Sql(body) => names(&body.text),
            model::schema::Body::Library(..) => false,
        })
    };
    let helpers: Vec<_> = schema
        .of_kind(Kind::Function)
        .filter(|n| helps(n))
        .collect();
    let policies = || {
        let tables = schema.tables();
        tables.flat_map(move |(table, _)| schema.policies(&table.id).map(move |p| (table, p)))
    };
    if helpers.is_empty() && !policies().any(|(_, (_, policy))| asks(policy)) {
        return;
    }
    let asks = |policy: &Policy| {
        let mut exprs = [&policy.using, &policy.with_check].into_iter().flatten();
        asks(policy)
            || exprs.any(|e| {
                let calls = |node: &&model::Node| e.refs.iter().any(|r| r.id == node.id);
                helpers.iter().any(calls)
            })
    };
    let permanent = |policy: &Policy, role: &model::Name| {
        policy.roles.contains(role) || policy.roles.contains(&model::Name::from(PUBLIC))
    };
    for (table, (node, policy)) in policies() {
        let role = model::Name::from("authenticated");
        if !policy.permissive || !permanent(policy, &role) || asks(policy) {
            continue;
        }
        // A restrictive policy that asks holds for every permissive one of its command.
        let mut others = schema.policies(&table.id).map(|(_, other)| other);
        let covers = |other: &Policy| {
            let command = other.command == Command::All || other.command == policy.command;
            !other.permissive && command && permanent(other, &role) && asks(other)
        };
        let everything = policy.using.as_ref().is_some_and(look::is_true);
        let public = everything
            && look::reads(policy.command)
            && policy.roles.contains(&model::Name::from(PUBLIC));
        if !others.any(covers) && !public {
            let fact = format!("policy {} lets anonymous users through", node.id.part);
            let help = "say `is_anonymous`, here or in a restrictive policy of the table";
            advice.about(node, fact, help);
        }
    }
}

fn names(text: &str) -> bool {
    text.contains("is_anonymous")
}

#[test]
fn a_restrictive_policy_that_asks_is_enough() {
    let model = "external schema auth\nexternal role authenticated\n\
        external function auth.jwt() returns jsonb\n\
        table a {\n  id bigint primary key\n  \
        policy p for select to authenticated using (id > 1)\n  \
        restrictive policy q for all to authenticated using (((select auth.jwt()) ->> 'is_anonymous')::boolean is false)\n}\n\
        table b {\n  id bigint primary key\n  \
        policy r for select to authenticated using (id > 1)\n}\n";
    let said = super::said("anonymous_user_passes", model);
    assert_eq!(said, ["11: policy r lets anonymous users through"]);
    // Nobody is anonymous where no policy asks.
    let without = "external role authenticated\ntable b {\n  id bigint primary key\n  \
        policy r for select to authenticated using (id > 1)\n}\n";
    assert!(super::said("anonymous_user_passes", without).is_empty());
}
