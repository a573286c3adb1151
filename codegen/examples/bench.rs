//! `cargo run --release -p codegen --example bench -- 100 1000 10000`: how long each stage of the
//! command takes on models of so many tables, beside what it should take for 1000.
//!
//! Words beside the numbers choose the stages whose names hold one of them. Processor time stands
//! in parentheses: on a busy machine it is what two runs can be compared by.

use std::fs;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use codegen::args::Format;
use codegen::config::Project;
use codegen::console::Console;
use codegen::derived::{Wanted, between, derive};
use codegen::source::Source;
use codegen::{bench, emit};
use model::{Model, Schema, Sources, syntax};

/// What a stage measured: the median of its runs, and the processor's time of one.
type Measured = (Duration, Duration);

fn main() {
    let (sizes, words): (Vec<String>, Vec<String>) = std::env::args()
        .skip(1)
        .partition(|a| a.parse::<usize>().is_ok());
    let mut sizes: Vec<usize> = sizes.iter().filter_map(|n| n.parse().ok()).collect();
    if sizes.is_empty() {
        sizes.push(1000);
    }
    let chosen = |name: &str| words.is_empty() || words.iter().any(|w| name.contains(w.as_str()));
    print!("{:32}", "milliseconds (of processor)");
    sizes
        .iter()
        .for_each(|n| print!("{:>20}", format!("{n} tables")));
    println!("{:>20}", "wanted for 1000");
    let beds: Vec<Bed> = sizes.iter().map(|tables| Bed::new(*tables)).collect();
    for (name, wanted, stage) in STAGES {
        if !chosen(name) {
            continue;
        }
        print!("{name:32}");
        for bed in &beds {
            let (wall, cpu) = stage(bed);
            let ms = |t: Duration| t.as_secs_f64() * 1000.0;
            print!("{:>20}", format!("{:.1} ({:.1})", ms(wall), ms(cpu)));
        }
        println!(
            "{:>20}",
            if *wanted > 0 {
                format!("< {wanted}")
            } else {
                String::new()
            }
        );
    }
}

