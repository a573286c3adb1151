//! Tables, columns and grants, as random pairs found them.

use model::schema::{Id, Kind};

use super::{ROLES, both_ways, renamed_both_ways};

#[test]
fn a_grant_on_a_column_outlives_one_on_its_table() {
    let table = format!("{ROLES} CREATE TABLE notes (id int, text text); ");
    both_ways(
        &format!("{table} GRANT UPDATE, SELECT (id) ON notes TO ways_reader"),
        &format!("{table} GRANT SELECT, SELECT (id) ON notes TO ways_reader"),
    );
    both_ways(
        &format!(
            "{table} GRANT SELECT, UPDATE (id) ON notes TO ways_reader WITH GRANT OPTION;
             GRANT SELECT (id) ON notes TO ways_reader"
        ),
        &format!("{table} GRANT SELECT (id, text), UPDATE (id) ON notes TO ways_reader"),
    );
}

#[test]
fn a_new_owner_keeps_no_grant_of_the_former_one() {
    let table = format!(
        "{ROLES} CREATE TABLE notes (id int); GRANT SELECT (id) ON notes TO ways_reader;
         GRANT INSERT ON notes TO ways_reader;"
    );
    both_ways(
        &format!("{table} ALTER TABLE notes OWNER TO ways_reader"),
        &table,
    );
    both_ways(
        &format!(
            "{table} REVOKE DELETE ON notes FROM postgres; GRANT UPDATE (id) ON notes TO ways_clerk"
        ),
        &format!("{table} ALTER TABLE notes OWNER TO ways_clerk"),
    );
}

#[test]
fn a_foreign_key_to_a_column_of_its_own_table_goes_before_that_column() {
    both_ways(
        "CREATE TABLE city (id int PRIMARY KEY, next int REFERENCES city)",
        "CREATE TABLE city (next int)",
    );
}

#[test]
fn a_partitioned_index_takes_other_parameters() {
    let table = "CREATE TABLE deals (id int, stage text) PARTITION BY LIST (id);
                 CREATE TABLE deals_1 PARTITION OF deals FOR VALUES IN (1);";
    both_ways(
        &format!("{table} CREATE INDEX by_stage ON deals (stage)"),
        &format!("{table} CREATE INDEX by_stage ON deals (stage) WITH (fillfactor = 90)"),
    );
}

#[test]
fn what_stands_on_a_childs_column_follows_the_parents_new_name() {
    let made = |column: &str| {
        format!(
            "CREATE TABLE mails (id int, {column} text NOT NULL) PARTITION BY HASH (id);
             CREATE TABLE mails_1 PARTITION OF mails FOR VALUES WITH (MODULUS 2, REMAINDER 0);
             CREATE INDEX by_text ON mails ({column});
             ALTER TABLE mails_1 ADD CONSTRAINT short CHECK (length({column}) < 10);
             COMMENT ON COLUMN mails_1.{column} IS 'kept';"
        )
    };
    let was = [(Id::column("public", "mails", "body"), "text")];
    let (up, down) = renamed_both_ways(&made("text"), &made("body"), &was);
    let all: Vec<String> = [up, down].concat();
    let renames = |sql: &&String| sql.contains("RENAME");
    assert_eq!(all.iter().filter(renames).count(), all.len(), "{all:#?}");
}

#[test]
fn a_column_in_the_way_of_a_new_name_gives_way() {
    // A child's own column, and one that is dropped on the way down.
    let was = [(Id::column("public", "deals", "title"), "id")];
    renamed_both_ways(
        "CREATE TABLE deals (id text)",
        "CREATE TABLE deals (title text); CREATE TABLE old_deals (id int) INHERITS (deals)",
        &was,
    );
    renamed_both_ways(
        "CREATE TABLE deals (id text)",
        "CREATE TABLE deals (title text, id int)",
        &was,
    );
}

#[test]
fn a_constraint_in_the_way_of_a_new_name_gives_way() {
    let was = [(
        Id::new(Kind::Constraint, "public", "stages", "items"),
        "amount",
    )];
    let table = "CREATE TABLE stages (id text PRIMARY KEY);";
    renamed_both_ways(
        &format!("{table} ALTER TABLE stages ADD CONSTRAINT amount CHECK (id <> 'x')"),
        &format!(
            "{table} ALTER TABLE stages ADD CONSTRAINT items CHECK (id <> 'x');
             ALTER TABLE stages ADD CONSTRAINT amount FOREIGN KEY (id) REFERENCES stages"
        ),
        &was,
    );
}

