//! What a statement runs on. This module never decides what is run.

use postgres::{CopyInWriter, GenericClient, Row, Statement};

use crate::row::BoxedParam;
use crate::sql::{Sql, Value};
use crate::{Error, Param};

/// A connection, a transaction, or a [`Cached`](crate::Cached) connection.
///
/// Everything that runs here takes `&mut impl Connection`, and so may a function of your own.
pub trait Connection {
    /// Runs a statement that gives rows.
    ///
    /// # Errors
    ///
    /// What the server refused, or a connection that failed.
    fn query(&mut self, text: &str, params: &[BoxedParam<'_>])
    -> Result<Vec<Row>, postgres::Error>;

    /// Runs a statement and says how many rows it touched.
    ///
    /// # Errors
    ///
    /// What the server refused, or a connection that failed.
    fn execute(&mut self, text: &str, params: &[BoxedParam<'_>]) -> Result<u64, postgres::Error>;

    /// Prepares a statement, to learn its types.
    ///
    /// # Errors
    ///
    /// What the server refused, or a connection that failed.
    fn prepare(&mut self, text: &str) -> Result<Statement, postgres::Error>;

    /// Begins a `COPY … FROM STDIN`.
    ///
    /// # Errors
    ///
    /// What the server refused, or a connection that failed.
    fn copy_in(&mut self, text: &str) -> Result<CopyInWriter<'_>, postgres::Error>;
}

impl<C: GenericClient> Connection for C {
    fn query(
        &mut self,
        text: &str,
        params: &[BoxedParam<'_>],
    ) -> Result<Vec<Row>, postgres::Error> {
        GenericClient::query(self, text, params)
    }

    fn execute(&mut self, text: &str, params: &[BoxedParam<'_>]) -> Result<u64, postgres::Error> {
        GenericClient::execute(self, text, params)
    }

    fn prepare(&mut self, text: &str) -> Result<Statement, postgres::Error> {
        GenericClient::prepare(self, text)
    }

    fn copy_in(&mut self, text: &str) -> Result<CopyInWriter<'_>, postgres::Error> {
        GenericClient::copy_in(self, text)
    }
}

impl Sql<'_> {
    /// The rows of the statement.
    pub(crate) fn rows(&self, client: &mut impl Connection) -> Result<Vec<Row>, Error> {
        let params = wrapped(&self.values);
        let params: Vec<BoxedParam> = params.iter().map(|p| p as BoxedParam).collect();
        Ok(client.query(&self.text, &params)?)
    }

    /// How many rows the statement touched.
    pub(crate) fn touched(&self, client: &mut impl Connection) -> Result<u64, Error> {
        let params = wrapped(&self.values);
        let params: Vec<BoxedParam> = params.iter().map(|p| p as BoxedParam).collect();
        Ok(client.execute(&self.text, &params)?)
    }
}

pub(crate) fn wrapped<'a>(values: &'a [Value<'_>]) -> Vec<Param<'a>> {
    values.iter().map(|value| Param(value.get())).collect()
}
