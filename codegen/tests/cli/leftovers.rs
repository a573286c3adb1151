//! What statements outside a transaction leave when they fail, found and mended by the next `up`.

use std::thread;
use std::time::Duration;

use super::migrate::Ground;

/// Breaks off the last statement of a migration while a transaction on the table is open, which it
/// waits for.
fn broken_off(ground: &Ground, table: &str, statement: &str) {
    ground.migrate(&["up", "--to", "1"]);
    let mut holder = ground.client();
    let mut open = holder.transaction().unwrap();
    open.batch_execute(&format!("declare c cursor for select * from {table}"))
        .unwrap();
    let child = ground.start(&ground.url, &["up"]);
    let condition = format!("wait_event_type = 'Lock' and query ilike '{statement}%'");
    let pid = ground.session(&condition);
    ground
        .client()
        .execute("select pg_terminate_backend($1)", &[&pid])
        .unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(3), "{output:?}");
    open.rollback().unwrap();
    thread::sleep(Duration::from_millis(100));
}

fn one(ground: &Ground, sql: &str) -> bool {
    ground.client().query_one(sql, &[]).unwrap().get(0)
}

#[test]
fn a_partition_that_was_half_detached_is_detached() {
    let first = "create table p (id int) partition by range (id);\n\
        create table p_1 partition of p for values from (0) to (9);\ninsert into p values (1);\n";
    let up = "-- pilaster: no transaction\nalter table p detach partition p_1 concurrently;\n";
    let ground = Ground::new(&[("first", first, ""), ("long", up, "")]);
    broken_off(&ground, "p", "alter table p detach");
    assert!(one(
        &ground,
        "select bool_and(inhdetachpending) from pg_inherits where inhrelid = 'p_1'::regclass"
    ));
    let said = ground.migrate(&["up"]);
    assert!(said.contains("applied 0002_long"), "{said}");
    assert!(one(
        &ground,
        "select not exists (select from pg_inherits where inhrelid = 'p_1'::regclass)"
    ));
    assert!(one(&ground, "select count(*) = 1 from p_1"));
}

#[test]
fn a_partition_that_was_detached_without_a_record_is_left_alone() {
    let first = "create table p (id int) partition by range (id);\n\
        create table p_1 partition of p for values from (0) to (9);\n";
    let up = "-- pilaster: no transaction\nalter table p detach partition p_1 concurrently;\n";
    let ground = Ground::new(&[("first", first, ""), ("long", up, "")]);
    ground.migrate(&["up"]);
    let lost = "update pilaster.migrations set done = done - 1 where number = 2";
    ground.client().batch_execute(lost).unwrap();
    let said = ground.migrate(&["up"]);
    assert!(said.contains("applied 0002_long"), "{said}");
}

#[test]
fn the_copies_of_an_index_that_was_half_rebuilt_are_removed() {
    for statement in [
        "reindex index concurrently a_id",
        "reindex (concurrently) table public.a",
        "reindex schema concurrently public",
    ] {
        let first = "create table a (id int, long text);\ncreate index a_id on a (id);\n\
            insert into a values (1);\n";
        let up = format!("-- pilaster: no transaction\n{statement};\n");
        let ground = Ground::new(&[("first", first, ""), ("long", &up, "")]);
        broken_off(&ground, "a", statement);
        let copies = "select exists (select from pg_class where relname like '%\\_cc%')";
        assert!(one(&ground, copies), "{statement}");
        let said = ground.migrate(&["up"]);
        assert!(said.contains("applied 0002_long"), "{said}");
        assert!(!one(&ground, copies), "{statement}");
        assert!(one(
            &ground,
            "select bool_and(indisvalid) from pg_index where indrelid = 'a'::regclass"
        ));
    }
}
