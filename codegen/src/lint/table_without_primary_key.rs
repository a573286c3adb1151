//! A table has a primary key.

use model::Schema;

use super::Advice;

pub(super) const WHY: &str = "Without a key two rows cannot be told apart: logical replication \
    refuses updates and deletes, and a double row can only be removed by its physical place.";

pub(super) fn check(schema: &Schema, advice: &mut Advice<'_>) {
    for (node, table) in schema.tables() {
        // A partition's key comes from its parent, a foreign table can have none.
        let own = table.partition_of.is_none() && table.foreign.is_none();
        if own && schema.primary_key(&node.id).is_empty() {
            let fact = format!("table {} has no primary key", node.id.name);
            advice.about(
                node,
                fact,
                "add `id bigint identity primary key`, or name the key",
            );
        }
    }
}

#[test]
fn a_table_with_a_key_is_fine() {
    let model = "table a { id bigint primary key }\ntable b { id bigint }\n";
    assert_eq!(
        super::said("table_without_primary_key", model),
        ["2: table b has no primary key"]
    );
}
