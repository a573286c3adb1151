//! The same rows and requests on `sqlx`: on a pool, a connection or a transaction of its. With the
//! feature `sqlx`, which needs Rust 1.94 as `sqlx` does.
//!
//! Nothing that is generated differs: a [`Query`], an [`Insert`] or a [`Patch`] is what it is, and
//! values are converted by the same code. `sqlx` prepares each statement and keeps it with its
//! connection.
//!
//! ```no_run
//! use pilaster::sqlx::Rows;
//! # use pilaster::Row;
//! # #[derive(Row)]
//! # #[pilaster(table = "public.deals")]
//! # struct Deal { #[pilaster(primary_key)] id: i32, team_size: i32 }
//! # async fn run(pool: sqlx::PgPool) -> pilaster::Result<()> {
//! let large = pool.all(&Deal::filter(Deal::TEAM_SIZE.gt(50)).limit(10)).await?;
//! let mut transaction = pool.begin().await?;
//! let deal = transaction.find::<Deal>(&7).await?;
//! # Ok(())
//! # }
//! ```
//!
//! Transactions that run again after a deadlock are
//! [`Transactions::run_sqlx`](crate::Transactions::run_sqlx). What is absent here: multiranges,
//! whose types `sqlx` does not read.

mod bulk;
mod failure;
mod persona;
mod run;
mod statement;
mod transaction;
mod types;

/// The driver itself, in the version that is meant here.
pub use ::sqlx;
pub use failure::Failure;
pub use persona::AsUser;
pub use transaction::Work;

use std::collections::HashMap;
use std::future::Future;
use std::hash::Hash;

use ::sqlx::{Acquire, Postgres};

use crate::column::Change;
use crate::row::{self, read};
use crate::sql::Sql;
use crate::state::{In, LeadsTo, State, Stateful};
use crate::write::{self, Answer};
use crate::{
    Changeable, Cursor, Error, Insert, Patch, Query, Relation, Result, Row, Table, Unique, Version,
    Versioned,
};
use crate::{many, page, query, versioned};
pub(crate) use failure::is_retryable;
use run::rows_on;
pub(crate) use run::{Fields, rows, touched, touched_on};

/// What a pool, a connection or a transaction of `sqlx` does with rows.
///
/// It is implemented for `&PgPool`, `&mut PgConnection` and what lends one, so that
/// `pool.find::<Deal>(&id)` borrows the pool and leaves it in place.
pub trait Rows<'c>: Acquire<'c, Database = Postgres> + Send + Sized {
    /// As [`Query::all`].
    ///
    /// # Errors
    ///
    /// What the server refused, or a value that does not fit.
    fn all<R: Row>(self, query: &Query<R>) -> impl Future<Output = Result<Vec<R>>> + Send {
        let sql = query.sql();
        async move { read(&rows(self, sql).await?) }
    }

    /// As [`Query::first`].
    ///
    /// # Errors
    ///
    /// What the server refused, or a value that does not fit.
    fn first<R: Row>(self, query: &Query<R>) -> impl Future<Output = Result<Option<R>>> + Send {
        let sql = query.clone().limit(1).sql();
        async move { Ok(read(&rows(self, sql).await?)?.pop()) }
    }

    /// As [`Query::count`].
    ///
    /// # Errors
    ///
    /// What the server refused.
    fn count<R: Row>(self, query: &Query<R>) -> impl Future<Output = Result<u64>> + Send {
        let sql = query.count_sql();
        async move {
            let found = rows(self, sql).await?;
            query::counted(&found)
        }
    }

    /// As [`Query::page`].
    ///
    /// # Errors
    ///
    /// What the server refused, or a value that does not fit.
    fn page<R: Row>(
        self,
        query: &Query<R>,
        size: u32,
        after: Option<&Cursor>,
    ) -> impl Future<Output = Result<crate::Page<R>>> + Send
    where
        R::Of: Table,
    {
        let sql = query.page_sql(size, after);
        async move { page::page(&rows(self, sql).await?, size) }
    }

