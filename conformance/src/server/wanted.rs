//! Owns what a caller asks of a server: where from, which version, which extensions.
//!
//! Never looks for one: reading the environment is all it does to the machine.

use std::fmt;
use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::str::FromStr;

use migrations::Url;

use super::error::ServerError;

/// The image that a container is made from where nothing else is configured.
pub const DEFAULT_IMAGE: &str = "postgres:17-alpine";

/// Where a server may come from, apart from an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// A container, through a Docker engine that answers.
    Docker,
    /// Server programs that are installed on this machine.
    Local,
    /// Server programs that are downloaded, where they may be.
    Download,
}

impl Kind {
    /// The order in which they are tried.
    pub(super) const IN_ORDER: &[Kind] = &[Kind::Docker, Kind::Local, Kind::Download];
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Kind::Docker => "docker",
            Kind::Local => "local",
            Kind::Download => "download",
        })
    }
}

impl FromStr for Kind {
    type Err = ServerError;

    fn from_str(text: &str) -> Result<Kind, ServerError> {
        let found = Kind::IN_ORDER.iter().find(|kind| kind.to_string() == text);
        found.copied().ok_or_else(|| ServerError::UnknownKind {
            given: text.to_owned(),
        })
    }
}

/// What is asked of a server.
///
/// # Examples
///
/// ```
/// use conformance::server::{Kind, Wanted};
///
/// let wanted = Wanted {
///     kind: Some(Kind::Local),
///     extensions: vec!["vector".to_owned()],
///     ..Wanted::default()
/// };
/// assert!(wanted.majors.contains(&17));
/// ```
#[derive(Debug, Clone)]
pub struct Wanted {
    /// A server that runs already. It wins over all else.
    pub url: Option<Url>,
    /// The only kind to try; without one, all are tried in order.
    pub kind: Option<Kind>,
    /// The image of a container.
    pub image: String,
    /// The folder that holds `initdb` and `postgres`, where it isn't to be looked for.
    pub programs: Option<PathBuf>,
    /// The major versions that will do.
    pub majors: RangeInclusive<u32>,
    /// The extensions that the model creates: a server that cannot have one is passed over.
    pub extensions: Vec<String>,
    /// Where downloaded server programs are kept, one folder a version; without one, where
    /// `postgresql_embedded` keeps them, in `~/.theseus/postgresql`.
    ///
    /// The account that runs the server must be able to read it: `postgres`, where we are root.
    pub downloads: Option<PathBuf>,
}

impl Default for Wanted {
    /// Any source, [PostgreSQL 13](https://www.postgresql.org/support/versioning/) or newer, no
    /// extension, the image in `PILASTER_DOCKER_IMAGE` or else `postgres:17-alpine`, downloads in
    /// `PILASTER_DOWNLOADS`.
    fn default() -> Wanted {
        let set = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        Wanted {
            url: None,
            kind: None,
            image: set("PILASTER_DOCKER_IMAGE").unwrap_or_else(|| DEFAULT_IMAGE.to_owned()),
            programs: None,
            majors: 13..=99,
            extensions: Vec::new(),
            downloads: set("PILASTER_DOWNLOADS").map(PathBuf::from),
        }
    }
}

impl Wanted {
    /// The default, with the kind that `PILASTER_SERVER` names (`docker`, `local`, `download`).
    ///
    /// # Errors
    ///
    /// [`ServerError::UnknownKind`] where it names another.
    pub fn from_env() -> Result<Wanted, ServerError> {
        let kind = std::env::var("PILASTER_SERVER")
            .ok()
            .filter(|kind| !kind.is_empty());
        let kind = kind.map(|kind| kind.parse()).transpose()?;
        Ok(Wanted {
            kind,
            ..Wanted::default()
        })
    }

    /// Why a server of this major version, without these extensions, will not do, and the mend.
    pub(super) fn objection(&self, major: u32, missing: &[String]) -> Option<(String, String)> {
        if !self.majors.contains(&major) {
            let mend = format!("PostgreSQL {} is wanted", self.majors_text());
            return Some((format!("it is PostgreSQL {major}"), mend));
        }
        let first = missing.first()?;
        let mend = format!("install {first} beside that server, or use another one");
        Some((format!("it has no extension {}", missing.join(", ")), mend))
    }

    /// The majors as a person says them.
    pub(super) fn majors_text(&self) -> String {
        match (self.majors.start(), self.majors.end()) {
            (start, end) if start == end => start.to_string(),
            (start, 99) => format!("{start} or newer"),
            (start, end) => format!("{start} to {end}"),
        }
    }
}
