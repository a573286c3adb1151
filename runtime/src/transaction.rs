//! Transactions that are run again where PostgreSQL says that another try may succeed.

use std::time::Duration;

use postgres::{Client, IsolationLevel, Transaction};

use crate::Error;

/// An error that may have come from a failure to serialize, or from a deadlock.
pub trait Retry {
    /// Whether running the whole transaction again may succeed.
    fn is_retryable(&self) -> bool;
}

impl Retry for Error {
    fn is_retryable(&self) -> bool {
        Error::is_retryable(self)
    }
}

impl Retry for Box<dyn std::error::Error> {
    fn is_retryable(&self) -> bool {
        in_chain(&**self)
    }
}

impl Retry for Box<dyn std::error::Error + Send + Sync> {
    fn is_retryable(&self) -> bool {
        in_chain(&**self)
    }
}

/// Whether a retryable error is among the causes.
fn in_chain(error: &(dyn std::error::Error + 'static)) -> bool {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(ours) = error.downcast_ref::<Error>() {
            return ours.is_retryable();
        }
        if let Some(theirs) = error.downcast_ref::<postgres::Error>() {
            return crate::error::is_retryable(theirs.code());
        }
        #[cfg(feature = "sqlx")]
        if let Some(theirs) = error.downcast_ref::<::sqlx::Error>() {
            return crate::sqlx::is_retryable(theirs);
        }
        next = error.source();
    }
    false
}

/// How transactions are run.
///
/// ```
/// # fn run(client: &mut pilaster::postgres::Client) -> pilaster::Result<()> {
/// let moved = pilaster::Transactions::serializable().run(client, |transaction| {
///     let moved = transaction.execute("UPDATE accounts SET balance = balance - 1", &[])?;
///     Ok::<_, pilaster::Error>(moved)
/// })?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Transactions {
    pub(crate) isolation: Option<IsolationLevel>,
    pub(crate) attempts: u32,
}

impl Transactions {
    /// With the isolation level of the connection, and up to five attempts.
    pub const fn new() -> Self {
        Transactions {
            isolation: None,
            attempts: 5,
        }
    }

    /// As if one ran after the other.
    pub const fn serializable() -> Self {
        Transactions {
            isolation: Some(IsolationLevel::Serializable),
            attempts: 5,
        }
    }

    /// Seeing one state of the database from beginning to end.
    pub const fn repeatable_read() -> Self {
        Transactions {
            isolation: Some(IsolationLevel::RepeatableRead),
            attempts: 5,
        }
    }

    /// At most so many attempts, the first included.
    #[must_use]
    pub const fn attempts(self, attempts: u32) -> Self {
        Transactions { attempts, ..self }
    }

    /// Runs `work` in a transaction and commits it; an error of `work` rolls it back.
    ///
    /// After a serialization failure or a deadlock (SQLSTATE 40001 and 40P01), at the commit as
    /// well, the transaction is rolled back and all of `work` runs again, after a pause that grows
    /// and differs from one process to the next. So `work` may run several times: it should touch
    /// nothing but the transaction.
    ///
    /// # Errors
    ///
    /// That of `work`, or what the server refused, after the last attempt.
    pub fn run<T, E: From<Error> + Retry>(
        self,
        client: &mut Client,
        mut work: impl FnMut(&mut Transaction<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut attempt = 1;
        loop {
            match self.once(client, &mut work) {
                Err(error) if attempt < self.attempts && error.is_retryable() => {
                    std::thread::sleep(pause(attempt));
                    attempt += 1;
                }
                outcome => return outcome,
            }
        }
    }

    fn once<T, E: From<Error>>(
        self,
        client: &mut Client,
        work: &mut impl FnMut(&mut Transaction<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut builder = client.build_transaction();
        if let Some(level) = self.isolation {
            builder = builder.isolation_level(level);
        }
        let mut transaction = builder.start().map_err(Error::from)?;
        let outcome = work(&mut transaction)?;
        transaction.commit().map_err(Error::from)?;
        Ok(outcome)
    }
}

impl Default for Transactions {
    fn default() -> Self {
        Transactions::new()
    }
}

/// Runs `work` in a transaction, again where that may succeed: [`Transactions::run`] with what
/// [`Transactions::new`] says.
///
/// # Errors
///
/// That of `work`, or what the server refused, after the last attempt.
pub fn transaction<T, E: From<Error> + Retry>(
    client: &mut Client,
    work: impl FnMut(&mut Transaction<'_>) -> Result<T, E>,
) -> Result<T, E> {
    Transactions::new().run(client, work)
}

/// Ten milliseconds, doubled with each attempt, times a chance between one half and one and a half.
pub(crate) fn pause(attempt: u32) -> Duration {
    use std::hash::{BuildHasher, Hasher, RandomState};
    let chance = RandomState::new().build_hasher().finish() % 1_000;
    let base = 10_000 << attempt.min(6).saturating_sub(1);
    Duration::from_micros(base * (500 + chance) / 1_000)
}
