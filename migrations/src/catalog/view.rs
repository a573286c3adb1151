//! Views and materialized views.
//!
//! Never reads `_RETURN` rules as rules: they are the view.

use model::schema::{Expr, Object, View};
use model::{Id, Kind};

use super::CatalogError;
use super::address::class;
use super::batch::{Scope, no_member};
use super::lowering::Lowering;
use super::privileges::Class;
use super::rows::Rows;
use super::table::{register, settings};

pub(super) fn sql(scope: &Scope<'_>) -> String {
    format!(
        "SELECT c.oid, c.relnamespace, c.relname, c.relowner, c.relkind, c.relacl::text, \
           pg_get_viewdef(c.oid), \
           (SELECT array_agg(a.attname ORDER BY a.attnum) FROM pg_attribute a \
             WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped), \
           c.reloptions, tc.reloptions, c.relispopulated, ts.spcname, \
           CASE WHEN c.relkind = 'm' THEN NULLIF(am.amname, 'heap') END \
         FROM pg_class c \
         LEFT JOIN pg_class tc ON tc.oid = c.reltoastrelid AND tc.reloptions IS NOT NULL \
         LEFT JOIN pg_tablespace ts ON ts.oid = c.reltablespace \
         LEFT JOIN pg_am am ON am.oid = c.relam \
         WHERE c.relkind IN ('v', 'm') AND c.relpersistence <> 't' AND {} AND {}",
        scope.relations(),
        no_member("pg_class", "c.oid")
    )
}

pub(super) fn lower(rows: &Rows, to: &mut Lowering<'_>) -> Result<(), CatalogError> {
    for mut row in rows.iter() {
        register(&mut row, Kind::View, to)?;
    }
    for mut row in rows.iter() {
        let (oid, schema, name) = (row.oid()?, row.oid()?, row.name()?);
        let id = Id::in_schema(Kind::View, to.schema_name(schema), name);
        let owner = row.oid()?;
        let materialized = row.letter()? == b'm';
        let acl = row.opt()?;
        let query = row.text()?.trim().trim_end_matches(';').trim_end();
        let columns = row.names()?;
        let mut options = settings(row.list()?);
        for (name, value) in settings(row.list()?) {
            options.insert(format!("toast.{name}").into(), value);
        }
        let view = View {
            materialized,
            query: Expr::new(query),
            columns,
            options,
            // The server says so of every plain view.
            populated: row.flag()? && materialized,
            tablespace: row.opt_name()?,
            access_method: row.opt_name()?,
        };
        let node = to.top(id, Object::View(view), owner, Some((Class::Table, acl)));
        to.place((class::RELATION, oid, 0), node);
    }
    Ok(())
}
