//! No index is the beginning of another.

use model::Schema;
use model::schema::{ConstraintBody, Index, IndexKey, Name};

use super::Advice;

pub(super) const WHY: &str = "An index whose keys begin another of the table answers nothing that \
    the longer one does not, and is written on every insert and update all the same.";

pub(super) fn check(schema: &Schema, advice: &mut Advice<'_>) {
    for (table, _) in schema.tables() {
        let keys = schema
            .constraints(&table.id)
            .filter_map(|(node, c)| match &c.body {
                ConstraintBody::PrimaryKey(key) | ConstraintBody::Unique(key) => {
                    let keys = key
                        .columns
                        .iter()
                        .map(|name| IndexKey::column(name.clone()));
                    let index = Index {
                        unique: true,
                        ..Index::new(keys.collect())
                    };
                    Some((node.id.part.clone(), index))
                }
                _ => None,
            });
        let keys: Vec<(Name, Index)> = keys.collect();
        let constraints = keys.len();
        let indexes: Vec<_> = schema.indexes(&table.id).collect();
        let own = indexes
            .iter()
            .map(|(node, index)| (node.id.part.clone(), (*index).clone()));
        let others: Vec<(Name, Index)> = keys.into_iter().chain(own).collect();
        for (node, index) in &indexes {
            let name = &node.id.part;
            let covers = |(other, longer): &&(Name, Index)| {
                // Of two equal ones the later name goes, unless the other is unique.
                let twin = longer.keys.len() == index.keys.len() && !longer.unique && other > name;
                other != name && !twin && begins(index, longer)
            };
            if let Some((other, _)) = others.iter().find(covers) {
                let fact = format!("index {name} is the beginning of {other}");
                advice.about(node, fact, "leave it out");
                continue;
            }
            // Of two equal ones the later name goes, unless the other is a constraint's.
            let equals = |(at, (other, twin)): &(usize, &(Name, Index))| {
                other != name && (*at < constraints || other < name) && is_same(index, twin)
            };
            if let Some((_, (other, _))) = others.iter().enumerate().find(equals) {
                let fact = format!("index {name} is the same as {other}");
                advice.about(node, fact, "leave it out");
            }
        }
    }
}

/// Whether the other index answers and promises all that this one does.
fn is_same(index: &Index, other: &Index) -> bool {
    index.method == other.method
        && index.keys == other.keys
        && index.include == other.include
        && index.predicate == other.predicate
        && (!index.unique || other.unique && index.nulls_not_distinct == other.nulls_not_distinct)
}

fn begins(index: &Index, longer: &Index) -> bool {
    !index.unique
        && index.method == "btree"
        && longer.method == "btree"
        && index.predicate == longer.predicate
        && index
            .include
            .iter()
            .all(|name| longer.include.contains(name))
        && longer.keys.starts_with(&index.keys)
}

#[test]
fn a_shorter_index_is_named_and_a_unique_one_is_not() {
    let model = "table a {\n  id bigint primary key\n  x text\n  y text\n  index (x)\n  \
        index (x, y)\n  unique index only_y (y)\n  index (y, x)\n  index (id)\n}\n";
    let said = super::said("redundant_index", model);
    let expected = [
        "5: index a_x_idx is the beginning of a_x_y_idx",
        "9: index a_id_idx is the beginning of a_pkey",
    ];
    assert_eq!(said, expected);
}

#[test]
fn one_that_is_there_twice_is_named_whatever_its_method() {
    let model = "table a {\n  id bigint primary key\n  x text\n  j jsonb\n  unique one_x (x)\n  \
        unique index x_again (x)\n  index j_one using gin (j)\n  index j_two using gin (j)\n  \
        index j_three using gin (j jsonb_path_ops)\n}\n";
    let said = super::said("redundant_index", model);
    let expected = [
        "6: index x_again is the same as one_x",
        "8: index j_two is the same as j_one",
    ];
    assert_eq!(said, expected);
}
