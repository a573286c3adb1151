//! The suite as Rust tests: listed, filtered and run like any other.

use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};

use libtest_mimic::{Arguments, Failed, Trial};

use super::{Ground, Outcome, Test};
use crate::rows::Bench;

/// Runs the tests under `cargo test`'s own command line: one trial a check.
///
/// A check that stays undecided fails here: a project's own suite should know all its answers.
pub fn harness(grounds: Vec<(Arc<Ground>, Vec<Test>)>) -> ExitCode {
    let arguments = Arguments::from_args();
    let mut trials = Vec::new();
    for (ground, tests) in grounds {
        let benches: Arc<Mutex<Vec<Bench>>> = Arc::default();
        for test in tests.into_iter().filter(|test| test.is_for(&ground)) {
            let name = format!("{} · {}", ground.subject().name, test.name());
            let family = test.family().word();
            let (ground, benches) = (Arc::clone(&ground), Arc::clone(&benches));
            trials
                .push(Trial::test(name, move || trial(&ground, &benches, &test)).with_kind(family));
        }
    }
    libtest_mimic::run(&arguments, trials).exit_code()
}

/// Takes a bench that is free, or sets one up, and returns it for the next trial.
fn trial(ground: &Ground, benches: &Mutex<Vec<Bench>>, test: &Test) -> Result<(), Failed> {
    let mut bench = benches.lock().unwrap_or_else(PoisonError::into_inner).pop();
    let answer = test.answer(ground, &mut bench);
    benches
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .extend(bench);
    match answer.outcome {
        Outcome::Passed => Ok(()),
        Outcome::Failed(why) => Err(why.into()),
        Outcome::Undecided(why) => Err(format!("undecided: {why}").into()),
        Outcome::Fault(why) => Err(format!("the check could not be carried out: {why}").into()),
    }
}
