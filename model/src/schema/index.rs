//! Indexes.

use super::{Expr, Id, Name};

/// An index that no constraint owns. Its name is the id's `part`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Index {
    /// `UNIQUE`.
    pub unique: bool,
    /// `NULLS NOT DISTINCT` (PostgreSQL 15).
    pub nulls_not_distinct: bool,
    /// The access method: `btree`, `gin`, `hnsw`, …
    pub method: Name,
    /// The keys in order.
    pub keys: Vec<IndexKey>,
    /// `INCLUDE` columns.
    pub include: Vec<Name>,
    /// `WHERE`.
    pub predicate: Option<Expr>,
    /// Storage parameters, as `name=value`, sorted.
    pub parameters: Vec<Name>,
    /// A tablespace other than the default.
    pub tablespace: Option<Name>,
    /// Whether the index is usable. A failed `CREATE INDEX CONCURRENTLY` leaves an invalid one.
    pub valid: bool,
    /// Whether the table is marked as clustered on it.
    pub clustered: bool,
    /// The index of the partitioned parent that this one is attached to.
    pub parent: Option<Id>,
    /// `ALTER INDEX … ALTER COLUMN n SET STATISTICS`, for expression keys: (key number, target).
    pub statistics: Vec<(u16, i32)>,
}

/// One key of an index or of an exclusion constraint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IndexKey {
    /// A column, or an expression.
    pub term: KeyTerm,
    /// A collation other than the column's, as schema and name.
    pub collation: Option<(Name, Name)>,
    /// An operator class other than the method's default for the type: its name, qualified where
    /// it is not in `pg_catalog`, with parameters as in `gist_trgm_ops(siglen='32')`.
    pub operator_class: Option<Name>,
    /// `DESC`.
    pub descending: bool,
    /// Whether nulls come first; PostgreSQL's default is the value of `descending`.
    pub nulls_first: bool,
}

/// What a key indexes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyTerm {
    /// A column.
    Column(Name),
    /// An expression.
    Expr(Expr),
}

impl IndexKey {
    /// A plain ascending key on a column.
    pub fn column(name: impl Into<Name>) -> Self {
        IndexKey {
            term: KeyTerm::Column(name.into()),
            collation: None,
            operator_class: None,
            descending: false,
            nulls_first: false,
        }
    }
}

impl Index {
    /// A valid btree over these keys with nothing else set.
    pub fn new(keys: Vec<IndexKey>) -> Self {
        Index {
            unique: false,
            nulls_not_distinct: false,
            method: Name::from("btree"),
            keys,
            include: Vec::new(),
            predicate: None,
            parameters: Vec::new(),
            tablespace: None,
            valid: true,
            clustered: false,
            parent: None,
            statistics: Vec::new(),
        }
    }
}
