//! `migrate` where something dies or stands in the way: afterwards `status` is right and `up`
//! finishes.

use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use super::migrate::Ground;

/// Seven statements in four units, some of which take a while. A statement that ran twice would be
/// refused, or leave a second row.
const LONG: &str = "create table a (id int);\n\
     select pg_sleep(0.1);\n\
     -- pilaster: no transaction\n\
     create index concurrently a_id on a (id);\ncreate unique index concurrently a_key on a (id);\n\
     -- pilaster: transaction\n\
     insert into a values (1);\nselect pg_sleep(0.1);\n\
     -- pilaster: no transaction\n\
     drop index concurrently a_id;\n";

fn long() -> Ground {
    Ground::new(&[("long", LONG, "drop table a;\n")])
}

fn start(ground: &Ground) -> Child {
    Command::new(env!("CARGO_BIN_EXE_pilaster"))
        .args(["migrate", "up"])
        .current_dir(ground.project.path(""))
        .env("DATABASE_URL", &ground.url)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// What every test ends with: `up` finishes, and the database is as if nothing had happened.
fn finishes(ground: &Ground) {
    let said = ground.migrate(&["up"]);
    assert!(said.contains("exit 0"), "{said}");
    let status = ground.migrate(&["status"]);
    assert!(status.contains("0001_long  applied"), "{status}");
    let sql =
        "select (select count(*) from a), indisvalid and indisunique, to_regclass('a_id') is null
                 from pg_index where indexrelid = 'a_key'::regclass";
    let row = ground.client().query_one(sql, &[]).unwrap();
    assert_eq!((row.get(0), row.get(1), row.get(2)), (1i64, true, true));
}

#[test]
fn a_migrator_that_is_killed_at_any_moment_is_resumed() {
    for milliseconds in (0..450).step_by(45) {
        let ground = long();
        let mut child = start(&ground);
        thread::sleep(Duration::from_millis(milliseconds));
        child.kill().unwrap();
        child.wait().unwrap();
        let status = ground.migrate(&["status"]);
        assert!(
            !status.contains("error"),
            "after {milliseconds} ms: {status}"
        );
        finishes(&ground);
    }
}

#[test]
fn a_statement_whose_record_was_lost_is_not_run_twice() {
    let ground = long();
    finishes(&ground);
    // As after a crash right behind the last statement, which drops an index.
    let lost = "update pilaster.migrations set done = done - 1";
    ground.client().batch_execute(lost).unwrap();
    assert!(
        ground
            .migrate(&["status"])
            .contains("after 6 of 7 statements")
    );
    finishes(&ground);
}

#[test]
fn the_invalid_index_of_a_build_that_failed_is_built_again() {
    let up = "create table a (id int);\ninsert into a values (1), (1);\n\
        -- pilaster: no transaction\ncreate unique index concurrently a_key on a (id);\n";
    let ground = Ground::new(&[("long", up, "drop table a;\n")]);
    let refused = ground.migrate(&["up"]);
    assert!(
        refused.contains("up.sql:7: the server refused"),
        "{refused}"
    );
    let mut client = ground.client();
    let valid = "select indisvalid from pg_index where indexrelid = 'a_key'::regclass";
    assert!(!client.query_one(valid, &[]).unwrap().get::<_, bool>(0));
    let mend = "delete from a where ctid = (select min(ctid) from a)";
    client.batch_execute(mend).unwrap();
    finishes(&ground);
}

#[test]
fn a_server_that_crashes_in_the_middle_recovers_and_is_migrated() {
    let ground = long();
    let mut child = start(&ground);
    let backend = "select pid from pg_stat_activity where query like 'select pg_sleep%' \
                   and pid <> pg_backend_pid()";
    let begun = Instant::now();
    let pid: i32 = loop {
        if let Some(row) = ground.client().query_opt(backend, &[]).unwrap() {
            break row.get(0);
        }
        assert!(begun.elapsed() < Duration::from_secs(20));
    };
    // A server process that dies at once takes all others with it, and the server recovers from
    // its log: the same as after an immediate stop.
    let killed = Command::new("kill")
        .args(["-KILL", &pid.to_string()])
        .status();
    assert!(killed.unwrap().success());
    assert_eq!(child.wait().unwrap().code(), Some(3));
    let begun = Instant::now();
    while !ground.migrate(&["status"]).contains("exit 1") {
        assert!(begun.elapsed() < Duration::from_secs(30));
        thread::sleep(Duration::from_millis(100));
    }
    finishes(&ground);
}

#[test]
fn a_lock_that_others_hold_is_waited_for_a_little_and_asked_for_again() {
    let up = "alter table held add b int;\n";
    let ground = Ground::new(&[
        ("first", "create table held (id int);\n", ""),
        ("long", up, ""),
    ]);
    ground.migrate(&["up", "--to", "1"]);
    let mut holder = ground.client();
    let mut transaction = holder.transaction().unwrap();
    transaction.batch_execute("select from held").unwrap();
    let quick = ["up", "--lock-timeout", "100ms", "--lock-retries"];
    let gives_up = ground.migrate(&[&quick[..], &["1"]].concat());
    let said = thread::scope(|scope| {
        let waits = scope.spawn(|| ground.migrate(&[&quick[..], &["20"]].concat()));
        thread::sleep(Duration::from_millis(300));
        transaction.rollback().unwrap();
        waits.join().unwrap()
    });
    assert!(
        said.contains("exit 0") && said.contains("others go first"),
        "{said}"
    );
    insta::assert_snapshot!(gives_up);
}

#[test]
fn a_statement_that_runs_too_long_is_cut_off_where_the_project_says_so() {
    let up = "create table a (id int);\nselect pg_sleep(20);\n";
    let ground = Ground::new(&[("long", up, "drop table a;\n")]);
    let toml = ground.project.read("pilaster.toml");
    let limit = "[migrate]\nstatement_timeout = '200ms'\n";
    ground.project.write("pilaster.toml", toml + limit);
    let said = ground.migrate(&["up"]);
    let expected =
        "up.sql:5: the server refused the statement: canceling statement due to statement";
    assert!(said.contains(expected), "{said}");
    assert!(!ground.has("a"));
}
