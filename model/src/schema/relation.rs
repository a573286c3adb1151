//! Tables, views, sequences, and objects that are carried as their definition.

use std::collections::BTreeMap;

use super::{Audited, Expr, Id, Name, Type};

/// Options by name, such as storage parameters. Values are text, as the catalog keeps them.
pub type Settings = BTreeMap<Name, Name>;

/// Whether what goes by that name is a secret, which no model holds: platforms hand keys to their
/// functions as settings of the database.
///
/// ```
/// use model::schema::is_secret;
/// assert!(is_secret("app.settings.jwt_secret"));
/// assert!(!is_secret("search_path"));
/// ```
pub fn is_secret(setting: &str) -> bool {
    // PostgreSQL's own settings hold none, and have no point in their names.
    const WORDS: [&str; 8] = [
        "secret",
        "password",
        "passwd",
        "token",
        "credential",
        "_key",
        ".key",
        "apikey",
    ];
    let setting = setting.to_ascii_lowercase();
    setting.contains('.') && WORDS.iter().any(|word| setting.contains(word))
}

/// A table. Its columns, constraints, indexes, triggers and policies are objects of their own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// `PARTITION BY`, for a partitioned table.
    pub partition_key: Option<Box<PartitionKey>>,
    /// For a partition: its parent and bound.
    pub partition_of: Option<Box<Partition>>,
    /// `INHERITS`, in order; never a partition's parent.
    pub inherits: Vec<Id>,
    /// `UNLOGGED`.
    pub unlogged: bool,
    /// Whether row-level security is enabled.
    pub row_security: bool,
    /// Whether it holds for the owner as well (`FORCE`).
    pub force_row_security: bool,
    /// Storage parameters; those of the TOAST table are prefixed with `toast.`.
    pub parameters: Settings,
    /// What a logical replica is told of the old row.
    pub replica_identity: ReplicaIdentity,
    /// A tablespace other than the default.
    pub tablespace: Option<Name>,
    /// A table access method other than `heap`.
    pub access_method: Option<Name>,
    /// The composite type of a typed table (`CREATE TABLE … OF`).
    pub of_type: Option<Box<Type>>,
    /// For a foreign table: its server and options.
    pub foreign: Option<Box<Foreign>>,
    /// What the model says of how its rows are written. What enforces it are triggers.
    pub writes: Writes,
}

/// How a table's rows are written; equal to every other, because no catalog knows it.
#[derive(Clone, Debug, Default)]
pub struct Writes {
    /// `append only`: no row is ever changed or deleted.
    pub append_only: bool,
    /// `audited into`: each change of a row is written down.
    pub audited: Option<Box<Audited>>,
}

impl PartialEq for Writes {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Writes {}

impl Table {
    /// The tables whose columns it takes over: the one it is a partition of, or those it inherits
    /// from.
    pub fn parents(&self) -> impl Iterator<Item = &Id> {
        let partition = self.partition_of.iter().map(|p| &p.parent);
        partition.chain(&self.inherits)
    }
}

/// `PARTITION BY strategy (…)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartitionKey {
    /// The clause after `PARTITION BY`, as `pg_get_partkeydef` prints it: `RANGE (created_at)`.
    pub definition: Expr,
}

/// What makes a table a partition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Partition {
    /// The partitioned table.
    pub parent: Id,
    /// The bound as the server prints it: `FOR VALUES FROM (…) TO (…)`, or `DEFAULT`.
    pub bound: Expr,
}

/// What a foreign table is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Foreign {
    /// The foreign server.
    pub server: Name,
    /// Its options.
    pub options: Settings,
}

/// `REPLICA IDENTITY`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum ReplicaIdentity {
    /// The primary key.
    #[default]
    Default,
    /// All columns.
    Full,
    /// Nothing.
    Nothing,
    /// The columns of that index.
    Index(Name),
}

/// A view or a materialized view.
///
/// Its columns are listed so that names and types are known without a server's help; a view read
/// from text that we could not parse has none.
#[derive(Clone, Debug, Eq)]
pub struct View {
    /// Whether it is materialized.
    pub materialized: bool,
    /// The query, without a closing semicolon.
    pub query: Expr,
    /// The names of its columns, in order; empty where the text does not say and nobody asked the
    /// server. They follow from the query, so they never make two views differ.
    pub columns: Vec<Name>,
    /// `security_barrier`, `security_invoker`, `check_option`; storage parameters when
    /// materialized.
    pub options: Settings,
    /// For a materialized view, whether it holds rows (`WITH DATA`).
    pub populated: bool,
    /// A tablespace other than the default, when materialized.
    pub tablespace: Option<Name>,
    /// A table access method other than `heap`, when materialized.
    pub access_method: Option<Name>,
}

impl PartialEq for View {
    fn eq(&self, other: &Self) -> bool {
        self.materialized == other.materialized
            && self.query == other.query
            && self.options == other.options
            && self.populated == other.populated
            && self.tablespace == other.tablespace
            && self.access_method == other.access_method
    }
}

/// A sequence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sequence {
    /// `smallint`, `integer` or `bigint`.
    pub ty: Type,
    /// Its options.
    pub options: SequenceOptions,
    /// The column that owns it.
    pub owned_by: Option<Id>,
    /// `UNLOGGED` (PostgreSQL 15).
    pub unlogged: bool,
}

/// The options of a sequence, with every default filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SequenceOptions {
    /// `START WITH`.
    pub start: i64,
    /// `INCREMENT BY`.
    pub increment: i64,
    /// `MINVALUE`.
    pub min: i64,
    /// `MAXVALUE`.
    pub max: i64,
    /// `CACHE`.
    pub cache: i64,
    /// `CYCLE`.
    pub cycle: bool,
}

impl SequenceOptions {
    /// What PostgreSQL fills in for an ascending sequence of that integer type.
    ///
    /// ```
    /// use model::schema::{SequenceOptions, Type};
    /// assert_eq!(SequenceOptions::default_for(&Type::builtin("integer")).max, i32::MAX as i64);
    /// ```
    pub fn default_for(ty: &Type) -> Self {
        let max = match ty.name.as_str() {
            "smallint" => i64::from(i16::MAX),
            "integer" => i64::from(i32::MAX),
            _ => i64::MAX,
        };
        SequenceOptions {
            start: 1,
            increment: 1,
            min: 1,
            max,
            cache: 1,
            cycle: false,
        }
    }
}

/// An extension.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Extension {
    /// The schema its objects are in, where it is said.
    pub schema: Option<Name>,
    /// The version, where it is said. Never compared unless the model says one.
    pub version: Option<Name>,
}

/// An object that is carried as the statement that makes it, in the server's own form.
///
/// Everything an application rarely has comes this way: it is planned (created, replaced, dropped,
/// commented on, granted), just not altered attribute by attribute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Defined {
    /// The `CREATE` statement, without a closing semicolon, with names qualified.
    pub definition: Expr,
    /// Statements that finish it, in order (`ALTER OPERATOR FAMILY … ADD`, `ALTER EVENT TRIGGER …
    /// DISABLE`).
    pub then: Vec<Expr>,
}

/// A raw block: what PostgreSQL has and the language has no word for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Raw {
    /// The way up.
    pub up: Expr,
    /// The way down; `None` where the model says that there is none.
    pub down: Option<Expr>,
}
