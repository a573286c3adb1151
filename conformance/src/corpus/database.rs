//! Fresh databases on two servers, and what a case's scripts make of them.
//!
//! Never leaves a role behind that a script made: the next case would find it.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use migrations::catalog::{self, Catalog, ReadOptions};
use postgres::{Client, NoTls};

/// Two servers, the first for what is, the second for what should be. They are two because roles
/// belong to the server.
pub struct Scratch {
    sides: [Side; 2],
    notes: Vec<String>,
}

/// One server, and the database on it that the present case uses.
pub struct Side {
    server: String,
    admin: Client,
    name: String,
    roles: BTreeSet<String>,
}

impl Scratch {
    /// Connects to both servers, given as a libpq connection string without a database.
    ///
    /// # Errors
    ///
    /// What the server said.
    pub fn connect(old: &str, new: &str) -> Result<Scratch, postgres::Error> {
        Ok(Scratch {
            sides: [Side::connect(old)?, Side::connect(new)?],
            notes: Vec::new(),
        })
    }

    /// The server for what is, and the one for what should be.
    pub fn sides(&mut self) -> (&mut Side, &mut Side) {
        let [old, new] = &mut self.sides;
        (old, new)
    }

    /// Leaves a line about the present case that is no failure.
    pub fn note(&mut self, line: String) {
        self.notes.push(line);
    }

    /// The lines left about the present case; they are handed out once.
    pub fn notes(&mut self) -> Vec<String> {
        std::mem::take(&mut self.notes)
    }

    /// Drops what the case made.
    pub fn clear(&mut self) -> Result<(), postgres::Error> {
        self.sides.iter_mut().try_for_each(Side::clear)
    }
}

impl Side {
    fn connect(server: &str) -> Result<Side, postgres::Error> {
        let mut admin = Client::connect(&format!("{server} dbname=postgres"), NoTls)?;
        let roles = roles(&mut admin)?;
        Ok(Side {
            server: server.to_owned(),
            admin,
            name: format!("corpus_{}", std::process::id()),
            roles,
        })
    }

    /// An empty database in the place of the one before.
    ///
    /// # Errors
    ///
    /// A line that says why there is none.
    pub fn fresh(&mut self) -> Result<(), String> {
        self.clear().map_err(|error| said(&error))?;
        let statement = format!("CREATE DATABASE {} TEMPLATE template0", self.name);
        self.admin
            .batch_execute(&statement)
            .map_err(|error| said(&error))
    }

    /// Makes the roles that a script has made on the other side, so that a plan, which leaves roles
    /// to the server, finds them.
    ///
    /// # Errors
    ///
    /// What the server said.
    pub fn share_roles(&mut self, other: &mut Side) -> Result<(), String> {
        let have = roles(&mut self.admin).map_err(|error| said(&error))?;
        let want = roles(&mut other.admin).map_err(|error| said(&error))?;
        for role in want.difference(&have) {
            // An event trigger's owner must be a superuser.
            let query = "SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = $1";
            let row = other
                .admin
                .query_one(query, &[role])
                .map_err(|error| said(&error))?;
            let may = if row.get(0) { " SUPERUSER" } else { "" };
            let statement = format!("CREATE ROLE {}{may}", model::quote::ident(role));
            self.admin
                .batch_execute(&statement)
                .map_err(|error| said(&error))?;
        }
        Ok(())
    }

    /// Runs a script with psql in a session of its own, and stops at the first error.
    ///
    /// # Errors
    ///
    /// psql's first message.
    pub fn run(&self, script: &Path) -> Result<(), String> {
        let output = Command::new("psql")
            .args(["-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", &self.url(), "-f"])
            .arg(script)
            .env("PGOPTIONS", "-c client_min_messages=warning")
            .output()
            .map_err(|error| format!("failed to start psql: {error}"))?;
        if output.status.success() {
            return Ok(());
        }
        let text = String::from_utf8_lossy(&output.stderr);
        let line = text.lines().find(|line| line.contains("ERROR"));
        Err(line
            .or(text.lines().next())
            .unwrap_or("psql failed")
            .to_owned())
    }

    /// `pg_dump --schema-only` of the database, without the lines that differ from run to run.
    ///
    /// # Errors
    ///
    /// pg_dump's first message.
    pub fn dump(&self) -> Result<String, String> {
        let output = Command::new("pg_dump")
            .args(["--schema-only", "-d", &self.url()])
            .output()
            .map_err(|error| format!("failed to start pg_dump: {error}"))?;
        if !output.status.success() {
            let text = String::from_utf8_lossy(&output.stderr);
            return Err(text.lines().next().unwrap_or("pg_dump failed").to_owned());
        }
        let text = String::from_utf8_lossy(&output.stdout);
        let kept = text
            .lines()
            .filter(|line| !line.starts_with("\\restrict") && !line.starts_with("\\unrestrict"));
        Ok(kept.collect::<Vec<_>>().join("\n"))
    }

    /// A new session on the database.
    ///
    /// # Errors
    ///
    /// What the server said.
    pub fn session(&self) -> Result<Client, String> {
        Client::connect(&self.url(), NoTls).map_err(|error| said(&error))
    }

    /// What the database holds.
    ///
    /// # Errors
    ///
    /// Why it can't be read.
    pub fn read(&self) -> Result<Catalog, String> {
        let options = ReadOptions::default();
        catalog::read(&mut self.session()?, &options).map_err(|error| error.to_string())
    }

    fn url(&self) -> String {
        format!("{} dbname={}", self.server, self.name)
    }

    fn clear(&mut self) -> Result<(), postgres::Error> {
        let drop = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name);
        self.admin.batch_execute(&drop)?;
        for role in roles(&mut self.admin)?.difference(&self.roles) {
            let role = model::quote::ident(role);
            self.admin.batch_execute(&format!("DROP ROLE {role}"))?;
        }
        Ok(())
    }
}

impl Drop for Side {
    fn drop(&mut self) {
        // Nobody is left to tell if this fails; the next run's database has another name.
        let _ = self.clear();
    }
}

fn roles(client: &mut Client) -> Result<BTreeSet<String>, postgres::Error> {
    let rows = client.query(
        "SELECT rolname::text FROM pg_catalog.pg_roles WHERE rolname !~ '^pg_'",
        &[],
    )?;
    rows.iter().map(|row| row.try_get(0)).collect()
}

fn said(error: &postgres::Error) -> String {
    error
        .as_db_error()
        .map_or_else(|| error.to_string(), |e| e.message().to_owned())
}
