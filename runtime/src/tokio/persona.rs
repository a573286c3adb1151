//! Transactions that act as somebody, on `tokio-postgres`.
//!
//! It never decides what a persona may do; the database does.

use std::future::Future;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::pin::pin;
use std::task::{Context, Waker};

use tokio_postgres::types::Type;
use tokio_postgres::{Client, SimpleQueryMessage, Transaction};

use super::Work;
use crate::persona::{CLEAR, END, STILL, TAKE, unprepared};
use crate::row::BoxedParam;
use crate::{Error, Persona, Result};

/// Work in a transaction that acts as a persona, as [`AsUser`](crate::AsUser) on `postgres`. A
/// connection of a pool lends the [`Client`]: with deadpool's, `(**client).as_user(…)`.
pub trait AsUser {
    /// Runs the work in a transaction as that persona and commits it; rolls it back where the work
    /// fails or panics, or where the future is dropped before its end.
    ///
    /// As there, the role and the settings hold for this transaction alone, and the session is put
    /// back as it was when it began, however the transaction ends. Where the future is dropped,
    /// nobody is left to wait for that: what puts the session back is sent at once, so that it comes
    /// before whatever its next user sends, and a session that it did not put back is ended.
    ///
    /// ```no_run
    /// use pilaster::Row;
    /// use pilaster::tokio::{AsUser, Rows};
    /// # use pilaster::serde_json::json;
    /// # #[derive(Row)]
    /// # #[pilaster(table = "public.deals")]
    /// # struct Deal { #[pilaster(primary_key)] id: i32, team_size: i32 }
    /// # async fn run(client: &mut pilaster::tokio_postgres::Client) -> pilaster::Result<()> {
    /// let claims = json!({ "sub": "8f0f4a52-3c0e-4d3b-9d5e-0a6d1c2b3e4f", "role": "authenticated" });
    /// let large = client.as_user(claims, |db| {
    ///     Box::pin(async move { db.all(&Deal::filter(Deal::TEAM_SIZE.gt(50))).await })
    /// });
    /// println!("{} deals", large.await?.len());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// As [`AsUser::as_user`](crate::AsUser::as_user).
    fn as_user<T: Send, E: From<Error> + Send>(
        &mut self,
        persona: impl Into<Persona>,
        work: impl for<'t> FnOnce(&'t Transaction<'_>) -> Work<'t, T, E> + Send,
    ) -> impl Future<Output = Result<T, E>> + Send;
}

impl AsUser for Client {
    fn as_user<T: Send, E: From<Error> + Send>(
        &mut self,
        persona: impl Into<Persona>,
        work: impl for<'t> FnOnce(&'t Transaction<'_>) -> Work<'t, T, E> + Send,
    ) -> impl Future<Output = Result<T, E>> + Send {
        let persona = persona.into();
        async move {
            persona.is_somebody()?;
            let mut session = Session {
                client: self,
                clear: false,
            };
            let outcome = within(session.client, &persona, work).await;
            session.clear().await;
            outcome
        }
    }
}

async fn within<T, E: From<Error>>(
    client: &mut Client,
    persona: &Persona,
    work: impl for<'t> FnOnce(&'t Transaction<'_>) -> Work<'t, T, E>,
) -> Result<T, E> {
    let transaction = client.transaction().await.map_err(Error::from)?;
    let began = take(&transaction, persona).await?;
    let outcome = work(&transaction).await?;
    still(&transaction, persona, &began).await?;
    transaction.commit().await.map_err(Error::from)?;
    Ok(outcome)
}

async fn take(transaction: &Transaction<'_>, persona: &Persona) -> Result<String> {
    let (names, values) = persona.settings();
    let role = persona.role();
    let params: [(BoxedParam<'_>, Type); 3] = [
        (&role, Type::TEXT),
        (&names, Type::TEXT_ARRAY),
        (&values, Type::TEXT_ARRAY),
    ];
    let rows = transaction.query_typed(TAKE, &params).await?;
    let began = rows.first().map(|row| row.try_get(0)).transpose()?;
    Ok(began.unwrap_or_default())
}

async fn still(transaction: &Transaction<'_>, persona: &Persona, began: &str) -> Result<()> {
    let names = persona.settings().0;
    let params: [(BoxedParam<'_>, Type); 1] = [(&names, Type::TEXT_ARRAY)];
    let rows = transaction.query_typed(STILL, &params).await?;
    let row = rows.first().ok_or(Error::NotOne { rows: 0 })?;
    persona.is_still(began, (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?))
}

/// A session that is put back as it was, also when the work panics or is dropped.
struct Session<'a> {
    client: &'a mut Client,
    clear: bool,
}

impl Session<'_> {
    async fn clear(&mut self) {
        if clear(self.client).await.is_err() {
            // What can't be cleared must not be used again: the pool finds a closed connection.
            let _ = self.client.simple_query(END).await;
        }
        self.clear = true;
    }
}

impl Drop for Session<'_> {
    fn drop(&mut self) {
        if self.clear || self.client.is_closed() {
            return;
        }
        // A statement is on its way once it is polled; the server takes them in turn, and what it
        // answers nobody needs. A script that fails on its way does not reach its end, where it
        // says so by a word that the work can't have known: then the session ends.
        let word = RandomState::new().build_hasher().finish();
        let said = "pg_catalog.set_config('pilaster.cleared'";
        for sql in [
            format!("{CLEAR}; {CLOSE}; SELECT {said}, '{word}', false)"),
            format!(
                "SELECT CASE pg_catalog.current_setting('pilaster.cleared', true) WHEN '{word}' \
                 THEN {said}, '', false) ELSE ({END})::pg_catalog.text END"
            ),
        ] {
            let sent = pin!(self.client.batch_execute(&sql));
            let _ = sent.poll(&mut Context::from_waker(Waker::noop()));
        }
    }
}

/// Closes the statements that SQL of the work has prepared, without asking for their names first.
const CLOSE: &str = "DO $close$ DECLARE statement pg_catalog.text; BEGIN \
    FOR statement IN SELECT name FROM pg_catalog.pg_prepared_statements WHERE from_sql LOOP \
    EXECUTE pg_catalog.format('DEALLOCATE %I', statement); END LOOP; END $close$";

async fn clear(client: &Client) -> Result<()> {
    let mut prepared = String::new();
    for message in client.simple_query(CLEAR).await? {
        if let SimpleQueryMessage::Row(row) = message
            && let Ok(Some(name)) = row.try_get("prepared")
        {
            prepared += &unprepared(name);
        }
    }
    if !prepared.is_empty() {
        client.batch_execute(&prepared).await?;
    }
    Ok(())
}
