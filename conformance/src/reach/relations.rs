//! Which rows of each table and view a role reads, changes, moves, adds and removes.
//!
//! Each row is tried by itself, because one that is refused would hide the others.

use std::collections::BTreeSet;

use model::quote::{ident, literal};

use super::privileges::PLATFORM;
use super::{Actor, Reach};
use crate::rows::{Bench, Stop, TextRow};

/// A table or view as the server knows it.
struct Relation {
    object: String,
    name: String,
    is_view: bool,
    /// Columns that make a row known again; none where the table has no key.
    key: Vec<String>,
    columns: Vec<Column>,
}

struct Column {
    name: String,
    ty: String,
    /// Whether an insert or update may give it.
    given: bool,
    /// Whether a policy of the table asks for it.
    asked: bool,
}

/// The columns that privileges let an actor change and give, and whether they let it delete.
#[derive(Default)]
struct May {
    update: BTreeSet<String>,
    insert: BTreeSet<String>,
    delete: bool,
}

const RELATIONS: &str = "
    SELECT CASE WHEN c.relkind IN ('v', 'm') THEN 'view ' ELSE 'table ' END || c.oid AS object,
      format('%I.%I', n.nspname, c.relname) AS name, (c.relkind IN ('v', 'm'))::text AS view,
      a.attname AS column, format_type(a.atttypid, a.atttypmod) AS type,
      (a.attgenerated = '')::text AS given,
      coalesce(a.attnum = ANY (k.conkey), false)::text AS key,
      EXISTS (SELECT 1 FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_policy p ON p.oid = d.objid
        WHERE d.classid = 'pg_catalog.pg_policy'::regclass AND p.polrelid = c.oid
          AND d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjid = c.oid
          AND d.refobjsubid = a.attnum)::text AS asked
    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    LEFT JOIN pg_catalog.pg_constraint k ON k.conrelid = c.oid AND k.contype = 'p'
    WHERE c.relkind IN ('r', 'p', 'v', 'm') AND n.nspname !~ '^pg_'
      AND n.nspname NOT IN ('information_schema', @platform)
      AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend d WHERE d.deptype = 'e'
        AND d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid)
    ORDER BY name, a.attnum";

pub(super) fn measure(bench: &mut Bench, actors: &[Actor], reach: &mut Reach) -> Result<(), Stop> {
    for relation in relations(bench)? {
        reach
            .labels
            .insert(relation.object.clone(), relation.name.clone());
        let rows = match relation.is_view {
            true => Vec::new(),
            false => relation.rows(bench)?,
        };
        for actor in actors {
            relation.reads(bench, actor, reach)?;
            let may = relation.may(bench, actor)?;
            for row in &rows {
                relation.tries(bench, actor, &may, row, &rows, reach)?;
            }
        }
    }
    Ok(())
}

fn relations(bench: &mut Bench) -> Result<Vec<Relation>, Stop> {
    let mut found: Vec<Relation> = Vec::new();
    for mut row in bench.query(&RELATIONS.replace("@platform", PLATFORM))? {
        let mut take = |column: &str| row.remove(column).flatten().unwrap_or_default();
        let object = take("object");
        if found.last().is_none_or(|last| last.object != object) {
            found.push(Relation {
                object,
                name: take("name"),
                is_view: take("view") == "true",
                key: Vec::new(),
                columns: Vec::new(),
            });
        }
        let column = take("column");
        if let Some(last) = found.last_mut() {
            if take("key") == "true" {
                last.key.push(column.clone());
            }
            last.columns.push(Column {
                name: column,
                ty: take("type"),
                given: take("given") == "true",
                asked: take("asked") == "true",
            });
        }
    }
    Ok(found)
}

impl Relation {
    /// What a row is known by, as an SQL expression of type text.
    fn known_by(&self) -> String {
        if self.is_view {
            return "'#' || row_number() OVER ()".into();
        }
        if self.key.is_empty() {
            return "tableoid || ' ' || ctid::text".into();
        }
        let parts: Vec<String> = self
            .key
            .iter()
            .map(|c| format!("{}::text", ident(c)))
            .collect();
        parts.join(" || ', ' || ")
    }

    /// Every row, as its owner sees it.
    fn rows(&self, bench: &mut Bench) -> Result<Vec<TextRow>, Stop> {
        let sql = format!(
            "SELECT tableoid AS \"?table\", ctid AS \"?place\", {} AS \"?key\", * FROM {}",
            self.known_by(),
            self.name
        );
        // Row-level security may be forced on the owner too.
        Ok(bench.attempt(&sql)?.unwrap_or_default())
    }

    fn reads(&self, bench: &mut Bench, actor: &Actor, reach: &mut Reach) -> Result<(), Stop> {
        let (key, name) = (self.known_by(), &self.name);
        let ask = format!("SELECT {key} AS \"?k\" FROM {name}");
        let count = format!(
            "SELECT '#' || g AS \"?k\" FROM generate_series(1, (SELECT count(*) FROM {name})) AS g"
        );
        for sql in [ask, count] {
            if let Ok(rows) = bench.acting(&actor.role, &actor.sql(), &sql)? {
                for mut row in rows {
                    if let Some(key) = row.remove("?k").flatten() {
                        reach.add(actor, &self.object, "reading", key);
                    }
                }
                return Ok(());
            }
        }
        Ok(())
    }

