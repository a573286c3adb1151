//! A sequence's numbers are drawn, not read.

use model::schema::Privilege;
use model::{Kind, Schema};

use super::{Advice, look};

pub(super) const WHY: &str = "Who may `select` from a sequence reads how many rows there ever were, \
    of all owners; who may `update` it can set it back, and other people's inserts fail. An insert \
    needs `usage`, and with `identity` nothing.";

pub(super) fn check(schema: &Schema, advice: &mut Advice<'_>) {
    for node in schema.of_kind(Kind::Sequence) {
        let more = [Privilege::Select, Privilege::Update];
        if let Some(role) = look::open_to(node, &more) {
            let fact = format!("{role} may read or set {}", node.id.name);
            advice.about(node, fact, "grant `usage` alone");
        }
    }
}

#[test]
fn usage_is_enough() {
    let model = "external role anon\nsequence a\nsequence b\n\
        grant usage on sequence a to anon\ngrant usage, select on sequence b to anon\n";
    let said = super::said("sequence_open", model);
    assert_eq!(said, ["3: anon may read or set b"]);
}
