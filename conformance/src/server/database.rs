//! Owns the databases of a run: templates that are filled once, and a clone for each test.
//!
//! Never gives two callers the same database, and never drops one that it did not make.

use std::collections::HashMap;
use std::collections::hash_map::RandomState;
use std::error::Error;
use std::hash::BuildHasher;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use migrations::Url;
use migrations::plan::set_in_database;
use postgres::Client;
use postgres::error::SqlState;

use super::{Server, ServerError};

/// A database that is filled once and only cloned from then on.
#[derive(Debug, Clone)]
pub struct Template {
    database: String,
}

/// A database of its own for one test, dropped with all who are connected when this is dropped.
pub struct Database {
    server: Server,
    name: String,
    url: Url,
}

impl Server {
    /// An empty database.
    ///
    /// # Errors
    ///
    /// [`ServerError::MayNotCreate`] where the role has no right to, and what the server says.
    pub fn database(&self) -> Result<Database, ServerError> {
        // template1 may hold anything on a server that somebody else runs; template0 may not.
        self.clone_named("template0")
    }

    /// A template that `setup` fills, once for every `key` on this server: others who ask for the
    /// same key meanwhile wait, and get the same one.
    ///
    /// The key should be, or hold, a hash of the contents.
    ///
    /// # Errors
    ///
    /// [`ServerError::Template`] with what `setup` says; the next one who asks tries again.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// # let server = conformance::server::Server::shared();
    /// let template = server.template("shop, one order", |client| {
    ///     client.batch_execute("CREATE TABLE orders (id int); INSERT INTO orders VALUES (1)")
    /// })?;
    /// let mine = server.clone_of(&template)?;
    /// assert_eq!(mine.connect()?.query("TABLE orders", &[])?.len(), 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn template<E>(
        &self,
        key: &str,
        setup: impl FnOnce(&mut Client) -> Result<(), E>,
    ) -> Result<Template, ServerError>
    where
        E: Into<Box<dyn Error + Send + Sync>>,
    {
        let slot = Arc::clone(
            lock(&self.inner.pool.templates)
                .entry(key.to_owned())
                .or_default(),
        );
        let mut slot = lock(&slot);
        if let Some(database) = &*slot {
            return Ok(Template {
                database: database.clone(),
            });
        }
        let made = self.database()?;
        // The setup's connection is closed before anyone clones: PostgreSQL refuses to copy a
        // database to which another session is connected.
        let filled = setup(&mut made.connect()?).map_err(|error| ServerError::Template {
            name: key.to_owned(),
            reason: all_causes(&*error.into()),
        });
        filled?;
        let database = made.into_template()?;
        *slot = Some(database.clone());
        Ok(Template { database })
    }

    /// A database that holds what the template holds.
    ///
    /// # Errors
    ///
    /// What the server says.
    pub fn clone_of(&self, template: &Template) -> Result<Database, ServerError> {
        let clone = self.clone_named(&template.database)?;
        clone.set_as_in(&template.database)?;
        Ok(clone)
    }

    fn clone_named(&self, template: &str) -> Result<Database, ServerError> {
        let pool = &self.inner.pool;
        let name = pool.next_name();
        // Measured on 15: copying the files takes half the time of logging them, and dropping the
        // copy a fifth, because nothing of it is in the shared buffers. It makes two checkpoints,
        // which a server that others use should be spared.
        let strategy = if pool.copies_files {
            " STRATEGY file_copy"
        } else {
            ""
        };
        let made = pool.run(&format!(
            "CREATE DATABASE {name} TEMPLATE {template}{strategy}"
        ));
        match made {
            Ok(()) => Ok(Database {
                server: self.clone(),
                url: pool.url.with_database(&name),
                name,
            }),
            Err(ServerError::Database(error))
                if error.code() == Some(&SqlState::INSUFFICIENT_PRIVILEGE) =>
            {
                Err(ServerError::MayNotCreate { role: pool.role()? })
            }
            Err(error) => Err(error),
        }
    }
}

impl Database {
    /// The address of this database.
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// The server that this database is on.
    pub fn server(&self) -> &Server {
        &self.server
    }

