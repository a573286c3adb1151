//! Each example after a move: dumped, restored elsewhere, and still what its model says.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use conformance::server::{Database, Server};

use super::Project;

/// The examples, all of them for Supabase's platform, each with one of its tables.
const EXAMPLES: [(&str, &str); 2] = [("echo_alpha", "deals"), ("jetvision", "leads")];

#[test]
fn a_restored_dump_of_each_example_has_no_drift() {
    let Some(pg_dump) = Server::shared().client_program("pg_dump") else {
        eprintln!("no pg_dump is installed beside the server programs");
        return;
    };
    for (example, table) in EXAMPLES {
        let live = Server::shared().database().unwrap();
        let mut client = live.connect().unwrap();
        client
            .batch_execute(model::platform::supabase_sql())
            .unwrap();
        let up = run(example, &live, &["migrate", "up"]);
        assert!(up.contains("exit 0"), "{up}");
        let seeded = run(example, &live, &["seed"]);
        assert!(seeded.contains("exit 0"), "{seeded}");

        let dump = Command::new(&pg_dump)
            .args(["-d", &live.url().expose()])
            .output()
            .unwrap();
        let why = String::from_utf8_lossy(&dump.stderr).into_owned();
        assert!(dump.status.success(), "{why}");
        let copy = Server::shared().database().unwrap();
        let mut psql = Command::new(pg_dump.with_file_name("psql"))
            .args(["-X", "-q", "-v", "ON_ERROR_STOP=1", "-d"])
            .arg(copy.url().expose().as_str())
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        psql.stdin.take().unwrap().write_all(&dump.stdout).unwrap();
        assert!(psql.wait().unwrap().success());

        let drift = run(example, &copy, &["drift"]);
        assert!(drift.contains("exit 0"), "{example}: {drift}");
        let mut moved = copy.connect().unwrap();
        let by_hand = format!("ALTER TABLE public.{table} ADD COLUMN by_hand text");
        moved.batch_execute(&by_hand).unwrap();
        let drift = run(example, &copy, &["drift"]);
        assert!(drift.contains("exit 1"), "{example}: {drift}");
    }
}

/// The command for that example, on that database.
fn run(example: &str, database: &Database, args: &[&str]) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples");
    let config = folder.join(example).join("pilaster.toml");
    let at = ["--config", config.to_str().unwrap()];
    let url = database.url().expose();
    Project::empty().run_with(&[&at, args].concat(), &[("DATABASE_URL", &url)])
}
