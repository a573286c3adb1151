//! How long a migration waits for a lock, how often it tries again, how long a statement may run.
//!
//! A statement that waits for a strong lock makes everybody queue behind it, so a unit gives up
//! soon, lets the others through, and comes back. It never bounds statements outside a transaction:
//! those are there because they let others work, and wait for old transactions by design.

use std::time::Duration;

use postgres::error::SqlState;

use super::ApplyError;

/// Limits for the units of a migration that run in a transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// `lock_timeout`; zero waits without end.
    pub lock: Duration,
    /// How many times a unit that did not get its locks is tried again.
    pub retries: u32,
    /// `statement_timeout`; zero, the default, lets a statement run: to validate a constraint of a
    /// large table takes long and hinders nobody.
    pub statement: Duration,
    /// How long the other side may be silent where it should not be, before the connection counts as
    /// lost: the server gives up a session that asks nothing in the middle of its work, and whoever
    /// watches gives up a server that does not answer. Zero waits without end.
    pub silence: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Patience {
            lock: Duration::from_secs(3),
            retries: 10,
            statement: Duration::ZERO,
            silence: Duration::from_secs(60),
        }
    }
}

impl Patience {
    /// The settings of a unit's transaction. They stand over what the role or the database has set.
    pub(super) fn settings(&self) -> String {
        format!(
            "SET LOCAL lock_timeout = {}; SET LOCAL statement_timeout = {}",
            self.lock.as_millis(),
            self.statement.as_millis()
        )
    }

    /// How long to let others through before the next try: longer each time, half a minute at most.
    pub(super) fn pause(&self, attempt: u32) -> Duration {
        (self.lock * attempt).min(Duration::from_secs(30))
    }
}

/// Whether the unit only came at the wrong moment: its locks were held, or it met a deadlock.
pub(super) fn is_passing(error: &ApplyError) -> bool {
    let ApplyError::Refused { source, .. } = error else {
        return false;
    };
    let passing = [
        SqlState::LOCK_NOT_AVAILABLE,
        SqlState::T_R_DEADLOCK_DETECTED,
    ];
    source.code().is_some_and(|state| passing.contains(state))
}
