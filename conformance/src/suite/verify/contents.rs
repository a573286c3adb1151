//! The rows of a database, as far as two moments of it can be told apart.
//!
//! Never keeps the rows: it keeps what the server hashes of them.

use std::collections::BTreeMap;

use postgres::Client;

use crate::rows::Stop;

/// What every table holds.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Contents {
    tables: BTreeMap<String, Held>,
}

#[derive(Debug, PartialEq, Eq)]
struct Held {
    count: i64,
    /// Of all rows, whatever their order and that of their columns.
    rows: String,
    /// Of each column's values.
    columns: BTreeMap<String, String>,
}

impl Contents {
    /// What the tables hold now, the server's own and the tool's records left out.
    pub(super) fn read(client: &mut Client) -> Result<Contents, Stop> {
        let stop = |error: postgres::Error| Stop::Fault(format!("failed to read rows: {error}"));
        let tables = client
            .query(
                "select format('%I.%I', n.nspname, c.relname)
                   from pg_class c join pg_namespace n on n.oid = c.relnamespace
                  where c.relkind = 'r' and c.relpersistence <> 't' and n.nspname !~ '^pg_'
                    and n.nspname not in ('information_schema', $1)",
                &[&migrations::apply::SCHEMA],
            )
            .map_err(stop)?;
        let mut held = BTreeMap::new();
        for row in tables {
            let table: String = row.get(0);
            // As jsonb a row's columns have no order.
            let sql = format!(
                "with rows as (select to_jsonb(t) as r from only {table} t),
                      values as (select key, md5(string_agg(coalesce(value, 'null'), ','
                                                            order by value)) as hash
                                   from rows, jsonb_each_text(r) group by key)
                 select (select count(*) from rows),
                        (select md5(string_agg(r::text, ',' order by r::text)) from rows),
                        array(select key from values order by key),
                        array(select hash from values order by key)"
            );
            let row = client.query_one(&sql, &[]).map_err(stop)?;
            let count: i64 = row.get(0);
            if count > 0 {
                let (keys, hashes): (Vec<String>, Vec<String>) = (row.get(2), row.get(3));
                let columns = keys.into_iter().zip(hashes).collect();
                let rows = row.get(1);
                held.insert(
                    table,
                    Held {
                        count,
                        rows,
                        columns,
                    },
                );
            }
        }
        Ok(Contents { tables: held })
    }

    /// Whether there is no row anywhere.
    pub(super) fn is_empty(&self) -> bool {
        self.tables.is_empty()
    }

    /// Whether every table that holds a row in `other` holds one here.
    pub(super) fn has_rows_where(&self, other: &Contents) -> bool {
        other
            .tables
            .keys()
            .all(|table| self.tables.contains_key(table))
    }

    /// What of `want` is not so here, a line each: rows by their number, values by their column.
    pub(super) fn differences(&self, want: &Contents) -> Vec<String> {
        let mut lines = Vec::new();
        let names = self.tables.keys().chain(want.tables.keys());
        let names: std::collections::BTreeSet<&String> = names.collect();
        for name in names {
            let (have, want) = (self.tables.get(name), want.tables.get(name));
            let (had, has) = (want.map_or(0, |t| t.count), have.map_or(0, |t| t.count));
            if had != has {
                lines.push(format!("the rows of {name} ({had} before, {has} now)"));
                continue;
            }
            let (Some(have), Some(want)) = (have, want) else {
                continue;
            };
            if have.rows == want.rows {
                continue;
            }
            let other =
                |(column, hash): &(&String, &String)| have.columns.get(*column) != Some(*hash);
            let columns: Vec<&str> = want
                .columns
                .iter()
                .filter(other)
                .map(|(column, _)| column.as_str())
                .collect();
            lines.push(match columns.is_empty() {
                true => format!("the rows of {name}"),
                false => format!("the values of {name}: {}", columns.join(", ")),
            });
        }
        lines
    }
}