#[test]
fn a_child_has_its_own_again_after_its_parents_change() {
    let parent = |more: &str, child: &str| {
        format!(
            "CREATE TABLE logs (id int, text text DEFAULT 'a' {more}) PARTITION BY LIST (id);
             CREATE TABLE logs_1 PARTITION OF logs DEFAULT; {child}"
        )
    };
    let own = "ALTER TABLE logs_1 ALTER text SET DEFAULT 'b', ALTER text SET NOT NULL,
               ALTER text SET STATISTICS 7, ALTER text SET STORAGE MAIN;";
    let of_parent =
        "ALTER TABLE ONLY logs ALTER text SET STATISTICS 9, ALTER text SET STORAGE EXTERNAL;
                     ALTER TABLE ONLY logs ALTER text SET DEFAULT 'c';";
    both_ways(&parent("", ""), &parent("", of_parent));
    both_ways(&parent("", own), &parent("", &format!("{own}{of_parent}")));
    both_ways(
        &parent("NOT NULL", own),
        &parent("", &format!("{own}{of_parent}")),
    );
}

#[test]
fn a_childs_target_is_set_after_its_parents_new_column() {
    let made = |column: &str, more: &str| {
        format!("CREATE TABLE plan ({column}); {more} CREATE TABLE logs () INHERITS (plan)")
    };
    both_ways(
        &made("size int", "ALTER TABLE plan ALTER size SET STATISTICS 53;"),
        &made("", ""),
    );
}

#[test]
fn an_attribute_of_a_tables_type_takes_a_type_that_needs_a_cast() {
    let made = |ty: &str, more: &str| {
        format!("CREATE TYPE place AS (name {ty}); CREATE TABLE places OF place; {more}")
    };
    let rows = "INSERT INTO places VALUES ('7')";
    both_ways(&made("text", rows), &made("int", ""));
    both_ways(&made("uuid", ""), &made("double precision", ""));
}

#[test]
fn compression_stands_before_collation() {
    both_ways(
        "",
        "CREATE TABLE notes (text text COMPRESSION pglz COLLATE \"C\");",
    );
}

#[test]
fn the_order_of_a_tables_columns_is_not_one_of_statistics_or_publications() {
    let made = |columns: &str| {
        format!(
            "CREATE TABLE sizes ({columns}); CREATE STATISTICS both_sizes ON a, b FROM sizes;
             CREATE PUBLICATION ways_sizes FOR TABLE sizes (a, b)"
        )
    };
    let (up, down) = both_ways(&made("a int, b int"), &made("b int, a int"));
    assert_eq!((up, down), (Vec::new(), Vec::new()));
}

#[test]
fn a_partition_of_a_table_that_keys_refer_to_is_detached_before_it_goes() {
    let parent = "CREATE TABLE plans (id int PRIMARY KEY, next int REFERENCES plans)
                  PARTITION BY LIST (id);
                  CREATE TABLE steps (plan int REFERENCES plans);";
    let partition = "CREATE TABLE plans_1 PARTITION OF plans FOR VALUES IN (1);";
    both_ways(&format!("{parent} {partition}"), parent);
}

#[test]
fn a_materialized_view_is_filled_before_the_view_below_it_changes_hands() {
    both_ways(
        ROLES,
        &format!(
            "{ROLES} CREATE TABLE notes (id int); CREATE VIEW all_notes AS SELECT * FROM notes;
             CREATE MATERIALIZED VIEW kept_notes AS SELECT * FROM all_notes;
             ALTER VIEW all_notes OWNER TO ways_reader"
        ),
    );
}

#[test]
fn a_table_that_leaves_its_parent_loses_what_only_the_parent_gave_it() {
    let made = |heir: &str, own: &str| {
        format!(
            "CREATE TABLE things (id int, size int CONSTRAINT some_size CHECK (size > 0));
             CREATE TABLE parts ({own}) {heir};"
        )
    };
    both_ways(&made("INHERITS (things)", "id int"), &made("", "id int"));
}

#[test]
fn a_new_partitions_key_is_named_by_all_its_columns() {
    let parent = "CREATE TABLE deals (id int, size int, UNIQUE (id, size) INCLUDE (id))
                  PARTITION BY LIST (id);
                  CREATE INDEX by_size ON deals (size) INCLUDE (size);";
    let partition = "CREATE TABLE deals_1 PARTITION OF deals FOR VALUES IN (1);
                     ALTER INDEX deals_1_size_size1_idx RENAME TO small;";
    both_ways(parent, &format!("{parent} {partition}"));
}

