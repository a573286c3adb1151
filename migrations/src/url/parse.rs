//! Owns the reading of an address, in libpq's two forms, into a [`Url`].
//!
//! Never puts a piece of the text into an error: what looks like a parameter may be the rest of a
//! password in which a `?` or a space was not escaped.

use super::{Host, Url};

/// What the driver is given, beside the parts that [`Url`] has fields for.
const DRIVER: [&str; 12] = [
    "application_name",
    "channel_binding",
    "connect_timeout",
    "hostaddr",
    "keepalives",
    "keepalives_idle",
    "keepalives_interval",
    "keepalives_retries",
    "load_balance_hosts",
    "options",
    "sslnegotiation",
    "target_session_attrs",
];

/// What `connect` reads itself.
const TLS: [&str; 4] = ["sslmode", "sslrootcert", "sslcert", "sslkey"];

/// What other tools write into an address for themselves, and what libpq has for features that do
/// not bear on a connection made here.
const IGNORED: [&str; 13] = [
    "client_encoding",
    "connection_limit",
    "fallback_application_name",
    "gssencmode",
    "keepalives_count",
    "pool_timeout",
    "prepareThreshold",
    "schema",
    "socket_timeout",
    "sslcompression",
    "sslsni",
    "supa",
    "tcp_user_timeout",
];

const SSL_MODES: [&str; 6] = [
    "disable",
    "allow",
    "prefer",
    "require",
    "verify-ca",
    "verify-full",
];

/// What is wrong with the address of a database.
///
/// No variant holds text from the address, except the names of parameters that are known.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum UrlError {
    /// It is in neither of libpq's two forms.
    #[error(
        "read the address of the database: expected `postgres://user:password@host/database` or \
         `name=value` pairs"
    )]
    Form,
    /// A `%` is not followed by two hexadecimal digits, or they do not make UTF-8.
    #[error(
        "read the address of the database: a `%` in it does not start an escape; write `%25` for \
         a percent sign"
    )]
    Escape,
    /// A port is not a number from 1 to 65535.
    #[error(
        "read the address of the database: its port is not a number; write `%2F`, `%3A` and `%40` \
         for `/`, `:` and `@` in a password"
    )]
    Port,
    /// A parameter is not one of those that a connection has.
    #[error(
        "read the address of the database: its parameter {position} is not known{}; known are \
         sslmode, sslrootcert, sslcert, sslkey, application_name, connect_timeout, options and \
         the rest of libpq's",
        if *.in_password { " (write `%3F` and `%40` for `?` and `@` in a password)" } else { "" }
    )]
    Parameter {
        /// Which one, counted from 1.
        position: usize,
        /// True where the text suggests that it is a part of the password.
        in_password: bool,
    },
    /// A parameter that is known has a value that is not.
    #[error("read the address of the database: {name} has a value it cannot have")]
    Value {
        /// The parameter.
        name: &'static str,
    },
    /// `sslrootcert=system` with a mode that would not check the server's name against it.
    #[error("read the address of the database: sslrootcert=system needs sslmode=verify-full")]
    WeakSystemRoots,
}

pub(super) fn url(text: &str) -> Result<Url, UrlError> {
    let text = text.trim();
    let url = match text
        .strip_prefix("postgres://")
        .or(text.strip_prefix("postgresql://"))
    {
        Some(rest) => hierarchical(rest)?,
        None if text.contains("://") => return Err(UrlError::Form),
        None => pairs(text)?,
    };
    check(&url)?;
    Ok(url)
}

/// `user:password@host:port,host:port/database?name=value&name=value`
fn hierarchical(text: &str) -> Result<Url, UrlError> {
    let (rest, query) = text.split_once('?').unwrap_or((text, ""));
    let (authority, database) = rest.split_once('/').unwrap_or((rest, ""));
    let (userinfo, hosts) = authority.rsplit_once('@').unwrap_or(("", authority));
    let (user, password) = match userinfo.split_once(':') {
        Some((user, password)) => (user, Some(password)),
        None => (userinfo, None),
    };
    let mut url = empty();
    url.user = some(unescape(user)?);
    url.password = password.map(unescape).transpose()?;
    url.database = some(unescape(database)?);
    for host in hosts.split(',').filter(|host| !host.is_empty()) {
        url.hosts.push(authority_host(host)?);
    }
    for (index, pair) in query.split('&').filter(|pair| !pair.is_empty()).enumerate() {
        let fault = UrlError::Parameter {
            position: index + 1,
            in_password: query.contains('@'),
        };
        let (name, value) = pair.split_once('=').ok_or_else(|| fault.clone())?;
        put(&mut url, &unescape(name)?, unescape(value)?, fault)?;
    }
    Ok(url)
}

fn authority_host(text: &str) -> Result<Host, UrlError> {
    let (name, port) = match text.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((name, rest)) => (name, rest.strip_prefix(':')),
        None => text
            .split_once(':')
            .map_or((text, None), |(name, port)| (name, Some(port))),
    };
    let port = port
        .filter(|port| !port.is_empty())
        .map(read_port)
        .transpose()?;
    Ok(Host {
        name: unescape(name)?,
        port,
    })
}

