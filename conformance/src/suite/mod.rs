//! The suite: every check of a model, run against a server, with the answers in order.
//!
//! It never decides what a check means; it provides the database, runs, and gathers.

mod client;
mod drift;
mod ground;
mod harness;
pub mod mutation;
mod report;
mod restore;
mod rollback;
mod subject;
pub mod verify;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use model::schema::Schema;
use model::{FileId, Name, Sources};

use crate::checks::{Check, Family, beside, checks};
use crate::rows::{Bench, Stop};

pub use ground::{Ground, GroundError};
pub use harness::harness;
pub use report::{Counts, human, json, junit};
pub use subject::ReadError;

/// What is put to the proof: a model, and the history that is said to arrive at it.
#[derive(Clone)]
pub struct Subject {
    /// The project's name, as it stands in reports.
    pub name: String,
    /// The model.
    pub schema: Arc<Schema>,
    /// Where the model's unqualified names live.
    pub default_schema: Name,
    /// What must be there before the first migration: a platform's roles and functions, as SQL.
    pub platform: String,
    /// The text of the model, where it is known: failures then name their places.
    pub sources: Option<Arc<Sources>>,
    /// The migrations in order. Empty where there is no history: the model's own plan is used.
    pub migrations: Vec<Migration>,
}

/// One migration's scripts.
#[derive(Clone, Debug)]
pub struct Migration {
    /// The folder's name, such as `0001_initial`.
    pub name: String,
    /// The way up.
    pub up: String,
    /// The way down.
    pub down: String,
}

/// What a check came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The database does what the model says.
    Passed,
    /// It does not.
    Failed(String),
    /// No row could be found that would show it either way.
    Undecided(String),
    /// The check itself could not be carried out.
    Fault(String),
}

/// One check's answer.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The check's name.
    pub name: String,
    /// The object whose promise was checked.
    pub subject: model::Id,
    /// What it is about.
    pub family: Family,
    /// What it came to.
    pub outcome: Outcome,
    /// How long it took.
    pub time: Duration,
}

/// A test of the suite: a check on a bench, or one that needs databases of its own.
#[derive(Clone)]
pub enum Test {
    /// Runs in a transaction that is rolled back.
    Bench(Check),
    /// Makes databases, and so is left out where only one database was given.
    Ground(GroundTest),
}

type GroundRun = dyn Fn(&Ground) -> Result<(), Stop> + Send + Sync;

/// A test that makes databases of its own.
#[derive(Clone)]
pub struct GroundTest {
    name: String,
    subject: model::Id,
    family: Family,
    /// Client programs without which it is left out.
    needs: &'static [&'static str],
    run: Arc<GroundRun>,
}

impl Test {
    /// A name that a person can read.
    pub fn name(&self) -> &str {
        match self {
            Test::Bench(check) => &check.name,
            Test::Ground(test) => &test.name,
        }
    }

    /// What it is about.
    pub fn family(&self) -> Family {
        match self {
            Test::Bench(check) => check.family,
            Test::Ground(test) => test.family,
        }
    }

    /// Whether it is for that ground: a database of somebody else's is neither altered nor has it a
    /// server of ours, and not every machine has PostgreSQL's client programs.
    pub fn is_for(&self, ground: &Ground) -> bool {
        match (self, ground.server()) {
            (Test::Bench(check), None) => !check.alters(),
            (Test::Bench(_), Some(_)) => true,
            (Test::Ground(_), None) => false,
            (Test::Ground(test), Some(server)) => {
                let mut needs = test.needs.iter();
                needs.all(|program| server.client_program(program).is_some())
            }
        }
    }

    fn subject(&self) -> &model::Id {
        match self {
            Test::Bench(check) => &check.subject,
            Test::Ground(test) => &test.subject,
        }
    }

    /// Where the model says what was meant.
    fn place(&self, ground: &Ground) -> Option<String> {
        let Test::Bench(check) = self else {
            return None;
        };
        let sources = ground.subject().sources.as_ref()?;
        let place = check.place?;
        let (line, _) = sources.line_column(place);
        let path = sources.path(FileId(place.file));
        Some(format!("{}:{line}", path.display()))
    }

    fn answer(&self, ground: &Ground, bench: &mut Option<Bench>) -> Answer {
        let start = Instant::now();
        let result = match self {
            Test::Ground(test) => (test.run)(ground),
            Test::Bench(check) => on_bench(ground, bench, check),
        };
        let outcome = match result {
            Ok(()) => Outcome::Passed,
            Err(Stop::Failed(why)) => Outcome::Failed(match self.place(ground) {
                Some(place) => format!("{why}\nmeant at {place}"),
                None => why,
            }),
            Err(Stop::Undecided(why)) => Outcome::Undecided(why),
            Err(Stop::Fault(why)) => Outcome::Fault(why),
        };
        Answer {
            name: self.name().to_owned(),
            subject: self.subject().clone(),
            family: self.family(),
            outcome,
            time: start.elapsed(),
        }
    }
}

/// Runs a check on the bench, which is set up for the first one and after a fault.
fn on_bench(ground: &Ground, bench: &mut Option<Bench>, check: &Check) -> Result<(), Stop> {
    let ready = match bench {
        Some(ready) => ready,
        None => bench.insert(ground.bench().map_err(|e| Stop::Fault(e.to_string()))?),
    };
    let result = check.run(ready);
    if matches!(result, Err(Stop::Fault(_))) {
        *bench = None;
    }
    result
}

/// Every test of the subject whose name or family contains `filter`, in order.
pub fn tests(subject: &Subject, filter: Option<&str>) -> Vec<Test> {
    let of_model = checks(&subject.schema).into_iter();
    let of_model = of_model.chain(beside(&subject.schema));
    let mut found: Vec<Test> = of_model.map(Test::Bench).collect();
    rollback::tests(subject, &mut found);
    drift::tests(subject, &mut found);
    restore::tests(subject, &mut found);
    let wanted = |test: &Test| {
        filter.is_none_or(|text| test.name().contains(text) || test.family().word().contains(text))
    };
    found.retain(wanted);
    found
}

/// Runs the tests on as many threads as there are cores, each with a database of its own, and
/// returns the answers in the order of the tests, without those that are not for this ground. `each`
/// sees them as they come.
pub fn run(ground: &Ground, tests: &[Test], mut each: impl FnMut(&Answer)) -> Vec<Answer> {
    let tests: Vec<&Test> = tests.iter().filter(|test| test.is_for(ground)).collect();
    let threads = std::thread::available_parallelism()
        .map_or(1, |n| n.get())
        .min(tests.len());
    let threads = if ground.is_shared() {
        1
    } else {
        threads.max(1)
    };
    let next = AtomicUsize::new(0);
    let (send, receive) = mpsc::channel();
    let mut answers: Vec<Option<Answer>> = vec![None; tests.len()];
    std::thread::scope(|scope| {
        for _ in 0..threads {
            let (send, next, tests) = (send.clone(), &next, &tests);
            scope.spawn(move || {
                let mut bench = None;
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    let Some(test) = tests.get(at) else { break };
                    if send.send((at, test.answer(ground, &mut bench))).is_err() {
                        break;
                    }
                }
            });
        }
        drop(send);
        for (at, answer) in receive {
            each(&answer);
            answers[at] = Some(answer);
        }
    });
    answers.into_iter().flatten().collect()
}
