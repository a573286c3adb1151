//! What was found, table by table: asked once, and read by every cell.
//!
//! It belongs to one state of one database; whoever changes the database takes a new one.

use std::collections::BTreeMap;
use std::sync::{Arc, Condvar, Mutex, PoisonError};

use model::Id;

use super::{Answer, found, tables};
use crate::rows::{Bench, Stop};

/// The answers of each table.
#[derive(Default)]
pub(crate) struct Board {
    known: Mutex<BTreeMap<Id, Option<Arc<Answer>>>>,
    news: Condvar,
}

enum Turn {
    Known(Arc<Answer>),
    Ask(Id),
    Wait,
}

impl Board {
    /// The answer of that table. Where somebody else is asking for it, another table is asked for in
    /// the meantime.
    pub(crate) fn answer(&self, bench: &mut Bench, table: &Id) -> Result<Arc<Answer>, Stop> {
        let all = tables(&bench.schema());
        loop {
            match self.turn(table, &all) {
                Turn::Known(answer) => return Ok(answer),
                Turn::Ask(next) => {
                    let answer = apart(bench, &next);
                    let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
                    match answer {
                        Ok(answer) => known.insert(next, Some(Arc::new(answer))),
                        Err(stop) => {
                            known.remove(&next);
                            self.news.notify_all();
                            return Err(stop);
                        }
                    };
                    self.news.notify_all();
                }
                Turn::Wait => {
                    let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
                    let pause = std::time::Duration::from_millis(50);
                    drop(self.news.wait_timeout(known, pause));
                }
            }
        }
    }

    fn turn(&self, table: &Id, all: &[Id]) -> Turn {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let next = match known.get(table) {
            Some(Some(answer)) => return Turn::Known(Arc::clone(answer)),
            None => Some(table),
            Some(None) => all.iter().find(|id| !known.contains_key(*id)),
        };
        match next.cloned() {
            Some(next) => {
                known.insert(next.clone(), None);
                Turn::Ask(next)
            }
            None => Turn::Wait,
        }
    }
}

/// Asks for one table and undoes everything. The inner error says why its rows could not be made.
pub(super) fn apart(bench: &mut Bench, table: &Id) -> Result<Answer, Stop> {
    let answer = bench.undone(|bench| found(bench, table))?;
    match answer {
        Ok(found) => Ok(Ok(found)),
        Err(Stop::Fault(why)) => Err(Stop::Fault(why)),
        Err(Stop::Failed(why) | Stop::Undecided(why)) => Ok(Err(why)),
    }
}
