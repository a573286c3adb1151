//! Rules, extended statistics and event triggers.
//!
//! Never reads a view's own rule.

use super::{function, reader};

reader!(
    /// The part is the rule's own name.
    rule, Rule, class::REWRITE, None, |scope| format!(
        "SELECT r.oid, n.nspname, c.relname, r.rulename, 0, NULL, pg_get_ruledef(r.oid), \
           CASE WHEN r.ev_enabled <> 'O' THEN ARRAY[format('ALTER TABLE %I.%I %s RULE %I', \
             n.nspname, c.relname, CASE r.ev_enabled WHEN 'D' THEN 'DISABLE' \
               WHEN 'R' THEN 'ENABLE REPLICA' ELSE 'ENABLE ALWAYS' END, r.rulename)] END \
         FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class \
         JOIN pg_namespace n ON n.oid = c.relnamespace \
         WHERE r.rulename <> '_RETURN' AND {} AND {}",
        scope.relations(),
        no_member("pg_class", "c.oid"),
    )
);

reader!(
    /// Extended statistics, by the schema they live in.
    statistics, Statistics, class::STATISTICS, None, |scope| format!(
        // The server lists the columns as they stand in the table, which is nobody's wish.
        "SELECT s.oid, n.nspname, s.stxname, NULL, s.stxowner, NULL, \
           (SELECT coalesce(replace(pg_get_statisticsobjdef(s.oid), \
                ' ON ' || string_agg(quote_ident(attname), ', ' ORDER BY attnum), \
                ' ON ' || string_agg(quote_ident(attname), ', ' ORDER BY attname COLLATE \"C\")), \
                pg_get_statisticsobjdef(s.oid)) \
              FROM pg_attribute WHERE attrelid = s.stxrelid AND attnum = ANY (s.stxkeys)), \
           CASE WHEN coalesce(s.stxstattarget, -1) >= 0 THEN ARRAY[format( \
             'ALTER STATISTICS %I.%I SET STATISTICS %s', n.nspname, s.stxname, s.stxstattarget)] \
             END \
         FROM pg_statistic_ext s JOIN pg_namespace n ON n.oid = s.stxnamespace \
         WHERE {} AND {}",
        scope.visible("s.stxnamespace"),
        no_member("pg_statistic_ext", "s.oid"),
    )
);

reader!(
    /// Event triggers of the database.
    event_trigger, EventTrigger, class::EVENT_TRIGGER, None, |_scope| format!(
        "SELECT t.oid, NULL, t.evtname, NULL, t.evtowner, NULL, \
           format('CREATE EVENT TRIGGER %I ON %s', t.evtname, t.evtevent) \
           || coalesce((SELECT ' WHEN TAG IN (' || string_agg(quote_literal(x), ', ' ORDER BY o) \
                || ')' FROM unnest(t.evttags) WITH ORDINALITY tag (x, o)), '') || ' EXECUTE FUNCTION ' || {} || '()', \
           CASE WHEN t.evtenabled <> 'O' THEN ARRAY[format('ALTER EVENT TRIGGER %I %s', \
             t.evtname, CASE t.evtenabled WHEN 'D' THEN 'DISABLE' WHEN 'R' \
               THEN 'ENABLE REPLICA' ELSE 'ENABLE ALWAYS' END)] END \
         FROM pg_event_trigger t WHERE {}",
        function("t.evtfoid"),
        no_member("pg_event_trigger", "t.oid"),
    )
);
