//! Partitions, typed and foreign tables, as random pairs found them.

use model::schema::{Id, Kind};

use super::{both_ways, renamed_both_ways};

#[test]
fn an_exclusion_goes_before_a_column_that_only_its_expressions_name() {
    let made = |column: &str, exclude: &str| {
        format!(
            "CREATE TABLE stays (during int4range, {column} other int4range,
               CONSTRAINT apart EXCLUDE USING gist ({exclude}))"
        )
    };
    let after = made("", "during WITH &&");
    both_ways(
        &made("room text,", "during WITH &&) WHERE (room IS NOT NULL"),
        &after,
    );
    both_ways(
        &made("size int,", "during WITH &&, int4range(0, size) WITH &&"),
        &after,
    );
    // With a column that is a key it goes by itself.
    let (up, _) = both_ways(
        &made("open int4range,", "during WITH &&, open WITH &&"),
        "CREATE TABLE stays (during int4range, other int4range)",
    );
    assert_eq!(up, ["ALTER TABLE public.stays DROP COLUMN open"]);
}

#[test]
fn a_view_of_a_partition_gives_way_to_a_column_that_is_computed_now() {
    let made = |column: &str, further: &str| {
        format!(
            "CREATE TABLE logs (id int, {column}) PARTITION BY LIST (id);
             CREATE TABLE logs_1 PARTITION OF logs FOR VALUES IN (1, 2) {further};
             CREATE VIEW sizes AS SELECT size FROM logs_1;
             COMMENT ON COLUMN logs_1.size IS 'of one'"
        )
    };
    let computed = |by: u8| format!("size int GENERATED ALWAYS AS (id * {by}) STORED");
    both_ways(&made("size int DEFAULT 4", ""), &made(&computed(2), ""));
    // Or is computed otherwise, and of a partition's partition.
    let further = "PARTITION BY LIST (id);
                   CREATE TABLE logs_2 PARTITION OF logs_1 FOR VALUES IN (2);
                   COMMENT ON COLUMN logs_2.size IS 'of two';
                   CREATE VIEW sizes_2 AS SELECT size FROM logs_2";
    both_ways(&made(&computed(2), further), &made(&computed(3), further));
}

#[test]
fn a_foreign_key_of_a_partition_follows_its_parents_new_name() {
    let made = |name: &str| {
        format!(
            "CREATE TABLE plans (id int PRIMARY KEY);
             CREATE TABLE steps (plan int, CONSTRAINT {name} FOREIGN KEY (plan) REFERENCES plans)
               PARTITION BY LIST (plan);
             CREATE TABLE steps_1 PARTITION OF steps FOR VALUES IN (1, 2) PARTITION BY LIST (plan);
             CREATE TABLE steps_2 PARTITION OF steps_1 FOR VALUES IN (2)"
        )
    };
    let key = Id::table("public", "steps").within(Kind::Constraint, "of_plan");
    let (up, _) = renamed_both_ways(&made("plan"), &made("of_plan"), &[(key, "plan")]);
    assert_eq!(up.len(), 3, "{up:?}");
    assert!(
        up.iter().all(|sql| sql.contains("RENAME CONSTRAINT")),
        "{up:?}"
    );
}

#[test]
fn a_foreign_table_is_made_anew_for_another_compression() {
    let made = |compression: &str| {
        format!(
            "CREATE FOREIGN DATA WRAPPER files; CREATE SERVER disk FOREIGN DATA WRAPPER files;
             CREATE FOREIGN TABLE notes (id int, text text {compression}) SERVER disk;
             CREATE VIEW all_notes AS SELECT text FROM notes"
        )
    };
    both_ways(&made(""), &made("COMPRESSION lz4"));
}

#[test]
fn a_table_leaves_its_type_before_its_columns_change() {
    let typed = "CREATE TYPE place AS (name text, size int); CREATE TABLE places OF place";
    both_ways("CREATE TABLE places (name text)", typed);
    both_ways("CREATE TABLE places (name text, size int)", typed);
    both_ways(
        "CREATE TYPE spot AS (name text, at point); CREATE TABLE places OF spot",
        typed,
    );
}