    /// As [`Query::update`].
    ///
    /// # Errors
    ///
    /// What the server refused, told apart by constraint, or a value that does not fit.
    fn update_all<R: Row<Of: Changeable>>(
        self,
        query: &Query<R>,
        changes: impl IntoIterator<Item = Change<R::Of>>,
    ) -> impl Future<Output = Answer<Vec<R>, R>> + Send {
        let sql = query.update_sql(changes.into_iter().collect());
        async move { Ok(read(&rows(self, sql).await?)?) }
    }

    /// As [`Query::delete`].
    ///
    /// # Errors
    ///
    /// What the server refused, told apart by constraint.
    fn delete_all<R: Row<Of: Changeable>>(
        self,
        query: &Query<R>,
    ) -> impl Future<Output = Answer<u64, R>> + Send {
        let sql = query.delete_sql();
        async move { Ok(touched(self, sql).await?) }
    }

    /// As [`Table::find`].
    ///
    /// # Errors
    ///
    /// What the server refused, or a value that does not fit.
    fn find<R: Table>(self, key: &R::Key) -> impl Future<Output = Result<Option<R>>> + Send {
        let sql = row::find::<R>(key);
        async move { Ok(read(&rows(self, sql).await?)?.pop()) }
    }

    /// As [`Unique::find`].
    ///
    /// # Errors
    ///
    /// What the server refused, or a value that does not fit.
    fn find_by<R: Row, K: Sync>(
        self,
        unique: Unique<R, K>,
        key: &K,
    ) -> impl Future<Output = Result<Option<R>>> + Send {
        let sql = unique.find_sql(key);
        async move { Ok(read(&rows(self, sql).await?)?.pop()) }
    }

    /// As [`Table::delete`].
    ///
    /// # Errors
    ///
    /// What the server refused, told apart by constraint.
    fn delete<R: Table<Of: Changeable>>(
        self,
        key: &R::Key,
    ) -> impl Future<Output = Answer<bool, R>> + Send {
        let sql = row::delete::<R>(key);
        async move { Ok(touched(self, sql).await? > 0) }
    }

    /// As [`Insert::insert`].
    ///
    /// # Errors
    ///
    /// What the server refused, told apart by constraint.
    fn insert<I: Insert + Sync>(
        self,
        new: &I,
    ) -> impl Future<Output = Answer<I::Row, I::Row>> + Send {
        let mut sql = write::inserted([new]);
        sql.returning::<I::Row>();
        async move { write::one(&rows(self, sql).await?) }
    }

    /// As [`InsertMany::insert_many`](crate::InsertMany::insert_many).
    ///
    /// # Errors
    ///
    /// What the server refused, told apart by constraint.
    fn insert_many<I: Insert + Sync>(
        self,
        new: &[I],
    ) -> impl Future<Output = Answer<Vec<I::Row>, I::Row>> + Send
    where
        I::Row: Send,
    {
        let statements = many::statements(new).map(|rows| {
            let mut sql = write::inserted(rows);
            sql.returning::<I::Row>();
            sql
        });
        let statements: Vec<Sql> = statements.collect();
        async move {
            let mut connection = self.acquire().await.map_err(Error::from)?;
            let mut made = Vec::new();
            for sql in statements {
                let rows = rows_on(&mut connection, sql).await?;
                made.extend(read::<I::Row>(&rows)?);
            }
            Ok(made)
        }
    }

    /// As [`Insert::upsert`].
    ///
    /// # Errors
    ///
    /// What the server refused, told apart by constraint.
    fn upsert<I: Insert<Row: Row<Of: Changeable>> + Sync, K>(
        self,
        new: &I,
        key: Unique<I::Row, K>,
    ) -> impl Future<Output = Answer<I::Row, I::Row>> + Send {
        let sql = write::upserted(new, key);
        async move { write::one(&rows(self, sql).await?) }
    }

    /// As [`Insert::insert_unless_there`].
    ///
    /// # Errors
    ///
    /// What the server refused, told apart by constraint.
    fn insert_unless_there<I: Insert + Sync, K>(
        self,
        new: &I,
        key: Unique<I::Row, K>,
    ) -> impl Future<Output = Answer<Option<I::Row>, I::Row>> + Send {
        let sql = write::inserted_unless_there(new, key);
        async move { Ok(read(&rows(self, sql).await?)?.pop()) }
    }

