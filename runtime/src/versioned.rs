//! Rows that are changed only if nobody else has changed them since they were read. The version is
//! the server's own (`xmin`), so a change by whatever client counts, and no column is needed.

use std::ops::Deref;

use crate::raw::Answered;
use crate::row::not_deleted;
use crate::sql::{Sql, Value, qualified};
use crate::write::Answer;
use crate::{Connection, Error, Patch, Result, Row, Table};

/// The state that a row was in when it was read. Its text may travel with a form and come back.
#[derive(Clone, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct Version(String);

/// A row with the version it was read in.
#[derive(Clone, Debug, PartialEq)]
pub struct Versioned<R> {
    row: R,
    version: Version,
}

impl<R> Versioned<R> {
    /// The version, for a form or a cache.
    pub fn version(&self) -> &Version {
        &self.version
    }

    /// The row without its version.
    pub fn into_row(self) -> R {
        self.row
    }
}

impl<R> Deref for Versioned<R> {
    type Target = R;

    fn deref(&self) -> &R {
        &self.row
    }
}

impl<R: Table> Versioned<R> {
    /// The row of that key with its version; `None` where there is none, or a policy hides it.
    ///
    /// # Errors
    ///
    /// What the server refused, or a value that does not fit.
    pub fn find(client: &mut impl Connection, key: &R::Key) -> Result<Option<Self>> {
        versioned(&find::<R>(key).rows(client)?)
    }
}

/// Changes that hold only for the version they were made for.
pub trait PatchVersion: Patch {
    /// Changes the row if it is still in that version, and returns it in its next.
    ///
    /// ```
    /// # use pilaster::{Patch, PatchVersion, Row, Versioned};
    /// # #[derive(Row)]
    /// # #[pilaster(table = "public.deals")]
    /// # struct Deal { #[pilaster(primary_key)] id: i32, notes: Option<String> }
    /// # #[derive(Default, Patch)]
    /// # #[pilaster(row = Deal)]
    /// # struct DealPatch { notes: Option<Option<String>> }
    /// # fn run(client: &mut pilaster::postgres::Client) -> pilaster::Result<()> {
    /// let deal = Versioned::<Deal>::find(client, &7)?.expect("deal 7");
    /// let change = DealPatch { notes: Some(Some("called".into())) };
    /// match change.update_version(client, &deal.id, deal.version()) {
    ///     Err(pilaster::Error::Stale { .. }) => println!("somebody was faster"),
    ///     outcome => drop(outcome?),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Stale`] where the row has changed, is gone or is hidden by a policy; what the
    /// server refused, told apart by constraint.
    fn update_version(
        &self,
        client: &mut impl Connection,
        key: &<Self::Row as Table>::Key,
        version: &Version,
    ) -> Answer<Versioned<Self::Row>, Self::Row>;
}

impl<P: Patch> PatchVersion for P {
    fn update_version(
        &self,
        client: &mut impl Connection,
        key: &<P::Row as Table>::Key,
        version: &Version,
    ) -> Answer<Versioned<P::Row>, P::Row> {
        let sql = updated::<P>(self, key, version);
        Ok(unless_stale(versioned(&sql.rows(client)?)?)?)
    }
}

pub(crate) fn find<R: Table>(key: &R::Key) -> Sql<'_> {
    let (columns, table) = (R::list(), qualified(R::RELATION));
    let mut sql = Sql::new(format!("SELECT {columns}, xmin::text FROM {table} WHERE "));
    sql.equals(R::KEY, R::key_params(key));
    sql.push(&not_deleted::<R>());
    sql
}

pub(crate) fn updated<'q, P: Patch>(
    patch: &'q P,
    key: &'q <P::Row as Table>::Key,
    version: &'q Version,
) -> Sql<'q> {
    let changes = patch.changes().into_iter();
    let changes: Vec<_> = changes
        .map(|(c, value)| (c, Value::Borrowed(value)))
        .collect();
    let columns = P::Row::list();
    let unchanged = changes.is_empty();
    let mut sql = match unchanged {
        true => Sql::new(format!(
            "SELECT {columns}, xmin::text FROM {}",
            qualified(P::Row::RELATION)
        )),
        false => Sql::update(P::Row::RELATION, changes),
    };
    sql.push(" WHERE ")
        .equals(P::Row::KEY, P::Row::key_params(key));
    sql.push(&not_deleted::<P::Row>());
    sql.push(" AND xmin::text = ")
        .plain(Value::Borrowed(&version.0));
    if !unchanged {
        sql.push(&format!(" RETURNING {columns}, xmin::text"));
    }
    sql
}

/// The row that was changed.
pub(crate) fn unless_stale<R>(row: Option<Versioned<R>>) -> Result<Versioned<R>> {
    row.ok_or_else(|| Error::Stale {
        row: std::any::type_name::<R>(),
    })
}

pub(crate) fn versioned<R: Table>(answer: &impl Answered) -> Result<Option<Versioned<R>>> {
    let Some(first) = answer.rows().next() else {
        return Ok(None);
    };
    let version = Version(first.beside(R::COLUMNS.len(), "xmin")?);
    let row = R::from_raw(first)?;
    Ok(Some(Versioned { row, version }))
}
