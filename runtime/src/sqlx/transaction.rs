//! Transactions that are run again, on `sqlx`.

use std::future::Future;
use std::pin::Pin;

use ::sqlx::{Connection, PgConnection, Postgres, Transaction};
use postgres::IsolationLevel;

use crate::transaction::pause;
use crate::{Error, Retry, Transactions};

/// What the work of a transaction gives: `Box::pin(async move { … })`. It borrows the transaction and
/// nothing else: what it needs besides is cloned into it, once for each attempt.
pub type Work<'t, T, E> = Pin<Box<dyn Future<Output = Result<T, E>> + Send + 't>>;

impl Transactions {
    /// As [`Transactions::run`], on `sqlx`: a serialization failure or a deadlock runs all of `work`
    /// again, after a pause. Where the future is dropped, the transaction is rolled back. A pool
    /// lends a connection: `pool.acquire().await?`.
    ///
    /// ```no_run
    /// # async fn run(pool: sqlx::PgPool) -> pilaster::Result<()> {
    /// let mut connection = pool.acquire().await?;
    /// let work = pilaster::Transactions::serializable().run_sqlx(&mut connection, |transaction| {
    ///     Box::pin(async move {
    ///         let sql = sqlx::query("UPDATE accounts SET balance = balance - 1");
    ///         let moved = sql.execute(&mut **transaction).await?.rows_affected();
    ///         Ok::<_, pilaster::Error>(moved)
    ///     })
    /// });
    /// let moved = work.await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// That of `work`, or what the server refused, after the last attempt.
    ///
    /// # Panics
    ///
    /// Between two attempts, where the runtime is not tokio's or has no timer.
    pub async fn run_sqlx<T, E: From<Error> + Retry>(
        self,
        connection: &mut PgConnection,
        mut work: impl for<'t> FnMut(&'t mut Transaction<'_, Postgres>) -> Work<'t, T, E>,
    ) -> Result<T, E> {
        let mut attempt = 1;
        loop {
            match self.once_sqlx(connection, &mut work).await {
                Err(error) if attempt < self.attempts && error.is_retryable() => {
                    ::tokio::time::sleep(pause(attempt)).await;
                    attempt += 1;
                }
                outcome => return outcome,
            }
        }
    }

    async fn once_sqlx<T, E: From<Error>>(
        self,
        connection: &mut PgConnection,
        work: &mut impl for<'t> FnMut(&'t mut Transaction<'_, Postgres>) -> Work<'t, T, E>,
    ) -> Result<T, E> {
        let begun = match begin(self.isolation) {
            Some(text) => connection.begin_with(text).await,
            None => connection.begin().await,
        };
        let mut transaction = begun.map_err(Error::from)?;
        match work(&mut transaction).await {
            Ok(outcome) => {
                transaction.commit().await.map_err(Error::from)?;
                Ok(outcome)
            }
            Err(error) => {
                // Rolled back here rather than with the next statement, for a pause may follow.
                transaction.rollback().await.map_err(Error::from)?;
                Err(error)
            }
        }
    }
}

fn begin(isolation: Option<IsolationLevel>) -> Option<&'static str> {
    Some(match isolation? {
        IsolationLevel::ReadUncommitted => "BEGIN ISOLATION LEVEL READ UNCOMMITTED",
        IsolationLevel::ReadCommitted => "BEGIN ISOLATION LEVEL READ COMMITTED",
        IsolationLevel::RepeatableRead => "BEGIN ISOLATION LEVEL REPEATABLE READ",
        _ => "BEGIN ISOLATION LEVEL SERIALIZABLE",
    })
}
