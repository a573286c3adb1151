//! Text search parsers, templates, dictionaries and configurations.
//!
//! Never reads the files that dictionaries name: they are the server's.

use super::{function, function_item, reader};

reader!(
    /// Parsers.
    parser, TextSearchParser, class::TS_PARSER, None, |scope| format!(
        "SELECT p.oid, n.nspname, p.prsname, NULL, 0, NULL, \
           format('CREATE TEXT SEARCH PARSER %I.%I (START = ', n.nspname, p.prsname) || {} \
           || ', GETTOKEN = ' || {} || ', END = ' || {} || ', LEXTYPES = ' || {} || {} || ')', NULL \
         FROM pg_ts_parser p JOIN pg_namespace n ON n.oid = p.prsnamespace WHERE {} AND {}",
        function("p.prsstart"),
        function("p.prstoken"),
        function("p.prsend"),
        function("p.prslextype"),
        function_item("HEADLINE", "p.prsheadline"),
        scope.visible("p.prsnamespace"),
        no_member("pg_ts_parser", "p.oid"),
    )
);

reader!(
    /// Templates.
    template, TextSearchTemplate, class::TS_TEMPLATE, None, |scope| format!(
        "SELECT t.oid, n.nspname, t.tmplname, NULL, 0, NULL, \
           format('CREATE TEXT SEARCH TEMPLATE %I.%I (LEXIZE = ', n.nspname, t.tmplname) || {} \
           || {} || ')', NULL \
         FROM pg_ts_template t JOIN pg_namespace n ON n.oid = t.tmplnamespace WHERE {} AND {}",
        function("t.tmpllexize"),
        function_item("INIT", "t.tmplinit"),
        scope.visible("t.tmplnamespace"),
        no_member("pg_ts_template", "t.oid"),
    )
);

reader!(
    /// The options are kept by the server as they are written in the statement.
    dictionary, TextSearchDictionary, class::TS_DICTIONARY, None, |scope| format!(
        "SELECT d.oid, n.nspname, d.dictname, NULL, d.dictowner, NULL, \
           format('CREATE TEXT SEARCH DICTIONARY %I.%I (TEMPLATE = %I.%I', n.nspname, d.dictname, \
             tn.nspname, t.tmplname) || coalesce(', ' || d.dictinitoption, '') || ')', NULL \
         FROM pg_ts_dict d JOIN pg_namespace n ON n.oid = d.dictnamespace \
         JOIN pg_ts_template t ON t.oid = d.dicttemplate \
         JOIN pg_namespace tn ON tn.oid = t.tmplnamespace WHERE {} AND {}",
        scope.visible("d.dictnamespace"),
        no_member("pg_ts_dict", "d.oid"),
    )
);

reader!(
    /// One finishing statement for each list of dictionaries, over all tokens that have it.
    configuration, TextSearchConfiguration, class::TS_CONFIGURATION, None, |scope| format!(
        "SELECT c.oid, n.nspname, c.cfgname, NULL, c.cfgowner, NULL, \
           format('CREATE TEXT SEARCH CONFIGURATION %I.%I (PARSER = %I.%I)', n.nspname, \
             c.cfgname, pn.nspname, p.prsname), \
           (SELECT array_agg(format('ALTER TEXT SEARCH CONFIGURATION %I.%I ADD MAPPING FOR %s \
               WITH %s', n.nspname, c.cfgname, g.tokens, g.dictionaries) ORDER BY g.first) \
             FROM (SELECT m.dictionaries, min(m.token) AS first, \
                 string_agg(quote_ident(k.alias), ', ' ORDER BY m.token) AS tokens \
               FROM (SELECT x.maptokentype AS token, string_agg(format('%I.%I', dn.nspname, \
                   d.dictname), ', ' ORDER BY x.mapseqno) AS dictionaries \
                 FROM pg_ts_config_map x JOIN pg_ts_dict d ON d.oid = x.mapdict \
                 JOIN pg_namespace dn ON dn.oid = d.dictnamespace \
                 WHERE x.mapcfg = c.oid GROUP BY x.maptokentype) m \
               JOIN ts_token_type(c.cfgparser) k ON k.tokid = m.token \
               GROUP BY m.dictionaries) g) \
         FROM pg_ts_config c JOIN pg_namespace n ON n.oid = c.cfgnamespace \
         JOIN pg_ts_parser p ON p.oid = c.cfgparser \
         JOIN pg_namespace pn ON pn.oid = p.prsnamespace WHERE {} AND {}",
        scope.visible("c.cfgnamespace"),
        no_member("pg_ts_config", "c.oid"),
    )
);
