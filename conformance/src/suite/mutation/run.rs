//! Each mutant in turn on a database of the thread's own: weakened, checked, rolled back.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, OnceLock, mpsc};
use std::time::Instant;

use model::{Kind, Schema};

use super::sound::Sound;
use super::{Fate, Mutant, Verdict, equal};
use crate::checks::{Check, Family, checks};
use crate::reach;
use crate::rows::{Bench, Stop};
use crate::suite::drift::differences;
use crate::suite::{Ground, GroundError};

/// Held while a role is altered.
static ROLES: Mutex<()> = Mutex::new(());

/// Puts each mutant to the checks, those of its own object and table first, and stops at the first
/// that fails; a mutant of access to the checks of access alone, what somebody can do before what
/// the server's lists say. `each` sees the verdicts as they come; they are returned in the order of the mutants.
///
/// A check that does not pass on the unweakened database kills nothing.
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
    let work = Work {
        ground,
        sound: Sound::new(checks(&ground.subject().schema)),
        plain: OnceLock::new(),
    };
    let threads = std::thread::available_parallelism()
        .map_or(1, |n| n.get())
        .min(mutants.len())
        .max(1);
    let next = AtomicUsize::new(0);
    let (send, receive) = mpsc::channel();
    let mut verdicts: Vec<Option<Verdict>> = vec![None; mutants.len()];
    std::thread::scope(|scope| {
        for _ in 0..threads {
            let (send, next, work) = (send.clone(), &next, &work);
            scope.spawn(move || {
                let mut bench = None;
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    let Some(mutant) = mutants.get(at) else { break };
                    let start = Instant::now();
                    let fate = work.fate(&mut bench, mutant);
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

/// What is shared by the threads.
struct Work<'a> {
    ground: &'a Ground,
    sound: Sound,
    /// The catalog as the model wants it, once somebody had to ask.
    plain: OnceLock<Schema>,
}

/// What the checks said of a mutant.
enum Said {
    /// The check of that number failed.
    Failed(usize, String),
    /// None did, and the catalog shows no difference either.
    Same,
    /// None did.
    Nothing,
}

impl Work<'_> {
    fn fate(&self, bench: &mut Option<Bench>, mutant: &Mutant) -> Fate {
        let ready = match bench {
            Some(ready) => ready,
            None => match self.ground.bench() {
                Ok(new) => bench.insert(new),
                Err(error) => return Fate::Fault(error.to_string()),
            },
        };
        // Roles belong to the server: two transactions that alter one would wait for each other.
        let _alone = (mutant.subject.kind == Kind::Role).then(|| ROLES.lock());
        self.judge(ready, mutant).unwrap_or_else(|stop| {
            let (Stop::Failed(why) | Stop::Undecided(why) | Stop::Fault(why)) = stop;
            *bench = None;
            Fate::Fault(why)
        })
    }

    fn judge(&self, bench: &mut Bench, mutant: &Mutant) -> Result<Fate, Stop> {
        // What acts on other tables is the last to notice a change of access here: before that,
        // the server is asked whether there is anything to notice.
        let last = match mutant.access {
            true => Turn::FarActing,
            false => Turn::Never,
        };
        if let Some(fate) = self.ask(bench, mutant, |turn| turn < last, true)? {
            return Ok(fate);
        }
        if !mutant.access {
            let plain = self.plain()?;
            let reason = equal::reason(bench, mutant, plain)?;
            return Ok(reason.map_or(Fate::Survived, Fate::Equivalent));
        }
        let equivalent = equivalence(bench, mutant)?;
        if equivalent != Fate::Survived {
            return Ok(equivalent);
        }
        let far = self.ask(bench, mutant, |turn| turn == last, false)?;
        Ok(far.unwrap_or(Fate::Survived))
    }

    /// What the checks of those turns say, until one fails that passes without the mutant.
    fn ask(
        &self,
        bench: &mut Bench,
        mutant: &Mutant,
        wanted: impl Fn(Turn) -> bool,
        catalog: bool,
    ) -> Result<Option<Fate>, Stop> {
        loop {
            let mut order: Vec<(Turn, usize, &Check)> = self
                .sound
                .checks()
                .into_iter()
                .filter(|(_, check)| !mutant.access || check.family == Family::Access)
                .map(|(at, check)| (turn(check, mutant), at, check))
                .filter(|(turn, ..)| wanted(*turn))
                .collect();
            order.sort_by_key(|(turn, at, _)| (*turn, *at));
            let said = bench.weakened(&mutant.sql, |bench| {
                for (_, at, check) in &order {
                    if let Err(Stop::Failed(why) | Stop::Fault(why)) = check.run(bench) {
                        return Ok(Said::Failed(*at, why));
                    }
                }
                match catalog && self.same_catalog(bench)? {
                    true => Ok(Said::Same),
                    false => Ok(Said::Nothing),
                }
            })?;
            match said {
                Err(refusal) => return Ok(Some(Fate::Refused(refusal.to_string()))),
                Ok(Said::Nothing) => return Ok(None),
                Ok(Said::Same) => {
                    let reason = "the catalog is the same with it as without it";
                    return Ok(Some(Fate::Equivalent(reason.into())));
                }
                Ok(Said::Failed(at, why)) => {
                    if self.sound.holds(at, bench) {
                        let own = order.iter().find(|(_, number, _)| *number == at);
                        return Ok(own.map(|(_, _, check)| Fate::Killed {
                            by: check.name.clone(),
                            why,
                            acting: !check.compares_lists(),
                        }));
                    }
                }
            }
        }
    }

    /// Whether the catalog shows nothing of the weakening.
    fn same_catalog(&self, bench: &mut Bench) -> Result<bool, Stop> {
        let weakened = bench.read_catalog()?;
        Ok(differences(&weakened, self.plain()?).is_empty())
    }

    /// The catalog as the model wants it.
    fn plain(&self) -> Result<&Schema, Stop> {
        if let Some(plain) = self.plain.get() {
            return Ok(plain);
        }
        let read = self.ground.bench().map_err(Stop::from)?.read_catalog()?;
        Ok(self.plain.get_or_init(|| read))
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

/// When a check is asked: the sooner, the likelier it notices.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Turn {
    /// By how far its subject is from what was weakened.
    Near(u8),
    /// Of access: a list of another object is compared.
    FarLists,
    /// Of access: somebody acts on the rows of another table.
    FarActing,
    /// No check has this one.
    Never,
}

fn turn(check: &Check, mutant: &Mutant) -> Turn {
    let (of, at) = (&check.subject, &mutant.subject);
    let same_table = of.schema == at.schema && of.name == at.name;
    if mutant.access {
        return match (same_table, check.compares_lists()) {
            // What somebody can do is the better witness.
            (true, false) => Turn::Near(0),
            (true, true) => Turn::Near(1),
            (false, true) => Turn::FarLists,
            (false, false) => Turn::FarActing,
        };
    }
    Turn::Near(match () {
        () if of == at => 0,
        () if same_table && of.part == at.part => 1,
        () if same_table && of.kind == at.kind => 2,
        () if same_table => 3,
        () => 4,
    })
}
