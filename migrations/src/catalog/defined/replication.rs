//! Publications and subscriptions.
//!
//! Never reads a subscription's connection string: it holds a password.

use super::reader;

reader!(
    /// Tables, with their columns and row filters (15), and whole schemas (15).
    publication, Publication, class::PUBLICATION, None, |scope| {
        let (columns, filter, schemas) = if scope.since(15) {
            (
                "CASE WHEN r.prattrs IS NOT NULL THEN (SELECT ' (' || string_agg(quote_ident( \
                   a.attname), ', ' ORDER BY a.attname COLLATE \"C\") || ')' FROM unnest(r.prattrs) x \
                   JOIN pg_attribute a ON a.attrelid = r.prrelid AND a.attnum = x) ELSE '' END",
                "coalesce(' WHERE (' || pg_get_expr(r.prqual, r.prrelid) || ')', '')",
                "(SELECT string_agg('TABLES IN SCHEMA ' || quote_ident(sn.nspname), ', ' \
                   ORDER BY sn.nspname) FROM pg_publication_namespace ps \
                   JOIN pg_namespace sn ON sn.oid = ps.pnnspid WHERE ps.pnpubid = p.oid)",
            )
        } else {
            ("''", "''", "NULL")
        };
        let generated = scope.pick(
            18,
            "CASE WHEN p.pubgencols = 's' THEN 'publish_generated_columns = stored' END",
            "NULL",
        );
        format!(
            "SELECT p.oid, NULL, p.pubname, NULL, p.pubowner, NULL, \
               'CREATE PUBLICATION ' || quote_ident(p.pubname) \
               || CASE WHEN p.puballtables THEN ' FOR ALL TABLES' \
                    ELSE coalesce(' FOR ' || NULLIF(concat_ws(', ', \
                      (SELECT string_agg(format('TABLE ONLY %I.%I', n.nspname, c.relname) \
                         || {columns} || {filter}, ', ' ORDER BY n.nspname, c.relname) \
                       FROM pg_publication_rel r JOIN pg_class c ON c.oid = r.prrelid \
                       JOIN pg_namespace n ON n.oid = c.relnamespace WHERE r.prpubid = p.oid), \
                      {schemas}), ''), '') END \
               || ' WITH (' || concat_ws(', ', 'publish = ' || quote_literal(concat_ws(', ', \
                    CASE WHEN p.pubinsert THEN 'insert' END, \
                    CASE WHEN p.pubupdate THEN 'update' END, \
                    CASE WHEN p.pubdelete THEN 'delete' END, \
                    CASE WHEN p.pubtruncate THEN 'truncate' END)), \
                  CASE WHEN p.pubviaroot THEN 'publish_via_partition_root = true' END, \
                  {generated}) || ')', NULL \
             FROM pg_publication p WHERE {}",
            no_member("pg_publication", "p.oid"),
        )
    }
);

/// Subscriptions of this database. `connect = false` because a plan must not reach for another
/// server; the connection string has to be given by who applies it.
pub(in crate::catalog) mod subscription {
    use crate::catalog::address::class;
    use crate::catalog::batch::Scope;
    use crate::catalog::lowering::Lowering;
    use crate::catalog::rows::Rows;
    use crate::catalog::{CatalogError, Unreadable};

    pub(in crate::catalog) fn sql(scope: &Scope<'_>) -> String {
        // The columns that every role may read, which the manual lists; 13 shows fewer.
        let oid = scope.pick(
            14,
            "s.oid",
            "(SELECT min(v.subid) FROM pg_stat_subscription v WHERE v.subname = s.subname)",
        );
        let options = scope.pick(
            14,
            "CASE WHEN s.subsynccommit <> 'off' THEN 'synchronous_commit = ' \
               || quote_literal(s.subsynccommit) END, \
             CASE WHEN s.subbinary THEN 'binary = true' END, \
             CASE WHEN s.substream::text NOT IN ('f', 'false') THEN 'streaming = ' \
               || CASE s.substream::text WHEN 'p' THEN 'parallel' ELSE 'on' END END",
            "NULL",
        );
        let since_15 = scope.pick(
            15,
            "CASE WHEN s.subtwophasestate <> 'd' THEN 'two_phase = true' END, \
             CASE WHEN s.subdisableonerr THEN 'disable_on_error = true' END",
            "NULL",
        );
        let since_16 = scope.pick(
            16,
            "CASE WHEN s.suborigin <> 'any' THEN 'origin = ' || quote_literal(s.suborigin) END, \
             CASE WHEN NOT s.subpasswordrequired THEN 'password_required = false' END, \
             CASE WHEN s.subrunasowner THEN 'run_as_owner = true' END",
            "NULL",
        );
        let since_17 = scope.pick(
            17,
            "CASE WHEN s.subfailover THEN 'failover = true' END",
            "NULL",
        );
        format!(
            "SELECT {oid}, NULL, s.subname, NULL, s.subowner, NULL, \
               'CREATE SUBSCRIPTION ' || quote_ident(s.subname) || ' CONNECTION '''' PUBLICATION ' \
               || (SELECT string_agg(quote_ident(x), ', ' ORDER BY x COLLATE \"C\") FROM \
                   unnest(s.subpublications) x) || ' WITH (' || concat_ws(', ', \
                   'connect = false', coalesce('slot_name = ' || quote_literal(s.subslotname), \
                   'slot_name = NONE'), {options}, {since_15}, {since_16}, \
                 {since_17}) \
               || ')', \
               CASE WHEN s.subenabled THEN ARRAY['ALTER SUBSCRIPTION ' \
                 || quote_ident(s.subname) || ' ENABLE'] END \
             FROM pg_subscription s WHERE s.subdbid = (SELECT d.oid FROM pg_database d \
               WHERE d.datname = current_database())"
        )
    }

    pub(in crate::catalog) fn lower(
        rows: &Rows,
        to: &mut Lowering<'_>,
    ) -> Result<(), CatalogError> {
        for mut row in rows.iter() {
            row.opt()?;
            row.opt()?;
            let name = row.text()?;
            to.unreadable.push(Unreadable {
                what: format!("connection string of subscription {name}"),
                why: "it may hold a password, so it is never read".to_owned(),
            });
            if !to.scope.since(14) {
                to.unreadable.push(Unreadable {
                    what: format!("synchronous_commit of subscription {name}"),
                    why: "before PostgreSQL 14 not every role may read it".to_owned(),
                });
            }
        }
        let kind = model::Kind::Subscription;
        super::super::lower(rows, to, kind, class::SUBSCRIPTION, None)
    }
}