    /// What privileges leave to try; the rows themselves are tried one by one.
    fn may(&self, bench: &mut Bench, actor: &Actor) -> Result<May, Stop> {
        let (role, table) = (literal(&actor.role), literal(&self.name));
        let of_columns = |privilege: &str| {
            format!(
                "SELECT attname AS name, '{privilege}' AS may FROM pg_catalog.pg_attribute \
                 WHERE attrelid = {table}::regclass AND attnum > 0 AND NOT attisdropped \
                 AND has_column_privilege({role}, attrelid, attnum, '{privilege}')"
            )
        };
        let sql = format!(
            "{} UNION ALL {} UNION ALL SELECT '', 'DELETE' WHERE has_table_privilege({role}, {table}, 'DELETE')",
            of_columns("UPDATE"),
            of_columns("INSERT")
        );
        let mut may = May::default();
        for mut row in bench.query(&sql)? {
            let mut take = |column: &str| row.remove(column).flatten().unwrap_or_default();
            let (name, what) = (take("name"), take("may"));
            match what.as_str() {
                "UPDATE" => may.update.insert(name),
                "INSERT" => may.insert.insert(name),
                _ => std::mem::replace(&mut may.delete, true),
            };
        }
        Ok(may)
    }

    /// One row: whether the actor can change, move, remove and add it.
    fn tries(
        &self,
        bench: &mut Bench,
        actor: &Actor,
        may: &May,
        row: &TextRow,
        all: &[TextRow],
        reach: &mut Reach,
    ) -> Result<(), Stop> {
        let text = |column: &str| row.get(column).cloned().flatten();
        let key = text("?key").unwrap_or_default();
        let place = format!(
            "tableoid = {} AND ctid = '{}'",
            text("?table").unwrap_or_default(),
            text("?place").unwrap_or_default()
        );
        let name = &self.name;
        // Triggers and foreign keys are rules of the row, not of who asks.
        let quiet = "SET LOCAL session_replication_role = replica";
        let before = format!("{}; {quiet}", actor.sql());
        let does = |bench: &mut Bench, before: &str, sql: &str| -> Result<bool, Stop> {
            let rows = bench.acting(&actor.role, before, sql)?;
            Ok(rows.is_ok_and(|rows| rows.iter().any(|row| row.contains_key("?n"))))
        };
        let given = || self.columns.iter().filter(|c| c.given);
        let changed = || given().filter(|c| may.update.contains(&c.name));
        for column in changed() {
            let column = ident(&column.name);
            let sql = format!(
                "UPDATE {name} SET {column} = {column} WHERE {place} RETURNING 1 AS \"?n\""
            );
            if does(bench, &before, &sql)? {
                reach.add(actor, &self.object, "updating", key.as_str());
                break;
            }
        }
        for column in changed().filter(|c| c.asked) {
            let values: BTreeSet<&Option<String>> =
                all.iter().filter_map(|r| r.get(&column.name)).collect();
            for value in values
                .into_iter()
                .filter(|v| Some(*v) != row.get(&column.name))
            {
                let to = value.as_ref().map_or("NULL".into(), |v| literal(v));
                let sql = format!(
                    "UPDATE {name} SET {} = {to}::{} WHERE {place} RETURNING 1 AS \"?n\"",
                    ident(&column.name),
                    column.ty
                );
                if does(bench, &before, &sql)? {
                    let moved = format!("{key} to {}", value.as_deref().unwrap_or("null"));
                    let what = format!("changing {}", column.name);
                    reach.add(actor, &self.object, &what, moved);
                }
            }
        }
        let sql = format!("DELETE FROM {name} WHERE {place} RETURNING 1 AS \"?n\"");
        if may.delete && does(bench, &before, &sql)? {
            reach.add(actor, &self.object, "deleting", key.as_str());
        }
        if may.insert.is_empty() {
            return Ok(());
        }
        let (columns, values): (Vec<_>, Vec<_>) = given()
            .filter(|c| may.insert.contains(&c.name))
            .map(|column| {
                let value = text(&column.name).map_or("NULL".into(), |v| literal(&v));
                (
                    ident(&column.name).into_owned(),
                    format!("{value}::{}", column.ty),
                )
            })
            .unzip();
        // The same row once more, taken out by us first because its keys are its own.
        let gone = format!("{before}; DELETE FROM {name} WHERE {place}");
        let sql = format!(
            "INSERT INTO {name} ({}) OVERRIDING SYSTEM VALUE VALUES ({})",
            columns.join(", "),
            values.join(", ")
        );
        if bench.acting(&actor.role, &gone, &sql)?.is_ok() {
            reach.add(actor, &self.object, "inserting", key.as_str());
        }
        Ok(())
    }
}
