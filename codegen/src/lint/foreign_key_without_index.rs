//! A foreign key's columns lead an index of their table.

use model::Schema;
use model::schema::ConstraintBody;

use super::{Advice, look};

pub(super) const WHY: &str = "PostgreSQL indexes the referenced key, not the referencing columns. \
    Without an index, every delete or key change of a referenced row reads the whole table, while \
    it holds the row's lock.";

pub(super) fn check(schema: &Schema, advice: &mut Advice<'_>) {
    for (table, _) in schema.tables() {
        for (node, constraint) in schema.constraints(&table.id) {
            let ConstraintBody::ForeignKey(key) = &constraint.body else {
                continue;
            };
            if !look::is_indexed(schema, &table.id, &key.columns) {
                let columns = look::list(&key.columns);
                let fact = format!("foreign key {} has no index on {columns}", node.id.part);
                advice.about(node, fact, format!("add `index ({columns})` to the table"));
            }
        }
    }
}

#[test]
fn an_index_that_the_columns_lead_is_enough() {
    let model = "table a { id bigint primary key }\n\
        table b {\n  id bigint primary key\n  x bigint references a\n  y bigint references a\n  \
        index (y, id)\n}\n";
    let said = super::said("foreign_key_without_index", model);
    assert_eq!(said, ["4: foreign key b_x_fkey has no index on x"]);
}
