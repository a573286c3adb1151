//! A unique constraint's columns are not null, or nulls are not distinct.

use model::Schema;
use model::schema::{ConstraintBody, Name};

use super::{Advice, look};

pub(super) const WHY: &str = "Two nulls are distinct, so a unique constraint over several columns \
    of which one is null admits any number of equal rows.";

pub(super) fn check(schema: &Schema, advice: &mut Advice<'_>) {
    for (table, _) in schema.tables() {
        for (node, constraint) in schema.constraints(&table.id) {
            let ConstraintBody::Unique(key) = &constraint.body else {
                continue;
            };
            let null = |name: &&Name| schema.column(&table.id, name).is_some_and(|c| !c.not_null);
            let nullable: Vec<_> = key.columns.iter().filter(null).cloned().collect();
            // Alone, a nullable unique column says what is meant: unique where there is one.
            if key.columns.len() > 1 && !nullable.is_empty() && !key.nulls_not_distinct {
                let columns = look::list(&nullable);
                let fact = format!("{} admits equal rows where {columns} is null", node.id.part);
                advice.about(
                    node,
                    fact,
                    "add `nulls not distinct`, or refuse null in the column",
                );
            }
        }
    }
}

#[test]
fn nulls_not_distinct_is_fine() {
    let model = "table a {\n  id bigint primary key\n  x text\n  y text?\n  unique (x, y)\n  \
        unique (y, x) nulls not distinct\n  unique (y)\n}\n";
    let said = super::said("nullable_column_in_unique", model);
    assert_eq!(said, ["5: a_x_y_key admits equal rows where y is null"]);
}
