//! `COPY` on `sqlx`.

use ::sqlx::{Acquire, PgConnection, Postgres};
use postgres_types::Type;
use postgres_types::private::BytesMut;

use super::run::{prepared, rows_on, touched_on, types, written};
use crate::many::{can_be_copied, columns, gives, statements};
use crate::raw::Answered;
use crate::sql::{Column, Sql, Value, list, qualified, quoted};
use crate::write::{Answer, inserted};
use crate::{Error, Insert, Result, Row};

/// How much is sent at once.
const CHUNK: usize = 64 * 1024;

/// Copies the rows; inserts them where policies bind the role, for which `COPY` is refused, and
/// where a value travels as text.
pub(super) async fn copy<'c, I: Insert + Sync>(
    on: impl Acquire<'c, Database = Postgres> + Send,
    new: &[I],
) -> Answer<u64, I::Row> {
    let mut connection = on.acquire().await.map_err(Error::from)?;
    let connection: &mut PgConnection = &mut connection;
    let table = qualified(I::Row::RELATION);
    let mut bound = Sql::new("SELECT row_security_active($1::text::regclass)");
    bound.values.push(Value::Borrowed(&table));
    let bound: bool = rows_on(connection, bound)
        .await?
        .only()?
        .beside(0, "row_security_active")?;
    let mut count = 0;
    let mut rest = new;
    while let Some(first) = rest.first() {
        let columns = columns(first);
        let alike = rest.iter().take_while(|row| gives(&row.values(), &columns));
        let alike = alike.count();
        let rows = &rest[..alike];
        if !bound && can_be_copied(&columns) {
            copied(connection, rows, &columns).await?;
        } else {
            for rows in statements(rows) {
                touched_on(connection, inserted(rows)).await?;
            }
        }
        count += alike as u64;
        rest = &rest[alike..];
    }
    Ok(count)
}

async fn copied<I: Insert + Sync>(
    connection: &mut PgConnection,
    rows: &[I],
    columns: &[Column],
) -> Result<u64> {
    let table = qualified(I::Row::RELATION);
    let names = list(columns, |column| quoted(column.name));
    let statement = prepared(connection, format!("SELECT {names} FROM {table}")).await?;
    let types = types(&statement);
    let text = format!("COPY {table} ({names}) FROM STDIN (FORMAT binary)");
    let mut copy = connection.copy_in_raw(&text).await?;
    // The signature, no flags, no extension.
    let mut out = BytesMut::from(&b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0"[..]);
    for row in rows {
        if let Err(reason) = write(row, &types, &mut out) {
            copy.abort("a value does not fit").await?;
            return Err(::sqlx::Error::Encode(reason).into());
        }
        if out.len() >= CHUNK {
            copy.send(&out[..]).await?;
            out.clear();
        }
    }
    out.extend_from_slice(&(-1_i16).to_be_bytes());
    copy.send(&out[..]).await?;
    Ok(copy.finish().await?)
}

/// One row: how many values, and each with its length, which is -1 for null.
fn write(
    row: &impl Insert,
    types: &[Type],
    out: &mut BytesMut,
) -> Result<(), Box<dyn std::error::Error + Sync + Send>> {
    out.extend_from_slice(&i16::try_from(types.len())?.to_be_bytes());
    for ((_, value), ty) in row.values().into_iter().zip(types) {
        let place = out.len();
        out.extend_from_slice(&(-1_i32).to_be_bytes());
        if !written(&Value::Borrowed(value), ty, out)? {
            let length = i32::try_from(out.len() - place - 4)?;
            out[place..place + 4].copy_from_slice(&length.to_be_bytes());
        }
    }
    Ok(())
}
