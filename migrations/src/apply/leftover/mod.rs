//! What a statement outside a transaction left when it, or the record of it, did not get through.
//!
//! It never looks at a statement that was not begun by an earlier run.

mod subject;

use postgres::Client;
use postgres::types::Type;

use subject::{Extent, Subject, subject};

/// Whether the statement has done its work already. What it left when it failed is removed, so that
/// it can run again, or finished where PostgreSQL has a statement for that.
pub(super) fn is_done(client: &mut Client, sql: &str) -> Result<bool, postgres::Error> {
    match subject(sql) {
        None => Ok(false),
        Some(Subject::Drop { index }) => is_gone(client, &index),
        Some(Subject::Create { index, table }) => is_built(client, &index, &table),
        Some(Subject::Detach { table, partition }) => is_detached(client, &table, &partition),
        Some(Subject::Reindex(extent)) => {
            remove_copies(client, &extent)?;
            // To index anew twice does no harm.
            Ok(false)
        }
    }
}

fn is_gone(client: &mut Client, index: &str) -> Result<bool, postgres::Error> {
    let sql = "select to_regclass($1) is null";
    let row = client.query_typed_one(sql, &[(&index, Type::TEXT)])?;
    Ok(row.get(0))
}

/// The invalid index of a build that failed is dropped.
fn is_built(client: &mut Client, index: &str, table: &str) -> Result<bool, postgres::Error> {
    // An index lives in its table's schema; parse_ident folds and unquotes as SQL does.
    let found = client.query_typed_opt(
        "select i.indisvalid, i.indexrelid::regclass::text
           from pg_index i
           join pg_class c on c.oid = i.indexrelid
          where i.indrelid = to_regclass($1) and c.relkind = 'i'
            and c.relname = (parse_ident($2))[1]",
        &[(&table, Type::TEXT), (&index, Type::TEXT)],
    )?;
    let Some(row) = found else {
        return Ok(false);
    };
    if row.get(0) {
        return Ok(true);
    }
    let name: String = row.get(1);
    client.batch_execute(&format!("DROP INDEX CONCURRENTLY {name}"))?;
    Ok(false)
}

/// A partition whose detaching was begun is neither in nor out, and no statement but the one that
/// finishes it is allowed.
fn is_detached(client: &mut Client, table: &str, partition: &str) -> Result<bool, postgres::Error> {
    let found = client.query_typed_opt(
        "select coalesce((select i.inhdetachpending from pg_inherits i
                           where i.inhrelid = c.oid and i.inhparent = to_regclass($1)), false),
                exists (select from pg_inherits i
                         where i.inhrelid = c.oid and i.inhparent = to_regclass($1))
           from pg_class c where c.oid = to_regclass($2) and to_regclass($1) is not null",
        &[(&table, Type::TEXT), (&partition, Type::TEXT)],
    )?;
    let Some(row) = found else {
        return Ok(false);
    };
    let (pending, attached): (bool, bool) = (row.get(0), row.get(1));
    if pending {
        let sql = format!("ALTER TABLE {table} DETACH PARTITION {partition} FINALIZE");
        client.batch_execute(&sql)?;
    }
    Ok(pending || !attached)
}

/// Drops the invalid copies that indexing anew leaves when it fails: `_ccnew`, which never took the
/// index's place, and `_ccold`, which has lost it. Those that somebody is building now are his.
fn remove_copies(client: &mut Client, extent: &Extent) -> Result<(), postgres::Error> {
    let (scope, name) = match extent {
        Extent::Index(name) => (
            "i.indrelid in (select x.indrelid from pg_index x
                             where x.indexrelid = to_regclass($1) or x.indexrelid in
                                   (select relid from pg_partition_tree(to_regclass($1))))",
            name.as_str(),
        ),
        Extent::Table(name) => (
            "o.oid = to_regclass($1)
             or o.oid in (select relid from pg_partition_tree(to_regclass($1)))",
            name.as_str(),
        ),
        Extent::Schema(name) => (
            "o.relnamespace = (select oid from pg_namespace where nspname = (parse_ident($1))[1])",
            name.as_str(),
        ),
        Extent::All => ("$1 = ''", ""),
    };
    // The table of an index on TOAST is the one whose values stand there.
    let sql = format!(
        "select i.indexrelid::regclass::text, t.relkind = 't'
           from pg_index i
           join pg_class c on c.oid = i.indexrelid
           join pg_class t on t.oid = i.indrelid
           join pg_class o on o.oid = t.oid or (t.relkind = 't' and o.reltoastrelid = t.oid)
          where not i.indisvalid and c.relkind = 'i' and c.relname ~ '_cc(new|old)[0-9]*$'
            and (o.oid <> t.oid or t.relkind <> 't')
            and not exists (select from pg_stat_progress_create_index p
                             where p.index_relid = i.indexrelid)
            and ({scope})
          order by 1"
    );
    for row in client.query_typed(&sql, &[(&name, Type::TEXT)])? {
        let (index, on_toast): (String, bool) = (row.get(0), row.get(1));
        // The server drops an index on TOAST in the plain way only.
        let concurrently = if on_toast { "" } else { "CONCURRENTLY " };
        client.batch_execute(&format!("DROP INDEX {concurrently}{index}"))?;
    }
    Ok(())
}