#[test]
fn a_key_of_the_table_itself_gives_way_to_its_new_name() {
    let was = [(Id::table("public", "events"), "events_4")];
    renamed_both_ways(
        "CREATE TABLE events_4 (id int CONSTRAINT events UNIQUE, size int)",
        "CREATE TABLE events (id int, size int)",
        &was,
    );
}

#[test]
fn a_column_keeps_its_storage_when_its_collation_is_made_anew() {
    let made = |locale: &str| {
        format!(
            "CREATE COLLATION names (provider = icu, locale = '{locale}');
             CREATE TABLE people (name text COLLATE names);
             ALTER TABLE people ALTER name SET STORAGE MAIN, ALTER name SET COMPRESSION pglz"
        )
    };
    both_ways(&made("sv-SE"), &made("de-DE"));
}

#[test]
fn a_computed_column_goes_before_what_it_is_computed_from_whatever_indexes_both() {
    both_ways(
        "CREATE TABLE sizes (a int, b int GENERATED ALWAYS AS (a * 2) STORED, c int);
         CREATE INDEX both_sizes ON sizes (a, b)",
        "CREATE TABLE sizes (c int)",
    );
}

#[test]
fn an_inherited_check_follows_its_parents_new_name_into_a_renamed_child() {
    let child = |table: &str| Id::table("public", table);
    let (up, _) = renamed_both_ways(
        "create table total (id bigint, constraint at_5 check (id <> 9));
         create table part () inherits (total)",
        "create table total (id bigint, constraint other check (id <> 9));
         create table piece () inherits (total)",
        &[
            (child("piece"), "part"),
            (child("total").within(Kind::Constraint, "other"), "at_5"),
        ],
    );
    let renames = up.iter().filter(|sql| sql.contains("RENAME CONSTRAINT"));
    assert_eq!(renames.count(), 1, "{up:?}");
}

#[test]
fn a_partitions_index_keeps_its_own_comment_when_it_is_rebuilt() {
    let made = |ty: &str| {
        format!(
            "CREATE TABLE sizes (id int, size {ty}) PARTITION BY LIST (id);
             CREATE TABLE sizes_1 PARTITION OF sizes FOR VALUES IN (1);
             CREATE INDEX by_size ON sizes (size); COMMENT ON INDEX by_size IS 'of all'"
        )
    };
    both_ways(&made("text"), &made("double precision"));
}

#[test]
fn a_schema_is_made_before_what_moves_there() {
    let made = |schema: &str| {
        format!(
            "CREATE SCHEMA IF NOT EXISTS {schema}; COMMENT ON SCHEMA {schema} IS 'of old';
             CREATE TABLE {schema}.logs (id int);
             CREATE VIEW all_logs AS SELECT id FROM {schema}.logs"
        )
    };
    let was = [(Id::table("archive", "logs"), "public.logs")];
    let (up, _) = renamed_both_ways(&made("public"), &made("archive"), &was);
    assert!(
        up.iter().all(|sql| !sql.starts_with("CREATE TABLE")),
        "{up:?}"
    );
}

#[test]
fn a_check_that_is_not_valid_yet_holds_for_a_new_child() {
    let parent = "CREATE TABLE sizes (size int);";
    let check = "ALTER TABLE sizes ADD CONSTRAINT positive CHECK (size > 0) NOT VALID;";
    both_ways(
        &format!("{parent} CREATE TABLE more_sizes () INHERITS (sizes); {check}"),
        &format!("{parent} {check}"),
    );
}

#[test]
fn a_table_that_leaves_its_parent_loses_what_is_computed_first() {
    let made = |heir: &str| {
        format!(
            "CREATE TABLE sizes (a int, b int GENERATED ALWAYS AS (a * 2) STORED);
             CREATE TABLE more_sizes () {heir}"
        )
    };
    both_ways(&made("INHERITS (sizes)"), &made(""));
}

#[test]
fn a_computed_column_is_computed_again_when_its_collation_or_type_is_made_anew() {
    let made = |locale: &str, labels: &str| {
        format!(
            "CREATE COLLATION names (provider = icu, locale = '{locale}');
             CREATE TYPE size AS ENUM ({labels});
             CREATE TABLE people (id int,
               name text COLLATE names GENERATED ALWAYS AS ((id > 0)::text) STORED,
               size size GENERATED ALWAYS AS (CASE WHEN id > 0 THEN 'small'::size END) STORED)"
        )
    };
    let old = made("sv-SE", "'small', 'large'") + "; INSERT INTO people VALUES (1)";
    both_ways(&old, &made("de-DE", "'large', 'small'"));
}
