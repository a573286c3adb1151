//! Owns how a connection is made: the driver's settings, TLS, and what is tried in which order.
//!
//! Never weakens what `sslmode` asks for: `require` and stronger never speak plain text, and
//! `verify-ca` and `verify-full` never accept a certificate that their roots do not vouch for.

mod pooler;
mod tls;

use std::error::Error;
use std::time::Duration;

use postgres::config::SslMode;
use postgres::error::SqlState;
use postgres::{Client, NoTls};
use tokio::runtime::Runtime;
use tokio::task::JoinHandle;

use crate::Url;
pub use pooler::pools_transactions;
use tls::Trust;

/// Why no connection could be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConnectError {
    /// The server cannot be reached, or refuses.
    #[error("connect to {url}: {}", causes(.source))]
    Refused {
        /// Where to; its password is masked.
        url: Box<Url>,
        /// What the driver says.
        source: postgres::Error,
    },
    /// The certificates that `sslmode` needs cannot be had.
    #[error("connect to {url}: {reason}")]
    Certificates {
        /// Where to; its password is masked.
        url: Box<Url>,
        /// What is missing or unreadable, and where it was looked for.
        reason: String,
    },
    /// The system refuses what waiting for a socket takes.
    #[error("no connection can be made: {0}")]
    Runtime(String),
}

impl ConnectError {
    /// The SQLSTATE with which the server refused, where it was a server that did.
    pub fn code(&self) -> Option<&SqlState> {
        match self {
            ConnectError::Refused { source, .. } => source.code(),
            ConnectError::Certificates { .. } | ConnectError::Runtime(_) => None,
        }
    }
}

/// The driver's error shows only its own layer; the reason is below it.
pub(crate) fn causes(error: &postgres::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        let cause_text = cause.to_string();
        if !text.contains(&cause_text) {
            text = format!("{text}: {cause_text}");
        }
        next = cause.source();
    }
    text
}

/// Connects as libpq would: the meaning of `sslmode` (by default `prefer`) is the manual's, "SSL
/// Support", table 34.1.
///
/// | `sslmode` | plain text | TLS | certificate is checked |
/// |---|---|---|---|
/// | `disable` | only | no | |
/// | `allow` | first | where plain text is refused | no |
/// | `prefer` | where TLS is not to be had | first | no |
/// | `require` | never | only | only where `sslrootcert` is there |
/// | `verify-ca` | never | only | its issuer |
/// | `verify-full` | never | only | its issuer and its host name |
///
/// The roots are `sslrootcert`, else `~/.postgresql/root.crt`, else the machine's own. On a Unix
/// socket there is no TLS. Where the address has no password, `PGPASSWORD` is used; `~/.pgpass` and
/// service files are not read.
///
/// # Errors
///
/// [`ConnectError`]; its text has no password in it.
///
/// # Examples
///
/// ```no_run
/// let url = "postgres://app@db.example.org/shop?sslmode=verify-full".parse()?;
/// let mut client = migrations::connect(&url)?;
/// client.simple_query("SELECT 1")?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn connect(url: &Url) -> Result<Client, ConnectError> {
    attempts(url, |config, mode| {
        let config = postgres::Config::from(config.clone());
        match mode {
            SslMode::Disable => config.connect(NoTls),
            _ => config.connect(connector(url)?),
        }
        .map_err(|source| refused(url, source))
    })
}

/// A connection whose answers are taken one by one, while the server sends more.
pub(crate) struct Stream {
    pub(crate) client: tokio_postgres::Client,
    pub(crate) runtime: Runtime,
    /// What carries the messages, as long as the runtime runs.
    connection: JoinHandle<()>,
    /// The server's `server_version`, which it says when the connection is made.
    pub(crate) server_version: Option<String>,
}

impl Stream {
    /// Takes leave of the server.
    pub(crate) fn close(self) {
        drop(self.client);
        // A server that is gone needs no farewell.
        let _ = self.runtime.block_on(self.connection);
    }
}

