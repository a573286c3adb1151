//! Progress of long steps: on a terminal, and not in a pipe.

use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use super::migrate::Ground;

#[test]
fn an_index_build_shows_its_progress_on_a_terminal_and_nothing_in_a_pipe() {
    let first = "create table a (id int);\ninsert into a values (1);\n";
    let up = "-- pilaster: no transaction\ncreate index concurrently a_id on a (id);\n";
    let ground = Ground::new(&[("first", first, ""), ("long", up, "drop index a_id;\n")]);
    ground.migrate(&["up", "--to", "1"]);
    // `script` gives the command a terminal.
    let pilaster = format!("{} migrate up", env!("CARGO_BIN_EXE_pilaster"));
    let mut terminal = Command::new("script");
    terminal.args(["-qec", &pilaster, "/dev/null"]);
    let piped = || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_pilaster"));
        command.args(["migrate", "up"]);
        command
    };
    let mut shown = Vec::new();
    for mut command in [terminal, piped()] {
        let mut holder = ground.client();
        let mut open = holder.transaction().unwrap();
        open.batch_execute("declare c cursor for select * from a")
            .unwrap();
        let child = command
            .current_dir(ground.project.path(""))
            .env("DATABASE_URL", &ground.url)
            .env("TERM", "xterm")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn();
        let Ok(child) = child else {
            println!("skipped: `script`, of util-linux, is not installed");
            return;
        };
        ground.session("query like 'create index%' and wait_event_type = 'Lock'");
        thread::sleep(Duration::from_secs(4));
        let holder = open.query_one("select pg_backend_pid()", &[]).unwrap();
        let holder: i32 = holder.get(0);
        open.rollback().unwrap();
        let output = child.wait_with_output().unwrap();
        let text = [output.stdout, output.stderr].concat();
        let text = String::from_utf8_lossy(&text).into_owned();
        assert!(text.contains("applied 0002_long"), "{text}");
        shown.push((text, holder));
        ground.migrate(&["down"]);
    }
    let (text, holder) = &shown[0];
    let begins = "0002_long 1/1  create index concurrently a_id";
    assert!(text.contains(begins), "{text}");
    let waits = format!("0002_long 1/1  waiting for old snapshots, 0 %, for process {holder}");
    assert!(text.contains(&waits), "{text}");
    assert!(!shown[1].0.contains("waiting"), "{}", shown[1].0);
}
