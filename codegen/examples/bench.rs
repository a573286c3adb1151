//! `cargo run --release -p codegen --example bench -- 1000`: how long the command's work takes on a
//! model of that many tables, reading and writing included, beside what it should take.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use codegen::args::Format;
use codegen::bench;
use codegen::config::Project;
use codegen::console::Console;
use codegen::derived::{Wanted, between, derive};
use codegen::source::Source;

const ROUNDS: usize = 7;

fn main() {
    let tables = std::env::args()
        .nth(1)
        .and_then(|n| n.parse().ok())
        .unwrap_or(1000);
    let console = Console::new(Format::Human);
    let dir = tempfile::tempdir().expect("a folder for temporary files");
    let (old, new) = (
        dir.path().join("old.pilaster"),
        dir.path().join("new.pilaster"),
    );
    fs::write(&old, bench::model(tables)).expect("a file can be written");
    fs::write(&new, bench::a_tenth_changed(tables)).expect("a file can be written");
    println!("{tables} tables, the median of {ROUNDS} runs");

    let generate = |rust: bool| {
        let project = project(dir.path(), rust);
        let derived = match derive(&project, &Wanted::default(), &console) {
            Ok(derived) => derived,
            Err(stopped) => panic!("{stopped:?}"),
        };
        let changes = derived
            .files
            .compare(&derived.swept)
            .expect("files can be read");
        changes.write().expect("files can be written");
        changes.changes.len()
    };
    let fresh = || {
        let _ = fs::remove_dir_all(dir.path().join("migrations"));
        let _ = fs::remove_dir_all(dir.path().join("src"));
    };
    report("first generate, SQL only", 100, fresh, || generate(false));
    report("first generate, SQL and Rust", 300, fresh, || {
        generate(true)
    });
    report("generate with nothing to do", 100, || (), || generate(true));
    let source = |path: &Path| Source::Model(vec![path.to_path_buf()]);
    report(
        "diff, a tenth changed",
        150,
        || (),
        || {
            let (from, to) = std::thread::scope(|scope| {
                let from = scope.spawn(|| source(&old).schema(&console));
                let to = source(&new).schema(&console);
                (from.join().expect("no panic"), to)
            });
            let (from, to) = (from.expect("a model"), to.expect("a model"));
            between(&from, &to, true).expect("a plan").sql().len()
        },
    );
}

fn report(what: &str, limit: u64, mut prepare: impl FnMut(), mut work: impl FnMut() -> usize) {
    let mut times: Vec<Duration> = (0..ROUNDS)
        .map(|_| {
            prepare();
            let start = Instant::now();
            std::hint::black_box(work());
            start.elapsed()
        })
        .collect();
    times.sort();
    let median = times[ROUNDS / 2].as_secs_f64() * 1000.0;
    println!("{what:32} {median:8.1} ms   (wanted for 1000 tables: less than {limit} ms)");
}

fn project(root: &Path, rust: bool) -> Project {
    Project {
        name: "bench".into(),
        root: root.to_path_buf(),
        model: vec![root.join("old.pilaster")],
        migrations: root.join("migrations"),
        rust: rust.then(|| root.join("src/db.rs")),
        json_schema: None,
        docs: None,
        test: Default::default(),
        migrate: Default::default(),
        lint: Default::default(),
    }
}
