//! `migrate` where something dies or stands in the way: afterwards `status` is right and `up`
//! finishes.

use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use super::migrate::Ground;
use super::proxy::{Fault, Proxy, When};

/// Seven statements in four units. One that ran twice would be refused, or leave a second row.
pub(super) const LONG: &str = "create table a (id int);\n\
     insert into a values (0);\n\
     -- pilaster: no transaction\n\
     create index concurrently a_id on a (id);\ncreate unique index concurrently a_key on a (id);\n\
     -- pilaster: transaction\n\
     insert into a values (1);\ndelete from a where id = 0;\n\
     -- pilaster: no transaction\n\
     drop index concurrently a_id;\n";

pub(super) fn long() -> Ground {
    Ground::new(&[("long", LONG, "drop table a;\n")])
}

/// What every test ends with: `up` finishes, and the database is as if nothing had happened.
pub(super) fn finishes(ground: &Ground) {
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

/// Kills the migrator at every word that it says to the server: before the word gets there, or right
/// behind it. Then another one finishes.
fn killed_at_every_word(fault: Fault) {
    let mut ground = long();
    let mut moments = 0;
    for word in 1.. {
        let proxy = Proxy::to(&ground.network(), When::Word(word), fault);
        let mut child = ground.start(&proxy.url().expose(), &["up"]);
        if !proxy.strikes(&mut child) {
            let output = child.wait_with_output().unwrap();
            assert!(output.status.success(), "{output:?}");
            break;
        }
        child.kill().unwrap();
        child.wait().unwrap();
        proxy.close();
        let status = ground.migrate(&["status"]);
        let known = status.contains("exit 0") || status.contains("exit 1");
        assert!(known, "at word {word}: {status}");
        finishes(&ground);
        moments = word;
        ground = ground.again();
    }
    println!("killed at {moments} moments");
    assert!(moments > 30, "{moments}");
}

#[test]
fn a_migrator_that_is_killed_before_any_step_is_resumed() {
    killed_at_every_word(Fault::HoldsBack);
}

#[test]
fn a_migrator_that_is_killed_behind_any_step_is_resumed() {
    killed_at_every_word(Fault::SaysNothingBack);
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
    let up = LONG.replace(
        "insert into a values (1)",
        "insert into a select 1 from pg_sleep(1)",
    );
    let ground = Ground::apart(&[("long", &up, "drop table a;\n")]);
    let mut child = ground.start(&ground.url, &["up"]);
    let pid = ground.session("query like '%pg_sleep%'");
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
        let waits = scope.spawn(|| ground.migrate(&[&quick[..], &["1000"]].concat()));
        // It waits, and then it doesn't any more: it was told that others go first.
        let mut watcher = ground.client();
        let begun = Instant::now();
        for waiting in [true, false] {
            let sql = "select from pg_locks where not granted and relation = 'held'::regclass";
            while watcher.query(sql, &[]).unwrap().is_empty() == waiting && !waits.is_finished() {
                assert!(begun.elapsed() < Duration::from_secs(60));
                thread::sleep(Duration::from_millis(5));
            }
        }
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
