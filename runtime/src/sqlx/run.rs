//! Statements on `sqlx`, and the rows that they answer. Values travel in their binary form, made
//! and read by the conversions that all drivers share.

use ::sqlx::encode::IsNull;
use ::sqlx::postgres::{PgArgumentBuffer, PgArguments, PgRow, PgStatement, PgTypeInfo};
use ::sqlx::{
    Acquire, Arguments, AssertSqlSafe, Column, Either, Encode, Executor, PgConnection, Postgres,
    Row, SqlSafeStr, Statement, ValueRef,
};
use postgres_types::private::BytesMut;
use postgres_types::{Format, FromSql, ToSql, Type, WrongType};

use super::types::known;
use crate::raw::{Answered, RawRow};
use crate::sql::{Sql, Value};
use crate::{Param, Result};

type Reason = Box<dyn std::error::Error + Sync + Send>;

/// The rows of an answer, and the types of their columns.
pub(crate) struct Fetched {
    rows: Vec<PgRow>,
    types: Vec<Type>,
}

impl Answered for Fetched {
    fn count(&self) -> usize {
        self.rows.len()
    }

    fn row(&self, place: usize) -> RawRow<'_> {
        RawRow::sqlx(Fields {
            row: &self.rows[place],
            types: &self.types,
        })
    }
}

/// One row, and the types of its columns.
#[derive(Clone, Copy)]
pub(crate) struct Fields<'r> {
    row: &'r PgRow,
    types: &'r [Type],
}

impl<'r> Fields<'r> {
    pub(crate) fn name(self, place: usize) -> Option<&'r str> {
        self.row.columns().get(place).map(|column| column.name())
    }

    pub(crate) fn place(self, name: &str) -> Result<usize, Reason> {
        let mut columns = self.row.columns().iter();
        let place = columns.position(|column| column.name() == name);
        place.ok_or_else(|| format!("the answer has no column `{name}`").into())
    }

    pub(crate) fn get<T: FromSql<'r>>(self, place: usize) -> Result<T, Reason> {
        let Some(ty) = self.types.get(place) else {
            return Err(format!("the answer has no column {place}").into());
        };
        if !T::accepts(ty) {
            return Err(WrongType::new::<T>(ty.clone()).into());
        }
        let value = self.row.try_get_raw(place)?;
        let bytes = match value.is_null() {
            true => None,
            false => Some(value.as_bytes()?),
        };
        T::from_sql_nullable(ty, bytes)
    }
}

/// The rows of a statement.
pub(crate) async fn rows<'c>(
    on: impl Acquire<'c, Database = Postgres> + Send,
    sql: Sql<'_>,
) -> Result<Fetched> {
    let mut connection = on.acquire().await?;
    rows_on(&mut connection, sql).await
}

pub(super) async fn rows_on(connection: &mut PgConnection, sql: Sql<'_>) -> Result<Fetched> {
    let (statement, arguments) = ready(connection, sql).await?;
    let rows = statement.query_with(arguments);
    let rows = rows.fetch_all(connection).await?;
    Ok(Fetched {
        rows,
        types: types(&statement),
    })
}

/// How many rows a statement touched.
pub(crate) async fn touched<'c>(
    on: impl Acquire<'c, Database = Postgres> + Send,
    sql: Sql<'_>,
) -> Result<u64> {
    let mut connection = on.acquire().await?;
    touched_on(&mut connection, sql).await
}

pub(crate) async fn touched_on(connection: &mut PgConnection, sql: Sql<'_>) -> Result<u64> {
    let (statement, arguments) = ready(connection, sql).await?;
    let done = statement.query_with(arguments).execute(connection).await?;
    Ok(done.rows_affected())
}

/// Prepares a statement, or finds it among those that the connection has prepared already.
pub(super) async fn prepared(connection: &mut PgConnection, text: String) -> Result<PgStatement> {
    // Its names are quoted and its values are parameters.
    let text = AssertSqlSafe(text).into_sql_str();
    Ok(connection.prepare(text).await?)
}

/// The types of the columns that it answers.
pub(super) fn types(statement: &PgStatement) -> Vec<Type> {
    let columns = statement.columns().iter();
    columns.map(|column| known(column.type_info())).collect()
}

async fn ready(connection: &mut PgConnection, sql: Sql<'_>) -> Result<(PgStatement, PgArguments)> {
    let statement = prepared(connection, sql.text).await?;
    let wanted = match statement.parameters() {
        Some(Either::Left(wanted)) => wanted,
        _ => &[],
    };
    let arguments = arguments(wanted, &sql.values).map_err(::sqlx::Error::Encode)?;
    Ok((statement, arguments))
}

fn arguments(wanted: &[PgTypeInfo], values: &[Value<'_>]) -> Result<PgArguments, Reason> {
    if wanted.len() != values.len() {
        let (wanted, given) = (wanted.len(), values.len());
        return Err(format!("the statement takes {wanted} values, not {given}").into());
    }
    let mut arguments = PgArguments::default();
    let mut bytes = BytesMut::new();
    for (value, info) in values.iter().zip(wanted) {
        bytes.clear();
        let null = written(value, &known(info), &mut bytes)?;
        let bytes = (!null).then_some(&bytes[..]);
        arguments.add(Written { bytes, info })?;
    }
    Ok(arguments)
}

/// Writes a value in its binary form, and says whether it is null.
pub(super) fn written(value: &Value<'_>, ty: &Type, out: &mut BytesMut) -> Result<bool, Reason> {
    let value = Param(value.get());
    if let Format::Text = value.encode_format(ty) {
        return Err(format!("a `{ty}` is sent as text, which `sqlx` does not do").into());
    }
    let null = value.to_sql_checked(ty, out)?;
    Ok(matches!(null, postgres_types::IsNull::Yes))
}

/// A value that is in its binary form already.
struct Written<'v> {
    bytes: Option<&'v [u8]>,
    info: &'v PgTypeInfo,
}

impl ::sqlx::Type<Postgres> for Written<'_> {
    fn type_info() -> PgTypeInfo {
        // Never asked for: each value says what it is.
        PgTypeInfo::with_name("unknown")
    }
}

impl Encode<'_, Postgres> for Written<'_> {
    fn encode_by_ref(&self, out: &mut PgArgumentBuffer) -> Result<IsNull, Reason> {
        let Some(bytes) = self.bytes else {
            return Ok(IsNull::Yes);
        };
        out.extend_from_slice(bytes);
        Ok(IsNull::No)
    }

    fn produces(&self) -> Option<PgTypeInfo> {
        Some(self.info.clone())
    }
}
