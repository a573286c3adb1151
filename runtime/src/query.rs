//! Rows that are asked for: which, in which order, how many. Nothing runs before the last call.

use std::marker::PhantomData;
use std::result::Result as StdResult;

use crate::column::{Change, Order};
use crate::nearest::Nearest;
use crate::raw::Answered;
use crate::row::{mark_deleted, read};
use crate::sql::{Sql, Value, quoted};
use crate::{Changeable, Connection, Filter, Result, Row};

/// A question for rows of `R`, made by [`Row::query`] and [`Row::filter`].
///
/// Where the model says `soft delete`, deleted rows are passed by unless
/// [`Query::with_deleted`] asks for them.
pub struct Query<R: Row> {
    pub(crate) filter: Option<Filter<R::Of>>,
    pub(crate) order: Vec<Order<R::Of>>,
    pub(crate) nearest: Option<Nearest>,
    limit: Option<i64>,
    offset: Option<i64>,
    deleted: Deleted,
    lock: &'static str,
    row: PhantomData<fn() -> R>,
}

/// What becomes of rows that were deleted and kept.
#[derive(Clone, Copy, PartialEq)]
enum Deleted {
    PassedBy,
    Read,
    Alone,
}

impl<R: Row> Clone for Query<R> {
    fn clone(&self) -> Self {
        Query {
            filter: self.filter.clone(),
            order: self.order.clone(),
            nearest: self.nearest.clone(),
            row: PhantomData,
            ..*self
        }
    }
}

impl<R: Row> std::fmt::Debug for Query<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.sql().text)
    }
}

impl<R: Row> Query<R> {
    pub(crate) fn new() -> Self {
        Query {
            filter: None,
            order: Vec::new(),
            nearest: None,
            limit: None,
            offset: None,
            deleted: Deleted::PassedBy,
            lock: "",
            row: PhantomData,
        }
    }

    /// Only rows that pass this as well.
    #[must_use]
    pub fn filter(mut self, filter: Filter<R::Of>) -> Self {
        self.filter = Some(match self.filter {
            Some(before) => before & filter,
            None => filter,
        });
        self
    }

    /// Ordered by this, among rows that all earlier orders leave equal.
    #[must_use]
    pub fn order_by(mut self, order: Order<R::Of>) -> Self {
        self.order.push(order);
        self
    }

    /// At most so many rows.
    #[must_use]
    pub fn limit(mut self, rows: u32) -> Self {
        self.limit = Some(rows.into());
        self
    }

    /// Without the first so many rows. The server reads them all the same: for pages, see
    /// [`Query::page`].
    #[must_use]
    pub fn offset(mut self, rows: u32) -> Self {
        self.offset = Some(rows.into());
        self
    }

    /// Deleted rows that are kept as well.
    #[must_use]
    pub fn with_deleted(mut self) -> Self {
        self.deleted = Deleted::Read;
        self
    }

    /// Deleted rows that are kept, and no others.
    #[must_use]
    pub fn only_deleted(mut self) -> Self {
        self.deleted = Deleted::Alone;
        self
    }

    /// Locked until the transaction ends (`FOR UPDATE`), so that nobody else changes them.
    #[must_use]
    pub fn for_update(mut self) -> Self {
        self.lock = " FOR UPDATE";
        self
    }

    /// Locked until the transaction ends, without those that somebody else has locked: what a
    /// worker takes from a queue.
    #[must_use]
    pub fn for_update_skip_locked(mut self) -> Self {
        self.lock = " FOR UPDATE SKIP LOCKED";
        self
    }

    /// Every row that was asked for.
    ///
    /// # Errors
    ///
    /// What the server refused, or a value that does not fit.
    pub fn all(&self, client: &mut impl Connection) -> Result<Vec<R>> {
        read(&self.sql().rows(client)?)
    }

    /// The first row.
    ///
    /// # Errors
    ///
    /// What the server refused, or a value that does not fit.
    pub fn first(&self, client: &mut impl Connection) -> Result<Option<R>> {
        let query = self.clone().limit(1);
        Ok(query.all(client)?.pop())
    }

    /// How many rows there are, whatever limit was set.
    ///
    /// # Errors
    ///
    /// What the server refused.
    pub fn count(&self, client: &mut impl Connection) -> Result<u64> {
        counted(&self.count_sql().rows(client)?)
    }

    /// Whether there is such a row.
    ///
    /// # Errors
    ///
    /// What the server refused.
    pub fn exists(&self, client: &mut impl Connection) -> Result<bool> {
        let mut sql = self.from("SELECT");
        self.conditions(&mut sql);
        sql.push(" LIMIT 1");
        Ok(!sql.rows(client)?.is_empty())
    }

    /// Changes the rows and returns them as they are now. Order and limit have no part in it.
    ///
    /// # Errors
    ///
    /// What the server refused, told apart by constraint, or a value that does not fit.
    pub fn update(
        &self,
        client: &mut impl Connection,
        changes: impl IntoIterator<Item = Change<R::Of>>,
    ) -> StdResult<Vec<R>, R::Error>
    where
        R::Of: Changeable,
    {
        let sql = self.update_sql(changes.into_iter().collect());
        Ok(read(&sql.rows(client)?)?)
    }

