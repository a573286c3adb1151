//! Kinds and attributes that few databases have, and that are lost or broken all the more easily.

use super::both_ways;

/// Whether one of the statements begins so.
fn begins(statements: &[String], start: &str) -> bool {
    statements.iter().any(|sql| sql.starts_with(start))
}

#[test]
fn a_server_and_its_mapping_change_where_they_stand_or_passwords_are_lost() {
    let (up, down) = both_ways(
        "CREATE FOREIGN DATA WRAPPER w OPTIONS (a '1');
         CREATE SERVER s VERSION '1' FOREIGN DATA WRAPPER w OPTIONS (host 'h', \"Odd\" 'it''s');
         CREATE USER MAPPING FOR PUBLIC SERVER s OPTIONS (\"user\" 'u', password 'secret');
         CREATE FOREIGN TABLE f (a integer) SERVER s;",
        "CREATE FOREIGN DATA WRAPPER w OPTIONS (b '2');
         CREATE SERVER s VERSION '2' FOREIGN DATA WRAPPER w OPTIONS (host 'g', port '4');
         CREATE USER MAPPING FOR PUBLIC SERVER s OPTIONS (\"user\" 'v', password 'secret');
         CREATE FOREIGN TABLE f (a integer) SERVER s;",
    );
    assert!(
        begins(
            &up,
            "ALTER USER MAPPING FOR PUBLIC SERVER s OPTIONS (SET \"user\" 'v')"
        ),
        "{up:#?}"
    );
    for way in [up, down] {
        assert!(!begins(&way, "DROP") && !begins(&way, "CREATE"), "{way:#?}");
    }
}

#[test]
fn a_server_of_another_type_is_made_anew_and_says_what_that_costs() {
    let of = |ty: &str| {
        format!(
            "CREATE FOREIGN DATA WRAPPER w;
             CREATE SERVER s TYPE '{ty}' FOREIGN DATA WRAPPER w;
             CREATE USER MAPPING FOR PUBLIC SERVER s OPTIONS (\"user\" 'u');"
        )
    };
    let (up, _) = both_ways(&of("old"), &of("new"));
    assert!(begins(&up, "DROP USER MAPPING"), "{up:#?}");
}

#[test]
fn publications_and_subscriptions_change_where_they_stand() {
    let (up, down) = both_ways(
        "CREATE TABLE t (id integer PRIMARY KEY, a text);
         CREATE PUBLICATION p FOR TABLE t;
         CREATE SUBSCRIPTION s CONNECTION 'dbname=nowhere' PUBLICATION x
           WITH (connect = false, slot_name = NONE);",
        "CREATE TABLE t (id integer PRIMARY KEY, a text);
         CREATE TABLE u (id integer PRIMARY KEY);
         CREATE PUBLICATION p FOR TABLE t, u WITH (publish = 'insert, update');
         CREATE SUBSCRIPTION s CONNECTION 'dbname=nowhere' PUBLICATION x, y
           WITH (connect = false, slot_name = NONE, binary = true);",
    );
    for way in [&up, &down] {
        assert!(begins(way, "ALTER PUBLICATION p SET TABLE"), "{way:#?}");
        assert!(
            begins(way, "ALTER SUBSCRIPTION s SET PUBLICATION x"),
            "{way:#?}"
        );
        assert!(!begins(way, "DROP SUBSCRIPTION"), "{way:#?}");
    }
}

#[test]
fn rows_are_identified_again_by_an_index_or_a_key_made_anew() {
    let of = |index: &str, key: &str| {
        format!(
            "CREATE TABLE t (a integer NOT NULL, b integer NOT NULL);
             CREATE UNIQUE INDEX i ON t ({index});
             ALTER TABLE t REPLICA IDENTITY USING INDEX i;
             CREATE TABLE u (a integer NOT NULL, b integer NOT NULL, CONSTRAINT k UNIQUE ({key}));
             ALTER TABLE u REPLICA IDENTITY USING INDEX k;"
        )
    };
    both_ways(&of("a", "a"), &of("a, b", "b"));
}

#[test]
fn another_index_takes_the_clustering_over() {
    let on = |index: &str| {
        format!(
            "CREATE TABLE t (a integer, b integer); CREATE INDEX i ON t (a); CREATE INDEX j ON t (b);
             ALTER TABLE t CLUSTER ON {index};"
        )
    };
    both_ways(&on("i"), &on("j"));
}

#[test]
fn a_detached_partition_keeps_its_indexes() {
    let parent = "CREATE TABLE p (a integer, b integer) PARTITION BY LIST (a);
         CREATE INDEX pi ON p (b);";
    let (up, _) = both_ways(
        &format!("{parent} CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1, 2);"),
        &format!(
            "{parent} CREATE TABLE p1 (a integer, b integer); CREATE INDEX p1_b_idx ON p1 (b);"
        ),
    );
    assert!(!begins(&up, "DROP"), "{up:#?}");
}

#[test]
fn a_table_that_becomes_partitioned_takes_its_indexes_along() {
    both_ways(
        "CREATE TABLE t (a integer, b text); CREATE INDEX ti ON t (b);",
        "CREATE TABLE t (a integer, b text) PARTITION BY RANGE (a);
         CREATE TABLE t1 PARTITION OF t DEFAULT; CREATE INDEX ti ON t (b);",
    );
}

#[test]
fn an_index_of_the_parent_alone_stays_one() {
    let table = "CREATE TABLE t (a integer, b integer) PARTITION BY RANGE (a);
         CREATE TABLE t1 PARTITION OF t FOR VALUES FROM (0) TO (5);";
    both_ways(table, &format!("{table} CREATE INDEX i ON ONLY t (a);"));
}

#[test]
fn a_trigger_of_a_partition_has_a_state_of_its_own() {
    let table = "CREATE TABLE t (a integer) PARTITION BY LIST (a);
         CREATE TABLE t1 PARTITION OF t FOR VALUES IN (1);
         CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'begin return new; end';";
    let trigger = "CREATE TRIGGER x AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION f();";
    both_ways(
        table,
        &format!("{table} {trigger} ALTER TABLE t1 DISABLE TRIGGER x;"),
    );
    both_ways(
        &format!("{table} {trigger}"),
        &format!("{table} {trigger} ALTER TABLE t1 ENABLE ALWAYS TRIGGER x;"),
    );
}

#[test]
fn a_value_of_an_enum_in_a_partition_key_goes() {
    let of = |labels: &str| {
        format!(
            "CREATE TYPE e AS ENUM ({labels}); CREATE TABLE t (x e) PARTITION BY LIST (x);
             CREATE TABLE t1 PARTITION OF t FOR VALUES IN ('a');"
        )
    };
    both_ways(&of("'a', 'b', 'c'"), &of("'a', 'b'"));
}

#[test]
fn columns_of_views_keep_what_is_their_own() {
    let views = "CREATE TABLE t (a text, b integer);
         CREATE VIEW v AS SELECT a, b FROM t; CREATE MATERIALIZED VIEW m AS SELECT a, b FROM t;";
    both_ways(
        views,
        &format!(
            "{views} ALTER VIEW v ALTER COLUMN a SET DEFAULT 'x';
             ALTER MATERIALIZED VIEW m ALTER COLUMN a SET STATISTICS 5;
             COMMENT ON COLUMN v.b IS 'said'; GRANT SELECT (b) ON v TO PUBLIC;"
        ),
    );
}

#[test]
fn public_gets_the_comment_back_that_every_database_has() {
    let (_, down) = both_ways(
        "CREATE TABLE t (a integer);",
        "CREATE TABLE t (a integer); COMMENT ON SCHEMA public IS 'ours';",
    );
    assert!(
        begins(
            &down,
            "COMMENT ON SCHEMA public IS 'standard public schema'"
        ),
        "{down:#?}"
    );
}

#[test]
fn a_domain_lets_go_of_a_function_that_is_made_anew() {
    let of = |argument: &str| {
        format!(
            "CREATE FUNCTION f({argument} integer) RETURNS integer LANGUAGE sql IMMUTABLE
               AS 'select $1';
             CREATE DOMAIN d AS integer DEFAULT f(3) CONSTRAINT c CHECK (f(VALUE) > 0);
             COMMENT ON CONSTRAINT c ON DOMAIN d IS 'said'; CREATE TABLE t (x d);"
        )
    };
    let (up, _) = both_ways(&of("a"), &of("b"));
    assert!(!begins(&up, "DROP DOMAIN"), "{up:#?}");
}

#[test]
fn foreign_keys_in_a_circle_follow_a_new_type() {
    let of = |ty: &str| {
        format!(
            "CREATE TABLE a (id {ty} PRIMARY KEY, b {ty});
             CREATE TABLE b (id {ty} PRIMARY KEY, a {ty} REFERENCES a);
             ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES b;"
        )
    };
    both_ways(&of("integer"), &of("uuid"));
}
