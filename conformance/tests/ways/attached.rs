//! Tables that become partitions or heirs, and partitions whose keys and indexes are the parent's.

use model::schema::Id;

use super::{both_ways, renamed_both_ways};

#[test]
fn a_table_is_attached_once_it_has_what_its_parent_has() {
    let parent = "CREATE TABLE kinds (name text NOT NULL, size int4range DEFAULT int4range(31, 32),
          CONSTRAINT sized CHECK (size IS NOT NULL OR 4 > 0)) PARTITION BY HASH (name);
        CREATE INDEX by_size ON kinds (size);";
    let bound = "FOR VALUES WITH (MODULUS 3, REMAINDER 0)";
    both_ways(
        "CREATE TABLE codes (size int, old text)",
        &format!("{parent} CREATE TABLE codes PARTITION OF kinds {bound}"),
    );
    both_ways(
        &format!("{parent} CREATE TABLE codes (name text NOT NULL)"),
        &format!("{parent} CREATE TABLE codes PARTITION OF kinds {bound}"),
    );
}

#[test]
fn a_table_inherits_once_it_has_what_its_parents_have() {
    let parents = "CREATE TABLE things (id integer, CONSTRAINT small CHECK (id < 9));";
    both_ways(
        &format!("{parents} CREATE TABLE books (n integer)"),
        &format!(
            "{parents} ALTER TABLE things ADD COLUMN size text;
            CREATE TABLE books () INHERITS (things)"
        ),
    );
}

#[test]
fn a_partitions_unique_columns_are_its_parents_primary_key() {
    let parent = "CREATE TABLE teams (id integer NOT NULL) PARTITION BY HASH (id);";
    let child = "CREATE TABLE teams_1 PARTITION OF teams FOR VALUES WITH (MODULUS 3, REMAINDER 2);
        ALTER TABLE teams_1 ADD CONSTRAINT once UNIQUE (id);";
    let key = "ALTER TABLE teams ADD CONSTRAINT teams_key PRIMARY KEY (id);";
    both_ways("", &format!("{parent} {child} {key}"));
    both_ways(
        &format!("{parent} {key}"),
        &format!("{parent} {child} {key}"),
    );
}

#[test]
fn of_two_keys_over_the_same_columns_each_keeps_its_name() {
    let parent = "CREATE TABLE teams (id integer, name text STORAGE PLAIN) PARTITION BY HASH (id);";
    let child = "CREATE TABLE teams_1 PARTITION OF teams FOR VALUES WITH (MODULUS 3, REMAINDER 2);";
    let keys = "ALTER TABLE teams ADD CONSTRAINT one UNIQUE (id, name) DEFERRABLE;
        ALTER TABLE teams ADD CONSTRAINT two UNIQUE (id, name);";
    // STORAGE in CREATE TABLE came with PostgreSQL 16.
    let parent = parent.replace(" STORAGE PLAIN", "")
        + "ALTER TABLE teams ALTER COLUMN name SET STORAGE PLAIN;";
    both_ways("", &format!("{parent} {child} {keys}"));
    both_ways(
        &format!("{parent} {keys}"),
        &format!("{parent} {keys} {child}"),
    );
    let own = "ALTER TABLE teams_1 ADD CONSTRAINT own PRIMARY KEY (id, name) DEFERRABLE;";
    both_ways(
        &format!("{parent} {keys}"),
        &format!("{parent} {keys} {child} {own}"),
    );
}

#[test]
fn an_index_made_before_a_column_was_renamed_names_those_of_new_partitions() {
    let made = |column: &str| {
        format!(
            "CREATE TABLE teams (id integer, {column} text) PARTITION BY HASH (id);
             ALTER TABLE teams ADD CONSTRAINT once UNIQUE (id, {column});
             CREATE INDEX by_it ON teams ({column});"
        )
    };
    let child = "CREATE TABLE teams_1 PARTITION OF teams FOR VALUES WITH (MODULUS 3, REMAINDER 2)";
    renamed_both_ways(
        &made("title"),
        &format!("{} {child}", made("name")),
        &[(Id::column("public", "teams", "name"), "title")],
    );
}

#[test]
fn another_index_of_a_partition_is_attached_to_its_parents() {
    let tables = "CREATE TABLE ranks (id bigint) PARTITION BY RANGE (id);
        CREATE TABLE ranks_3 PARTITION OF ranks FOR VALUES FROM (300) TO (400);";
    let key = "ALTER TABLE ranks_3 ADD CONSTRAINT once UNIQUE (id);";
    let index = "CREATE UNIQUE INDEX by_id ON ranks (id)";
    let (up, _) = both_ways(
        &format!("{tables} {key} {index}"),
        &format!("{tables} {index}"),
    );
    assert!(
        up.iter()
            .any(|sql| sql.ends_with("DETACH PARTITION public.ranks_3"))
    );
}

