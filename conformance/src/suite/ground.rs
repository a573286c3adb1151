//! The ground a suite stands on: a server, and databases that hold the subject.
//!
//! Applies nothing to a database that was given by its address.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use migrations::Url;
use migrations::catalog::{self, ReadOptions};
use migrations::plan;
use model::Kind;
use model::quote::{dollar, ident};
use model::schema::Schema;
use postgres::Client;
use thiserror::Error;

use super::Subject;
use crate::access::Board;
use crate::rows::Bench;
use crate::server::{Database, Server, ServerError};

/// A server with the subject on it, or one database as it stands.
pub struct Ground {
    subject: Subject,
    place: Place,
    direct: Mutex<Option<Arc<Schema>>>,
    /// Why the migrations don't apply, once that is known: no check asks again.
    broken: OnceLock<String>,
    board: Arc<Board>,
}

enum Place {
    /// Databases are made as they are needed, cloned from a template.
    Server(Server),
    /// One database of the user's, checked as it stands.
    Given(Url),
}

/// The ground could not be prepared.
#[derive(Debug, Error)]
pub enum GroundError {
    /// The server or a connection failed.
    #[error(transparent)]
    Server(#[from] ServerError),
    /// A connection failed.
    #[error(transparent)]
    Connect(#[from] migrations::ConnectError),
    /// A script was refused.
    #[error("failed to apply {script}: {reason}")]
    Apply {
        /// Which script.
        script: String,
        /// What the server said.
        reason: String,
    },
    /// The catalog could not be read.
    #[error("failed to read the catalog: {0}")]
    Catalog(#[from] catalog::CatalogError),
}

impl Ground {
    /// Databases on that server.
    pub fn new(subject: Subject, server: Server) -> Self {
        Ground {
            subject,
            place: Place::Server(server),
            direct: Mutex::default(),
            broken: OnceLock::new(),
            board: Arc::default(),
        }
    }

    /// That database, as it stands.
    pub fn given(subject: Subject, url: Url) -> Self {
        Ground {
            subject,
            place: Place::Given(url),
            direct: Mutex::default(),
            broken: OnceLock::new(),
            board: Arc::default(),
        }
    }

    /// What is put to the proof.
    pub fn subject(&self) -> &Subject {
        &self.subject
    }

    /// The server, where databases are made as they are needed.
    pub fn server(&self) -> Option<&Server> {
        match &self.place {
            Place::Server(server) => Some(server),
            Place::Given(_) => None,
        }
    }

    /// Whether all checks share one database.
    pub fn is_shared(&self) -> bool {
        matches!(self.place, Place::Given(_))
    }

    /// A bench on a database that holds the subject.
    ///
    /// # Errors
    ///
    /// Where the database can't be made or the migrations don't apply.
    pub fn bench(&self) -> Result<Bench, GroundError> {
        let subject = &self.subject;
        let schema = std::sync::Arc::clone(&subject.schema);
        let path = subject.default_schema.clone();
        Ok(match &self.place {
            Place::Given(url) => {
                Bench::new(migrations::connect(url)?, schema, path).sharing(&self.board)
            }
            Place::Server(_) => {
                let database = self.migrated()?;
                Bench::new(database.connect()?, schema, path)
                    .sharing(&self.board)
                    .keep(database)
            }
        })
    }

    /// A database that the migrations have been applied to.
    ///
    /// # Errors
    ///
    /// Where it can't be made or the migrations don't apply.
    pub(crate) fn migrated(&self) -> Result<Database, GroundError> {
        let name = format!("{} migrated", self.subject.name);
        if let Some(reason) = self.broken.get().cloned() {
            return Err(ServerError::Template { name, reason }.into());
        }
        let server = self.own_server();
        let template = server.template(&name, |client| {
            self.prepare(client).and_then(|()| self.up(client))
        });
        if let Err(ServerError::Template { reason, .. }) = &template {
            let _ = self.broken.set(reason.clone());
        }
        Ok(server.clone_of(&template?)?)
    }

    /// The model's own objects, made without its history, as the catalog shows them.
    ///
    /// # Errors
    ///
    /// Where they can't be made or read.
    pub(super) fn direct(&self) -> Result<Arc<Schema>, GroundError> {
        let mut known = self.direct.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = &*known {
            return Ok(Arc::clone(known));
        }
        let database = self.platform()?;
        let mut client = database.connect()?;
        self.create(&mut client)?;
        let schema = Arc::new(self.read(&mut client)?);
        Ok(Arc::clone(known.insert(schema)))
    }

    fn own_server(&self) -> &Server {
        match &self.place {
            Place::Server(server) => server,
            Place::Given(_) => {
                unreachable!("tests that make databases are left out where one was given")
            }
        }
    }

    /// A database with the platform and nothing else.
    ///
    /// # Errors
    ///
    /// Where it can't be made.
    pub fn platform(&self) -> Result<Database, GroundError> {
        let server = self.own_server();
        let template = server.template(&format!("{} platform", self.subject.name), |c| {
            self.prepare(c)
        })?;
        Ok(server.clone_of(&template)?)
    }

    /// The catalog as a schema, without what the platform brings.
    ///
    /// # Errors
    ///
    /// Where it can't be read.
    pub fn read(&self, client: &mut Client) -> Result<Schema, GroundError> {
        Ok(catalog::read(client, &ReadOptions::without_platforms())?.schema)
    }

    fn prepare(&self, client: &mut Client) -> Result<(), GroundError> {
        apply(client, "the platform", &self.subject.platform)?;
        // A role that is somebody else's to make is there before the migrations, and on a server that
        // several tests share perhaps already.
        let roles = self.subject.schema.of_kind(Kind::Role);
        for role in roles.filter(|role| role.external) {
            let sql = format!(
                "DO {}",
                dollar(&format!(
                    "BEGIN CREATE ROLE {}; \
                     EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END",
                    ident(&role.id.name)
                ))
            );
            apply(client, "an external role", &sql)?;
        }
        Ok(())
    }

    /// Applies every migration, or the model's own plan where there is no history.
    pub(super) fn up(&self, client: &mut Client) -> Result<(), GroundError> {
        if self.subject.migrations.is_empty() {
            return self.create(client);
        }
        for migration in &self.subject.migrations {
            apply(client, &format!("{}/up.sql", migration.name), &migration.up)?;
        }
        Ok(())
    }

    /// Reverts every migration, the last one first.
    pub(super) fn down(&self, client: &mut Client) -> Result<(), GroundError> {
        if self.subject.migrations.is_empty() {
            let sql = script(&self.subject.schema, &Schema::default())?;
            return apply(client, "the way down", &sql);
        }
        for migration in self.subject.migrations.iter().rev() {
            apply(
                client,
                &format!("{}/down.sql", migration.name),
                &migration.down,
            )?;
        }
        Ok(())
    }

    /// Makes the model's objects directly, without its history.
    pub(super) fn create(&self, client: &mut Client) -> Result<(), GroundError> {
        let sql = script(&Schema::default(), &self.subject.schema)?;
        apply(client, "the model", &sql)
    }
}

/// The script from one schema to another.
fn script(from: &Schema, to: &Schema) -> Result<String, GroundError> {
    let planned = plan::plan(from, to, &plan::Options::default());
    let planned = planned.map_err(|problems| GroundError::Apply {
        script: "the model".into(),
        reason: problems
            .iter()
            .map(|p| p.to_string())
            .collect::<Vec<_>>()
            .join("; "),
    })?;
    Ok(migrations::render::script(&planned))
}

fn apply(client: &mut Client, script: &str, sql: &str) -> Result<(), GroundError> {
    crate::roles::script(client, sql).map_err(|error| GroundError::Apply {
        script: script.to_owned(),
        reason: error.to_string(),
    })
}
