//! Transactions that act as somebody: a role and the claims that policies read, for that
//! transaction alone.
//!
//! It never decides what a persona may do; the database does.

use std::collections::BTreeMap;

use postgres::types::Type;
use postgres::{Client, SimpleQueryMessage, Transaction};
use serde_json::Value;

use crate::{Error, Result, sql};

/// Who a transaction acts as: a role, and settings that policies read.
///
/// ```
/// use pilaster::Persona;
/// use pilaster::serde_json::json;
///
/// // As an API on Supabase does it: the claims of a token, in `request.jwt.claims`. The role is
/// // the claim `role`; without one it is `anon`.
/// let agent = Persona::from(json!({ "sub": "8f0f4a52-3c0e-4d3b-9d5e-0a6d1c2b3e4f", "role": "authenticated" }));
///
/// // Identity in a setting of one's own.
/// let tenant = Persona::new("app_user").setting("app.tenant_id", "42");
/// # assert_ne!(agent, tenant);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Persona {
    role: String,
    settings: BTreeMap<String, String>,
}

impl Persona {
    /// The setting in which Supabase and PostgREST keep the claims of a request.
    pub const CLAIMS: &'static str = "request.jwt.claims";

    /// The role, without claims.
    pub fn new(role: impl Into<String>) -> Self {
        Persona {
            role: role.into(),
            settings: BTreeMap::new(),
        }
    }

    /// The claims, in [`Persona::CLAIMS`].
    pub fn claims(self, claims: &Value) -> Self {
        self.setting(Self::CLAIMS, claims.to_string())
    }

    /// A setting that policies read by `current_setting(name)`. Its name has a dot in it, as those
    /// that are the application's own have.
    pub fn setting(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.settings.insert(name.into(), value.into());
        self
    }

    /// What no transaction can be opened as. `none` is no role: it is how PostgreSQL says the one
    /// that logged in.
    pub(crate) fn is_somebody(&self) -> Result<()> {
        let refused = |why: &str| Err(Error::Persona(why.to_owned()));
        if self.role.is_empty() || self.role == "none" {
            return refused("a persona names a role");
        }
        match self.settings.keys().find(|name| !name.contains('.')) {
            Some(name) => refused(&format!(
                "`{name}` is a setting of PostgreSQL's; one that policies read has a dot in its name"
            )),
            None => Ok(()),
        }
    }

    /// The role that is taken.
    pub(crate) fn role(&self) -> &str {
        &self.role
    }

    /// The names of the settings, and what they hold.
    pub(crate) fn settings(&self) -> (Vec<&str>, Vec<&str>) {
        let pairs = self.settings.iter();
        pairs
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .unzip()
    }

    /// That the transaction which began then is this persona's still, of what [`STILL`] answers: when
    /// the present one began, its role, and what the settings hold.
    pub(crate) fn is_still(
        &self,
        began: &str,
        (now, role, values): (String, String, Vec<Option<String>>),
    ) -> Result<()> {
        let wanted = self.settings.values().map(|v| Some(v.as_str()));
        let values = values.iter().map(Option::as_deref);
        if now == began && role == self.role && values.eq(wanted) {
            return Ok(());
        }
        Err(Error::Persona(format!(
            "the work ended its transaction, or left the role {} or its claims; nothing more of it \
             is kept",
            sql::quoted(&self.role)
        )))
    }
}

/// Takes the persona, and says when the transaction began: no two of a session begin at once. Of
/// several arrays only the bare name `unnest` takes the rows side by side.
pub(crate) const TAKE: &str = "SELECT pg_catalog.transaction_timestamp()::pg_catalog.text, \
    (SELECT pg_catalog.count(pg_catalog.set_config(name, value, true)) \
     FROM unnest($2, $3) AS s (name, value)), \
    pg_catalog.set_config('role', $1, true)";

/// When the transaction began, as whom it acts, and what the settings of these names hold. Every
/// name is qualified and every comparison made here: the work may have put a search path of its
/// own in the way.
pub(crate) const STILL: &str = "SELECT pg_catalog.transaction_timestamp()::pg_catalog.text, \
    current_user::pg_catalog.text, \
    ARRAY(SELECT pg_catalog.current_setting(name, true) FROM pg_catalog.unnest($1) AS s (name))";

/// `DISCARD ALL`, except for the statements that the client itself has prepared and goes on using;
/// it names those that SQL of the work has prepared, which [`unprepared`] closes.
pub(crate) const CLEAR: &str = "ROLLBACK; SET SESSION AUTHORIZATION DEFAULT; RESET ROLE; RESET ALL; CLOSE ALL; \
    UNLISTEN *; SELECT pg_catalog.pg_advisory_unlock_all(); DISCARD TEMP; DISCARD SEQUENCES; \
    SELECT name AS prepared FROM pg_catalog.pg_prepared_statements WHERE from_sql";

