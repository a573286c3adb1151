//! The environments: which migrations make each, and whether an address fits them.
//!
//! One model, two histories that part where the catalog begins: production has its tables, all
//! others have production's as foreign tables.

use std::error::Error;
use std::path::{Path, PathBuf};

use migrations::Url;
use migrations::apply::{Event, Migrator};
use migrations::history::History;
use migrations::pools_transactions;
use pilaster::postgres::Client;
use pilaster::uuid::Uuid;

use crate::catalog::admit_reader;

/// Where a database runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Environment {
    /// The catalog's tables are here.
    Production,
    /// The catalog's tables are production's.
    Preview,
}

impl Environment {
    /// The folder of its migrations.
    pub fn migrations(self) -> PathBuf {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
        match self {
            Environment::Production => folder.join("migrations"),
            Environment::Preview => folder.join("preview/migrations"),
        }
    }

    /// Makes what the migrations rely on: in production the role that other environments read as. A
    /// password of its own is given to it by [`admit_reader`].
    ///
    /// # Errors
    ///
    /// What the server refused.
    pub fn prepare(self, client: &mut Client) -> Result<(), Box<dyn Error>> {
        if self == Environment::Production {
            admit_reader(client, &Uuid::new_v4().to_string())?;
        }
        Ok(())
    }

    /// Brings a database up to date, and says each migration that was applied.
    ///
    /// # Errors
    ///
    /// What the server refused, or a history that is broken.
    pub fn migrate(
        self,
        client: &mut Client,
        mut each: impl FnMut(&str),
    ) -> Result<(), Box<dyn Error>> {
        let history = History::read(&self.migrations()).map_err(|broken| broken.to_string())?;
        Migrator::new(client, &history).up(None, &mut |event| {
            if let Event::Done(migration, _, _) = event {
                each(&migration.folder_name());
            }
        })?;
        Ok(())
    }
}

/// What a connection may be used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Connection {
    /// Everything.
    Direct,
    /// The application's work. Migrations are refused, and prepared statements are not to be relied
    /// on: a pooler hands each transaction another session.
    Pooled,
}

/// What an address shows without a connection: Supabase's poolers have a name and a port.
///
/// ```
/// use tailfire::environment::{Connection, of_address};
///
/// let direct = "postgres://postgres@db.example.supabase.co:5432/postgres".parse().unwrap();
/// assert_eq!(of_address(&direct), Connection::Direct);
/// let pooled = "postgres://postgres@aws-0.pooler.supabase.com:6543/postgres".parse().unwrap();
/// assert_eq!(of_address(&pooled), Connection::Pooled);
/// ```
pub fn of_address(url: &Url) -> Connection {
    match url.pooler() {
        Some(_) => Connection::Pooled,
        None => Connection::Direct,
    }
}

/// What the connection itself shows, whatever its address looks like.
///
/// # Errors
///
/// What the server refused.
pub fn of_session(client: &mut Client, url: &Url) -> Result<Connection, Box<dyn Error>> {
    Ok(match pools_transactions(client, url)? {
        true => Connection::Pooled,
        false => Connection::Direct,
    })
}
