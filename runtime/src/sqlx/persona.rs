//! Transactions that act as somebody, on `sqlx`.
//!
//! It never decides what a persona may do; the database does.

use std::future::Future;

use ::sqlx::pool::PoolConnection;
use ::sqlx::postgres::PgRow;
use ::sqlx::{Connection, PgConnection, PgPool, Postgres, Row, Transaction};

use super::Work;
use crate::persona::{CLEAR, STILL, TAKE, unprepared};
use crate::{Error, Persona, Result};

/// Work in a transaction that acts as a persona, as [`AsUser`](crate::AsUser) on `postgres`. A pool
/// has it, for it alone can close a connection that nobody may use again.
pub trait AsUser {
    /// Runs the work in a transaction as that persona and commits it; rolls it back where the work
    /// fails or panics, or where the future is dropped before its end.
    ///
    /// As there, the role and the settings hold for this transaction alone, and the session is put
    /// back as it was when it began before the pool lends it again. A connection for which that
    /// can't be done, where the work panicked or the future was dropped, is closed instead.
    ///
    /// ```no_run
    /// use pilaster::Row;
    /// use pilaster::sqlx::{AsUser, Rows};
    /// # use pilaster::serde_json::json;
    /// # #[derive(Row)]
    /// # #[pilaster(table = "public.deals")]
    /// # struct Deal { #[pilaster(primary_key)] id: i32, team_size: i32 }
    /// # async fn run(pool: sqlx::PgPool) -> pilaster::Result<()> {
    /// let claims = json!({ "sub": "8f0f4a52-3c0e-4d3b-9d5e-0a6d1c2b3e4f", "role": "authenticated" });
    /// let large = pool.as_user(claims, |db| {
    ///     Box::pin(async move { db.all(&Deal::filter(Deal::TEAM_SIZE.gt(50))).await })
    /// });
    /// println!("{} deals", large.await?.len());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// As [`AsUser::as_user`](crate::AsUser::as_user), with [`Error::Sqlx`] where the server refuses.
    fn as_user<T: Send, E: From<Error> + Send>(
        &self,
        persona: impl Into<Persona>,
        work: impl for<'t> FnOnce(&'t mut Transaction<'_, Postgres>) -> Work<'t, T, E> + Send,
    ) -> impl Future<Output = Result<T, E>> + Send;
}

impl AsUser for PgPool {
    fn as_user<T: Send, E: From<Error> + Send>(
        &self,
        persona: impl Into<Persona>,
        work: impl for<'t> FnOnce(&'t mut Transaction<'_, Postgres>) -> Work<'t, T, E> + Send,
    ) -> impl Future<Output = Result<T, E>> + Send {
        let persona = persona.into();
        async move {
            persona.is_somebody()?;
            let mut session = Session {
                connection: self.acquire().await.map_err(Error::from)?,
                clear: false,
            };
            let outcome = within(&mut session.connection, &persona, work).await;
            session.clear = clear(&mut session.connection).await.is_ok();
            outcome
        }
    }
}

async fn within<T, E: From<Error>>(
    connection: &mut PgConnection,
    persona: &Persona,
    work: impl for<'t> FnOnce(&'t mut Transaction<'_, Postgres>) -> Work<'t, T, E>,
) -> Result<T, E> {
    let mut transaction = connection.begin().await.map_err(Error::from)?;
    let began = take(&mut transaction, persona).await?;
    let outcome = work(&mut transaction).await?;
    still(&mut transaction, persona, &began).await?;
    transaction.commit().await.map_err(Error::from)?;
    Ok(outcome)
}

async fn take(connection: &mut PgConnection, persona: &Persona) -> Result<String> {
    let (names, values) = persona.settings();
    let taken = ::sqlx::query(TAKE)
        .persistent(false)
        .bind(persona.role())
        .bind(names)
        .bind(values);
    Ok(taken.fetch_one(connection).await?.try_get(0)?)
}

async fn still(connection: &mut PgConnection, persona: &Persona, began: &str) -> Result<()> {
    let asked = ::sqlx::query(STILL)
        .persistent(false)
        .bind(persona.settings().0);
    let row: PgRow = asked.fetch_one(connection).await?;
    persona.is_still(began, (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?))
}

/// A connection that goes back to its pool as it was, or not at all.
struct Session {
    connection: PoolConnection<Postgres>,
    clear: bool,
}

impl Drop for Session {
    fn drop(&mut self) {
        if !self.clear {
            self.connection.close_on_drop();
        }
    }
}

async fn clear(connection: &mut PgConnection) -> Result<()> {
    let mut prepared = String::new();
    for row in ::sqlx::raw_sql(CLEAR).fetch_all(&mut *connection).await? {
        // The other rows have no such column.
        if let Ok(name) = row.try_get_unchecked::<String, _>("prepared") {
            prepared += &unprepared(&name);
        }
    }
    if !prepared.is_empty() {
        let script = ::sqlx::AssertSqlSafe(prepared);
        ::sqlx::raw_sql(script).execute(connection).await?;
    }
    Ok(())
}
