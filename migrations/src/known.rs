//! What is known of a database since it was last compared with its model: kept in the database, in
//! the tool's own schema, for the next comparison.
//!
//! It never decides that two texts mean the same: it holds what a server has said.

use std::collections::{BTreeMap, BTreeSet};

use model::Id;
use postgres::GenericClient;
use serde::{Deserialize, Serialize};

use crate::apply::SCHEMA;

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
    /// The model's expressions as a server reads them.
    pub forms: Forms,
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

/// What the database has kept; `None` where nothing is, or the role may not read it.
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
    let query =
        format!("SELECT model, roles, fingerprint, forms, notes, at::text FROM {SCHEMA}.known");
    let row = client.query_opt(&query, &[])?;
    Ok(row.and_then(|row| {
        Some(Known {
            model: row.get(0),
            roles: row.get(1),
            fingerprint: row.get(2),
            forms: serde_json::from_str(row.get(3)).ok()?,
            notes: serde_json::from_str(row.get(4)).ok()?,
            at: row.get(5),
        })
    }))
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
        "SELECT EXISTS (SELECT FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n \
           ON n.oid = c.relnamespace WHERE n.nspname = '{SCHEMA}' AND c.relname = 'known')"
    );
    if client.query_one(&there, &[])?.get(0) {
        return Ok(());
    }
    client.batch_execute(&format!(
        "create schema if not exists {SCHEMA};
         create table {SCHEMA}.known (
           one boolean primary key default true check (one),
           model text not null,
           roles text[] not null,
           fingerprint text,
           forms text not null,
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
            "insert into {SCHEMA}.known as k (model, roles, fingerprint, forms, notes)
             values ($1, $2, $3, $4, $5)
             on conflict (one) do update set model = excluded.model,
               roles = excluded.roles, fingerprint = excluded.fingerprint, forms = excluded.forms,
               notes = excluded.notes, at = clock_timestamp()"
        ),
        &[
            &known.model,
            &known.roles,
            &known.fingerprint,
            &json(serde_json::to_string(&known.forms)),
            &json(serde_json::to_string(&known.notes)),
        ],
    )?;
    Ok(())
}
