//! Each mutant in turn on a database of the thread's own: weakened, checked, rolled back.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, mpsc};
use std::time::Instant;

use model::{Id, Kind};

use super::{Fate, Mutant, Verdict};
use crate::checks::{Check, checks};
use crate::reach;
use crate::rows::{Bench, Stop};
use crate::suite::drift::differences;
use crate::suite::{Ground, GroundError, Outcome, Test};

/// Held while a role is altered.
static ROLES: Mutex<()> = Mutex::new(());

/// Puts each mutant to the checks, those of its own object and table first, and stops at the first
/// that fails. `each` sees the verdicts as they come; they are returned in the order of the mutants.
///
/// Checks that do not pass on the unweakened database are left out, so they kill nothing.
///
/// # Errors
///
/// [`GroundError`] where the databases can't be made, or where one database was given by its
/// address: it is not the suite's to weaken.
pub fn run(
    ground: &Ground,
    mutants: &[Mutant],
    mut each: impl FnMut(&Verdict),
) -> Result<Vec<Verdict>, GroundError> {
    if ground.is_shared() {
        return Err(GroundError::Apply {
            script: "a weakening".into(),
            reason: "a database that was given by its address is never weakened; \
                     let the suite start a server of its own"
                .into(),
        });
    }
    // A ground that does not bear a single bench would leave no check, and every mutant alive.
    drop(ground.bench()?);
    let sound = sound_checks(ground);
    let threads = std::thread::available_parallelism()
        .map_or(1, |n| n.get())
        .min(mutants.len())
        .max(1);
    let next = AtomicUsize::new(0);
    let (send, receive) = mpsc::channel();
    let mut verdicts: Vec<Option<Verdict>> = vec![None; mutants.len()];
    std::thread::scope(|scope| {
        for _ in 0..threads {
            let (send, next, sound) = (send.clone(), &next, &sound);
            scope.spawn(move || {
                let mut bench = None;
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    let Some(mutant) = mutants.get(at) else { break };
                    let start = Instant::now();
                    let fate = fate(ground, &mut bench, sound, mutant);
                    let verdict = Verdict {
                        mutant: mutant.clone(),
                        fate,
                        time: start.elapsed(),
                        origin: None,
                    };
                    if send.send((at, verdict)).is_err() {
                        break;
                    }
                }
            });
        }
        drop(send);
        for (at, verdict) in receive {
            each(&verdict);
            verdicts[at] = Some(verdict);
        }
    });
    Ok(verdicts.into_iter().flatten().collect())
}

/// The checks that pass on the database as the model wants it.
fn sound_checks(ground: &Ground) -> Vec<Check> {
    let all = checks(&ground.subject().schema);
    let tests: Vec<Test> = all.iter().cloned().map(Test::Bench).collect();
    let answers = crate::suite::run(ground, &tests, |_| {});
    all.into_iter()
        .zip(answers)
        .filter(|(_, answer)| answer.outcome == Outcome::Passed)
        .map(|(check, _)| check)
        .collect()
}

fn fate(ground: &Ground, bench: &mut Option<Bench>, sound: &[Check], mutant: &Mutant) -> Fate {
    let ready = match bench {
        Some(ready) => ready,
        None => match ground.bench() {
            Ok(new) => bench.insert(new),
            Err(error) => return Fate::Fault(error.to_string()),
        },
    };
    let mut order: Vec<&Check> = sound.iter().collect();
    order.sort_by_key(|check| distance(&check.subject, &mutant.subject));
    // Roles belong to the server: two transactions that alter one would wait for each other.
    let _alone = (mutant.subject.kind == Kind::Role).then(|| ROLES.lock());
    let fate = ready.weakened(&mutant.sql, |bench| {
        for check in order {
            match check.run(bench) {
                Ok(()) | Err(Stop::Undecided(_)) => {}
                Err(Stop::Failed(why) | Stop::Fault(why)) => {
                    let by = check.name.clone();
                    return Ok(Fate::Killed { by, why });
                }
            }
        }
        same_catalog(ground, bench)
    });
    let fate = match fate {
        Ok(Ok(Fate::Survived)) if mutant.access => equivalence(ready, mutant).map(Ok),
        fate => fate,
    };
    match fate {
        Ok(Ok(fate)) => fate,
        Ok(Err(refusal)) => Fate::Refused(refusal.to_string()),
        Err(Stop::Failed(why) | Stop::Undecided(why) | Stop::Fault(why)) => {
            *bench = None;
            Fate::Fault(why)
        }
    }
}

/// A weakening of access after which every role reaches what it did before changed nothing: the
/// server was asked, as each role, on rows that each policy lets pass and on others.
fn equivalence(bench: &mut Bench, mutant: &Mutant) -> Result<Fate, Stop> {
    let (changes, answers) = reach::changed_by(bench, &mutant.sql)?;
    Ok(match changes.is_empty() {
        true => Fate::Equivalent(format!(
            "every role reaches the same rows and has the same rights with it as without it \
             ({answers} answers of the server compared)"
        )),
        false => Fate::Survived,
    })
}

/// How far a check's subject is from what was weakened.
fn distance(check: &Id, mutant: &Id) -> u8 {
    let same_table = check.schema == mutant.schema && check.name == mutant.name;
    match () {
        () if check == mutant => 0,
        () if same_table && check.part == mutant.part => 1,
        () if same_table && check.kind == mutant.kind => 2,
        () if same_table => 3,
        () => 4,
    }
}

/// A weakening that the catalog does not show changed nothing.
fn same_catalog(ground: &Ground, bench: &mut Bench) -> Result<Fate, Stop> {
    let weakened = bench.read_catalog()?;
    let mut plain = ground.bench().map_err(Stop::from)?;
    let before = plain.read_catalog()?;
    Ok(match differences(&weakened, &before).is_empty() {
        true => Fate::Equivalent("the catalog is the same with it as without it".into()),
        false => Fate::Survived,
    })
}
