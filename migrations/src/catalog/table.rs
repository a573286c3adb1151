//! Tables: ordinary, partitioned, partitions and foreign.
//!
//! Never reads a column: see `column`.

use std::collections::HashMap;

use model::schema::{
    Expr, Foreign, Name, Object, Partition, PartitionKey, ReplicaIdentity, Settings, Table,
};
use model::{Id, Kind};

use super::CatalogError;
use super::address::{Place, class};
use super::batch::{Scope, no_member};
use super::lowering::{Lowering, Relation};
use super::parse_type;
use super::privileges::Class;
use super::rows::{Fields, Rows};

pub(super) fn sql(scope: &Scope<'_>) -> String {
    let detaching = scope.pick(14, "bool_or(inhdetachpending)", "false");
    format!(
        "SELECT c.oid, c.relnamespace, c.relname, c.relowner, c.relkind, c.relacl::text, \
           c.relpersistence, c.relrowsecurity, c.relforcerowsecurity, \
           CASE WHEN c.relkind = 'f' THEN 'd' ELSE c.relreplident END, \
           CASE WHEN c.relreplident = 'i' THEN (SELECT ic.relname FROM pg_index i \
             JOIN pg_class ic ON ic.oid = i.indexrelid \
             WHERE i.indrelid = c.oid AND i.indisreplident) END, \
           ts.spcname, NULLIF(am.amname, 'heap'), c.reloptions, tc.reloptions, \
           CASE WHEN c.relkind = 'p' THEN pg_get_partkeydef(c.oid) END, \
           CASE WHEN c.relispartition THEN pg_get_expr(c.relpartbound, c.oid) END, i.parents, \
           i.detaching, CASE WHEN c.reloftype <> 0 THEN format_type(c.reloftype, NULL) END, \
           fs.srvname, ft.ftoptions \
         FROM pg_class c \
         LEFT JOIN pg_class tc ON tc.oid = c.reltoastrelid AND tc.reloptions IS NOT NULL \
         LEFT JOIN pg_tablespace ts ON ts.oid = c.reltablespace \
         LEFT JOIN pg_am am ON am.oid = c.relam \
         LEFT JOIN (SELECT inhrelid, array_agg(inhparent ORDER BY inhseqno) AS parents, \
           {detaching} AS detaching FROM pg_inherits GROUP BY inhrelid) i ON i.inhrelid = c.oid \
         LEFT JOIN pg_foreign_table ft ON ft.ftrelid = c.oid \
         LEFT JOIN pg_foreign_server fs ON fs.oid = ft.ftserver \
         WHERE c.relkind IN ('r', 'p', 'f') AND c.relpersistence <> 't' AND {} AND {}",
        scope.relations(),
        no_member("pg_class", "c.oid")
    )
}

