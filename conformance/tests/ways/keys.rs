//! What tables have from others: columns from two parents, keys of partitions.

use model::schema::Id;

use super::{both_ways, refusal};

#[test]
fn a_column_inherited_from_two_parents_takes_no_other_name() {
    let made = |column: &str| {
        format!(
            "CREATE TABLE items (id int); CREATE TABLE deals ({column} int);
             CREATE TABLE sold () INHERITS (items, deals)"
        )
    };
    let was = [(Id::column("public", "deals", "number"), "id")];
    let faults = refusal(&made("id"), &made("number"), &was);
    let [fault] = &faults[..] else {
        panic!("{faults:?}")
    };
    let expected = "column public.sold.number was id, and table sold has column id from table items too: \
                    PostgreSQL gives what is inherited from two sides no other name; end that \
                    inheritance in one migration, rename in the next, and inherit again in a third";
    assert_eq!(fault, expected);
}

#[test]
fn a_partitions_key_of_another_name_is_there_before_its_parents() {
    let table = "CREATE TABLE orders (id int NOT NULL, size int, price int) PARTITION BY HASH (id);
                 CREATE TABLE orders_1 PARTITION OF orders
                 FOR VALUES WITH (MODULUS 2, REMAINDER 0);";
    let keys = |child: &str, parent: &str| {
        let child = match child {
            "" => String::new(),
            columns => format!("ALTER TABLE orders_1 ADD CONSTRAINT small UNIQUE ({columns});"),
        };
        let parent = match parent {
            "" => String::new(),
            columns => format!("ALTER TABLE orders ADD CONSTRAINT large UNIQUE ({columns});"),
        };
        format!("{table} {child} {parent}")
    };
    // Its own, then its parent's.
    both_ways(&keys("id, size", ""), &keys("id, size", "id, size"));
    both_ways(
        &keys("size, price, id", "price, size, id"),
        &keys("id, size", "id, size"),
    );
    // Its parent's all along, made anew.
    both_ways(
        &keys("id, size", "id, size"),
        &keys("id, price", "id, price"),
    );
    both_ways(&keys("id, size", "id, size"), table);
}