/// `name = value name='a value' …`, where a backslash makes the next character plain.
fn pairs(text: &str) -> Result<Url, UrlError> {
    let mut url = empty();
    let mut rest = text.chars().peekable();
    for position in 1.. {
        while rest.next_if(|c| c.is_whitespace()).is_some() {}
        if rest.peek().is_none() {
            break;
        }
        let mut name = String::new();
        while let Some(c) = rest.next_if(|c| *c != '=' && !c.is_whitespace()) {
            name.push(c);
        }
        while rest.next_if(|c| c.is_whitespace()).is_some() {}
        rest.next_if_eq(&'=').ok_or(UrlError::Form)?;
        while rest.next_if(|c| c.is_whitespace()).is_some() {}
        let quoted = rest.next_if_eq(&'\'').is_some();
        let mut value = String::new();
        while let Some(c) = rest.next_if(|c| quoted || !c.is_whitespace()) {
            match c {
                '\'' if quoted => break,
                '\\' => value.extend(rest.next()),
                _ => value.push(c),
            }
        }
        put(
            &mut url,
            &name,
            value,
            UrlError::Parameter {
                position,
                in_password: false,
            },
        )?;
    }
    Ok(url)
}

/// Files one parameter where it belongs, or fails with `unknown`.
fn put(url: &mut Url, name: &str, value: String, unknown: UrlError) -> Result<(), UrlError> {
    match name {
        "user" => url.user = some(value),
        "password" => url.password = Some(value),
        "dbname" => url.database = some(value),
        "host" => {
            let ports: Vec<_> = url.hosts.iter().map(|host| host.port).collect();
            let named = value.split(',').enumerate();
            let host = |(index, name): (usize, &str)| Host {
                name: name.to_owned(),
                port: ports.get(index).or(ports.last()).copied().flatten(),
            };
            url.hosts = named.map(host).collect();
        }
        "port" => {
            let ports = value
                .split(',')
                .map(read_port)
                .collect::<Result<Vec<_>, _>>()?;
            if url.hosts.is_empty() {
                url.hosts.push(Host {
                    name: String::new(),
                    port: None,
                });
            }
            for (index, host) in url.hosts.iter_mut().enumerate() {
                host.port = ports.get(index).or(ports.last()).copied();
            }
        }
        _ if DRIVER.contains(&name) || TLS.contains(&name) => {
            url.parameters.push((name.to_owned(), value));
        }
        "pgbouncer" => url.says_pooler = matches!(value.as_str(), "true" | "1"),
        _ if IGNORED.contains(&name) => {}
        _ => return Err(unknown),
    }
    Ok(())
}

fn read_port(text: &str) -> Result<u16, UrlError> {
    text.parse()
        .ok()
        .filter(|port| *port != 0)
        .ok_or(UrlError::Port)
}

fn check(url: &Url) -> Result<(), UrlError> {
    config(url)?;
    let mode = url.parameter("sslmode");
    if mode.is_some_and(|mode| !SSL_MODES.contains(&mode)) {
        return Err(UrlError::Value { name: "sslmode" });
    }
    let system = url.parameter("sslrootcert") == Some("system");
    match mode {
        Some(mode) if system && mode != "verify-full" => Err(UrlError::WeakSystemRoots),
        _ => Ok(()),
    }
}

/// The driver's own settings, through its reader for pairs: it has no other way in for all of them.
pub(super) fn config(url: &Url) -> Result<tokio_postgres::Config, UrlError> {
    let mut text = String::new();
    for (name, value) in &url.parameters {
        if let Some(name) = DRIVER.iter().find(|known| *known == name) {
            let pair = format!(
                "{name}='{}' ",
                value.replace('\\', "\\\\").replace('\'', "\\'")
            );
            let read = pair.parse::<tokio_postgres::Config>();
            read.map_err(|_| UrlError::Value { name })?;
            text += &pair;
        }
    }
    let mut config: tokio_postgres::Config = text.parse().map_err(|_| UrlError::Form)?;
    for host in &url.hosts {
        let name = if host.name.is_empty() {
            default_host()
        } else {
            host.name.as_str()
        };
        config.host(name).port(host.port.unwrap_or(5432));
    }
    if url.hosts.is_empty() {
        config.host(default_host());
    }
    url.user.as_ref().map(|user| config.user(user));
    url.password
        .as_ref()
        .map(|password| config.password(password));
    url.database
        .as_ref()
        .map(|database| config.dbname(database));
    Ok(config)
}

/// libpq connects through the local socket where no host is named, and so do we if there is one.
fn default_host() -> &'static str {
    let sockets = ["/run/postgresql", "/var/run/postgresql", "/tmp"];
    let there = |dir: &&str| std::path::Path::new(dir).join(".s.PGSQL.5432").exists();
    sockets.into_iter().find(there).unwrap_or("localhost")
}

fn empty() -> Url {
    Url {
        hosts: Vec::new(),
        user: None,
        password: None,
        database: None,
        parameters: Vec::new(),
        says_pooler: false,
    }
}

fn some(text: String) -> Option<String> {
    Some(text).filter(|text| !text.is_empty())
}

fn unescape(text: &str) -> Result<String, UrlError> {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let digit = |byte: Option<u8>| byte.and_then(|byte| char::from(byte).to_digit(16));
        let (high, low) = (digit(rest.next()), digit(rest.next()));
        let (high, low) = high.zip(low).ok_or(UrlError::Escape)?;
        bytes.push((high * 16 + low) as u8);
    }
    String::from_utf8(bytes).map_err(|_| UrlError::Escape)
}
