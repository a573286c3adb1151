//! Audited tables: each insert, change and deletion of a row writes the right line into the trail,
//! what is excepted never gets there, and no TRUNCATE goes by it.
//!
//! What a line must say is read from the row itself, before and after, never from the function.

use model::Id;
use model::names::object_name;
use model::quote::{ident, literal, qualified};
use model::schema::{Audited, Name, Schema, TrailPart};

use super::refusal::{Expected, state};
use super::transitions::another;
use super::{Check, Family, said};
use crate::rows::{Bench, Stop, TextRow, Wish, this_row};

pub(super) fn checks(schema: &Schema, table: &Id, found: &mut Vec<Check>) {
    let Some((says, audited)) = schema.audited(table) else {
        return;
    };
    let trail = said(&audited.into);
    let of = Audit {
        table: table.clone(),
        audited: audited.clone(),
    };
    let push = |found: &mut Vec<Check>, what: String, run: Run| {
        let (of, name) = (of.clone(), format!("{}: {what}", said(table)));
        found.push(Check::new(Family::Trigger, table, name, move |bench| {
            run(&of, bench)
        }));
    };
    // A partition's rows are those of its table, which says it.
    if says.id == *table {
        push(
            found,
            format!("an insert is written into {trail}"),
            Audit::inserts,
        );
        if !schema.is_append_only(table) {
            push(
                found,
                format!("a change is written into {trail}"),
                Audit::changes,
            );
            push(
                found,
                format!("a deletion is written into {trail}"),
                Audit::deletes,
            );
        }
        for column in &audited.except {
            let (of, column) = (of.clone(), column.clone());
            let name = format!("{}.{column}: never gets into {trail}", said(table));
            found.push(Check::new(Family::Trigger, table, name, move |bench| {
                of.leaves_out(bench, &column)
            }));
        }
    }
    if !schema.is_append_only(table) {
        let name = format!("{}: audited refuses to truncate", said(table));
        let of = table.clone();
        found.push(Check::altering(
            Family::Trigger,
            table,
            name,
            move |bench| {
                let relation = qualified(&of.schema, &of.name);
                let outcome = bench.attempt(&format!("TRUNCATE {relation} CASCADE"))?;
                let name = object_name(&of.name, None, "audited_truncate");
                let outcome = outcome.map(|_| TextRow::default());
                Expected::constraint(&state::RESTRICT, &name).of(bench, outcome)
            },
        ));
    }
}

type Run = fn(&Audit, &mut Bench) -> Result<(), Stop>;

#[derive(Clone)]
struct Audit {
    table: Id,
    audited: Audited,
}

/// What a row holds, as a document in SQL; none where there is no row.
type Document = Option<String>;

impl Audit {
    fn inserts(&self, bench: &mut Bench) -> Result<(), Stop> {
        let row = bench.insert(&self.table, &Wish::default())?;
        let now = self.document(bench, &row)?;
        self.wrote(bench, "insert", (None, now), 1)
    }

    fn changes(&self, bench: &mut Bench) -> Result<(), Stop> {
        let mut row = bench.insert(&self.table, &Wish::default())?;
        let schema = bench.schema();
        let key = schema.primary_key(&self.table);
        let mut written = 1;
        for (node, column) in schema.columns(&self.table) {
            let name = &node.id.part;
            let kept = key.contains(name) || self.audited.except.contains(name);
            if kept || column.generated.is_some() {
                continue;
            }
            let Some(value) = another(bench, &self.table, &row, name)? else {
                continue;
            };
            let before = self.document(bench, &row)?;
            let changes = [(name.clone(), value)];
            let Ok(after) = bench.try_update(&self.table, &row, &changes)? else {
                continue;
            };
            // A row that moved to another partition was deleted and inserted.
            if after.get("tableoid") != row.get("tableoid") {
                return Err(Stop::Undecided("its rows move when they change".into()));
            }
            let now = self.document(bench, &after)?;
            row = after;
            let (was, is) = (self.shown(&before), self.shown(&now));
            if self.asks(bench, &format!("{was} <> {is}"))? {
                return self.wrote(bench, "update", (before, now), written + 1);
            }
            written = self.lines(bench, &now, "true")?;
        }
        Err(Stop::Undecided(
            "no change was found that the row accepts".into(),
        ))
    }

