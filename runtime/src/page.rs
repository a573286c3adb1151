//! Pages by position: each begins after the last row of the one before, however many rows came or
//! went in between. No page counts the rows before it.

use std::sync::Arc;

use crate::column::Order;
use crate::raw::Answered;
use crate::sql::{Column, Sql, Value, qualified, quoted};
use crate::{Connection, Query, Result, Row, Table};

/// The place after a row, in the order of its question. Its text may be handed to a stranger and
/// taken back: it holds the values that rows were ordered by, and is sent as a value.
#[derive(Clone, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct Cursor(String);

impl std::fmt::Display for Cursor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<String> for Cursor {
    fn from(text: String) -> Self {
        Cursor(text)
    }
}

/// Some rows of a question, and where the next begin.
#[derive(Clone, Debug, PartialEq)]
pub struct Page<R> {
    /// The rows.
    pub rows: Vec<R>,
    /// Where the next page begins; `None` after the last row.
    pub next: Option<Cursor>,
}

impl<R: Row> Query<R>
where
    R::Of: Table,
{
    /// So many rows after that place, or from the beginning.
    ///
    /// Rows are ordered as was asked and then by primary key, so that no two are equal. Limit and
    /// offset have no part in it. A cursor belongs to the question it came from; one with other
    /// columns is an error of the server or begins somewhere else.
    ///
    /// ```
    /// # use pilaster::Row;
    /// # #[derive(Row)]
    /// # #[pilaster(table = "public.deals")]
    /// # struct Deal { #[pilaster(primary_key)] id: i32, team_size: i32 }
    /// # fn run(client: &mut pilaster::postgres::Client) -> pilaster::Result<()> {
    /// let by_size = Deal::query().order_by(Deal::TEAM_SIZE.desc());
    /// let first = by_size.page(client, 50, None)?;
    /// let second = by_size.page(client, 50, first.next.as_ref())?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// What the server refused, or a value that does not fit.
    pub fn page(
        &self,
        client: &mut impl Connection,
        rows: u32,
        after: Option<&Cursor>,
    ) -> Result<Page<R>> {
        let found = self.page_sql(rows, after).rows(client)?;
        page(&found, rows)
    }

    pub(crate) fn page_sql(&self, rows: u32, after: Option<&Cursor>) -> Sql<'static> {
        let mut query = self.clone();
        query.nearest = None;
        let descending = query.order.last().is_some_and(|order| order.descending);
        for column in <R::Of as Table>::KEY {
            if query.order.iter().all(|order| order.column != *column) {
                query.order.push(Order::new(*column, descending, false));
            }
        }
        let entries = query.order.iter().map(|order| {
            let name = order.column.name;
            format!("'{}', {}", name.replace('\'', "''"), quoted(name))
        });
        let entries = entries.collect::<Vec<_>>().join(", ");
        let (columns, table) = (R::list(), qualified(R::RELATION));
        let mut sql = Sql::new(format!(
            "SELECT {columns}, jsonb_build_object({entries})::text FROM {table}"
        ));
        let word = query.conditions(&mut sql);
        if let Some(Cursor(text)) = after {
            sql.push(word);
            beyond(&mut sql, &query.order, &table, text);
        }
        query.ordered(&mut sql);
        let limit = i64::from(rows) + 1;
        sql.push(" LIMIT ").plain(Value::Kept(Arc::new(limit)));
        sql
    }
}

/// The rows of a page, of which one more was asked for than it holds.
pub(crate) fn page<R: Row>(found: &impl Answered, rows: u32) -> Result<Page<R>> {
    let rows = usize::try_from(rows).unwrap_or(usize::MAX);
    let next = match found.rows().take(rows).last() {
        Some(last) if found.count() > rows => {
            Some(Cursor(last.beside(R::COLUMNS.len(), "cursor")?))
        }
        _ => None,
    };
    let rows = found.rows_of(R::COLUMNS).take(rows).map(R::from_raw);
    Ok(Page {
        rows: rows.collect::<Result<_>>()?,
        next,
    })
}

/// The condition of rows beyond the cursor. Its values become the columns' types by the server's
/// own hand, as those of a row of the table.
fn beyond<R>(sql: &mut Sql<'static>, order: &[Order<R>], table: &str, cursor: &str) {
    sql.values.push(Value::Kept(Arc::new(cursor.to_owned())));
    let row = format!(
        "jsonb_populate_record(NULL::{table}, ${}::text::jsonb)",
        sql.values.len()
    );
    let value = |column: Column| format!("(SELECT r.{} FROM {row} r)", quoted(column.name));
    let same_way = order
        .iter()
        .all(|o| o.descending == order[0].descending && !o.nullable);
    if same_way {
        // One comparison of rows is one range of an index.
        let names = order.iter().map(|o| quoted(o.column.name));
        let names = names.collect::<Vec<_>>().join(", ");
        let values = order.iter().map(|o| value(o.column));
        let values = values.collect::<Vec<_>>().join(", ");
        let operator = if order[0].descending { "<" } else { ">" };
        sql.push(&format!("({names}) {operator} ({values})"));
        return;
    }
    let mut terms = Vec::new();
    for (at, last) in order.iter().enumerate() {
        let equal = order[..at].iter().map(|o| {
            let name = quoted(o.column.name);
            format!("{name} IS NOT DISTINCT FROM {}", value(o.column))
        });
        let term: Vec<String> = equal.chain([after(last, &value(last.column))]).collect();
        terms.push(format!("({})", term.join(" AND ")));
    }
    sql.push(&format!("({})", terms.join(" OR ")));
}

/// A column is beyond a value: nulls are last where it ascends, first where it descends.
fn after<R>(order: &Order<R>, value: &str) -> String {
    let name = quoted(order.column.name);
    match (order.descending, order.nullable) {
        (false, false) => format!("{name} > {value}"),
        (true, false) => format!("{name} < {value}"),
        (false, true) => {
            format!("({value} IS NOT NULL AND ({name} > {value} OR {name} IS NULL))")
        }
        (true, true) => {
            format!("(CASE WHEN {value} IS NULL THEN {name} IS NOT NULL ELSE {name} < {value} END)")
        }
    }
}
