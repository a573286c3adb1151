//! A table is vacuumed.

use model::{Name, Schema};

use super::Advice;

pub(super) const WHY: &str = "Without autovacuum a table grows with every update, its statistics age \
    and plans with them, until the server vacuums it all at once against wraparound.";

pub(super) fn check(schema: &Schema, advice: &mut Advice<'_>) {
    for (node, table) in schema.tables() {
        let off = table
            .parameters
            .get(&Name::from("autovacuum_enabled"))
            .is_some_and(|value| matches!(value.as_str(), "false" | "off" | "0" | "no"));
        if off {
            let fact = format!("{} is never vacuumed by itself", node.id.name);
            advice.about(node, fact, "tune `autovacuum_vacuum_scale_factor` instead");
        }
    }
}

#[test]
fn a_table_that_is_left_alone_is_named() {
    let model = "table a {\n  id bigint primary key\n  with (autovacuum_enabled = false)\n}\n\
        table b {\n  id bigint primary key\n}\n";
    let said = super::said("autovacuum_disabled", model);
    assert_eq!(said, ["1: a is never vacuumed by itself"]);
}
