//! What is known of a database since it was last compared with its model: kept in the database, in
//! the tool's own schema, for the next comparison.
//!
//! It never decides that two texts mean the same: it holds what a server has said.

use std::collections::{BTreeMap, BTreeSet};

use model::Id;
use postgres::GenericClient;
use serde::{Deserialize, Serialize};

use crate::apply::SCHEMA;
use crate::catalog::Marks;

/// What a comparison of a database with a model has shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// The hash of the model's text, of the tool and of the server's version; what is known holds
    /// for them alone.
    pub model: String,
    /// The roles that the model declares.
    pub roles: Vec<String>,
    /// The catalog's [`fingerprint`](crate::catalog::fingerprint) for these roles at which nothing differed.
    pub fingerprint: Option<String>,
    /// The model's expressions as a server reads them; `None` where they weren't [asked
    /// for](complete).
    pub forms: Option<Forms>,
    /// The [marks](crate::catalog::marks) at which nothing differed; those of relations about which
    /// something is reported beside differences are left out. Empty where they weren't asked for.
    pub marks: Marks,
    /// What was reported beside differences: lines for people.
    pub notes: Vec<String>,
    /// When, as the server prints it; empty before it is written.
    pub at: String,
}

/// The expressions of a model's objects as a server deparses them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Forms {
    /// Of each object whose texts are not the server's own already, all texts in their fixed order.
    texts: BTreeMap<String, Vec<String>>,
    /// Objects that a server reads as more than other texts; only a server can be asked about them.
    open: BTreeSet<String>,
}

impl Forms {
    /// Keeps the texts of an object, in the order of [`each_expr`](model::Object::each_expr).
    pub fn keep(&mut self, id: &Id, texts: Vec<String>) {
        self.texts.insert(key(id), texts);
    }

    /// Marks an object as one that texts alone don't say.
    pub fn leave_open(&mut self, id: &Id) {
        self.open.insert(key(id));
    }

    /// The texts of an object: `None` where only a server can say, `Some(None)` where the model's
    /// own are the server's.
    pub fn of(&self, id: &Id) -> Option<Option<&[String]>> {
        let key = key(id);
        if self.open.contains(&key) {
            return None;
        }
        Some(self.texts.get(&key).map(Vec::as_slice))
    }
}

/// Kinds may share names, so the kind is part of the key.
fn key(id: &Id) -> String {
    [id.kind.word(), &id.schema, &id.name, &id.part].join("\u{1f}")
}

/// What the database has kept, but for what is long; `None` where nothing is, or the role may not
/// read it.
///
/// # Errors
///
/// Those of the connection.
pub fn read<C: GenericClient>(client: &mut C) -> Result<Option<Known>, postgres::Error> {
    let query = format!(
        "SELECT has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'SELECT') \
         FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
         WHERE n.nspname = '{SCHEMA}' AND c.relname = 'known'"
    );
    let may: Option<bool> = client.query_opt(&query, &[])?.map(|row| row.get(0));
    if may != Some(true) {
        return Ok(None);
    }
    let query = format!("SELECT model, roles, fingerprint, notes, at::text FROM {SCHEMA}.known");
    let row = client.query_opt(&query, &[])?;
    Ok(row.and_then(|row| {
        Some(Known {
            model: row.get(0),
            roles: row.get(1),
            fingerprint: row.get(2),
            forms: None,
            marks: Marks::default(),
            notes: serde_json::from_str(row.get(3)).ok()?,
            at: row.get(4),
        })
    }))
}

