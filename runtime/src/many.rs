//! Many new rows at once. This module never splits what the caller wants whole: run it in a
//! transaction where a failure must leave nothing behind.

use postgres::binary_copy::BinaryCopyInWriter;
use postgres_types::Type;

use crate::row::{BoxedParam, read};
use crate::sql::{Column, list, qualified, quoted};
use crate::write::{Answer, inserted};
use crate::{Connection, Error, Insert, Row};

/// The most values of one statement; the protocol counts them in 16 bits.
const VALUES: usize = 65_535;

/// New rows, in a slice or a vector.
pub trait InsertMany {
    /// The rows they become.
    type Row: Row;

    /// Inserts the rows and returns them as the database made them, in the same order.
    ///
    /// A statement holds as many rows as fit; where there are several and one fails, the earlier
    /// ones stay unless this runs in a transaction.
    ///
    /// # Errors
    ///
    /// What the server refused, told apart by constraint.
    fn insert_many(&self, client: &mut impl Connection) -> Answer<Vec<Self::Row>, Self::Row>;

    /// Inserts the rows by `COPY`, the fastest way there is, and says how many they were.
    ///
    /// Where `COPY` can't be used (row-level security binds this role, or a column travels as
    /// text), the rows are inserted like those of [`InsertMany::insert_many`].
    ///
    /// # Errors
    ///
    /// What the server refused, told apart by constraint.
    fn copy(&self, client: &mut impl Connection) -> Answer<u64, Self::Row>;
}

impl<I: Insert> InsertMany for [I] {
    type Row = I::Row;

    fn insert_many(&self, client: &mut impl Connection) -> Answer<Vec<I::Row>, I::Row> {
        let mut made = Vec::with_capacity(self.len());
        for rows in statements(self) {
            let mut sql = inserted(rows);
            sql.returning::<I::Row>();
            made.extend(read::<I::Row>(&sql.rows(client)?)?);
        }
        Ok(made)
    }

    fn copy(&self, client: &mut impl Connection) -> Answer<u64, I::Row> {
        if bound_by_policies::<I::Row>(client)? {
            return insert(self, client);
        }
        let mut count = 0;
        let mut rest = self;
        while let Some(first) = rest.first() {
            let columns = columns(first);
            let alike = if can_be_copied(&columns) {
                copied(rest, &columns, client)?
            } else {
                let alike = rest.iter().take_while(|row| gives(&row.values(), &columns));
                let alike = alike.count();
                insert(&rest[..alike], client)?;
                alike
            };
            count += alike as u64;
            rest = &rest[alike..];
        }
        Ok(count)
    }
}

pub(crate) fn columns(row: &impl Insert) -> Vec<Column> {
    row.values().into_iter().map(|(column, _)| column).collect()
}

/// Whether `COPY` takes these columns.
pub(crate) fn can_be_copied(columns: &[Column]) -> bool {
    !columns.is_empty() && columns.iter().all(|column| column.through_text.is_none())
}

/// Whether a row gives these columns. The names say it: a type has one column of a name, and where
/// it leaves none out, they are the very same text.
pub(crate) fn gives(values: &[(Column, BoxedParam<'_>)], columns: &[Column]) -> bool {
    let same = |a: &str, b: &str| std::ptr::eq(a, b) || a == b;
    values.len() == columns.len()
        && values
            .iter()
            .zip(columns)
            .all(|((value, _), column)| same(value.name, column.name))
}

/// The rows in pieces that one statement can hold: with equal columns, and not too many.
pub(crate) fn statements<I: Insert>(rows: &[I]) -> impl Iterator<Item = &[I]> {
    let alike = rows.chunk_by(|a, b| gives(&b.values(), &columns(a)));
    alike.flat_map(|rows| {
        let wide = rows.first().map_or(0, |row| columns(row).len());
        // `DEFAULT VALUES` is one row.
        rows.chunks(VALUES.checked_div(wide).unwrap_or(1).max(1))
    })
}

fn insert<I: Insert>(rows: &[I], client: &mut impl Connection) -> Answer<u64, I::Row> {
    let mut count = 0;
    for rows in statements(rows) {
        count += inserted(rows).touched(client)?;
    }
    Ok(count)
}

/// `COPY FROM` isn't possible where row-level security would have to judge each row.
fn bound_by_policies<R: Row>(client: &mut impl Connection) -> Result<bool, Error> {
    let table = qualified(R::RELATION);
    let text = "SELECT row_security_active($1::text::regclass)";
    let rows = client.query(text, &[&table])?;
    Ok(rows.first().map_or(Ok(false), |row| row.try_get(0))?)
}

/// Copies the rows until one gives other columns, and says how many they were.
fn copied<I: Insert>(
    rows: &[I],
    columns: &[Column],
    client: &mut impl Connection,
) -> Result<usize, Error> {
    let table = qualified(I::Row::RELATION);
    let names = list(columns, |column| quoted(column.name));
    let statement = client.prepare(&format!("SELECT {names} FROM {table}"))?;
    let types: Vec<Type> = statement
        .columns()
        .iter()
        .map(|c| c.type_().clone())
        .collect();
    let writer = client.copy_in(&format!(
        "COPY {table} ({names}) FROM STDIN (FORMAT binary)"
    ))?;
    let mut writer = BinaryCopyInWriter::new(writer, &types);
    let (mut count, mut values, mut given) = (0, Vec::new(), None);
    for row in rows {
        values.clear();
        let gives = match row.params(&mut values) {
            Some(these) => *given.get_or_insert(these) == these,
            None => gives(&row.values(), columns),
        };
        if !gives {
            break;
        }
        // A result's types are never domains, so the values go as they are.
        writer.write(&values)?;
        count += 1;
    }
    writer.finish()?;
    Ok(count)
}
