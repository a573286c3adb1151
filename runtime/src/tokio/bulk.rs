//! `COPY` on `tokio-postgres`.

use std::pin::pin;

use tokio_postgres::GenericClient;
use tokio_postgres::binary_copy::BinaryCopyInWriter;
use tokio_postgres::types::Type;

use crate::many::{columns, statements};
use crate::row::BoxedParam;
use crate::sql::{Column, list, qualified, quoted};
use crate::write::{Answer, inserted};
use crate::{Error, Insert, Param, Row};

/// Copies the rows; inserts them where policies bind the role, for which `COPY` is refused, and
/// where a value travels as text.
pub(super) async fn copy<C: GenericClient + Sync + ?Sized, I: Insert + Sync>(
    client: &C,
    new: &[I],
) -> Answer<u64, I::Row> {
    let table = qualified(I::Row::RELATION);
    let bound = "SELECT row_security_active($1::text::regclass)";
    let bound = client.query_one(bound, &[&table]).await;
    let bound: bool = bound.and_then(|row| row.try_get(0)).map_err(Error::from)?;
    let mut count = 0;
    for rows in new.chunk_by(|a, b| columns(a) == columns(b)) {
        let columns = columns(&rows[0]);
        let as_text = columns.iter().any(|column| column.through_text.is_some());
        if bound || as_text || columns.is_empty() {
            for rows in statements(rows) {
                count += super::touched(client, inserted(rows)).await?;
            }
        } else {
            count += copied(client, rows, &columns).await?;
        }
    }
    Ok(count)
}

async fn copied<C: GenericClient + Sync + ?Sized, I: Insert + Sync>(
    client: &C,
    rows: &[I],
    columns: &[Column],
) -> Result<u64, Error> {
    let table = qualified(I::Row::RELATION);
    let names = list(columns, |column| quoted(column.name));
    let statement = client
        .prepare(&format!("SELECT {names} FROM {table}"))
        .await?;
    let columns = statement.columns().iter();
    let types: Vec<Type> = columns.map(|column| column.type_().clone()).collect();
    let text = format!("COPY {table} ({names}) FROM STDIN (FORMAT binary)");
    let mut writer = pin!(BinaryCopyInWriter::new(
        client.client().copy_in(&text).await?,
        &types
    ));
    for row in rows {
        let values: Vec<Param> = row.values().into_iter().map(|(_, v)| Param(v)).collect();
        let values: Vec<BoxedParam> = values.iter().map(|v| v as BoxedParam).collect();
        writer.as_mut().write(&values).await?;
    }
    Ok(writer.finish().await?)
}