/// A stage's name, how often it runs, and what is measured.
type Stage = (&'static str, u32, fn(&Bed) -> Measured);

/// The stages, each with the most milliseconds it should take for 1000 tables.
const STAGES: &[Stage] = &[
    ("parse", 0, |bed| measure(|| (), |()| bed.parsed().len())),
    ("resolve", 0, |bed| {
        measure(
            || bed.parsed(),
            |files| model::resolve(files).0.schema.len(),
        )
    }),
    ("lay out", 0, |bed| {
        measure(
            || (),
            |()| model::fmt(&bed.old).map_or(0, |text| text.len()),
        )
    }),
    ("plan, all", 0, |bed| {
        bed.plan(Schema::default(), loaded(&bed.old).schema)
    }),
    ("plan, a tenth changed", 0, |bed| {
        bed.plan(loaded(&bed.old).schema, loaded(&bed.new).schema)
    }),
    ("plan, nothing changed", 0, |bed| {
        bed.plan(loaded(&bed.old).schema, loaded(&bed.old).schema)
    }),
    ("emit Rust", 0, |bed| {
        let schema = loaded(&bed.old).schema;
        measure(
            || (),
            |()| emit::rust(&schema, &emit::Options::default()).len(),
        )
    }),
    ("first generate, SQL only", 100, |bed| {
        measure(|| bed.clear(), |()| bed.generate(false))
    }),
    ("first generate, SQL and Rust", 300, |bed| {
        measure(|| bed.clear(), |()| bed.generate(true))
    }),
    ("generate with nothing to do", 100, |bed| {
        bed.clear();
        bed.generate(true);
        measure(|| (), |()| bed.generate(true))
    }),
    ("diff, a tenth changed", 150, |bed| {
        measure(|| (), |()| bed.diff("new.pilaster"))
    }),
    ("diff, a tenth renamed", 150, |bed| {
        measure(|| (), |()| bed.diff("renamed.pilaster"))
    }),
];

/// A folder with two models in it, and one for each run that begins with nothing: a file system may
/// be slow to make what was removed a moment ago.
struct Bed {
    dir: tempfile::TempDir,
    round: AtomicUsize,
    old: String,
    new: String,
    console: Console,
}

impl Bed {
    fn new(tables: usize) -> Self {
        let bed = Bed {
            dir: tempfile::tempdir().expect("a folder for temporary files"),
            round: AtomicUsize::new(0),
            old: bench::model(tables),
            new: bench::a_tenth_changed(tables),
            console: Console::new(Format::Human),
        };
        fs::write(bed.path("old.pilaster"), &bed.old).expect("a file can be written");
        fs::write(bed.path("renamed.pilaster"), bench::a_tenth_renamed(tables))
            .expect("a file can be written");
        fs::write(bed.path("new.pilaster"), &bed.new).expect("a file can be written");
        bed
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn parsed(&self) -> Vec<syntax::tree::File> {
        let sources = sources(&self.old);
        let files = sources.files();
        files
            .map(|(id, _, text)| syntax::parse(text, id).0)
            .collect()
    }

    fn plan(&self, from: Schema, to: Schema) -> Measured {
        let plan = || between(&from, &to, true).expect("a plan").sql().len();
        measure(|| (), |()| plan())
    }

    /// A new folder with the model and nothing else.
    fn clear(&self) {
        self.round.fetch_add(1, Ordering::Relaxed);
        fs::create_dir(self.root()).expect("a folder can be made");
        fs::write(self.root().join("old.pilaster"), &self.old).expect("a file can be written");
    }

    fn root(&self) -> PathBuf {
        self.path(&self.round.load(Ordering::Relaxed).to_string())
    }

    fn generate(&self, rust: bool) -> usize {
        let project = project(&self.root(), rust);
        let derived = match derive(&project, &Wanted::default(), &self.console) {
            Ok(derived) => derived,
            Err(stopped) => panic!("{stopped:?}"),
        };
        let changes = derived
            .files
            .compare(&derived.swept)
            .expect("files can be read");
        changes.write().expect("files can be written");
        changes.changes.len()
    }

    fn diff(&self, later: &str) -> usize {
        let read = |name| Source::Model(vec![self.path(name)]).schema(&self.console);
        let (from, to) = std::thread::scope(|scope| {
            let from = scope.spawn(|| read("old.pilaster"));
            let to = read(later);
            (from.join().expect("no panic"), to)
        });
        let (from, to) = (from.expect("a model"), to.expect("a model"));
        between(&from, &to, true).expect("a plan").sql().len()
    }
}

fn sources(text: &str) -> Sources {
    let mut sources = Sources::new();
    sources.add("bench.pilaster", text);
    sources
}

fn loaded(text: &str) -> Model {
    model::load(&sources(text)).0
}

/// Runs the work at least five times, longer where it is short; `prepare` is not counted.
fn measure<I, O>(mut prepare: impl FnMut() -> I, mut work: impl FnMut(I) -> O) -> Measured {
    let rounds = match std::env::var("ROUNDS") {
        Ok(n) => n.parse().expect("ROUNDS is a number"),
        Err(_) => 5,
    };
    let enough = Duration::from_millis(if rounds < 5 { 0 } else { 300 });
    let (mut times, mut processor) = (Vec::new(), Duration::ZERO);
    while times.len() < rounds || (times.iter().sum::<Duration>() < enough && times.len() < 100) {
        let input = prepare();
        let (start, before) = (Instant::now(), processor_time());
        black_box(work(input));
        times.push(start.elapsed());
        processor += processor_time().saturating_sub(before);
    }
    times.sort();
    (times[times.len() / 2], processor / times.len() as u32)
}

/// What Linux says this process has used, in its ticks of ten milliseconds; nothing elsewhere.
fn processor_time() -> Duration {
    let text = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // The command's name stands in parentheses and may hold blanks; user and system time are the
    // fourteenth and fifteenth word of all.
    let words = text
        .rsplit(')')
        .next()
        .unwrap_or_default()
        .split_whitespace();
    let ticks: u64 = words
        .skip(11)
        .take(2)
        .filter_map(|t| t.parse::<u64>().ok())
        .sum();
    Duration::from_millis(ticks * 10)
}

fn project(root: &Path, rust: bool) -> Project {
    Project {
        title: String::new(),
        name: "bench".into(),
        root: root.to_path_buf(),
        model: vec![root.join("old.pilaster")],
        migrations: root.join("migrations"),
        rust: rust.then(|| root.join("src/db.rs")),
        json_schema: None,
        typescript: None,
        docs: None,
        test: Default::default(),
        migrate: Default::default(),
        lint: Default::default(),
    }
}