    fn deletes(&self, bench: &mut Bench) -> Result<(), Stop> {
        let row = bench.insert(&self.table, &Wish::default())?;
        let before = self.document(bench, &row)?;
        let relation = qualified(&self.table.schema, &self.table.name);
        let sql = format!("DELETE FROM {relation} WHERE {}", this_row(&row));
        match bench.attempt(&sql)? {
            Ok(_) => self.wrote(bench, "delete", (before, None), 2),
            Err(refusal) => Err(Stop::Undecided(format!(
                "a row can't be deleted: {refusal}"
            ))),
        }
    }

    fn leaves_out(&self, bench: &mut Bench, column: &Name) -> Result<(), Stop> {
        let wish = Wish::present([column]);
        let row = bench.insert(&self.table, &wish)?;
        let held = self.document(bench, &row)?;
        if let Some(value) = another(bench, &self.table, &row, column)? {
            let changes = [(column.clone(), value)];
            // Whether it may change or not, what is written of it must not show it.
            drop(bench.try_update(&self.table, &row, &changes)?);
        }
        let schema = bench.schema();
        let parts = schema.trail(&self.audited.into);
        let shows = parts.iter().filter_map(|(node, part)| match part {
            TrailPart::Before | TrailPart::After | TrailPart::Changes => Some(format!(
                "jsonb_exists(t.{}, {})",
                ident(&node.id.part),
                literal(column)
            )),
            _ => None,
        });
        let shows: Vec<String> = shows.collect();
        if shows.is_empty() {
            return Ok(());
        }
        match self.lines(bench, &held, &shows.join(" OR "))? {
            0 if self.lines(bench, &held, "true")? > 0 => Ok(()),
            0 => Err(Stop::Failed("nothing was written at all".into())),
            lines => Err(Stop::Failed(format!("{lines} lines show it"))),
        }
    }

    /// Passes where there are so many lines of the row, and one of them says all of this.
    fn wrote(
        &self,
        bench: &mut Bench,
        operation: &str,
        (before, after): (Document, Document),
        lines: u64,
    ) -> Result<(), Stop> {
        let schema = bench.schema();
        let row = after.as_ref().or(before.as_ref()).cloned();
        let mut says = vec!["true".to_owned()];
        for (node, part) in schema.trail(&self.audited.into) {
            let own = &node.id.part;
            let column = format!("t.{}", ident(own));
            let expected = match part {
                TrailPart::Operation { .. } => {
                    says.push(format!("lower({column}::text) = {}", literal(operation)));
                    continue;
                }
                TrailPart::Before => self.shown(&before),
                TrailPart::After => self.shown(&after),
                TrailPart::Changes => changes(&self.shown(&before), &self.shown(&after)),
                TrailPart::Column => match schema.audited_column(&self.table, &self.audited, own) {
                    Some(held) => format!("{} -> {}", sql(&row), literal(&held)),
                    None => "'null'".to_owned(),
                },
                TrailPart::Table | TrailPart::Key => continue,
            };
            let named = format!("to_jsonb(t) -> {}", literal(own));
            let same = match part {
                TrailPart::Column => format!("{named} = {expected}"),
                _ => format!("{column} IS NOT DISTINCT FROM {expected}"),
            };
            says.push(same);
        }
        let there = self.lines(bench, &row, "true")?;
        if there != lines {
            let what = format!("{there} lines are in the trail where {lines} should be");
            return Err(Stop::Failed(what));
        }
        match self.lines(bench, &row, &says.join(" AND "))? {
            0 => Err(Stop::Failed(format!(
                "no line says what the {operation} was: {}",
                says.join(" AND ")
            ))),
            _ => Ok(()),
        }
    }