#[test]
fn a_parents_column_takes_nulls_that_is_in_a_partitions_own_key() {
    let made = |null: &str, unique: &str| {
        format!(
            "CREATE TABLE stages (tag bigint {null}, kind text) PARTITION BY LIST (tag);
             CREATE INDEX by_kind ON stages (kind);
             CREATE TABLE stages_1 PARTITION OF stages FOR VALUES IN (10, 11);
             ALTER TABLE stages_1 ADD CONSTRAINT one PRIMARY KEY (tag) {unique}"
        )
    };
    let (up, _) = both_ways(&made("NOT NULL", ""), &made("", ""));
    assert!(up.iter().all(|sql| !sql.contains("PRIMARY KEY")), "{up:?}");
    both_ways(&made("NOT NULL", ""), &made("", "DEFERRABLE"));
}

#[test]
fn a_column_that_counts_comes_to_a_table_with_heirs() {
    let identity = "GENERATED ALWAYS AS IDENTITY (START WITH 58)";
    both_ways(
        "CREATE TABLE prices (at integer); CREATE TABLE fares () INHERITS (prices)",
        &format!(
            "CREATE TABLE prices (at integer, n smallint {identity});
            CREATE TABLE fares () INHERITS (prices)"
        ),
    );
}

#[test]
fn partitions_go_after_the_keys_that_refer_to_their_parent() {
    both_ways(
        "CREATE TABLE states (a text, b integer, UNIQUE (b, a)) PARTITION BY RANGE (a);
         CREATE TABLE states_1 PARTITION OF states FOR VALUES FROM ('v300') TO ('v400');
         ALTER TABLE states ADD FOREIGN KEY (b, a) REFERENCES states (b, a);
         CREATE TABLE others (a text, b integer, FOREIGN KEY (b, a) REFERENCES states (b, a))",
        "",
    );
}

#[test]
fn a_check_goes_with_its_column_where_the_heir_keeps_the_column() {
    let heir = "CREATE TABLE heirs () INHERITS (prices, kinds)";
    both_ways(
        &format!(
            "CREATE TABLE kinds (id text CONSTRAINT short CHECK (length(id) < 98));
            CREATE TABLE prices (id text); {heir}"
        ),
        &format!("CREATE TABLE kinds (); CREATE TABLE prices (id text); {heir}"),
    );
}

#[test]
fn a_view_of_a_partition_shows_the_column_that_its_parent_brings() {
    let made = |column: &str, shown: &str| {
        format!(
            "CREATE TABLE ranks (id integer {column}) PARTITION BY HASH (id);
             CREATE TABLE a_rank PARTITION OF ranks FOR VALUES WITH (MODULUS 3, REMAINDER 0);
             CREATE VIEW all_ranks AS SELECT id {shown} FROM a_rank"
        )
    };
    both_ways(&made("", ""), &made(", kind text", ", kind"));
}

#[test]
fn a_foreign_key_over_a_range_is_made_again_beside_another_type() {
    let made = |ty: &str| {
        format!(
            "CREATE TABLE items (during int4range, name {ty}, UNIQUE (during, name),
               FOREIGN KEY (during, name) REFERENCES items (during, name))"
        )
    };
    both_ways(&made("varchar"), &made("text"));
}

#[test]
fn a_partition_with_other_bounds_has_what_is_new_in_its_parent() {
    let made = |columns: &str, partitions: &str| {
        format!("CREATE TABLE deals (id integer {columns}) PARTITION BY LIST (id); {partitions}")
    };
    let partition = |name: &str, ids: &str| {
        format!("CREATE TABLE {name} PARTITION OF deals FOR VALUES IN ({ids});")
    };
    both_ways(
        &made("", &partition("one", "1, 2")),
        &made(
            ", price integer NOT NULL, CHECK (price > 0)",
            &(partition("one", "2") + &partition("other", "1")),
        ),
    );
    // What changes there, and bounds that two exchange.
    both_ways(
        &made(
            ", price integer",
            &(partition("one", "1") + &partition("other", "2")),
        ),
        &made(
            ", price bigint NOT NULL DEFAULT 3",
            &(partition("one", "2") + &partition("other", "1")),
        ),
    );
}
