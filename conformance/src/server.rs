//! Owns where a PostgreSQL comes from: the order in which sources are tried, what was chosen and
//! why, and the databases that a run gets from it.
//!
//! Never touches a database that it did not make: on a server that somebody else runs, it creates
//! databases of its own and drops those.

mod database;
#[cfg(feature = "docker")]
mod docker;
mod download;
#[cfg(feature = "docker")]
mod engine;
mod error;
mod given;
#[cfg(unix)]
mod local;
mod programs;
mod settings;
mod wanted;
#[cfg(unix)]
mod watchdog;

use std::any::Any;
use std::path::PathBuf;
use std::sync::{Arc, LazyLock};

use migrations::Url;
use postgres::Client;

pub use database::{Database, Template};
pub use error::{Passed, ServerError};
pub use wanted::{DEFAULT_IMAGE, Kind, Wanted};

use database::Pool;

/// A PostgreSQL server that serves a whole run, and stops when the last one who holds it is gone.
///
/// Clones are handles on the one server, as are the [`Database`]s made on it. A server that was
/// started for this run is also stopped, and its files removed, where the process ends without
/// dropping it: by `exit`, a signal, or because it was kept in a `static`.
///
/// # Examples
///
/// ```no_run
/// use conformance::server::{Server, Wanted};
///
/// let server = Server::start(&Wanted::default())?;
/// eprintln!("{}", server.describe()); // postgres 15.18 from local server programs (…)
/// let database = server.database()?;
/// database.connect()?.batch_execute("CREATE TABLE t ()")?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Server {
    inner: Arc<Inner>,
}

/// What a source hands over: a server that answers, until `keeper` is dropped.
struct Running {
    url: Url,
    /// The same server over the network, where `url` is a socket.
    network: Option<Url>,
    /// None for a server that somebody else runs.
    kind: Option<Kind>,
    /// Fits "postgres 15.18 …".
    origin: String,
    keeper: Box<dyn Any + Send + Sync>,
}

struct Inner {
    // Fields are dropped in this order: connections close before the server is stopped.
    pool: Pool,
    network: Option<Url>,
    about: String,
    version: u32,
    _keeper: Box<dyn Any + Send + Sync>,
}

impl Server {
    /// Starts, or reaches, the first server that can be had, in the order: `wanted.url`, a
    /// container, server programs on this machine, a download.
    ///
    /// Where [`Wanted::kind`] names one of them, no other is tried.
    ///
    /// # Errors
    ///
    /// [`ServerError::Unavailable`] where the one that was asked for is not to be had, and
    /// [`ServerError::NoneFound`] where none is; both say what was missing and how to mend it.
    pub fn start(wanted: &Wanted) -> Result<Server, ServerError> {
        if let Some(url) = &wanted.url {
            return Server::accept(given::reach(url)?, wanted, &[]);
        }
        let kinds = match &wanted.kind {
            Some(kind) => std::slice::from_ref(kind),
            None => Kind::IN_ORDER,
        };
        let mut passed = Vec::new();
        for kind in kinds {
            let started = Server::start_kind(*kind, wanted);
            match started.and_then(|running| Server::accept(running, wanted, &passed)) {
                Ok(server) => return Ok(server),
                Err(ServerError::Unavailable(why)) if wanted.kind.is_none() => passed.push(why),
                Err(error) => return Err(error),
            }
        }
        Err(ServerError::NoneFound { passed })
    }

    /// The one server of this process, started by whoever asks first, as [`Wanted::from_env`] says.
    ///
    /// # Panics
    ///
    /// Panics, in every test that asks, with the reason why there is no server.
    pub fn shared() -> &'static Server {
        static SHARED: LazyLock<Server> = LazyLock::new(|| {
            let started = Wanted::from_env().and_then(|wanted| Server::start(&wanted));
            let server = started.unwrap_or_else(|error| panic!("failed to {error}"));
            eprintln!("{}", server.describe());
            server
        });
        &SHARED
    }

    fn start_kind(kind: Kind, wanted: &Wanted) -> Result<Running, ServerError> {
        match kind {
            #[cfg(unix)]
            Kind::Local => local::start(wanted),
            #[cfg(not(unix))]
            Kind::Local => Err(Passed::new(
                kind,
                "server programs are only run on Unix",
                "use --server docker, or --url",
            )
            .into()),
            #[cfg(feature = "docker")]
            Kind::Docker => docker::start(wanted),
            #[cfg(not(feature = "docker"))]
            Kind::Docker => Err(Passed::new(
                kind,
                "this build has no Docker",
                "build it with the cargo feature `docker`",
            )
            .into()),
            Kind::Download => download::start(wanted),
        }
    }

    /// Asks a server that answers for its version and its extensions, and takes it if they suit.
    fn accept(running: Running, wanted: &Wanted, passed: &[Passed]) -> Result<Server, ServerError> {
        let mut client = migrations::connect(&running.url)?;
        let row = client.query_one(
            "SELECT current_setting('server_version_num')::int, \
                    split_part(current_setting('server_version'), ' ', 1), \
                    ARRAY(SELECT wanted FROM unnest($1::text[]) AS wanted \
                          WHERE wanted NOT IN (SELECT name FROM pg_available_extensions))",
            &[&wanted.extensions],
        )?;
        let (number, version, missing): (i32, String, Vec<String>) =
            (row.get(0), row.get(1), row.get(2));
        let number = number.unsigned_abs();
        if let Some((reason, mend)) = wanted.objection(number / 10_000, &missing) {
            return Err(match running.kind {
                Some(kind) => Passed::new(kind, reason, mend).into(),
                None => ServerError::Unsuitable {
                    url: Box::new(running.url),
                    reason,
                    mend,
                },
            });
        }
        let reasons: Vec<&str> = passed.iter().map(|passed| passed.reason.as_str()).collect();
        let reasons = match reasons.is_empty() {
            true => String::new(),
            false => format!(" ({})", reasons.join("; ")),
        };
        let inner = Inner {
            about: format!("postgres {version} {}{reasons}", running.origin),
            version: number,
            network: running.network,
            pool: Pool::new(
                running.url,
                client,
                running.kind.is_some() && number >= 150_000,
            ),
            _keeper: running.keeper,
        };
        Ok(Server {
            inner: Arc::new(inner),
        })
    }

    /// One line for the person who waits: what was chosen, and why not what comes before it.
    pub fn describe(&self) -> &str {
        &self.inner.about
    }

    /// The server's version as PostgreSQL numbers it: 150018 is 15.18.
    pub fn version(&self) -> u32 {
        self.inner.version
    }

    /// The address of the server's own database, in which nothing should be made.
    pub fn url(&self) -> &Url {
        self.inner.pool.url()
    }

    /// The same address for a program that cannot use a Unix socket; none where there is no other.
    pub fn network_url(&self) -> Option<&Url> {
        self.inner.network.as_ref()
    }

    /// A client program such as `pg_dump` that is installed here beside server programs, of the
    /// server's major version or a later one, as `pg_dump` demands.
    pub fn client_program(&self, name: &str) -> Option<PathBuf> {
        let wanted = Wanted {
            majors: self.version() / 10_000..=99,
            ..Wanted::default()
        };
        let program = programs::find(&wanted).ok()?.bin.join(name);
        program.is_file().then_some(program)
    }

    /// A new connection to the server's own database, for roles and what else a whole server has.
    ///
    /// # Errors
    ///
    /// [`ServerError::Connect`].
    pub fn connect(&self) -> Result<Client, ServerError> {
        Ok(migrations::connect(self.url())?)
    }
}