pub(super) fn lower(rows: &Rows, to: &mut Lowering<'_>) -> Result<(), CatalogError> {
    // All names first: a table may come before the parent it names.
    for mut row in rows.iter() {
        register(&mut row, Kind::Table, to)?;
    }
    for mut row in rows.iter() {
        let (oid, schema, name) = (row.oid()?, row.oid()?, row.name()?);
        let id = Id::table(to.schema_name(schema), name);
        let owner = row.oid()?;
        let foreign = row.letter()? == b'f';
        let acl = row.opt()?;
        let mut table = Table {
            unlogged: row.letter()? == b'u',
            row_security: row.flag()?,
            force_row_security: row.flag()?,
            ..Table::default()
        };
        let identity = row.letter()?;
        let index = row.opt_name()?;
        table.replica_identity = match (identity, index) {
            // The server says "nothing" of every foreign table, and lets nobody change it.
            _ if foreign => ReplicaIdentity::Default,
            (b'f', _) => ReplicaIdentity::Full,
            (b'n', _) => ReplicaIdentity::Nothing,
            (b'i', Some(index)) => ReplicaIdentity::Index(index),
            // The index is gone: the server then behaves as with NOTHING.
            (b'i', None) => ReplicaIdentity::Nothing,
            _ => ReplicaIdentity::Default,
        };
        table.tablespace = row.opt_name()?;
        table.access_method = row.opt_name()?;
        table.parameters = settings(row.list()?);
        for (name, value) in settings(row.list()?) {
            let name = Name::from(format!("toast.{name}"));
            table.parameters.insert(name, value);
        }
        table.partition_key = row
            .opt_expr()?
            .map(|definition| Box::new(PartitionKey { definition }));
        let bound: Option<Expr> = row.opt_expr()?;
        let parents: Vec<Id> = row
            .numbers::<u32>()?
            .into_iter()
            .filter_map(|parent| to.relation(parent).cloned())
            .collect();
        let detaching = row.opt()? == Some("t");
        let mut needs = parents.clone();
        match bound {
            Some(bound) => {
                table.partition_of = parents
                    .into_iter()
                    .next()
                    .map(|parent| Box::new(Partition { parent, bound }));
            }
            None => table.inherits = parents,
        }
        table.of_type = row.opt()?.map(parse_type).map(Box::new);
        let server = row.opt_name()?;
        let options = settings(row.list()?);
        if let Some(server) = server {
            needs.push(Id::global(Kind::ForeignServer, server.clone()));
            table.foreign = Some(Box::new(Foreign { server, options }));
        }
        if detaching {
            let why = "it is being detached; ALTER TABLE … DETACH PARTITION … FINALIZE ends that";
            to.report("partition", id.to_string(), why);
            to.remarkable.insert(oid);
        }
        let mut node = to.top(id, Object::Table(table), owner, Some((Class::Table, acl)));
        node.needs.append(&mut needs);
        to.place((class::RELATION, oid, 0), node);
    }
    Ok(())
}

/// Records the relation whose oid, schema and name come first in the row.
pub(super) fn register(
    row: &mut Fields<'_>,
    kind: Kind,
    to: &mut Lowering<'_>,
) -> Result<Id, CatalogError> {
    let (oid, schema) = (row.oid()?, row.oid()?);
    let id = Id::in_schema(kind, to.schema_name(schema), row.name()?);
    let relation = Relation {
        id: id.clone(),
        columns: HashMap::new(),
    };
    to.relations.insert(oid, relation);
    Ok(id)
}

/// `name=value` texts as a map. A parameter without a value means `true`. The server spells some
/// names with capitals (`TimeZone`) and takes them in any case.
pub(super) fn settings(list: Vec<String>) -> Settings {
    list.into_iter()
        .map(|item| match item.split_once('=') {
            Some((name, value)) => (Name::from(name.to_lowercase()), Name::from(value)),
            None => (Name::from(item.to_lowercase()), Name::from("true")),
        })
        .collect()
}

/// `name=value` texts, sorted.
pub(super) fn sorted(mut list: Vec<String>) -> Vec<Name> {
    list.sort();
    list.into_iter().map(Name::from).collect()
}

/// Relations that are not read, by name: what is read may refer to them.
pub(super) mod elsewhere {
    use super::*;

    pub(in crate::catalog) fn sql(scope: &Scope<'_>) -> String {
        format!(
            "SELECT c.oid, n.nspname, c.relname, c.relkind IN ('v', 'm'), {visible} AND {own} \
             FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
             WHERE c.relkind IN ('r', 'p', 'f', 'v', 'm') AND c.oid >= 16384 \
             AND NOT ({visible} AND {own} AND {})",
            scope.chosen("c.oid"),
            visible = scope.visible("c.relnamespace"),
            own = no_member("pg_class", "c.oid"),
        )
    }

    pub(in crate::catalog) fn lower(
        rows: &Rows,
        to: &mut Lowering<'_>,
    ) -> Result<(), CatalogError> {
        for mut row in rows.iter() {
            let (oid, schema, name) = (row.oid()?, row.name()?, row.name()?);
            let kind = if row.flag()? { Kind::View } else { Kind::Table };
            let id = Id::in_schema(kind, schema, name);
            if row.flag()? {
                // What is read may need it.
                let place = Place::Node(id.clone());
                to.addresses.set((class::RELATION, oid, 0), place);
                to.unread.insert(id.clone());
            }
            let relation = Relation {
                id,
                columns: HashMap::new(),
            };
            to.relations.insert(oid, relation);
        }
        Ok(())
    }
}