    /// As [`InsertMany::copy`](crate::InsertMany::copy).
    ///
    /// # Errors
    ///
    /// What the server refused, told apart by constraint.
    fn copy<I: Insert + Sync>(self, new: &[I]) -> impl Future<Output = Answer<u64, I::Row>> + Send {
        bulk::copy(self, new)
    }

    /// As [`Versioned::find`].
    ///
    /// # Errors
    ///
    /// What the server refused, or a value that does not fit.
    fn find_version<R: Table>(
        self,
        key: &R::Key,
    ) -> impl Future<Output = Result<Option<Versioned<R>>>> + Send {
        let sql = versioned::find::<R>(key);
        async move { versioned::versioned(&rows(self, sql).await?) }
    }

    /// As [`PatchVersion::update_version`](crate::PatchVersion::update_version).
    ///
    /// # Errors
    ///
    /// [`Error::Stale`](crate::Error::Stale) where the row is no longer in that version; what the server refused, told
    /// apart by constraint.
    fn update_version<'q, P: Patch + Sync>(
        self,
        patch: &'q P,
        key: &'q <P::Row as Table>::Key,
        version: &'q Version,
    ) -> impl Future<Output = Answer<Versioned<P::Row>, P::Row>> + Send {
        let sql = versioned::updated(patch, key, version);
        async move {
            Ok(versioned::unless_stale(versioned::versioned(
                &rows(self, sql).await?,
            )?)?)
        }
    }

    /// As [`Patch::update`].
    ///
    /// # Errors
    ///
    /// What the server refused, told apart by constraint, or a value that does not fit.
    fn update<'q, P: Patch + Sync>(
        self,
        patch: &'q P,
        key: &'q <P::Row as Table>::Key,
    ) -> impl Future<Output = Answer<Option<P::Row>, P::Row>> + Send {
        let changes = patch.changes();
        let sql = match changes.is_empty() {
            true => row::find::<P::Row>(key),
            false => write::updated::<P::Row>(changes, key),
        };
        async move { Ok(read(&rows(self, sql).await?)?.pop()) }
    }

    /// As [`In::to`].
    ///
    /// # Errors
    ///
    /// [`Error::Stale`](crate::Error::Stale) where the row has moved on; what the server refused, told apart by
    /// constraint.
    fn step<R, S, Next>(
        self,
        row: In<R, S>,
        changes: &(impl Patch<Row = R> + Sync),
    ) -> impl Future<Output = Answer<In<R, Next>, R>> + Send
    where
        R: Stateful + Send,
        R::Key: Send + Sync,
        R::States: Send,
        S: State<Of = R::States> + LeadsTo<Next>,
        Next: State<Of = R::States>,
    {
        async move {
            let (key, next, from) = (row.key(), Next::VALUE, S::VALUE);
            let sql = crate::state::step::<R>(&key, &next, &from, changes.changes());
            Ok(In::moved(read(&rows(self, sql).await?)?.pop())?)
        }
    }

    /// As [`Relation::children`].
    ///
    /// # Errors
    ///
    /// What the server refused, or a value that does not fit.
    fn children<C, P, K>(
        self,
        relation: Relation<C, P, K>,
        parents: &[P],
    ) -> impl Future<Output = Result<Vec<Vec<C>>>> + Send
    where
        C: Row<Of = C> + Send,
        P: Row<Of = P> + Sync,
        K: Eq + Hash + Clone,
    {
        let sql = relation.of(parents).sql();
        async move { Ok(relation.group(parents, read(&rows(self, sql).await?)?)) }
    }

    /// As [`Relation::parents`].
    ///
    /// # Errors
    ///
    /// What the server refused, or a value that does not fit.
    fn parents<C, P, K>(
        self,
        relation: Relation<C, P, K>,
        children: &[C],
    ) -> impl Future<Output = Result<HashMap<K, P>>> + Send
    where
        C: Row<Of = C> + Sync,
        P: Row<Of = P> + Send,
        K: Eq + Hash + Clone + Send,
    {
        let sql = relation.to(children).sql();
        async move { Ok(relation.by_key(read(&rows(self, sql).await?)?)) }
    }
}

impl<'c, C: Acquire<'c, Database = Postgres> + Send> Rows<'c> for C {}