/// As [`connect`], for answers that come as a stream.
pub(crate) fn stream(url: &Url) -> Result<Stream, ConnectError> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let runtime = runtime.map_err(|e| ConnectError::Runtime(e.to_string()))?;
    let (client, connection, server_version) = attempts(url, |config, mode| match mode {
        SslMode::Disable => opened(&runtime, config, NoTls).map_err(|e| refused(url, e)),
        _ => opened(&runtime, config, connector(url)?).map_err(|e| refused(url, e)),
    })?;
    Ok(Stream {
        client,
        runtime,
        connection,
        server_version,
    })
}

type Opened = (tokio_postgres::Client, JoinHandle<()>, Option<String>);

fn opened<T>(
    runtime: &Runtime,
    config: &tokio_postgres::Config,
    tls: T,
) -> Result<Opened, tokio_postgres::Error>
where
    T: tokio_postgres::tls::MakeTlsConnect<tokio_postgres::Socket>,
    T::Stream: Send + 'static,
{
    let (client, connection) = runtime.block_on(config.connect(tls))?;
    let version = connection.parameter("server_version").map(str::to_owned);
    // What goes wrong with it is told to whoever waits for an answer.
    let carried = runtime.spawn(async move { drop(connection.await) });
    Ok((client, carried, version))
}

/// Tries each transport that `sslmode` allows, in its order.
fn attempts<C>(
    url: &Url,
    attempt: impl Fn(&tokio_postgres::Config, SslMode) -> Result<C, ConnectError>,
) -> Result<C, ConnectError> {
    let mut config = url.config();
    notice_silence(&mut config, url);
    if !url.has_password()
        && let Some(password) = std::env::var("PGPASSWORD").ok().filter(|p| !p.is_empty())
    {
        config.password(password);
    }
    let default = match url.parameter("sslrootcert") {
        Some("system") => "verify-full",
        _ => "prefer",
    };
    let attempts: &[SslMode] = match url.parameter("sslmode").unwrap_or(default) {
        _ if url.is_socket_only() => &[SslMode::Disable],
        "disable" => &[SslMode::Disable],
        "allow" => &[SslMode::Disable, SslMode::Require],
        "prefer" => &[SslMode::Prefer, SslMode::Disable],
        _ => &[SslMode::Require],
    };
    let mut refused = None;
    for mode in attempts {
        config.ssl_mode(*mode);
        match attempt(&config, *mode) {
            Ok(client) => return Ok(client),
            Err(error) if transport_is_refused(&error) => refused = refused.or(Some(error)),
            Err(error) => return Err(refused.unwrap_or(error)),
        }
    }
    Err(refused.expect("every list of attempts has one"))
}

/// Where the address says nothing else: an address that leads nowhere is given up after a quarter of
/// a minute, and so is a peer that is gone, which PostgreSQL's own default notices after two hours. A
/// statement may still run for as long as it likes.
fn notice_silence(config: &mut tokio_postgres::Config, url: &Url) {
    if url.parameter("connect_timeout").is_none() {
        config.connect_timeout(Duration::from_secs(15));
    }
    if url.parameter("keepalives_idle").is_none() {
        config.keepalives_idle(Duration::from_secs(15));
    }
    if url.parameter("keepalives_interval").is_none() {
        config.keepalives_interval(Duration::from_secs(5));
    }
    if url.parameter("keepalives_retries").is_none() {
        config.keepalives_retries(3);
    }
}

fn connector(url: &Url) -> Result<tokio_postgres_rustls::MakeRustlsConnect, ConnectError> {
    let tls = Trust::of(url).and_then(tls::connector);
    tls.map_err(|reason| ConnectError::Certificates {
        url: Box::new(url.clone()),
        reason,
    })
}

fn refused(url: &Url, source: postgres::Error) -> ConnectError {
    ConnectError::Refused {
        url: Box::new(url.clone()),
        source,
    }
}

/// True where another transport may fare better: `pg_hba.conf` has no line for this one (SQLSTATE
/// 28000), or the TLS handshake failed. A wrong password is wrong on both.
fn transport_is_refused(error: &ConnectError) -> bool {
    let ConnectError::Refused { source, .. } = error else {
        return false;
    };
    let handshake = || {
        let io = source
            .source()
            .and_then(|cause| cause.downcast_ref::<std::io::Error>());
        io.and_then(|io| io.get_ref())
            .is_some_and(|inner| inner.is::<rustls::Error>())
    };
    source.code() == Some(&SqlState::INVALID_AUTHORIZATION_SPECIFICATION) || handshake()
}
