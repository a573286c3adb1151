//! Names are written the same in the model and in SQL.

use model::quote::ident;
use model::{Kind, Schema};

use super::Advice;

pub(super) const WHY: &str = "A name that PostgreSQL would fold or take for a keyword must stand in \
    double quotes in every query, for ever.";

pub(super) fn check(schema: &Schema, advice: &mut Advice<'_>) {
    for kind in [
        Kind::Schema,
        Kind::Enum,
        Kind::Domain,
        Kind::Table,
        Kind::Column,
        Kind::View,
    ] {
        for node in schema.of_kind(kind) {
            let name = node.id.own_name();
            if ident(name).starts_with('"') {
                let fact = format!("{} {name} needs double quotes in SQL", kind.word());
                advice.about(
                    node,
                    fact,
                    "choose lower-case letters, digits and underscores",
                );
            }
        }
    }
}

#[test]
fn capitals_and_keywords_are_named() {
    let model = "table a {\n  id bigint primary key\n  from text\n  dueDate date\n  name text\n}\n";
    let said = super::said("name_needs_quotes", model);
    let expected = [
        "3: column from needs double quotes in SQL",
        "4: column dueDate needs double quotes in SQL",
    ];
    assert_eq!(said, expected);
}
