//! A foreign key's columns have the types of those they refer to.

use model::Schema;
use model::schema::ConstraintBody;

use super::Advice;

pub(super) const WHY: &str = "PostgreSQL casts for each comparison, which some indexes cannot serve; \
    and a narrower column cannot refer to every row.";

pub(super) fn check(schema: &Schema, advice: &mut Advice<'_>) {
    for (table, _) in schema.tables() {
        for (node, constraint) in schema.constraints(&table.id) {
            let ConstraintBody::ForeignKey(key) = &constraint.body else {
                continue;
            };
            for (own, target) in key.columns.iter().zip(&key.target_columns) {
                let types = (
                    schema.column(&table.id, own),
                    schema.column(&key.target, target),
                );
                let (Some(a), Some(b)) = types else { continue };
                if (&a.ty.schema, &a.ty.name) != (&b.ty.schema, &b.ty.name) {
                    let fact = format!("{own} is {}, and refers to {}", a.ty, b.ty);
                    advice.about(node, fact, format!("give {own} the type {}", b.ty));
                }
            }
        }
    }
}

#[test]
fn a_narrower_reference_is_named() {
    let model = "table a { id bigint primary key }\ntable b {\n  id bigint primary key\n  \
        x integer references a\n  y bigint references a\n}\n";
    let said = super::said("foreign_key_of_another_type", model);
    assert_eq!(said, ["4: x is integer, and refers to bigint"]);
}
