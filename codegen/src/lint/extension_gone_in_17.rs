//! An extension is there on the next major too.

use model::{Kind, Schema};

use super::Advice;

pub(super) const WHY: &str = "Some extensions are not offered for PostgreSQL 17 by the platforms \
    that offered them before: an upgrade waits until nothing uses them.";

const GONE: [&str; 5] = ["timescaledb", "plv8", "plls", "plcoffee", "pgjwt"];

pub(super) fn check(schema: &Schema, advice: &mut Advice<'_>) {
    for node in schema.of_kind(Kind::Extension) {
        if GONE.contains(&node.id.name.as_str()) {
            let fact = format!("{} is not there on PostgreSQL 17 of Supabase", node.id.name);
            advice.about(node, fact, "do without it before the upgrade");
        }
    }
}

#[test]
fn one_that_is_gone_is_named() {
    let said = super::said(
        "extension_gone_in_17",
        "extension pgjwt\nextension citext\n",
    );
    assert_eq!(said, ["1: pgjwt is not there on PostgreSQL 17 of Supabase"]);
}
