//! `COPY` on `tokio-postgres`.

use std::pin::pin;

use super::Connection;
use tokio_postgres::binary_copy::BinaryCopyInWriter;
use tokio_postgres::types::Type;

use crate::many::{can_be_copied, columns, gives, statements};
use crate::raw::Answered;
use crate::row::BoxedParam;
use crate::sql::{Column, list, qualified, quoted};
use crate::write::{Answer, inserted};
use crate::{Error, Insert, Row};

/// Copies the rows; inserts them where policies bind the role, for which `COPY` is refused, and
/// where a value travels as text.
pub(super) async fn copy<C: Connection + ?Sized, I: Insert + Sync>(
    client: &C,
    new: &[I],
) -> Answer<u64, I::Row> {
    let table = qualified(I::Row::RELATION);
    let bound = "SELECT row_security_active($1::text::regclass)";
    let bound = client.query(bound, &[&table]).await.map_err(Error::from)?;
    let bound: bool = bound.only()?.beside(0, "row_security_active")?;
    let mut count = 0;
    let mut rest = new;
    while let Some(first) = rest.first() {
        let columns = columns(first);
        let alike = if !bound && can_be_copied(&columns) {
            copied(client, rest, &columns).await?
        } else {
            let alike = rest.iter().take_while(|row| gives(&row.values(), &columns));
            let alike = alike.count();
            for rows in statements(&rest[..alike]) {
                super::touched(client, inserted(rows)).await?;
            }
            alike
        };
        count += alike as u64;
        rest = &rest[alike..];
    }
    Ok(count)
}

async fn copied<C: Connection + ?Sized, I: Insert + Sync>(
    client: &C,
    rows: &[I],
    columns: &[Column],
) -> Result<usize, Error> {
    let table = qualified(I::Row::RELATION);
    let names = list(columns, |column| quoted(column.name));
    let statement = client
        .prepare(&format!("SELECT {names} FROM {table}"))
        .await?;
    let types = statement.columns().iter();
    let types: Vec<Type> = types.map(|column| column.type_().clone()).collect();
    let text = format!("COPY {table} ({names}) FROM STDIN (FORMAT binary)");
    let mut writer = pin!(BinaryCopyInWriter::new(
        client.copy_in(&text).await?,
        &types
    ));
    let mut count = 0;
    for row in rows {
        let values = row.values();
        if !gives(&values, columns) {
            break;
        }
        // A result's types are never domains, so the values go as they are.
        let values: Vec<BoxedParam> = values.into_iter().map(|(_, value)| value).collect();
        writer.as_mut().write(&values).await?;
        count += 1;
    }
    writer.finish().await?;
    Ok(count)
}
