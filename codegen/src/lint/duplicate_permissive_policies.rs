//! One permissive policy for a role and a command.

use model::Schema;
use model::schema::{Command, Policy};

use super::Advice;

pub(super) const WHY: &str = "Permissive policies are joined by OR, and every one of them is asked \
    for every row. Two for the same role and command are one condition in two places.";

pub(super) fn check(schema: &Schema, advice: &mut Advice<'_>) {
    for (table, _) in schema.tables() {
        let policies: Vec<_> = schema.policies(&table.id).collect();
        for (i, (node, policy)) in policies.iter().enumerate() {
            if let Some((other, _)) = policies[..i].iter().find(|(_, p)| doubles(p, policy)) {
                let (this, that) = (&node.id.part, &other.id.part);
                let fact = format!("policies {that} and {this} permit the same role and command");
                advice.about(node, fact, "join their conditions by `or` in one policy");
            }
        }
    }
}

fn doubles(a: &Policy, b: &Policy) -> bool {
    let same = a.command == b.command || [a.command, b.command].contains(&Command::All);
    a.permissive && b.permissive && same && !a.roles.is_disjoint(&b.roles)
}

#[test]
fn policies_for_different_commands_are_fine() {
    let model = "table a {\n  id bigint primary key\n  \
        policy p for select to public using (id = 1)\n  \
        policy q for delete to public using (id = 2)\n  \
        policy r for select to public using (id = 3)\n}\n";
    let said = super::said("duplicate_permissive_policies", model);
    assert_eq!(
        said,
        ["5: policies p and r permit the same role and command"]
    );
}