    /// Deletes the rows and says how many they were. Order and limit have no part in it.
    ///
    /// Where the model says `soft delete`, the rows stay and are dated.
    ///
    /// # Errors
    ///
    /// What the server refused, told apart by constraint.
    pub fn delete(&self, client: &mut impl Connection) -> StdResult<u64, R::Error>
    where
        R::Of: Changeable,
    {
        Ok(self.delete_sql().touched(client)?)
    }

    /// Brings deleted rows back and says how many they were; none where rows are not kept.
    ///
    /// # Errors
    ///
    /// What the server refused, told apart by constraint.
    pub fn restore(&self, client: &mut impl Connection) -> StdResult<u64, R::Error> {
        let Some(column) = R::DELETED else {
            return Ok(0);
        };
        let mut sql = mark_deleted(R::RELATION, column, "NULL");
        self.clone().only_deleted().conditions(&mut sql);
        Ok(sql.touched(client)?)
    }

    /// Deletes rows for good that were deleted and kept since before that many days, and says how
    /// many they were; none where rows are not kept.
    ///
    /// # Errors
    ///
    /// What the server refused, told apart by constraint.
    pub fn purge(&self, client: &mut impl Connection, days: u32) -> StdResult<u64, R::Error> {
        match self.purge_sql(days) {
            Some(sql) => Ok(sql.touched(client)?),
            None => Ok(0),
        }
    }

    /// None where rows are not kept.
    pub(crate) fn purge_sql(&self, days: u32) -> Option<Sql<'static>> {
        let column = R::DELETED?;
        let mut sql = Sql::delete(R::RELATION);
        self.clone().only_deleted().conditions(&mut sql);
        let name = quoted(column.name);
        sql.push(&format!(" AND {name} < now() - make_interval(days => "));
        let days = i32::try_from(days).unwrap_or(i32::MAX);
        sql.plain(Value::Kept(std::sync::Arc::new(days))).push(")");
        Some(sql)
    }

    pub(crate) fn count_sql(&self) -> Sql<'static> {
        let mut sql = self.from("SELECT count(*)");
        self.conditions(&mut sql);
        sql
    }

    /// Where nothing changes, the rows as they are.
    pub(crate) fn update_sql(&self, changes: Vec<Change<R::Of>>) -> Sql<'static> {
        if changes.is_empty() {
            return self.sql();
        }
        let changes = changes.into_iter();
        let changes = changes.map(|change| (change.column, Value::Kept(change.value)));
        let mut sql = Sql::update(R::RELATION, changes.collect());
        self.conditions(&mut sql);
        sql.returning::<R>();
        sql
    }

    pub(crate) fn delete_sql(&self) -> Sql<'static> {
        let mut sql = match R::DELETED {
            None => Sql::delete(R::RELATION),
            Some(column) => mark_deleted(R::RELATION, column, "now()"),
        };
        self.conditions(&mut sql);
        sql
    }

    /// The whole question.
    pub(crate) fn sql(&self) -> Sql<'static> {
        let mut sql = Sql::select::<R>();
        self.conditions(&mut sql);
        self.ordered(&mut sql);
        if let Some(limit) = self.limit {
            sql.push(" LIMIT ")
                .plain(Value::Kept(std::sync::Arc::new(limit)));
        }
        if let Some(offset) = self.offset {
            sql.push(" OFFSET ")
                .plain(Value::Kept(std::sync::Arc::new(offset)));
        }
        sql.push(self.lock);
        sql
    }

    fn from(&self, select: &str) -> Sql<'static> {
        Sql::new(format!(
            "{select} FROM {}",
            crate::sql::qualified(R::RELATION)
        ))
    }

    /// ` WHERE …`, and the word that a further condition would come after.
    pub(crate) fn conditions(&self, sql: &mut Sql<'static>) -> &'static str {
        let mut word = " WHERE ";
        if let (Some(column), true) = (R::DELETED, self.deleted != Deleted::Read) {
            let not = if self.deleted == Deleted::Alone {
                "NOT "
            } else {
                ""
            };
            sql.push(&format!("{word}{} IS {not}NULL", quoted(column.name)));
            word = " AND ";
        }
        if let Some(filter) = &self.filter {
            sql.push(word).push("(").pieces(filter.pieces()).push(")");
            word = " AND ";
        }
        if let Some(column) = self.nearest.as_ref().and_then(Nearest::present) {
            sql.push(&format!("{word}{} IS NOT NULL", quoted(column.name)));
            word = " AND ";
        }
        word
    }

    /// ` ORDER BY …`.
    pub(crate) fn ordered(&self, sql: &mut Sql<'static>) {
        let mut word = " ORDER BY ";
        if let Some(nearest) = &self.nearest {
            nearest.push(sql.push(word));
            word = ", ";
        }
        for order in &self.order {
            sql.push(word);
            word = ", ";
            sql.push(&quoted(order.column.name));
            sql.push(if order.descending { " DESC" } else { "" });
        }
    }
}

/// What a `count(*)` answered.
pub(crate) fn counted(answer: &impl Answered) -> Result<u64> {
    let count: i64 = answer.only()?.beside(0, "count")?;
    Ok(count.unsigned_abs())
}
