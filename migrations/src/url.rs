//! Owns the address of a database: where it is, who connects, and how.
//!
//! Never shows a password: [`Display`](std::fmt::Display) and [`Debug`](std::fmt::Debug) mask it,
//! and an error about an address names no part of what was typed.

mod parse;

use std::fmt;
use std::str::FromStr;

pub use parse::UrlError;

/// The address of a PostgreSQL database, as `psql` reads it.
///
/// Both of libpq's forms are read, `postgres://user:password@host:port/database?name=value` and
/// `host=… user=… password=…`, with several hosts, IPv6 addresses and Unix sockets
/// (`postgres://user@%2Frun%2Fpostgresql/database`, or `host=/run/postgresql`). The parameters that
/// Prisma and connection poolers add to such an address (`schema`, `connection_limit`, …) are
/// accepted and have no effect; `pgbouncer=true` is told by [`Url::pooler`].
///
/// Shown, it is one `postgres://` line with its password masked.
///
/// # Errors
///
/// Reading one fails with a [`UrlError`], which says what is wrong without repeating the text.
///
/// # Examples
///
/// ```
/// use migrations::Url;
///
/// let url: Url = "host=db.example.org user=app password=secret dbname=shop".parse()?;
/// assert_eq!(url.to_string(), "postgres://app:***@db.example.org/shop");
/// assert_eq!(url.with_database("test").expose(), "postgres://app:secret@db.example.org/test");
/// # Ok::<(), migrations::UrlError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Url {
    hosts: Vec<Host>,
    user: Option<String>,
    password: Option<String>,
    database: Option<String>,
    parameters: Vec<(String, String)>,
    /// `pgbouncer=true`, which is the connection string's word for a transaction pooler.
    says_pooler: bool,
}

/// One server that the address names; a name that starts with `/` is a socket's directory.
#[derive(Clone, PartialEq, Eq)]
struct Host {
    name: String,
    port: Option<u16>,
}

impl Host {
    fn is_socket(&self) -> bool {
        self.name.starts_with('/')
    }
}

impl Url {
    /// A superuser's address on a server that listens on a Unix socket in `directory`.
    ///
    /// # Examples
    ///
    /// ```
    /// let url = migrations::Url::socket("/run/postgresql", 5432, "postgres", "shop");
    /// assert_eq!(url.to_string(), "postgres://postgres@%2Frun%2Fpostgresql:5432/shop");
    /// ```
    pub fn socket(directory: &str, port: u16, user: &str, database: &str) -> Url {
        let host = Host {
            name: directory.to_owned(),
            port: Some(port),
        };
        Url {
            hosts: vec![host],
            user: Some(user.to_owned()),
            password: None,
            database: Some(database.to_owned()),
            parameters: Vec::new(),
            says_pooler: false,
        }
    }

    /// The address of a server that listens on a network port and asks for a password.
    ///
    /// # Examples
    ///
    /// ```
    /// let url = migrations::Url::tcp("localhost", 5432, "app", "secret", "shop");
    /// assert_eq!(url.to_string(), "postgres://app:***@localhost:5432/shop");
    /// ```
    pub fn tcp(host: &str, port: u16, user: &str, password: &str, database: &str) -> Url {
        Url {
            password: Some(password.to_owned()),
            ..Url::socket(host, port, user, database)
        }
    }

    /// The same server, role and parameters, with another database.
    pub fn with_database(&self, database: &str) -> Url {
        Url {
            database: Some(database.to_owned()),
            ..self.clone()
        }
    }

    /// The same server and database, seen by another role, whose password is `password` if it
    /// needs one.
    pub fn with_user(&self, user: &str, password: Option<&str>) -> Url {
        Url {
            user: Some(user.to_owned()),
            password: password.map(str::to_owned),
            ..self.clone()
        }
    }

    /// The database that the address names, if it names one; PostgreSQL takes the user's name where
    /// it does not.
    pub fn database(&self) -> Option<&str> {
        self.database.as_deref()
    }

    /// The role that the address names, if it names one.
    pub fn user(&self) -> Option<&str> {
        self.user.as_deref()
    }

    /// The address **with its password**, for a program that connects; never to be printed.
    pub fn expose(&self) -> String {
        self.written(self.password.as_deref())
    }

    /// The address without its password, and the password, for a program that takes them apart.
    pub fn without_password(&self) -> (String, Option<&str>) {
        (self.written(None), self.password.as_deref())
    }

    /// Why the address seems to lead to a transaction pooler, where it does: port 6543 is where
    /// Supabase's Supavisor pools transactions, 6432 is PgBouncer's own, and `pgbouncer=true` says
    /// it.
    ///
    /// # Examples
    ///
    /// ```
    /// let url: migrations::Url = "postgres://db.example.org:6543/shop".parse()?;
    /// assert_eq!(url.pooler(), Some("port 6543"));
    /// # Ok::<(), migrations::UrlError>(())
    /// ```
    pub fn pooler(&self) -> Option<&'static str> {
        let at = |port| self.hosts.iter().any(|host| host.port == Some(port));
        match () {
            () if at(6543) => Some("port 6543"),
            () if at(6432) => Some("port 6432"),
            () if self.says_pooler => Some("the parameter pgbouncer=true"),
            () => None,
        }
    }

    /// The value of a parameter such as `sslmode`; the last one counts, as in libpq.
    pub(crate) fn parameter(&self, name: &str) -> Option<&str> {
        let found = self
            .parameters
            .iter()
            .rev()
            .find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    /// True where every server is a Unix socket, on which PostgreSQL never speaks TLS.
    pub(crate) fn is_socket_only(&self) -> bool {
        self.hosts.iter().all(Host::is_socket)
    }

    pub(crate) fn has_password(&self) -> bool {
        self.password.is_some()
    }

    /// The settings that the driver understands; TLS is decided by `connect`, apart from these.
    pub(crate) fn config(&self) -> tokio_postgres::Config {
        parse::config(self).expect("an address is checked when it is read")
    }

    fn written(&self, password: Option<&str>) -> String {
        let mut text = String::from("postgres://");
        if let Some(user) = &self.user {
            text += &percent(user);
        }
        if let Some(password) = password {
            text += &format!(":{password}", password = percent(password));
        }
        if self.user.is_some() || password.is_some() {
            text.push('@');
        }
        for (position, host) in self.hosts.iter().enumerate() {
            text += if position > 0 { "," } else { "" };
            match host.name.contains(':') {
                true => text += &format!("[{}]", host.name),
                false => text += &percent(&host.name),
            }
            if let Some(port) = host.port {
                text += &format!(":{port}");
            }
        }
        text.push('/');
        text += &percent(self.database.as_deref().unwrap_or_default());
        for (position, (name, value)) in self.parameters.iter().enumerate() {
            let mark = if position == 0 { '?' } else { '&' };
            text += &format!("{mark}{name}={}", percent(value));
        }
        text
    }
}

impl FromStr for Url {
    type Err = UrlError;

    fn from_str(text: &str) -> Result<Url, UrlError> {
        parse::url(text)
    }
}

impl fmt::Display for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.written(self.password.as_ref().map(|_| "***")))
    }
}

impl fmt::Debug for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Url({self})")
    }
}

/// Percent-encodes all but the characters that mean nothing in an address.
fn percent(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'*' => {
                out.push(char::from(byte));
            }
            _ => out += &format!("%{byte:02X}"),
        }
    }
    out
}
