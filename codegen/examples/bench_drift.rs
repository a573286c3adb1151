//! `cargo run --release -p codegen --example bench_drift -- 1000 10000`: `pilaster drift` and
//! `pilaster pull` beside `pg_dump --schema-only`, on the same database, in one run.
//!
//! Each command is a process of its own, and its time is that of the whole process: the median of
//! several runs. Peak memory is what Linux says of the process, less what one uses that does nothing.

use std::ffi::OsString;
use std::fs;
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use codegen::bench;
use codegen::derived::between;
use conformance::server::{Database, Server};
use migrations::catalog::{ReadOptions, read};
use model::{Schema, Sources};

/// The word that makes this program the command itself.
const CHILD: &str = "--as-the-command";

fn main() -> ExitCode {
    let mut words = std::env::args_os().skip(1);
    let first = words.next();
    if first.as_deref() == Some(CHILD.as_ref()) {
        let code = codegen::run(std::iter::once(OsString::from("pilaster")).chain(words));
        eprintln!("peak {}", peak());
        return code;
    }
    let sizes: Vec<usize> = first
        .into_iter()
        .chain(words)
        .filter_map(|word| word.to_str()?.parse().ok())
        .collect();
    let sizes = if sizes.is_empty() { vec![1000] } else { sizes };
    let server = Server::shared();
    let pg_dump = server.client_program("pg_dump").expect("pg_dump");
    let mut clean: Option<(usize, Duration)> = None;
    for size in sizes {
        let bed = Bed::new(server, size);
        println!("{size} tables, {} objects", bed.objects);
        let mut dump = Command::new(&pg_dump);
        dump.args(["--schema-only", "-d", &bed.url]);
        let dump = bed.told("pg_dump --schema-only", None, || run(&mut dump, Some(0)));
        let ratio = |part: f64| Some((dump, part));
        bed.told("pilaster drift, nothing known", None, || bed.drift(&[], 0));
        bed.told("pilaster drift --record", None, || {
            bed.drift(&["--record"], 0)
        });
        let same = bed.told("pilaster drift, nothing to report", ratio(0.25), || {
            bed.drift(&[], 0)
        });
        if let Some((tables, time)) = clean {
            let times = same.as_secs_f64() / time.as_secs_f64();
            let more = size as f64 / tables as f64;
            println!(
                "  {times:.1} times that of {tables} tables; {:.1} is allowed",
                more * 1.2
            );
        }
        clean = clean.or(Some((size, same)));
        bed.told("pilaster pull", ratio(1.0), || bed.command(&["pull"], 0));
        bed.change();
        bed.told("pilaster drift, a tenth changed", ratio(0.5), || {
            bed.drift(&[], 1)
        });
    }
    ExitCode::SUCCESS
}

/// A database of that many tables, and the model of it.
struct Bed {
    dir: tempfile::TempDir,
    database: Database,
    url: String,
    objects: usize,
    idle: u64,
}

impl Bed {
    fn new(server: &Server, size: usize) -> Self {
        let text = bench::model(size);
        let mut sources = Sources::new();
        sources.add("model.pilaster", text.as_str());
        let model = model::load(&sources).0.schema;
        let plan = between(&Schema::default(), &model, false).expect("a plan");
        let database = server.database().expect("a database");
        let mut client = database.connect().expect("a connection");
        let platform = model::platform::supabase_sql();
        client.batch_execute(platform).expect("the platform");
        let statements: Vec<&str> = plan
            .steps
            .iter()
            .flat_map(|step| &step.statements)
            .map(|statement| statement.sql.as_str())
            .collect();
        // Each batch is a transaction, and a transaction has so many locks.
        for batch in statements.chunks(1000) {
            client.batch_execute(&batch.join(";\n")).expect("the model");
        }
        client.batch_execute("VACUUM ANALYZE").expect("statistics");
        let catalog = read(&mut client, &ReadOptions::without_platforms()).expect("the catalog");
        let bed = Bed {
            dir: tempfile::tempdir().expect("a folder"),
            url: database.url().expose(),
            database,
            objects: catalog.schema.len(),
            idle: 0,
        };
        fs::write(bed.dir.path().join("model.pilaster"), text).expect("a file");
        let idle = bed.command(&["drift", "--rules"], 0).1.unwrap_or(0);
        Bed { idle, ..bed }
    }

    /// Changes every tenth table by hand.
    fn change(&self) {
        let mut client = self.database.connect().expect("a connection");
        let query = "SELECT oid::regclass::text FROM pg_class WHERE relkind = 'r' \
            AND relnamespace = 'public'::regnamespace ORDER BY 1";
        let rows = client.query(query, &[]).expect("tables");
        for row in rows.iter().step_by(10) {
            let table: String = row.get(0);
            let sql = format!("ALTER TABLE {table} ADD added text, ALTER status SET DEFAULT 'new'");
            client.batch_execute(&sql).expect("a change");
        }
    }

    fn drift(&self, more: &[&str], code: i32) -> (Duration, Option<u64>) {
        let words = ["drift", "--model", "model.pilaster"];
        self.command(&[&words, more].concat(), code)
    }

    fn command(&self, words: &[&str], code: i32) -> (Duration, Option<u64>) {
        let own = std::env::current_exe().expect("this program");
        let mut command = Command::new(own);
        command.arg(CHILD).args(words).current_dir(self.dir.path());
        command.env("DATABASE_URL", &self.url);
        run(&mut command, Some(code))
    }

    /// Runs it several times, and tells what it took beside what it may take.
    fn told(
        &self,
        name: &str,
        limit: Option<(Duration, f64)>,
        mut work: impl FnMut() -> (Duration, Option<u64>),
    ) -> Duration {
        let rounds = if limit.is_some() || name.starts_with("pg_dump") {
            5
        } else {
            1
        };
        let mut runs: Vec<_> = (0..rounds).map(|_| work()).collect();
        runs.sort();
        let (time, peak) = runs[runs.len() / 2];
        print!("  {name:36} {:>8.0} ms", time.as_secs_f64() * 1000.0);
        if let Some((dump, part)) = limit {
            let has = time.as_secs_f64() / dump.as_secs_f64();
            print!("  {has:.2} of pg_dump, {part:.2} is allowed");
        }
        if let Some(peak) = peak {
            let text = fs::metadata(self.dir.path().join("model.pilaster")).map_or(0, |m| m.len());
            let own = peak.saturating_sub(self.idle + text / 1024);
            print!("  {:.2} KiB an object", own as f64 / self.objects as f64);
        }
        println!();
        time
    }
}

/// How long it ran, and its peak of memory in KiB where it says so.
fn run(command: &mut Command, code: Option<i32>) -> (Duration, Option<u64>) {
    let start = Instant::now();
    let output = command.stdout(Stdio::piped()).output().expect("a program");
    let time = start.elapsed();
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), code, "{said}");
    let peak = said.lines().find_map(|line| line.strip_prefix("peak "));
    (time, peak.and_then(|peak| peak.parse().ok()))
}

/// The most memory that this process has used, in KiB; 0 where the system doesn't say.
fn peak() -> u64 {
    let status = fs::read_to_string(Path::new("/proc/self/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let number = line.and_then(|line| line.split_whitespace().next());
    number.and_then(|number| number.parse().ok()).unwrap_or(0)
}
