//! A live catalog → [`Schema`]: one round trip, one snapshot, every kind of object.
//!
//! Owns what is read from a database and the rules by which some of it is left out. It never
//! writes to the database, and never skips anything in silence: what the `Schema` cannot hold is in
//! [`Catalog::unmodelled`], what the role may not see in [`Catalog::unreadable`].
//!
//! Every expression is in the form the server deparses with nothing of the user's on the
//! `search_path`, so the same expression reads the same from any session. Where SQL puts
//! parentheses of its own around an expression (`CHECK (…)`, `USING (…)`, `WHERE (…)`, `WHEN (…)`,
//! a key, `GENERATED ALWAYS AS (…)`), the pair the server prints around the whole is taken off;
//! defaults are kept as printed. Blanks are folded as the model folds them.

mod address;
mod array;
mod batch;
mod column;
mod comment;
mod constraint;
mod database;
mod defined;
mod depend;
mod fingerprint;
mod in_short;
mod index;
mod lowering;
mod moved;
mod operator_class;
mod policy;
mod privileges;
mod role;
mod routine;
mod rows;
mod rules;
mod schemas;
mod sequence;
mod shared_form;
mod stream;
mod table;
mod text;
mod trigger;
mod type_name;
mod types;
mod unmodelled;
mod view;

use model::schema::Name;
use model::{Id, Schema};

pub(crate) use comment::STANDARD as STANDARD_COMMENT;
pub use fingerprint::fingerprint;
pub use in_short::{in_short, one_in_short};
pub use moved::{Marks, completed, marks, moved};
pub use rules::{LEFT_OUT, LeftOut, PLATFORM_SCHEMAS};
pub use shared_form::settled;
pub use stream::read_from;
pub use type_name::parse_type;
pub(crate) use types::range::default_multirange;

/// What to read, and how.
#[derive(Clone, Debug, Default)]
pub struct ReadOptions {
    /// Only these schemas, where any are named. Objects that live in no schema are read as well.
    pub schemas: Vec<Name>,
    /// Schemas left out; `*` at the end of a name stands for anything. See [`PLATFORM_SCHEMAS`].
    pub exclude: Vec<Name>,
    /// Whether roles are read too. They belong to the server, so by default they are not.
    pub roles: bool,
    /// Whether the session is in a transaction of the caller's already. It is then read as that
    /// transaction sees it and left as it was; otherwise the read has a repeatable-read,
    /// read-only transaction to itself.
    pub in_transaction: bool,
    /// `server_version_num`, where the caller knows it; saves asking.
    pub version: Option<u32>,
    /// Of tables, views and what belongs to them only those of these oids, where some are given; the
    /// others are named in [`Catalog::unread`]. What is no relation is read as ever.
    pub only: Option<Vec<u32>>,
    /// Whether the session reads again and again: the queries are then prepared in it, once, and those
    /// of rare kinds that the database has none of aren't asked, at the price of a round trip. This
    /// spares the server the planning of each.
    pub prepared: bool,
}

impl ReadOptions {
    /// Options that leave out the schemas of hosted platforms.
    pub fn without_platforms() -> Self {
        ReadOptions {
            exclude: PLATFORM_SCHEMAS.iter().map(|s| Name::from(*s)).collect(),
            ..ReadOptions::default()
        }
    }

    /// The same options for a session that is in a transaction already.
    pub fn in_transaction(mut self) -> Self {
        self.in_transaction = true;
        self
    }
}

/// What a database holds.
#[derive(Clone, Debug)]
pub struct Catalog {
    /// Its objects.
    pub schema: Schema,
    /// The server's `server_version_num`: `150004` is 15.4.
    pub version: u32,
    /// What it holds beside that, which a `Schema` cannot: in a fixed order.
    pub unmodelled: Vec<Unmodelled>,
    /// What it holds beside that, which this role may not read.
    pub unreadable: Vec<Unreadable>,
    /// The relations that were left unread, and the sequences that their columns own, by their
    /// names: see [`ReadOptions::only`].
    pub unread: std::collections::BTreeSet<Id>,
    /// The oids of the relations about which something is in [`unmodelled`](Self::unmodelled) that
    /// is found when they are read.
    pub remarkable: Vec<u32>,
}

/// Something in the database that a [`Schema`] cannot hold.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unmodelled {
    /// The manual's word for what it is: `large object`, `security label`.
    pub kind: &'static str,
    /// Which one.
    pub name: String,
    /// What about it is lost.
    pub why: String,
}

/// Something in the database that the role may not read.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unreadable {
    /// What it is, and of which object.
    pub what: String,
    /// Why, and what would have to be granted.
    pub why: String,
}

/// Why a catalog could not be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CatalogError {
    /// The server refused or the connection broke.
    #[error("failed to read the catalog: {}", message(.0))]
    Postgres(#[from] postgres::Error),
    /// There is no connection to read it over.
    #[error(transparent)]
    Connect(#[from] crate::ConnectError),
    /// The server is older than PostgreSQL 13.
    #[error("server version {0} is not supported: PostgreSQL 13 or later is needed")]
    Version(u32),
    /// The server answered in a form that is not understood.
    #[error("failed to read the catalog's {what}: unexpected {text:?}")]
    Unexpected {
        /// Which rows.
        what: &'static str,
        /// The value.
        text: String,
    },
}

fn message(error: &postgres::Error) -> String {
    match error.as_db_error() {
        Some(e) => format!("{} ({})", e.message(), e.code().code()),
        None => error.to_string(),
    }
}

/// Reads what the database holds, as the session's role may see it.
///
/// The catalog is read in one round trip, of which the whole is one snapshot; another, which reads
/// one setting, comes before it where [`ReadOptions::version`] isn't given. Nothing is left behind
/// in the session: settings are local to the transaction, and put back where it is the caller's.
///
/// # Errors
///
/// [`CatalogError`]; a transaction of the caller's is then aborted, as after any failed statement.
pub fn read<C: postgres::GenericClient>(
    client: &mut C,
    options: &ReadOptions,
) -> Result<Catalog, CatalogError> {
    let version = match options.version {
        Some(version) => version,
        None => batch::server_version(client)?,
    };
    if version < 130_000 {
        return Err(CatalogError::Version(version));
    }
    let scope = batch::Scope::new(version, options);
    let answers = batch::run(client, &scope)?;
    lowering::lower(scope, answers)
}