    /// How many lines this transaction wrote of a row, of those for which it holds.
    fn lines(&self, bench: &mut Bench, row: &Document, holds: &str) -> Result<u64, Stop> {
        let schema = bench.schema();
        let trail = &self.audited.into;
        let own = schema.primary_key(&self.table);
        let mut conditions = vec![
            "age(t.xmin) <= age((txid_current() % 4294967296)::text::xid)".to_owned(),
            format!("({holds})"),
        ];
        for (node, part) in schema.trail(trail) {
            let column = format!("t.{}", ident(&node.id.part));
            let document = schema
                .column(trail, &node.id.part)
                .is_some_and(|column| column.ty.is("jsonb"));
            match (part, &*own) {
                (TrailPart::Table, _) => {
                    let apart = self.table.schema != trail.schema;
                    let name = match apart {
                        true => format!("{}.{}", self.table.schema, self.table.name),
                        false => self.table.name.to_string(),
                    };
                    conditions.push(format!("{column} = {}", literal(&name)));
                }
                (TrailPart::Key, key) if document => {
                    let pairs = key.iter().map(|name| {
                        let name = literal(name);
                        format!("{name}, {} -> {name}", sql(row))
                    });
                    let pairs: Vec<String> = pairs.collect();
                    conditions.push(format!(
                        "{column} = jsonb_build_object({})",
                        pairs.join(", ")
                    ));
                }
                (TrailPart::Key, [key]) => {
                    conditions.push(format!(
                        "{column}::text = {} ->> {}",
                        sql(row),
                        literal(key)
                    ));
                }
                _ => {}
            }
        }
        let relation = qualified(&trail.schema, &trail.name);
        let rows = bench.query(&format!(
            "SELECT count(*) AS n FROM {relation} t WHERE {}",
            conditions.join(" AND ")
        ))?;
        let count = rows.first().and_then(|row| row.get("n").cloned().flatten());
        Ok(count.and_then(|n| n.parse().ok()).unwrap_or_default())
    }

    fn asks(&self, bench: &mut Bench, condition: &str) -> Result<bool, Stop> {
        let rows = bench.query(&format!("SELECT ({condition}) AS yes"))?;
        let yes = rows
            .first()
            .and_then(|row| row.get("yes").cloned().flatten());
        Ok(yes.as_deref() == Some("t"))
    }

    fn document(&self, bench: &mut Bench, row: &TextRow) -> Result<Document, Stop> {
        let relation = qualified(&self.table.schema, &self.table.name);
        let rows = bench.query(&format!(
            "SELECT to_jsonb(t) AS row FROM {relation} t WHERE {}",
            this_row(row)
        ))?;
        let found = rows
            .first()
            .and_then(|row| row.get("row").cloned().flatten());
        found.map(Some).ok_or_else(|| {
            Stop::Undecided("a row is not where it was put: something else moved it".into())
        })
    }

    /// What may be seen of a row, in SQL.
    fn shown(&self, document: &Document) -> String {
        let mut text = sql(document);
        for column in &self.audited.except {
            text = format!("({text} - {})", literal(column));
        }
        text
    }
}

fn sql(document: &Document) -> String {
    match document {
        Some(text) => format!("{}::jsonb", literal(text)),
        None => "NULL::jsonb".to_owned(),
    }
}

/// The columns that differ, from both rows.
fn changes(before: &str, after: &str) -> String {
    format!(
        "(SELECT coalesce(jsonb_object_agg(key, jsonb_build_object('before', b.value, 'after', a.value)), '{{}}') \
         FROM jsonb_each({before}) b FULL JOIN jsonb_each({after}) a USING (key) \
         WHERE b.value IS DISTINCT FROM a.value)"
    )
}