/// Reads what is long: the forms and the marks. Those of a record that another one has replaced in
/// between are left out, which costs time and nothing else.
///
/// # Errors
///
/// Those of the connection.
pub fn complete<C: GenericClient>(
    client: &mut C,
    known: &mut Known,
) -> Result<(), postgres::Error> {
    // Whoever kept a record without marks had no column for them.
    let marked = format!(
        "SELECT EXISTS (SELECT FROM pg_catalog.pg_attribute a \
         WHERE a.attrelid = '{SCHEMA}.known'::pg_catalog.regclass AND a.attname = 'marks')"
    );
    let marked: bool = client.query_one(&marked, &[])?.get(0);
    let marks = if marked {
        "marked, marks, names, newer, since, of"
    } else {
        "NULL::bigint[], NULL::bigint[], NULL::bigint[], NULL::bigint[], NULL::bigint, NULL::oid"
    };
    let query = format!("SELECT forms, {marks} FROM {SCHEMA}.known WHERE at::text = $1");
    let Some(row) = client.query_opt(&query, &[&known.at])? else {
        return Ok(());
    };
    known.forms = serde_json::from_str(row.get(0)).ok();
    let list = |place: usize| -> Vec<i64> { row.get::<_, Option<_>>(place).unwrap_or_default() };
    known.marks = Marks {
        keys: list(1),
        marks: list(2),
        names: list(3),
        newer: list(4),
        since: row.get::<_, Option<_>>(5).unwrap_or_default(),
        database: row.get::<_, Option<_>>(6).unwrap_or_default(),
    };
    Ok(())
}

/// Makes the place for it, where there is none. Do so before the fingerprint is taken.
///
/// Every role may read it: it tells nothing that the catalog doesn't tell every role.
///
/// # Errors
///
/// Where the role may not make a schema or a table.
pub fn prepare<C: GenericClient>(client: &mut C) -> Result<(), postgres::Error> {
    let there = format!(
        "SELECT EXISTS (SELECT FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid \
           AND a.attname = 'marks') \
         FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n \
           ON n.oid = c.relnamespace WHERE n.nspname = '{SCHEMA}' AND c.relname = 'known'"
    );
    if let Some(row) = client.query_opt(&there, &[])? {
        return match row.get(0) {
            true => Ok(()),
            // A record of former times.
            false => client.batch_execute(&format!(
                "alter table {SCHEMA}.known add marked bigint[], add marks bigint[], \
                   add names bigint[], add newer bigint[], add since bigint, add of oid"
            )),
        };
    }
    client.batch_execute(&format!(
        "create schema if not exists {SCHEMA};
         create table {SCHEMA}.known (
           one boolean primary key default true check (one),
           model text not null,
           roles text[] not null,
           fingerprint text,
           forms text not null,
           marked bigint[],
           marks bigint[],
           names bigint[],
           newer bigint[],
           since bigint,
           of oid,
           notes text not null,
           at timestamptz not null default clock_timestamp()
         );
         grant usage on schema {SCHEMA} to public;
         grant select on {SCHEMA}.known to public"
    ))
}

/// Writes it in the place of what was known before.
///
/// # Errors
///
/// Where the role may not.
pub fn write<C: GenericClient>(client: &mut C, known: &Known) -> Result<(), postgres::Error> {
    let json = |value: serde_json::Result<String>| value.unwrap_or_default();
    client.execute(
        &format!(
            "insert into {SCHEMA}.known as k
               (model, roles, fingerprint, forms, notes, marked, marks, names, newer, since, of)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
             on conflict (one) do update set model = excluded.model,
               roles = excluded.roles, fingerprint = excluded.fingerprint, forms = excluded.forms,
               notes = excluded.notes, marked = excluded.marked, marks = excluded.marks,
               names = excluded.names, newer = excluded.newer, since = excluded.since,
               of = excluded.of, at = clock_timestamp()"
        ),
        &[
            &known.model,
            &known.roles,
            &known.fingerprint,
            &json(serde_json::to_string(&known.forms)),
            &json(serde_json::to_string(&known.notes)),
            &known.marks.keys,
            &known.marks.marks,
            &known.marks.names,
            &known.marks.newer,
            &known.marks.since,
            &known.marks.database,
        ],
    )?;
    Ok(())
}