/// Ends the session, which then nobody can use.
pub(crate) const END: &str = "SELECT pg_catalog.pg_terminate_backend(pg_catalog.pg_backend_pid())";

/// What closes a statement of that name.
pub(crate) fn unprepared(name: &str) -> String {
    format!("DEALLOCATE {};", sql::quoted(name))
}

/// Claims as a token has them: the role is the claim `role`, and `anon` where there is none.
impl From<&Value> for Persona {
    fn from(claims: &Value) -> Self {
        let role = claims.get("role").and_then(Value::as_str);
        Persona::new(role.unwrap_or("anon")).claims(claims)
    }
}

/// Claims as a token has them: the role is the claim `role`, and `anon` where there is none.
impl From<Value> for Persona {
    fn from(claims: Value) -> Self {
        Persona::from(&claims)
    }
}

impl From<&Persona> for Persona {
    fn from(persona: &Persona) -> Self {
        persona.clone()
    }
}

/// Work in a transaction that acts as a persona. Whatever lends a [`Client`] has it, a pool's
/// connection too.
pub trait AsUser {
    /// Runs the work in a transaction as that persona and commits it; rolls it back where the work
    /// fails or panics.
    ///
    /// The role and the settings hold for this transaction alone. When it ends, however it ends,
    /// the session is put back as it was when it began: role, every setting, temporary objects,
    /// cursors, listeners, advisory locks and the last values of sequences. So the next user of a
    /// pooled connection finds nothing, whatever SQL the work ran. (Settings that are to stay on a
    /// connection belong in its address, or on the role that logs in: `SET` would be undone.)
    ///
    /// Only SQL of the work itself can leave the persona: `COMMIT`, `RESET ROLE` or `SET ROLE`
    /// run as the role that logged in. What it then does is that role's to refuse, so let a role
    /// log in that has no rights of its own (`noinherit`). Work that ended as somebody else is
    /// not committed.
    ///
    /// ```no_run
    /// use pilaster::{AsUser, Row};
    /// # use pilaster::serde_json::json;
    /// # fn deals<Deal: Row>(db: &mut postgres::Client) -> pilaster::Result<Vec<Deal>> {
    /// let claims = json!({ "sub": "8f0f4a52-3c0e-4d3b-9d5e-0a6d1c2b3e4f", "role": "authenticated" });
    /// db.as_user(claims, |db| Deal::all(db))
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Persona`] where nobody can act so, or where the work ended as somebody else;
    /// [`Error::Database`] where the role may not be taken, or the commit is refused; and what the
    /// work says.
    fn as_user<T, E: From<Error>>(
        &mut self,
        persona: impl Into<Persona>,
        work: impl FnOnce(&mut Transaction<'_>) -> Result<T, E>,
    ) -> Result<T, E>;
}

impl AsUser for Client {
    fn as_user<T, E: From<Error>>(
        &mut self,
        persona: impl Into<Persona>,
        work: impl FnOnce(&mut Transaction<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let persona = persona.into();
        persona.is_somebody()?;
        let session = Session(self);
        let mut transaction = session.0.transaction().map_err(Error::from)?;
        let began = take(&mut transaction, &persona)?;
        let outcome = work(&mut transaction)?;
        still(&mut transaction, &persona, &began)?;
        transaction.commit().map_err(Error::from)?;
        Ok(outcome)
    }
}

fn take(transaction: &mut Transaction<'_>, persona: &Persona) -> Result<String> {
    let (names, values) = persona.settings();
    let row = transaction.query_typed(
        TAKE,
        &[
            (&persona.role(), Type::TEXT),
            (&names, Type::TEXT_ARRAY),
            (&values, Type::TEXT_ARRAY),
        ],
    )?;
    let began = row.first().map(|row| row.try_get(0)).transpose()?;
    Ok(began.unwrap_or_default())
}

fn still(transaction: &mut Transaction<'_>, persona: &Persona, began: &str) -> Result<()> {
    let names = persona.settings().0;
    let rows = transaction.query_typed(STILL, &[(&names, Type::TEXT_ARRAY)])?;
    let row = rows.first().ok_or(Error::NotOne { rows: 0 })?;
    persona.is_still(began, (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?))
}

/// A session that is put back as it was, also when the work panics.
struct Session<'a>(&'a mut Client);

impl Drop for Session<'_> {
    fn drop(&mut self) {
        if self.0.is_closed() || clear(self.0).is_ok() {
            return;
        }
        // What can't be cleared must not be used again: the pool finds a closed connection.
        let _ = self.0.simple_query(END);
    }
}

fn clear(client: &mut Client) -> Result<()> {
    let mut prepared = String::new();
    for message in client.simple_query(CLEAR)? {
        if let SimpleQueryMessage::Row(row) = message
            && let Ok(Some(name)) = row.try_get("prepared")
        {
            prepared += &unprepared(name);
        }
    }
    if !prepared.is_empty() {
        client.batch_execute(&prepared)?;
    }
    Ok(())
}
