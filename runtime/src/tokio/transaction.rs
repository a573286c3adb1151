//! Transactions that are run again, on `tokio-postgres`.

use std::future::Future;
use std::pin::Pin;

use tokio_postgres::{Client, Transaction};

use crate::transaction::pause;
use crate::{Error, Retry, Transactions};

/// What the work of a transaction gives: `Box::pin(async move { … })`. It borrows the transaction and
/// nothing else: what it needs besides is cloned into it, once for each attempt.
pub type Work<'t, T, E> = Pin<Box<dyn Future<Output = Result<T, E>> + Send + 't>>;

impl Transactions {
    /// As [`Transactions::run`], on `tokio-postgres`: a serialization failure or a deadlock runs all
    /// of `work` again, after a pause. Where the future is dropped, the transaction is rolled back.
    ///
    /// ```no_run
    /// # async fn run(client: &mut pilaster::tokio_postgres::Client) -> pilaster::Result<()> {
    /// let moved = pilaster::Transactions::serializable().run_async(client, |transaction| {
    ///     Box::pin(async move {
    ///         let sql = "UPDATE accounts SET balance = balance - 1";
    ///         Ok::<_, pilaster::Error>(transaction.execute(sql, &[]).await?)
    ///     })
    /// }).await?;
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
    /// Between two attempts, where the runtime has no timer.
    pub async fn run_async<T, E: From<Error> + Retry>(
        self,
        client: &mut Client,
        mut work: impl for<'t> FnMut(&'t Transaction<'_>) -> Work<'t, T, E>,
    ) -> Result<T, E> {
        let mut attempt = 1;
        loop {
            match self.once_async(client, &mut work).await {
                Err(error) if attempt < self.attempts && error.is_retryable() => {
                    ::tokio::time::sleep(pause(attempt)).await;
                    attempt += 1;
                }
                outcome => return outcome,
            }
        }
    }

    async fn once_async<T, E: From<Error>>(
        self,
        client: &mut Client,
        work: &mut impl for<'t> FnMut(&'t Transaction<'_>) -> Work<'t, T, E>,
    ) -> Result<T, E> {
        let mut builder = client.build_transaction();
        if let Some(level) = self.isolation {
            builder = builder.isolation_level(level);
        }
        let transaction = builder.start().await.map_err(Error::from)?;
        let outcome = work(&transaction).await?;
        transaction.commit().await.map_err(Error::from)?;
        Ok(outcome)
    }
}