    /// Sets what another database of the server sets for its sessions: PostgreSQL copies and dumps
    /// what is in a database, and this stands beside it.
    ///
    /// # Errors
    ///
    /// [`ServerError`].
    pub(crate) fn set_as_in(&self, other: &str) -> Result<(), ServerError> {
        const SET: &str = "SELECT coalesce(r.rolname::text, ''), split_part(c.entry, '=', 1), \
            substr(c.entry, strpos(c.entry, '=') + 1) \
            FROM pg_db_role_setting s JOIN pg_database d ON d.oid = s.setdatabase \
            CROSS JOIN unnest(s.setconfig) AS c(entry) LEFT JOIN pg_roles r ON r.oid = s.setrole \
            WHERE d.datname = $1::text";
        let pool = &self.server.inner.pool;
        let rows = pool.with(|client| client.query(SET, &[&other]))?;
        if rows.is_empty() {
            return Ok(());
        }
        let statements = rows
            .iter()
            .map(|row| set_in_database(row.get(0), row.get(1), row.get(2)));
        let statements: Vec<String> = statements.collect();
        Ok(self.connect()?.batch_execute(&statements.join(";\n"))?)
    }

    /// A new connection, as the role that owns the database.
    ///
    /// # Errors
    ///
    /// [`ServerError::Connect`].
    pub fn connect(&self) -> Result<Client, ServerError> {
        Ok(migrations::connect(&self.url)?)
    }

    /// Closes the database to all connections and gives up the right to drop it.
    fn into_template(mut self) -> Result<String, ServerError> {
        let pool = &self.server.inner.pool;
        pool.run(&format!(
            "ALTER DATABASE {} ALLOW_CONNECTIONS false",
            self.name
        ))?;
        Ok(std::mem::take(&mut self.name))
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if !self.name.is_empty() {
            self.server.inner.pool.drop_database(&self.name);
        }
    }
}

/// The connections that make and drop databases, and the names that are taken.
pub(super) struct Pool {
    url: Url,
    copies_files: bool,
    prefix: String,
    made: AtomicU32,
    idle: Mutex<Vec<Client>>,
    templates: Mutex<HashMap<String, Arc<Mutex<Option<String>>>>>,
}

impl Pool {
    pub(super) fn new(url: Url, client: Client, copies_files: bool) -> Pool {
        // The process id alone is not unique on a server that several machines use.
        let random = RandomState::new().hash_one(std::process::id()) as u32;
        Pool {
            url,
            copies_files,
            prefix: format!("pilaster_{}_{random:08x}", std::process::id()),
            made: AtomicU32::new(0),
            idle: Mutex::new(vec![client]),
            templates: Mutex::default(),
        }
    }

    pub(super) fn url(&self) -> &Url {
        &self.url
    }

    fn next_name(&self) -> String {
        format!(
            "{}_{}",
            self.prefix,
            self.made.fetch_add(1, Ordering::Relaxed)
        )
    }

    /// Runs on an idle connection, or a new one, so that no thread waits for another's clone.
    fn with<T>(
        &self,
        work: impl FnOnce(&mut Client) -> Result<T, postgres::Error>,
    ) -> Result<T, ServerError> {
        let idle = lock(&self.idle).pop();
        let mut client = match idle {
            Some(client) if !client.is_closed() => client,
            _ => migrations::connect(&self.url)?,
        };
        let done = work(&mut client);
        lock(&self.idle).push(client);
        Ok(done?)
    }

    fn run(&self, statement: &str) -> Result<(), ServerError> {
        self.with(|client| client.batch_execute(statement))
    }

    fn role(&self) -> Result<String, ServerError> {
        self.with(|client| Ok(client.query_one("SELECT current_user::text", &[])?.get(0)))
    }

    /// A destructor has nobody to give an error to, so what stays behind is said on stderr.
    fn drop_database(&self, name: &str) {
        if let Err(error) = self.run(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")) {
            eprintln!("warning: database {name} stays behind: failed to {error}");
        }
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        let templates = std::mem::take(&mut *lock(&self.templates));
        for slot in templates.into_values() {
            if let Some(database) = lock(&slot).take() {
                self.drop_database(&database);
            }
        }
    }
}

/// A test that panicked has left nothing half done under these locks.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn all_causes(error: &(dyn Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        text = format!("{text}: {cause}");
        next = cause.source();
    }
    text
}
