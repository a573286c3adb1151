//! An index that was left half built is no index.

use model::Schema;

use super::Advice;

pub(super) const WHY: &str = "A `create index concurrently` that failed leaves an index that every write \
    keeps up and no query reads. A pulled model shows it; nothing builds it by itself.";

pub(super) fn check(schema: &Schema, advice: &mut Advice<'_>) {
    for (table, _) in schema.tables() {
        for (node, index) in schema.indexes(&table.id) {
            if !index.valid {
                let fact = format!("index {} was never built to its end", node.id.part);
                let help = "`reindex index concurrently` it, or drop it and build it again";
                advice.about(node, fact, help);
            }
        }
    }
}

#[test]
fn one_that_is_not_valid_is_named() {
    let model = "table a {\n  id bigint primary key\n  x integer\n  index half (x) invalid\n  \
        index whole (x, id)\n}\n";
    let said = super::said("invalid_index", model);
    assert_eq!(said, ["4: index half was never built to its end"]);
}
